"""The first story, as a person at the mouse and a person at the keyboard live it."""

import re

import pytest
from playwright.sync_api import expect

from tests.page.conftest import Open

pytestmark = pytest.mark.usefixtures("still")


def test_by_mouse(tab: Open) -> None:
    alice, bob = tab("alice"), tab("bob", channel="general")
    alice.composer.fill("/escalate @bob Checkout is down")
    alice.button("Send").first.click()
    form = alice.modal
    expect(form).to_have_accessible_name("Page people")
    expect(form.get_by_role("textbox", name="Message")).to_have_value("Checkout is down")
    expect(form).to_contain_text("Slack now, e-mail in 5 min, e-mail in 35 min.")
    alice.button("Page", inside=form).click()
    expect(form).to_be_hidden()

    alert = alice.message("Checkout is down")
    expect(alert).to_contain_text("Firing: nobody has answered yet.")
    thread = alice.open_thread(alert)
    expect(thread).to_contain_text("Slack message sent to bob")
    expect(alice.phones).to_contain_text("No phone has lit up yet.")
    alice.jump()
    expect(alice.phone("bob")).to_contain_text("Checkout is down")
    expect(thread).to_contain_text("E-mail to bob")
    expect(alice.phones).to_contain_text("Quiet so far: alice, carol, dave, gail")
    alice.phone("bob").get_by_text("[firing] Checkout is down").click()
    expect(alice.phone("bob")).to_contain_text("to bob@example.com")

    alice.press(alert, "Responders")
    expect(form).to_contain_text("bob: being paged by default rules.")
    people = form.get_by_role("combobox", name="Add people")
    people.click()
    choices = form.get_by_role("listbox")
    choices.get_by_role("option").filter(has_text="carol").click()
    # The list has gone, so that what it would cover can be read.
    expect(choices).to_be_hidden()
    expect(form).to_contain_text("Slack now, e-mail in 15 min.")
    alice.button("Page", inside=form).click()
    expect(form).to_be_hidden()
    expect(thread).to_contain_text("alice paged carol")
    expect(thread).to_contain_text("Slack message sent to carol")

    bob.conversation("tocsin").click()
    direct = bob.message("Checkout is down")
    expect(direct).to_contain_text("alice paged you by your default rules.")
    bob.press(direct, "Acknowledge")
    expect(direct).to_contain_text("You have it")
    expect(thread).to_contain_text("bob acknowledged")
    expect(alert).to_contain_text("Acknowledged by bob")
    alice.press(alert, "Resolve")
    expect(alert).to_contain_text("Resolved by alice")
    expect(thread).to_contain_text("alice resolved this")


def test_by_keyboard(tab: Open) -> None:
    alice = tab("alice", guide=True)
    keys = alice.page.keyboard
    alice.walk_to(alice.page.get_by_role("link", name="Skip to the conversation"))
    keys.press("Enter")
    expect(alice.composer).to_be_focused()
    keys.type("/esc")
    keys.press("Enter")
    expect(alice.page.get_by_role("textbox", name="Message #incidents")).to_have_value("/escalate ")
    keys.type("Search is slow")
    keys.press("Enter")

    expect(alice.modal).to_be_visible()
    alice.walk_to(alice.modal.get_by_role("combobox", name="People"))
    for typed, name in (("bob", "bob"), ("tana", "carol")):
        keys.type(typed)
        expect(alice.page.get_by_role("option")).to_contain_text([name])
        keys.press("Enter")
        expect(alice.button(f"Remove {name}", inside=alice.modal)).to_be_visible()
    expect(alice.modal).to_contain_text("Slack now, e-mail in 15 min.")
    alice.walk_to(alice.button("Page", inside=alice.modal))
    keys.press("Enter")
    expect(alice.modal).to_be_hidden()
    expect(alice.composer).to_be_focused()

    alert = alice.message("Search is slow")
    expect(alert).to_contain_text("Firing")
    alice.walk_to(alert.get_by_role("button", name=re.compile("^Acknowledge")), "Shift+Tab")
    keys.press("Enter")
    expect(alert).to_contain_text("Acknowledged by alice")
    replies = alert.get_by_role("button", name=re.compile(r"\d+ repl"))
    alice.walk_to(replies)
    keys.press("Enter")
    expect(alice.thread).to_contain_text("alice acknowledged")
    answer = alice.thread.get_by_role("textbox", name="Reply in #incidents")
    expect(answer).to_be_focused()
    keys.type("The index is being built anew.")
    keys.press("Enter")
    expect(alice.message("The index is being built anew.", inside=alice.thread)).to_be_visible()
    expect(answer).to_have_value("")
    keys.press("Escape")
    expect(alice.thread).to_be_hidden()
    expect(replies).to_be_focused()
