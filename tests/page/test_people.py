"""Who one is and where: each tab is one person, and the address says what it shows."""

import re

from playwright.sync_api import Locator, expect

from sandbox import Sandbox
from tests.page.conftest import Open
from tests.page.tab import Tab


def people_button(tab: Tab) -> Locator:
    return tab.page.get_by_role("button", name=re.compile("^You are "))


def heading(tab: Tab) -> Locator:
    return tab.page.get_by_role("main").get_by_role("heading", level=2)


def address(tab: Tab, **parts: str | None) -> None:
    """The address says this, and of `None` nothing."""
    for name, value in parts.items():
        expected = rf"[?&]{name}={value or ''}"
        if value is None:
            expect(tab.page).not_to_have_url(re.compile(expected))
        else:
            expect(tab.page).to_have_url(re.compile(rf"{expected}(&|$)"))


def test_two_people_do_not_disturb_each_other(tab: Open) -> None:
    alice, bob = tab("alice"), tab("bob")
    alice.composer.fill("I was about to")
    bob.say("/escalate @carol Two at once")
    theirs = bob.modal.get_by_role("textbox", name="Message")
    theirs.fill("Two at the same time")
    alice.say("Good morning")
    expect(bob.message("Good morning")).to_be_attached()
    expect(alice.modal).to_be_hidden()
    expect(theirs).to_have_value("Two at the same time")
    expect(theirs).to_be_focused()
    alice.composer.fill("/escalate @dave Mine")
    alice.composer.press("Enter")
    expect(alice.modal.get_by_role("textbox", name="Message")).to_have_value("Mine")
    expect(theirs).to_have_value("Two at the same time")
    bob.page.keyboard.press("Escape")
    expect(bob.modal).to_be_hidden()
    expect(alice.modal).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(alice.modal).to_be_hidden()


def test_writing_to_each_other(tab: Open) -> None:
    alice, bob = tab("alice"), tab("bob")
    others = alice.page.get_by_role("navigation", name="Conversations")
    alice.button("bob", inside=others).click()
    expect(heading(alice)).to_have_text("bob")
    alice.say("Lunch?")
    theirs = bob.conversation("alice")
    expect(theirs).to_have_accessible_name(re.compile("alice 1 unread, 1 for you"))
    theirs.click()
    expect(bob.message("Lunch?")).to_be_visible()
    bob.say("At one")
    expect(alice.message("At one")).to_be_visible()
    expect(theirs).not_to_have_accessible_name(re.compile("unread"))


def test_being_somebody_else(tab: Open) -> None:
    alice = tab("alice", channel="ops")
    expect(people_button(alice)).to_have_accessible_name(
        re.compile(r"You are Alice Weber \d\d:\d\d Berlin")
    )
    alice.composer.fill("a secret of mine")
    people_button(alice).click()
    choices = alice.page.get_by_role("link", name=re.compile("New York"))
    expect(alice.page.get_by_role("link", name="Bob Miller in a new tab")).to_have_attribute(
        "target", "_blank"
    )
    expect(alice.page.get_by_role("link", name=re.compile("Dave Nguyen .*paused"))).to_be_visible()
    choices.click()
    expect(people_button(alice)).to_have_accessible_name(
        re.compile(r"You are Bob Miller \d\d:\d\d New York")
    )
    address(alice, **{"as": "bob", "in": "ops"})
    expect(alice.composer).to_have_value("")
    alice.say("Bob was here")
    expect(alice.message("Bob was here")).to_contain_text("bob")
    alice.page.go_back()
    expect(people_button(alice)).to_have_accessible_name(re.compile("Alice Weber"))
    expect(alice.composer).to_have_value("a secret of mine")
    expect(alice.message("Bob was here")).to_be_visible()


