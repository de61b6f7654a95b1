"""What changes while somebody looks: nothing is loaded anew, and nothing that was typed is lost."""

import re
import socket
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Locator, expect
from slack_sdk import WebClient

from sandbox import Sandbox
from tests.page.conftest import Open
from tests.page.tab import Tab
from tests.ports import quiet_port
from tests.sandbox.conftest import MANIFEST
from tests.workspace import workspace

pytestmark = pytest.mark.usefixtures("still")
MANY = 130  # messages: more than the page asks for at once
LOST = "The sandbox is not reachable. Trying again ..."


def cut(box: Sandbox) -> None:
    """Break the connection of every tab, as if a cable were pulled."""
    before = list(box.page.tabs)
    for tab in before:
        connection = tab.websocket.state.transport.get_extra_info("socket")
        connection.shutdown(socket.SHUT_RDWR)
    # Not until there is none: the page may be back by then.
    box.wait(lambda: not any(tab in before for tab in box.page.tabs))


def mark(tab: Tab) -> None:
    tab.page.evaluate("document.body.dataset.load = 'first'")


def was_not_loaded_anew(tab: Tab) -> None:
    expect(tab.page.locator("body")).to_have_attribute("data-load", "first")


def test_an_alert_and_its_thread_as_others_act(tab: Open) -> None:
    alice, bob = tab("alice"), tab("bob")
    mark(alice)
    alert = alice.page_somebody("/escalate @carol Cart is empty")
    note = alice.timeline.locator("li.only-you")
    expect(note).to_contain_text("Only visible to you")
    expect(note).to_contain_text("The alert is in #incidents.")
    expect(note.get_by_role("button")).to_have_count(0)
    thread = alice.open_thread(alert)
    expect(thread).to_contain_text("Slack message sent to carol")
    before = alice.message("Cart is empty", inside=thread)
    expect(before).to_contain_text("Firing")

    theirs = bob.message("Cart is empty")
    expect(theirs).to_contain_text("Firing")
    expect(bob.timeline.locator("li.only-you")).to_have_count(0)
    bob.open_thread(theirs)
    reply = bob.thread.get_by_role("textbox", name="Reply in #incidents")
    reply.fill("Looking at it, *now*")
    reply.press("Enter")
    expect(alice.message("Looking at it, now", inside=thread)).to_contain_text("bob")
    bob.press(theirs, "Acknowledge")
    for shown in (alert, before, theirs):
        expect(shown).to_contain_text("Acknowledged by bob")
    expect(thread).to_contain_text("bob acknowledged")
    replies = thread.get_by_role("list", name="Thread").locator("> li").count() - 1
    expect(alert).to_contain_text(f"{replies} replies")
    was_not_loaded_anew(alice)


def test_what_is_unread(tab: Open, box: Sandbox) -> None:
    bob = tab("bob", channel="general")
    alice = box.person("alice")
    alice.say("Tea is ready", channel="ops")
    ops = bob.conversation("ops")
    expect(ops).to_have_accessible_name("ops 1 unread")
    alice.say("@bob yours is getting cold", channel="ops")
    expect(ops).to_have_accessible_name("ops 2 unread, 1 for you")
    expect(bob.page).to_have_title(re.compile(r"^\(\d+\) #general - bob"))
    ops.click()
    expect(bob.message("yours is getting cold")).to_contain_text("@bob")
    expect(ops).to_have_accessible_name("ops")
    alice.say("Never mind", channel="ops")
    expect(bob.message("Never mind")).to_be_visible()
    expect(ops).to_have_accessible_name("ops")


def test_a_reload_in_the_middle_of_a_page(tab: Open) -> None:
    alice = tab("alice")
    alice.say("/escalate Half a")
    form = alice.modal
    what = form.get_by_role("textbox", name="Message")
    what.fill("Half a sentence\nand some more")
    people = form.get_by_role("combobox", name="People")
    people.fill("bob")
    people.press("Enter")
    expect(form).to_contain_text("Slack now, e-mail in 5 min")
    alice.page.reload()
    expect(what).to_have_value("Half a sentence\nand some more")
    expect(alice.button("Remove bob", inside=form)).to_be_visible()
    alice.button("Page", inside=form).click()
    expect(form).to_be_hidden()
    alert = alice.message("Half a sentence")
    expect(alert).to_contain_text("Firing")
    alice.open_thread(alert)
    alice.page.reload()
    expect(alice.thread).to_contain_text("Slack message sent to bob")
    expect(alert).to_contain_text("Firing")
    alice.press(alert, "Acknowledge")
    expect(alert).to_contain_text("Acknowledged by alice")


