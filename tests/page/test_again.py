"""Start over: everything is emptied, for everybody who looks, and the next page is a first one."""

from playwright.sync_api import expect

from sandbox import Sandbox
from tests.page.conftest import Open


def test_start_over(tab: Open, box: Sandbox) -> None:
    alice, bob = tab("alice"), tab("bob", channel="general")
    alice.page_somebody("/escalate @bob First of all")
    expect(bob.conversation("tocsin")).to_have_accessible_name("tocsin 1 unread, 1 for you")
    alice.jump()
    expect(alice.phone("bob")).to_contain_text("First of all")
    bob.button("Behind the glass").click()
    expect(bob.glass).to_contain_text("chat.postMessage")

    alice.button("Start over").click()
    question = alice.page.get_by_role("dialog")
    expect(question).to_contain_text("Messages, alerts and mails go away")
    question.get_by_role("button", name="Start over").click()
    expect(alice.timeline).not_to_contain_text("First of all")
    expect(alice.phones).to_contain_text("No phone has lit up yet.")
    expect(bob.conversation("tocsin")).to_have_accessible_name("tocsin")
    expect(bob.phones).to_contain_text("No phone has lit up yet.")
    assert "/escalate" not in bob.glass.inner_text()

    alert = alice.page_somebody("/escalate @bob Second thoughts")
    expect(alert).to_contain_text("bob: being paged")
    expect(bob.conversation("tocsin")).to_have_accessible_name("tocsin 1 unread, 1 for you")
    expect(bob.glass).to_contain_text("view_submission")
    assert box.mail.received == []


def test_thinking_better_of_it(tab: Open) -> None:
    alice = tab("alice")
    alice.say("Keep this")
    expect(alice.message("Keep this")).to_be_visible()
    alice.button("Start over").click()
    alice.page.keyboard.press("Escape")
    expect(alice.page.get_by_role("dialog")).to_be_hidden()
    expect(alice.button("Start over")).to_be_focused()
    expect(alice.message("Keep this")).to_be_visible()