def test_guests_and_strangers(tab: Open) -> None:
    gail = tab("gail")
    expect(people_button(gail)).to_have_accessible_name(re.compile("Gail Guest guest"))
    gail.say("/escalate @bob Can anybody help?")
    refusal = gail.timeline.locator("li.only-you")
    expect(refusal).to_contain_text("Guests cannot page people here.")
    expect(gail.modal).to_be_hidden()

    alert = tab("alice", channel="shared-vendor").page_somebody("/escalate @bob Link is down")
    expect(alert).to_contain_text("Firing")
    stella = tab("stella", channel="shared-vendor", guide=True)
    expect(people_button(stella)).to_have_accessible_name(re.compile("other company"))
    stella.press(stella.message("Link is down"), "Acknowledge")
    refused = stella.timeline.locator("li.only-you")
    expect(refused).to_contain_text("People of other workspaces cannot use Tocsin here.")
    expect(stella.conversation("general")).to_have_count(0)

    bob = tab("bob")
    bob.say("/escalate @stella @deploybot Everybody")
    expect(bob.modal).to_contain_text("stella belongs to another workspace and cannot be paged.")
    expect(bob.modal).to_contain_text("deploybot is a bot and cannot be paged.")
    bob.button("Page", inside=bob.modal).click()
    people = bob.modal.get_by_role("combobox", name="People")
    expect(people).to_have_attribute("aria-invalid", "true")
    expect(people).to_be_focused()
    bob.button("Cancel", inside=bob.modal).click()
    expect(bob.modal).to_be_hidden()


def test_what_is_private(tab: Open) -> None:
    carol = tab("carol", channel="secret-room")
    expect(heading(carol)).to_have_text("#incidents")
    address(carol, **{"in": "incidents"})
    expect(carol.conversation("ops")).to_be_visible()
    expect(carol.conversation("secret-room")).to_have_count(0)
    alice = tab("alice", channel="secret-room")
    expect(heading(alice)).to_have_text("#secret-room")
    alice.say("Nobody must know")
    expect(alice.message("Nobody must know")).to_be_visible()
    expect(carol.page.locator("body")).not_to_contain_text("secret")


def test_addresses(tab: Open, box: Sandbox) -> None:
    bob = box.person("bob")
    root = bob.say("Which door?", channel="ops")
    reply = bob.say("The red one", channel="ops", thread=root)
    alice = tab("alice", channel="general")
    alice.conversation("ops").click()
    address(alice, **{"as": "alice", "in": "ops", "thread": None})
    alice.open_thread(alice.message("Which door?"))
    address(alice, **{"in": "ops", "thread": root.ts})
    alice.conversation("incidents").click()
    expect(heading(alice)).to_have_text("#incidents")
    expect(alice.thread).to_be_hidden()
    alice.page.go_back()
    expect(alice.message("The red one", inside=alice.thread)).to_be_visible()
    alice.page.go_back()
    expect(alice.thread).to_be_hidden()
    expect(heading(alice)).to_have_text("#ops")
    alice.page.go_back()
    expect(heading(alice)).to_have_text("#general")
    alice.page.go_forward()
    expect(heading(alice)).to_have_text("#ops")

    alice.page.goto(f"{alice.url}/?as=alice&in=ops&thread={root.ts}&at={reply.ts}")
    pointed = alice.message("The red one", inside=alice.thread)
    expect(pointed).to_be_focused()
    expect(alice.message("Which door?")).to_be_visible()

    alice.page.goto(f"{alice.url}/?as=mallory")
    expect(people_button(alice)).to_have_accessible_name(re.compile("You are Alice Weber"))
    address(alice, **{"as": "alice", "in": "incidents"})


def test_links_to_messages(tab: Open, box: Sandbox) -> None:
    bob = box.person("bob")
    first = bob.say("The very first", channel="shared-vendor")
    for number in range(120):
        bob.say(f"Much later, {number}", channel="shared-vendor")
    where = box.workspace.find_channel("shared-vendor").id
    alice = tab("alice")
    alice.page.goto(f"{alice.url}/archives/{where}/p{first.ts.replace('.', '')}")
    expect(heading(alice)).to_have_text("#shared-vendor")
    expect(alice.message("The very first")).to_be_in_viewport()
    expect(alice.message("The very first")).to_be_focused()
    address(alice, at=first.ts, thread=None)

    alice.go("incidents")
    alert = alice.page_somebody("/escalate @bob Follow the link")
    bobs = tab("bob", channel="general")
    bobs.conversation("tocsin").click()
    direct = bobs.message("Follow the link")
    direct.get_by_role("link", name="Open the alert").click()
    expect(heading(bobs)).to_have_text("#incidents")
    expect(bobs.message("Follow the link")).to_be_focused()
    alice.press(alert, "Resolve")
