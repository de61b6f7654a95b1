"""The bot's clock in the bar: it stands still, leaps, and runs as fast as one likes."""

import re

from playwright.sync_api import expect

from sandbox import Sandbox
from tests.page.conftest import Open
from tests.page.tab import Tab


def clock_says(tab: Tab, words: str | re.Pattern[str]) -> None:
    expect(tab.page.get_by_role("group", name="The bot's time")).to_contain_text(words)


def test_a_time_that_stands_still(tab: Open, box: Sandbox) -> None:
    alice, bob = tab("alice"), tab("bob")
    clock_says(alice, "Nothing is waiting.")
    expect(alice.button("Jump to the next step")).to_be_disabled()
    alice.button("Pause the bot's time").click()
    clock_says(alice, "Paused. Nothing is waiting.")
    go_on = "Go on: let the bot's time run"
    expect(alice.button(go_on)).to_be_focused()

    alert = alice.page_somebody("/escalate @bob Clock has stopped")
    clock_says(alice, "Paused; next in 5 min: bob: e-mail")
    clock_says(bob, "Paused; next in 5 min: bob: e-mail")
    # Gail's e-mail goes out at once, after all that could have been on its way to Bob.
    alice.page_somebody("/escalate @gail Clock still stands")
    expect(alice.phone("gail")).to_contain_text("Clock still stands")
    expect(alice.phone("bob")).to_have_count(0)

    alice.jump()
    expect(alice.phone("bob")).to_contain_text("Clock has stopped")
    clock_says(alice, re.compile("Paused; next (in|now)"))
    bob.button(go_on).click()
    expect(alice.button("Pause the bot's time")).to_be_visible()
    clock_says(alice, re.compile("Next (in|now)"))
    for each in (alert, alice.message("Clock still stands")):
        alice.press(each, "Resolve")
        expect(each).to_contain_text("Resolved")
    clock_says(alice, "Nothing is waiting.")


def test_how_fast_it_runs(tab: Open) -> None:
    alice, bob = tab("alice"), tab("bob")
    slow, fast = (alice.button(name) for name in ("1x", "60x"))
    expect(fast).to_have_attribute("aria-pressed", "true")
    expect(slow).to_have_attribute("aria-pressed", "false")
    slow.click()
    for each in (alice, bob):
        expect(each.button("1x")).to_have_attribute("aria-pressed", "true")
        expect(each.button("60x")).to_have_attribute("aria-pressed", "false")
    alert = alice.page_somebody("/escalate @carol! Hands of the clock")
    clock_says(alice, re.compile("Next in 1[45] min.*: carol: e-mail"))
    bob.jump()
    expect(bob.phone("carol")).to_contain_text("Hands of the clock")
    clock_says(bob, re.compile("carol: no answer, page ends|Nothing is waiting"))
    fast.click()
    expect(bob.button("60x")).to_have_attribute("aria-pressed", "true")
    alice.press(alert, "Resolve")
    expect(alert).to_contain_text("Resolved")
