"""The link itself: requests that are none, slow readers, starting over, and the end."""

import json
import threading
from functools import partial
from pathlib import Path

import pytest
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed

from sandbox import Sandbox
from tests.sandbox.page.client import PATIENCE, Refused, Tab
from tests.sandbox.page.conftest import OpenTab

DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    "frame",
    [
        *("", "garbage", "[]", "7", b"\x00", DEEP),
        *('{"do": "say"}', '{"id": null}', '{"id": [1]}', '{"id": "\\ud800"}'),
    ],
)
def test_what_is_no_request_ends_the_link(alice: Tab, frame: str | bytes) -> None:
    alice.socket.send(frame)
    with pytest.raises(ConnectionClosed) as closed:
        alice.wait(lambda: False)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


def test_too_much_ends_the_link(alice: Tab) -> None:
    alice.send("say", text="x" * 200_000)
    with pytest.raises(ConnectionClosed) as closed:
        alice.wait(lambda: False)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


@pytest.mark.parametrize(
    ("do", "details", "sentence"),
    [
        ("dance", {}, "does not know"),
        (None, {}, "does not know"),
        ([], {}, "does not know"),
        ("__init__", {}, "does not know"),
        ("say", {}, "`channel` must be a text"),
        ("say", {"channel": ["C1"], "text": "x"}, "`channel` must be a text"),
        ("say", {"channel": "C1", "text": "x"}, "no such channel"),
        ("say", {"channel": "general", "text": 5}, "must be a text"),
        ("say", {"channel": "general", "text": "x", "thread": "1"}, "id of a message"),
        ("say", {"channel": "general", "text": "x", "thread": 1}, "must be a text"),
        ("history", {"channel": "general", "limit": 0}, "from 1 to 1000"),
        ("history", {"channel": "general", "limit": "9"}, "from 1 to 1000"),
        ("history", {"channel": "general", "limit": True}, "from 1 to 1000"),
        ("history", {"channel": "general", "before": "yesterday"}, "id of a message"),
        ("thread", {"channel": "general", "ts": "1700000000.000100"}, "not there any more"),
        ("read", {"channel": "general"}, "must be a text"),
        ("read", {"channel": "general", "ts": "170000000\u0660.000100"}, "id of a message"),
        ("react", {"channel": "general", "ts": "1700000000.000100", "name": "x"}, "not there"),
        ("command", {"channel": "general", "text": "/"}, "not a valid command"),
        ("press", {"channel": "general", "ts": "1700000000.000100"}, "not there any more"),
        ("fill", {"view": "V1"}, "not open any more"),
        ("submit", {"view": 3}, "must be a text"),
        ("submit", {"view": "x" * 301}, "too long"),
        ("watch", {"on": "yes"}, "true or false"),
        ("direct", {"user": "U1"}, "nobody to write to"),
        ("start_over", {}, "cannot start over"),
    ],
)
def test_bad_requests_get_a_sentence(
    alice: Tab, do: object, details: dict[str, object], sentence: str
) -> None:
    if details.get("channel") == "general":
        details = {**details, "channel": alice.id("general")}
    alice.socket.send(json.dumps({"id": "bad", "do": do, **details}))
    alice.wait(lambda: "bad" in alice.answers)
    assert sentence in alice.answers["bad"]["error"]
    assert alice.answers["bad"]["error"].endswith(".")
    # The link goes on.
    assert alice.ask("watch", on=False) == {}


def has_started_twice(tab: Tab) -> bool:
    return tab.kinds().count("start") == 2


def test_starting_over(open_tab: OpenTab, box: Sandbox, client: WebClient) -> None:
    alice, bob = open_tab("alice"), open_tab("bob")
    general = alice.id("general")
    alice.ask("say", channel=general, text="forget me")
    alice.ask("trouble", name="mail", on=True)
    alice.ask("read", channel=general, ts=alice.message("forget me")["ts"])
    client.views_publish(user_id=alice.me, view={"type": "home", "blocks": [{"type": "divider"}]})
    box.page.phones.ring(kind="sms", address="+49", title="", text="Hi", user=None)
    channel = alice.id("@echo")
    going, go_on = threading.Event(), threading.Event()

    def start_over() -> None:
        going.set()
        go_on.wait(PATIENCE)
        box.empty()

    box.page.start_over = start_over
    asked = alice.send("start_over")
    bob.wait(lambda: "wait" in bob.kinds())
    assert bob.heard[-1] == {"type": "wait", "text": "Starting over ..."}
    assert going.wait(PATIENCE)
    with pytest.raises(Refused, match="starting over"):
        bob.ask("say", channel=general, text="too early")
    go_on.set()
    assert alice.answer(asked) == {}
    for tab in (alice, bob):
        tab.wait(partial(has_started_twice, tab))
        assert tab.messages == {}
        assert tab.now["phones"] == []
        assert not any(tab.now["trouble"].values())
        assert tab.channel("general")["unread"] == 0
        assert tab.ask("history", channel=general)["messages"] == []
    assert alice.now["home"] is None
    assert alice.now["may_start_over"] is True
    assert alice.id("@echo") == channel
    assert box.workspace.journal == []
    client.chat_postMessage(channel=general, text="a new life")
    assert bob.message("a new life")
    assert bob.channel("general")["unread"] == 1
    box.page.start_over = None


def test_starting_over_that_fails(alice: Tab, box: Sandbox) -> None:
    def start_over() -> None:
        raise OSError("no bot")

    box.page.start_over = start_over
    with pytest.raises(Refused, match="Starting over failed"):
        alice.ask("start_over")
    alice.ask("say", channel=alice.id("general"), text="still here")
    box.page.start_over = None


def test_the_end_of_the_sandbox_is_the_end_of_the_link(manifest: Path) -> None:
    with Sandbox(manifest=manifest) as short, Tab(short, "alice") as alice:
        short.faults.add("*", delay=60)
        short.stop()
        with pytest.raises(ConnectionClosed):
            alice.wait(lambda: False)
        assert short.page.tabs == []
