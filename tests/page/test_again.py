"""Starting over: everything is gone for everybody, and the next page goes its way."""

from playwright.sync_api import expect

from tests.page.conftest import Open
from tests.page.tab import Tab


def start_over(tab: Tab, answer: str) -> None:
    tab.button("Start over").first.click()
    question = tab.page.get_by_role("dialog", name="Empty everything and start over?")
    expect(question).to_contain_text("Messages, alerts and mails go away.")
    tab.button(answer, inside=question).click()
    expect(question).to_be_hidden()


def test_everything_is_emptied(tab: Open) -> None:
    alice, bob = tab("alice"), tab("bob", channel="general")
    alice.button("Behind the glass").click()
    alert = alice.page_somebody("/escalate @gail Old trouble")
    alice.open_thread(alert)
    expect(alice.phone("gail")).to_contain_text("Old trouble")
    expect(bob.conversation("incidents")).to_have_accessible_name("incidents 1 unread")
    calls = alice.glass.get_by_role("region", name="Calls").locator("summary")
    expect(calls.filter(has_text="view_submission")).to_be_visible()
    alice.glass.get_by_role("switch", name="Mail refused").click()
    bob.say("Something else")
    expect(bob.message("Something else")).to_be_visible()

    start_over(alice, "Keep everything")
    expect(alert).to_contain_text("Firing")
    start_over(alice, "Start over")
    for each in (alice, bob):
        expect(each.page.get_by_text("Nothing was said in")).to_be_visible()
        expect(each.page.get_by_text("No phone has lit up yet.")).to_be_visible()
        expect(each.page.locator("#cover")).to_have_text("")
    expect(alice.thread).to_be_hidden()
    expect(bob.conversation("incidents")).to_have_accessible_name("incidents")
    expect(calls.filter(has_text="view_submission")).to_have_count(0)
    expect(alice.glass.get_by_role("switch", name="Mail refused")).not_to_be_checked()
    expect(alice.button("Behind the glass")).to_be_visible()

    again = alice.page_somebody("/escalate @gail New trouble")
    expect(alice.phone("gail")).to_contain_text("New trouble")
    expect(calls.filter(has_text="view_submission")).to_be_visible()
    expect(bob.conversation("incidents")).to_have_accessible_name("incidents 1 unread")
    expect(alice.page.locator("body")).not_to_contain_text("Old trouble")
    alice.press(again, "Acknowledge")
    expect(again).to_contain_text("Acknowledged by alice")


def test_a_form_that_was_open_goes_too(tab: Open) -> None:
    alice, bob = tab("alice"), tab("bob", channel="general")
    alice.say("/escalate @bob Never sent")
    expect(alice.modal).to_be_visible()
    start_over(bob, "Start over")
    expect(alice.modal).to_be_hidden()
    alert = alice.page_somebody("/escalate @bob Sent after all")
    expect(alert).to_contain_text("Firing")
