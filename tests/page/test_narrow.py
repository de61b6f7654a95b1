"""A phone's width, 390 pixels: one thing at a time, and always a way back."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.page.conftest import Open
from tests.page.tab import NARROW, Tab

pytestmark = pytest.mark.usefixtures("still")
PARTS = {
    "conversations": "#sidebar",
    "channel": "#channel",
    "thread": "#thread",
    "phones": "#phones-pane",
}


def only(tab: Tab, shown: str) -> None:
    """This part is in sight and no other, and nothing stands out at the side."""
    for name, part in PARTS.items():
        expect(tab.page.locator(part)).to_be_visible(visible=name == shown)
    fits(tab)


def fits(tab: Tab) -> None:
    wide = "document.documentElement.scrollWidth"
    assert tab.page.evaluate(wide) <= NARROW["width"]
    part = "[...document.querySelectorAll('.scroller, .sheet-body, .sidebar, .phones')]"
    assert tab.page.evaluate(f"{part}.filter(e => e.scrollWidth > e.clientWidth).length") == 0


def fills_the_screen(tab: Tab, part: Locator) -> None:
    box = part.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, NARROW["width"])
    assert box["height"] >= NARROW["height"] - 1


def test_the_story_on_a_small_screen(tab: Open) -> None:
    alice, bob = tab("alice", size=NARROW), tab("bob", size=NARROW, channel="general")
    only(alice, "channel")
    alice.button("All conversations").click()
    only(alice, "conversations")
    alice.conversation("incidents").click()
    only(alice, "channel")

    alice.say("/escalate @bob Small screen, big trouble")
    expect(alice.button("Page", inside=alice.modal)).to_be_in_viewport()
    fills_the_screen(alice, alice.modal)
    fits(alice)
    alice.button("Page", inside=alice.modal).click()
    alert = alice.message("Small screen, big trouble")
    expect(alert).to_contain_text("Firing")
    fits(alice)

    alice.open_thread(alert)
    expect(alice.thread).to_contain_text("Slack message sent to bob")
    only(alice, "thread")
    alice.jump()
    expect(alice.button("Phones 1 new")).to_be_visible()
    alice.button("Phones 1 new").click()
    only(alice, "phones")
    expect(alice.phone("bob")).to_contain_text("Small screen, big trouble")
    alice.phone("bob").locator("summary").click()
    fits(alice)
    alice.button("Back to the conversation").click()
    only(alice, "thread")
    expect(alice.thread).to_contain_text("E-mail to bob")
    reply = alice.thread.get_by_role("textbox", name="Reply in #incidents")
    reply.fill("On my way, and with a very long word: " + "o" * 80)
    reply.press("Enter")
    expect(alice.message("On my way", inside=alice.thread)).to_be_visible()
    fits(alice)
    alice.button("Back", inside=alice.thread).click()
    only(alice, "channel")

    bob.button("All conversations").click()
    expect(bob.conversation("tocsin")).to_have_accessible_name(re.compile("1 unread"))
    bob.conversation("tocsin").click()
    only(bob, "channel")
    direct = bob.message("Small screen, big trouble")
    bob.press(direct, "Acknowledge")
    expect(direct).to_contain_text("You have it")
    fits(bob)
    alice.press(alert, "Responders")
    fills_the_screen(alice, alice.modal)
    fits(alice)
    alice.button("Close", inside=alice.modal).last.click()
    alice.press(alert, "Resolve")
    expect(alert).to_contain_text("Resolved by alice")


def test_what_is_around_on_a_small_screen(tab: Open) -> None:
    alice = tab("alice", size=NARROW, guide=True)
    fits(alice)
    alice.button("All steps").click()
    fits(alice)
    alice.button("Close the guide").click()
    alice.page.get_by_role("button", name=re.compile("^You are ")).click()
    expect(alice.page.get_by_role("link", name="Gail Guest in a new tab")).to_be_in_viewport()
    fits(alice)
    alice.page.keyboard.press("Escape")
    alice.button("Behind the glass").click()
    expect(alice.glass.get_by_role("switch", name="Slow")).to_be_visible()
    fits(alice)
    alice.glass.locator("summary").first.click()
    fits(alice)
    alice.button("Close Behind the glass").click()
    only(alice, "channel")
    alice.composer.press_sequentially("@")
    expect(alice.page.get_by_role("listbox", name="Offers")).to_be_in_viewport()
    fits(alice)
    alice.page.keyboard.press("Escape")
    alice.say("Who is it?")
    message = alice.message("Who is it?")
    message.get_by_role("button", name=re.compile("^React")).click()
    for item in alice.page.get_by_role("menuitem").all():
        expect(item).to_be_in_viewport(ratio=1)
    fits(alice)
    alice.page.keyboard.press("Escape")

    alice.page.set_viewport_size({"width": 1440, "height": 900})
    expect(alice.page.locator("#sidebar")).to_be_visible()
    alice.page.set_viewport_size(NARROW)
    only(alice, "channel")


def test_a_name_is_not_broken_for_what_stands_beside_it(tab: Open) -> None:
    dave = tab("dave", channel="incidents")
    link = dave.conversation("shared-vendor")
    expect(link).to_contain_text("not joined")
    box = link.locator(".conversation-name").bounding_box()
    assert box is not None
    assert box["height"] < 30  # one line