def test_a_connection_that_is_cut(tab: Open, box: Sandbox) -> None:
    alice = tab("alice")
    mark(alice)
    box.person("alice").say("Who is on call?", channel="incidents")
    root = box.person("alice").message(channel="incidents", containing="Who is on call?")
    alice.choose(alice.message("Who is on call?"), "Reply in thread")
    reply = alice.thread.get_by_role("textbox", name="Reply in #incidents")
    reply.fill("half an answer")
    alice.say("/escalate Wiki is down")
    what = alice.modal.get_by_role("textbox", name="Message")
    what.fill("Wiki is gone")
    box.wait(lambda: "Wiki is gone" in str(box.host.views.stack(box.person("alice").id)[-1].values))
    cut(box)
    box.person("bob").say("I am", channel="incidents", thread=root)
    box.person("bob").say("Back at two", channel="incidents")
    expect(alice.message("I am", inside=alice.thread)).to_be_visible()
    expect(alice.message("Back at two")).to_be_visible()
    expect(reply).to_have_value("half an answer")
    expect(what).to_have_value("Wiki is gone")
    alice.button("Cancel", inside=alice.modal).click()
    expect(alice.modal).to_be_hidden()
    reply.press("Enter")
    expect(alice.message("half an answer", inside=alice.thread)).to_be_visible()
    was_not_loaded_anew(alice)


def test_a_sandbox_that_is_away_and_comes_back(browser: Browser) -> None:
    with ExitStack() as closing:
        port = closing.enter_context(quiet_port())
        with workspace(MANIFEST, port=port) as first:
            alice = closing.enter_context(Tab.opened(browser, first.url, "alice", guide=True))
            mark(alice)
        lost = alice.page.get_by_role("status").filter(has_text=LOST)
        expect(lost).to_be_visible()
        alice.say("Is anybody there?")
        expect(alice.page.get_by_role("alert")).to_contain_text(["The sandbox is not connected."])
        expect(alice.composer).to_have_value("Is anybody there?")
        with workspace(MANIFEST, port=port) as second:
            expect(lost).to_be_hidden()
            second.person("bob").say("Here again", channel="incidents")
            expect(alice.message("Here again")).to_be_visible()
            alice.composer.press("Enter")
            expect(alice.message("Is anybody there?")).to_be_visible()
            was_not_loaded_anew(alice)
            alice.forgive("WebSocket connection to")
            closing.close()


def test_a_message_that_is_deleted(tab: Open, box: Sandbox) -> None:
    alice = tab("alice")
    client = WebClient(box.bot_token, base_url=box.api_url)
    where = box.workspace.find_channel("incidents").id
    said = [client.chat_postMessage(channel=where, text=f"Take {n}")["ts"] for n in (1, 2)]
    reply = client.chat_postMessage(channel=where, text="Cut!", thread_ts=said[0])["ts"]
    alice.open_thread(alice.message("Take 1"))
    expect(alice.message("Cut!", inside=alice.thread)).to_be_visible()
    client.chat_delete(channel=where, ts=reply)
    expect(alice.thread.get_by_text("Cut!")).to_have_count(0)
    expect(alice.message("Take 1")).not_to_contain_text("1 reply")
    client.chat_delete(channel=where, ts=said[0])
    expect(alice.timeline.get_by_text("Take 1")).to_have_count(0)
    expect(alice.thread).to_be_hidden()
    expect(alice.message("Take 2")).to_be_visible()


# Scrolling goes on by itself for some frames.
AT_REST = """scroller => new Promise((done) => {
  let [top, frames] = [-1, 0];
  const look = () => {
    frames = scroller.scrollTop === top ? frames + 1 : 0;
    top = scroller.scrollTop;
    if (frames > 10) done();
    else requestAnimationFrame(look);
  };
  look();
})"""


def top_of(message: Locator) -> float:
    box = message.bounding_box()
    assert box is not None
    return box["y"]


def test_a_long_history(tab: Open, box: Sandbox) -> None:
    bob = box.person("bob")
    for number in range(MANY):
        bob.say(f"Line {number} of the log", channel="shared-vendor")
    alice = tab("alice", channel="shared-vendor")
    messages = alice.timeline.get_by_role("list", name="Messages").get_by_role("listitem")
    expect(alice.message(f"Line {MANY - 1} of")).to_be_in_viewport()
    expect(alice.page.get_by_text("Loading older messages ...")).not_to_be_in_viewport()
    expect(messages).to_have_count(100)
    alice.timeline.hover()
    alice.page.mouse.wheel(0, -20_000)
    expect(messages).to_have_count(MANY)
    alice.timeline.evaluate(AT_REST)
    read = alice.message("Line 50 of")
    read.scroll_into_view_if_needed()
    expect(read).to_be_in_viewport()

    alice.timeline.evaluate(AT_REST)
    before = top_of(read)
    bob.say("One more line", channel="shared-vendor")
    to_end = alice.button("New messages")
    expect(to_end).to_be_visible()
    assert abs(top_of(read) - before) < 2
    expect(alice.message("One more line")).not_to_be_in_viewport()
    to_end.click()
    expect(alice.message("One more line")).to_be_in_viewport()
    expect(to_end).to_be_hidden()
    bob.say("The last line", channel="shared-vendor")
    expect(alice.message("The last line")).to_be_in_viewport()
    alice.timeline.hover()
    alice.page.mouse.wheel(0, -200_000)
    expect(alice.page.get_by_text("This is the start of #shared-vendor.")).to_be_in_viewport()
