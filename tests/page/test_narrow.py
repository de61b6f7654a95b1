"""A phone's width: one thing at a time, with a way back, and nothing that sticks out."""

import re

from playwright.sync_api import expect

from tests.page.conftest import Open
from tests.page.tab import NARROW, Tab

WIDTHS = "[document.documentElement.scrollWidth, innerWidth]"


def fits(tab: Tab) -> None:
    """Nothing has to be scrolled sideways."""
    needed, there = tab.page.evaluate(WIDTHS)
    assert needed <= there


def test_the_story_on_a_narrow_screen(tab: Open) -> None:
    alice = tab("alice", size=NARROW)
    fits(alice)
    alice.say("/escalate @bob Lift is stuck")
    form = alice.modal
    expect(form).to_contain_text("Slack now, e-mail in 5 min")
    fits(alice)
    shape = form.bounding_box()
    assert shape is not None
    assert (shape["x"], shape["width"]) == (0, NARROW["width"])
    alice.button("Page", inside=form).click()

    alert = alice.message("Lift is stuck")
    expect(alert).to_contain_text("Firing")
    fits(alice)
    thread = alice.open_thread(alert)
    expect(thread).to_contain_text("Slack message sent to bob")
    expect(alice.timeline).to_be_hidden()
    fits(alice)
    alice.jump()
    expect(thread).to_contain_text("E-mail to bob")
    alice.button("Back", inside=thread).click()
    expect(alert).to_be_visible()
    expect(thread).to_be_hidden()

    alice.page.get_by_role("button", name=re.compile("^Phones")).click()
    expect(alice.phone("bob")).to_contain_text("Lift is stuck")
    expect(alice.timeline).to_be_hidden()
    fits(alice)
    alice.button("Back to the conversation").click()
    expect(alert).to_be_visible()

    alice.press(alert, "Responders")
    expect(alice.modal).to_contain_text("bob: being paged")
    fits(alice)
    alice.page.keyboard.press("Escape")
    alice.press(alert, "Resolve")
    expect(alert).to_contain_text("Resolved by alice")


def test_from_one_conversation_to_the_other(tab: Open) -> None:
    bob = tab("bob", size=NARROW)
    expect(bob.conversation("ops")).to_be_hidden()
    bob.page.get_by_role("button", name=re.compile("^All")).click()
    expect(bob.timeline).to_be_hidden()
    fits(bob)
    bob.conversation("ops").click()
    expect(bob.composer).to_have_accessible_name("Message #ops")
    expect(bob.conversation("ops")).to_be_hidden()
    bob.page.go_back()
    expect(bob.page.get_by_role("heading", name="#incidents")).to_be_visible()


def test_the_drawer_and_the_guide(tab: Open) -> None:
    carol = tab("carol", size=NARROW, guide=True)
    guide = carol.page.get_by_role("region", name="First steps")
    expect(guide).to_contain_text("Step 1 of 6")
    fits(carol)
    carol.button("Behind the glass").click()
    expect(carol.glass.get_by_role("switch")).to_have_count(5)
    fits(carol)
    carol.page.keyboard.press("Escape")
    expect(carol.glass).to_be_hidden()
    expect(carol.composer).to_be_visible()
