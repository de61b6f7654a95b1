"""Where one writes, and what one can do with a message."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from sandbox.shapes import Json
from tests.page.conftest import Open
from tests.page.forms import SmallApp, connected, in_front, section, view
from tests.page.tab import Tab

MENU = ["Reply in thread", "Copy link"]


@pytest.fixture(scope="module")
def app() -> Iterator[SmallApp]:
    with connected() as small:
        yield small


def offers(tab: Tab) -> Locator:
    return tab.page.get_by_role("listbox", name="Offers").get_by_role("option")


def writing(tab: Tab) -> Locator:
    """Where one writes in the channel, whatever it is at the moment."""
    return tab.page.get_by_label(re.compile("^Message "))


def test_what_is_offered(tab: Open) -> None:
    alice = tab("alice")
    alice.composer.press_sequentially("/")
    expect(offers(alice)).to_have_text([re.compile("/escalate.*what is wrong.*Page people")])
    alice.page.keyboard.press("Escape")
    expect(offers(alice)).to_have_count(0)
    alice.composer.press_sequentially("e")
    alice.page.keyboard.press("Tab")
    expect(alice.composer).to_have_value("/escalate ")
    expect(alice.composer).to_be_focused()
    hint = "/escalate [@person or @team ...] [what is wrong]: Page people or a team"
    expect(alice.composer).to_have_accessible_description(hint)

    alice.composer.fill("")
    alice.composer.press_sequentially("Ask @")
    expect(offers(alice).filter(has_text="@bob")).to_contain_text("Bob Miller")
    expect(offers(alice).filter(has_text="@gail")).to_contain_text("guest")
    expect(offers(alice).filter(has_text="@rob")).to_have_count(0)
    alice.page.keyboard.type("tana")
    expect(offers(alice)).to_contain_text(["@carol"])
    expect(offers(alice).first).to_have_attribute("aria-selected", "true")
    alice.page.keyboard.press("Enter")
    expect(writing(alice)).to_have_value("Ask @carol ")
    alice.page.keyboard.type("and @")
    alice.page.keyboard.press("ArrowDown")
    alice.page.keyboard.press("ArrowDown")
    expect(offers(alice).nth(2)).to_have_attribute("aria-selected", "true")
    alice.page.keyboard.type("b")
    offers(alice).filter(has_text="@bob").click()
    expect(writing(alice)).to_have_value("Ask @carol and @bob ")
    expect(writing(alice)).to_be_focused()
    alice.page.keyboard.type("in #op")
    expect(offers(alice)).to_contain_text(["#ops"])
    alice.page.keyboard.press("Enter")
    alice.page.keyboard.press("Enter")
    said = alice.message("Ask @carol and @bob in #ops")
    expect(said.get_by_role("link", name="#ops")).to_be_visible()
    expect(alice.composer).to_have_value("")


def test_lines_and_drafts(tab: Open) -> None:
    alice = tab("alice")
    alice.composer.press_sequentially("One")
    alice.page.keyboard.press("Shift+Enter")
    alice.page.keyboard.type("Two")
    alice.conversation("ops").click()
    expect(alice.composer).to_have_value("")
    alice.composer.fill("for ops only")
    alice.conversation("incidents").click()
    expect(alice.composer).to_have_value("One\nTwo")
    alice.page.reload()
    expect(alice.composer).to_have_value("One\nTwo")
    alice.composer.press("Enter")
    expect(alice.message("One")).to_contain_text("Two")
    expect(alice.composer).to_have_value("")
    alice.conversation("ops").click()
    expect(alice.composer).to_have_value("for ops only")
    alice.composer.press("Enter")
    expect(alice.message("for ops only")).to_be_visible()
    alice.composer.press("Enter")
    alice.composer.fill("   ")
    alice.composer.press("Enter")
    alice.say("nothing else")
    expect(alice.message("nothing else")).to_be_visible()
    expect(alice.timeline.get_by_role("listitem")).to_have_count(2)


def test_where_one_cannot_write(tab: Open) -> None:
    carol = tab("carol", channel="old-war-room")
    closed = carol.page.locator("#channel-composer .composer-closed")
    expect(closed).to_contain_text("This channel is archived")
    expect(carol.composer).to_be_hidden()
    carol.conversation("shared-vendor").click()
    expect(closed).to_contain_text("You have not joined this channel")
    carol.conversation("tocsin").click()
    expect(closed).to_contain_text("tocsin writes to you here. It does not read answers.")
    carol.conversation("ops").click()
    expect(closed).to_be_hidden()
    expect(carol.composer).to_be_visible()


def test_what_goes_wrong_keeps_the_text(tab: Open) -> None:
    alice = tab("alice")
    alice.say("/giphy fire")
    problem = alice.page.locator("#channel-composer").get_by_role("alert")
    expect(problem).to_have_text("/giphy is not a valid command.")
    expect(alice.composer).to_have_value("/giphy fire")
    alice.say("x" * 12_001)
    expect(problem).to_contain_text("12,000 characters at most")
    alice.say("Shorter")
    expect(alice.message("Shorter")).to_be_visible()
    expect(problem).to_be_hidden()
    alice.choose(alice.message("Shorter"), "Reply in thread")
    reply = alice.thread.get_by_role("textbox", name="Reply in #incidents")
    reply.fill("/escalate Here?")
    reply.press("Enter")
    expect(alice.thread.get_by_role("alert")).to_contain_text("not in a thread")
    expect(reply).to_have_value("/escalate Here?")


def test_the_menu_of_a_message(tab: Open) -> None:
    alice, bob = tab("alice", channel="shared-vendor"), tab("bob", channel="shared-vendor")
    bob.say("Ship it?")
    question = alice.message("Ship it?")
    menu = question.get_by_role("button", name="React, reply and more: message of bob")
    menu.click()
    items = alice.page.get_by_role("menuitem")
    expect(items.nth(0)).to_be_focused()
    expect(items.filter(has_text=re.compile("^[A-Z]"))).to_have_text(MENU)
    alice.page.keyboard.press("Escape")
    expect(items).to_have_count(0)
    expect(menu).to_be_focused()

    alice.choose(question, "+1")
    mine = question.get_by_role("button", name=re.compile(r"\+1: you"))
    expect(mine).to_have_attribute("aria-pressed", "true")
    theirs = bob.message("Ship it?").get_by_role("button", name=re.compile(r"\+1: alice"))
    expect(theirs).to_have_attribute("aria-pressed", "false")
    theirs.click()
    expect(question.get_by_role("button", name=re.compile(r"\+1: you, bob"))).to_contain_text("2")
    question.get_by_role("button", name=re.compile(r"\+1: you, bob")).click()
    expect(bob.message("Ship it?").get_by_role("button", name="+1: you")).to_contain_text("1")

    alice.choose(question, "Reply in thread")
    expect(alice.thread.get_by_role("textbox", name="Reply in #shared-vendor")).to_be_focused()
    alice.page.keyboard.type("Yes")
    alice.page.keyboard.press("Enter")
    expect(question).to_contain_text("1 reply")
    reply = alice.message("Yes", inside=alice.thread)
    reply.get_by_role("button", name=re.compile("^React")).click()
    expect(items.filter(has_text=re.compile("^[A-Z]"))).to_have_text(["Copy link"])
    alice.page.keyboard.press("Escape")

    alice.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alice.choose(question, "Copy link")
    expect(alice.page.get_by_text("The link is copied.")).to_be_visible()
    link = alice.page.evaluate("navigator.clipboard.readText()")
    bob.page.goto(link.replace("as=alice", "as=bob"))
    expect(bob.message("Ship it?")).to_be_focused()


def test_shortcuts(browser: Browser, app: SmallApp) -> None:
    app.on_command = view(section("Here"), title="From a shortcut")
    with in_front(browser, app) as alice:
        alice.button("Shortcuts").click()
        alice.page.get_by_role("menuitem", name="Echo").click()
        expect(alice.modal).to_have_accessible_name("From a shortcut")
        alice.page.keyboard.press("Escape")
        expect(alice.modal).to_be_hidden()
        alice.say("Look at this")
        alice.choose(alice.message("Look at this"), "Echo this · echo")
        expect(alice.modal).to_have_accessible_name("From a shortcut")

        def used() -> list[Json]:
            payloads = [each.payload for each in app.box.workspace.delivered]
            return [each for each in payloads if "callback_id" in each]

        # A delivery is noted when it is acknowledged, which may be after the form has opened.
        app.box.wait(lambda: len(used()) == 2)
        assert [each["callback_id"] for each in used()] == ["echo_global", "echo_message"]
        assert used()[-1]["message"]["text"] == "Look at this"
        alice.page.keyboard.press("Escape")
        expect(alice.modal).to_be_hidden()
