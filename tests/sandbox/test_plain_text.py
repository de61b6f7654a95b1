"""What people type and read: mentions, links, entities, and blocks as plain text."""

import httpx2
import pytest
from slack_sdk import WebClient

from sandbox import Sandbox
from sandbox.blocks.surfaces import checked_blocks
from sandbox.channels import Message
from sandbox.escape import as_read, as_sent
from sandbox.shapes import Json


def test_what_is_typed_travels_escaped(box: Sandbox) -> None:
    workspace = box.workspace
    bob, ops = box.person("bob").id, workspace.find_channel("ops").id
    typed = "@bob <b> & @nobody in #ops: https://example.com/?a=1&b=2 (@here, me@bob)"
    assert as_sent(workspace, typed, names=True) == (
        f"<@{bob}|bob> &lt;b&gt; &amp; @nobody in <#{ops}|ops>: "
        "<https://example.com/?a=1&amp;b=2> (<!here>, me@bob)"
    )
    assert as_sent(workspace, "@bob", names=False) == f"<@{bob}>"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
        ("<!channel> <!here|here>", "@channel @here"),
        ("<https://example.com|the page>", "the page (https://example.com)"),
        ("<https://example.com>", "https://example.com"),
        ("<!date^1700000000^{time}|at ten>", "at ten"),
        ("<@U000>", "@unknown"),
        ("<@U000|somebody>", "@somebody"),
        ("*bold* _it_", "*bold* _it_"),
    ],
)
def test_what_is_read(box: Sandbox, sent: str, read: str) -> None:
    assert as_read(box.workspace, sent) == read


def test_names_of_people_groups_and_channels(box: Sandbox) -> None:
    workspace = box.workspace
    group = box.admin.add_group("sre", "alice")
    sent = (
        f"<@{box.person('bob').id}> <!subteam^{group}> "
        f"<#{workspace.find_channel('ops').id}|> <#{workspace.find_channel('secret-room').id}>"
    )
    assert as_read(workspace, sent) == "@bob @sre #ops #private channel"


def test_blocks_as_text(box: Sandbox) -> None:
    plain = {"type": "plain_text", "text": "A & B"}
    option = {"text": plain, "value": "1"}
    image = {"type": "image", "image_url": "https://example.com", "alt_text": "a graph"}
    bob = box.person("bob").id
    blocks: list[Json] = [
        {"type": "header", "text": plain},
        {"type": "section", "fields": [plain, {"type": "mrkdwn", "text": "&lt;C&gt;"}]},
        {
            "type": "section",
            "text": plain,
            "accessory": {"type": "checkboxes", "options": [option], "initial_options": [option]},
        },
        {"type": "context", "elements": [image, {"type": "mrkdwn", "text": f"<@{bob}>"}]},
        {"type": "divider"},
        image,
        {"type": "markdown", "text": "# Title"},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "hello "},
                        {"type": "user", "user_id": bob},
                        {"type": "emoji", "name": "wave"},
                    ],
                }
            ],
        },
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 2]},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": plain},
                {"type": "datepicker", "initial_date": "2026-11-21"},
                {"type": "radio_buttons", "options": [option]},
            ],
        },
    ]
    message = Message("1.1", "C1", bob, "fallback", checked_blocks(blocks))
    assert box.reader.content(message) == (
        "A & B\nA & B\n<C>\nA & B\n(x) A & B\n(image: a graph) @bob\n---\n(image: a graph)\n"
        "# Title\nhello @bob:wave:\nx | x\n[A & B] [2026-11-21] ( ) A & B"
    )


def test_permalinks_can_be_opened(box: Sandbox, client: WebClient) -> None:
    general = box.workspace.find_channel("general").id
    ts = client.chat_postMessage(channel=general, text="look here")["ts"]
    client.chat_postMessage(channel=general, text="and here", thread_ts=ts)
    link = client.chat_getPermalink(channel=general, message_ts=ts)["permalink"]
    assert httpx2.get(link).text == "echo: look here\n    echo: and here\n"
    assert "look here" in httpx2.get(f"{box.url}/archives/{general}").text
    assert f"{box.url}/archives/{general}  #general" in httpx2.get(f"{box.url}/archives/").text
    assert httpx2.get(f"{box.url}/archives/C000").status_code == 404
    assert httpx2.get(f"{box.url}/archives/{general}/p1").status_code == 404


def test_a_browser_is_led_to_the_place_on_the_page(box: Sandbox, client: WebClient) -> None:
    general = box.workspace.find_channel("general").id
    ts = client.chat_postMessage(channel=general, text="look here")["ts"]
    reply = client.chat_postMessage(channel=general, text="and here", thread_ts=ts)["ts"]
    places = {f"/archives/{general}": f"/?in={general}"}
    for each, place in ((ts, f"at={ts}"), (reply, f"at={reply}&thread={ts}")):
        link = client.chat_getPermalink(channel=general, message_ts=each)["permalink"]
        places[link.removeprefix(box.url)] = f"/?in={general}&{place}"
    for path, place in places.items():
        answer = httpx2.get(box.url + path, headers={"Accept": "text/html,*/*"})
        assert (answer.status_code, answer.headers["location"]) == (303, place)
    lost = httpx2.get(f"{box.url}/archives/{general}/p1", headers={"Accept": "text/html"})
    assert lost.status_code == 404


def test_a_channel_with_a_thread(box: Sandbox) -> None:
    alice, bob = box.person("alice"), box.person("bob")
    box.admin.add_channel("quiet", "alice", "bob")
    root = alice.say("two\nlines", channel="quiet")
    bob.say("a reply", channel="quiet", thread=root)
    bob.say("later", channel="quiet")
    assert box.plain_text("quiet") == ("alice: two\n  lines\n    bob: a reply\nbob: later")
