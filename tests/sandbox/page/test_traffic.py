"""Behind the glass: the calls of both sides, numbered, cut, and without secrets."""

import json
from collections.abc import Callable

import httpx2
import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox import Sandbox
from sandbox.page.traffic import to_bot
from sandbox.shapes import Json
from sandbox.workspace import Delivered
from tests.sandbox.page.client import Tab


@pytest.fixture(scope="module", autouse=True)
def listening(app: App, connect: Callable[[App], SocketModeHandler]) -> None:
    @app.command("/echo")
    def answer(ack: Ack, body: Json) -> None:
        ack(f"you said {body['text']}")

    connect(app)


def test_nothing_without_watching(alice: Tab, client: WebClient) -> None:
    client.chat_postMessage(channel=alice.id("general"), text="unseen")
    alice.message("unseen")
    assert "traffic" not in alice.kinds()


def test_both_sides_in_their_order(alice: Tab, bob: Tab, client: WebClient) -> None:
    alice.ask("watch", on=True)
    before = alice.now["calls"][-1]["id"]
    general = alice.id("general")
    alice.ask("command", channel=general, text="/echo hi")
    blocks = [{"type": "divider"}]
    client.chat_postMessage(channel=general, text="posted", blocks=blocks)
    alice.wait(lambda: len(since(alice, before)) == 2)
    told, by_bot = since(alice, before)
    assert (told["from"], told["what"], told["ok"]) == ("workspace", "/echo", True)
    assert told["arguments"]["text"] == "hi"
    assert told["answer"] == {"text": "you said hi"}
    assert (by_bot["from"], by_bot["what"], by_bot["ok"]) == ("bot", "chat.postMessage", True)
    assert by_bot["arguments"]["blocks"] == blocks
    assert by_bot["answer"]["message"]["text"] == "posted"
    assert by_bot["at"] >= told["at"]
    assert by_bot["seconds"] >= 0
    alice.ask("watch", on=False)
    client.auth_test()
    alice.ask("watch", on=True)
    assert newest(alice)[-1]["what"] == "auth.test"
    assert "traffic" not in bob.kinds()


@pytest.mark.parametrize(
    ("seconds", "failure", "outcome"),
    [(3.0, None, "ok"), (3.1, None, "ok, too late for Slack"), (20.0, "timeout", "timeout")],
)
def test_an_answer_that_slack_would_not_have_waited_for(
    seconds: float, failure: str | None, outcome: str
) -> None:
    took = Delivered(0.0, "slash_commands", {"command": "/echo"}, 0, failure, None, seconds)
    assert to_bot(took)["outcome"] == outcome


def newest(tab: Tab) -> list[Json]:
    """The calls; what the app is told of messages beside, sooner or later, is left out."""
    return [each for each in tab.now["calls"] if each["what"] != "message"]


def since(tab: Tab, before: int) -> list[Json]:
    """The same after this one."""
    return [each for each in newest(tab) if each["id"] > before]


def test_what_went_wrong_is_said(alice: Tab, box: Sandbox) -> None:
    box.faults.add("api.test", status=503, count=1)
    assert httpx2.get(f"{box.api_url}api.test").status_code == 503
    box.faults.add("api.test", drop="before", count=1)
    with pytest.raises(httpx2.TransportError):
        httpx2.get(f"{box.api_url}api.test")
    assert httpx2.get(f"{box.api_url}api.test?error=fatal").status_code == 200
    alice.ask("watch", on=True)
    calls = newest(alice)[-3:]
    assert [each["outcome"] for each in calls] == ["HTTP 503", "no answer", "fatal"]
    assert [each["answer"] is None for each in calls] == [True, True, False]
    assert not any(each["ok"] for each in calls)


def test_secrets_stay_with_the_bot(alice: Tab, box: Sandbox, client: WebClient) -> None:
    WebClient(box.app_token, base_url=box.api_url).apps_connections_open(app_token=box.app_token)
    text = f"{box.bot_token} and {box.signing_secret}"
    client.api_test(text=text, deep=json.dumps({"list": [text]}))
    alice.ask("watch", on=True)
    opened, tested = newest(alice)[-2:]
    assert opened["answer"]["url"].startswith("ws://127.0.0.1")
    assert "ticket=(secret)" in opened["answer"]["url"]
    assert tested["arguments"]["text"] == "(secret) and (secret)"
    assert tested["arguments"]["deep"] == {"list": ["(secret) and (secret)"]}
    heard = json.dumps(alice.heard)
    for secret in (box.bot_token, box.app_token, box.signing_secret):
        assert secret not in heard


def test_brackets_without_end_stay_a_text(alice: Tab, client: WebClient) -> None:
    client.api_test(text="[" * 500 + "]" * 500)
    alice.ask("watch", on=True)
    assert newest(alice)[-1]["arguments"]["text"] == "[" * 500 + "]" * 500


def test_long_texts_are_cut(alice: Tab, client: WebClient) -> None:
    client.api_test(text="x" * 5000)
    alice.ask("watch", on=True)
    assert newest(alice)[-1]["arguments"]["text"] == "x" * 4000 + " ..."


def test_only_the_newest(alice: Tab, client: WebClient) -> None:
    for _ in range(210):
        client.api_test()
    alice.ask("watch", on=True)
    calls = [each["id"] for each in alice.now["calls"]]
    assert len(calls) == 200
    assert calls == list(range(calls[0], calls[0] + 200))
