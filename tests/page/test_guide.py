"""The guided start: it leads a newcomer through the first page, and keeps up with what they do."""

import pytest
from playwright.sync_api import Locator, expect

from tests.page.conftest import Open
from tests.page.tab import Tab


def guide(tab: Tab) -> Locator:
    return tab.page.get_by_role("region", name="First steps")


@pytest.mark.usefixtures("still")
def test_through_the_first_page(tab: Open) -> None:
    alice = tab("alice", channel="general", guide=True)
    steps = guide(alice)
    expect(steps).to_contain_text("Step 1 of 6")
    alice.button("Type it for me").click()
    # Typed, but it is for the person to send it.
    field = alice.page.get_by_label("Message #incidents")
    expect(field).to_have_value("/escalate @bob Checkout is down")
    field.press("Enter")
    expect(steps).to_contain_text("Step 2 of 6")
    alice.button("Page", inside=alice.modal).click()
    expect(steps).to_contain_text("Step 3 of 6")
    alice.jump()
    expect(steps).to_contain_text("Step 4 of 6")

    alice.page.get_by_role("button", name="You are Alice Weber").click()
    alice.page.get_by_role("link", name="Bob Miller").first.click()
    expect(alice.page.get_by_role("button", name="You are Bob Miller")).to_be_visible()
    expect(steps).to_contain_text("You are Bob.")
    alice.conversation("tocsin").click()
    alice.press(alice.message("Checkout is down"), "Acknowledge")
    expect(steps).to_contain_text("Step 5 of 6")
    alice.conversation("incidents").click()
    alice.press(alice.message("Checkout is down"), "Resolve")
    expect(steps).to_contain_text("Done: paged, answered, resolved.")


def test_closed_and_brought_back(tab: Open) -> None:
    carol = tab("carol", guide=True)
    first = guide(carol).get_by_text("Step 1 of 6")
    expect(first).to_be_visible()
    carol.button("Close the guide").click()
    expect(first).to_be_hidden()
    carol.page.reload()
    expect(carol.button("Guide")).to_be_visible()
    expect(first).to_be_hidden()
    carol.button("Guide").click()
    expect(first).to_be_visible()
    carol.button("All steps").click()
    expect(guide(carol).get_by_role("listitem")).to_have_count(6)
