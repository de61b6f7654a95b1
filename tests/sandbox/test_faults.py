"""Trouble on order, as the real client meets it."""

import json
from http.client import RemoteDisconnected
from typing import Any

import httpx2
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from sandbox.faults import Faults


@pytest.fixture
def general(box: Sandbox) -> str:
    return box.workspace.find_channel("general").id


def failed(client: WebClient, channel: str, text: str = "x") -> Any:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=channel, text=text)
    return refused.value.response


def test_an_error_by_name(box: Sandbox, client: WebClient, general: str) -> None:
    box.faults.add("chat.postMessage", error="internal_error", count=1)
    assert failed(client, general)["error"] == "internal_error"
    assert client.chat_postMessage(channel=general, text="again")["ok"]


def test_server_errors_and_nonsense(box: Sandbox, client: WebClient, general: str) -> None:
    box.faults.add("*", status=503, count=1)
    assert failed(client, general).status_code == 503
    box.faults.add("chat.postMessage", nonsense=True)
    response = failed(client, general)
    assert response.status_code == 200
    assert "<!DOCTYPE html>" in response["error"]


def test_a_rate_limit(box: Sandbox, client: WebClient, general: str) -> None:
    box.faults.add("chat.postMessage", retry_after=7, count=1)
    response = failed(client, general)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "7"
    assert response["error"] == "ratelimited"


def test_a_slow_answer(box: Sandbox, client: WebClient, general: str) -> None:
    box.faults.add("chat.postMessage", delay=0.2, count=1)
    client.chat_postMessage(channel=general, text="slow")
    assert box.workspace.journal[-1].seconds >= 0.2
    box.faults.add("chat.postMessage", delay=0.4, count=1)
    hasty = WebClient(box.bot_token, base_url=box.api_url, timeout=1)
    hasty.timeout = 0.1  # type: ignore[assignment]
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel=general, text="too slow")
    # It is posted all the same, and would otherwise be in the way of another test.
    box.wait(lambda: box.workspace.journal[-1].arguments["text"] == "too slow")


def test_a_connection_cut_before_the_effect(box: Sandbox, client: WebClient, general: str) -> None:
    client.retry_handlers.clear()
    box.faults.add("chat.postMessage", drop="before", count=1)
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        client.chat_postMessage(channel=general, text="never there")
    assert "never there" not in box.plain_text("general")


def test_a_connection_cut_after_the_effect(box: Sandbox, client: WebClient, general: str) -> None:
    client.retry_handlers.clear()
    box.faults.add("chat.postMessage", drop="after", count=1)
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        client.chat_postMessage(channel=general, text="there after all")
    assert box.plain_text("general").count("there after all") == 1


def test_the_default_client_posts_twice_when_it_is_cut_off(
    box: Sandbox, client: WebClient, general: str
) -> None:
    box.faults.add("chat.postMessage", drop="after", count=1)
    client.chat_postMessage(channel=general, text="once or twice")
    assert box.plain_text("general").count("once or twice") == 2


def test_response_urls_can_fail_too(box: Sandbox, general: str) -> None:
    path = box.host.response_urls.issue(box.person("bob").id, general)
    box.faults.add("response_url", status=500, count=1)
    body = json.dumps({"text": "hello bob"})
    assert httpx2.post(box.url + path, content=body).status_code == 500
    box.faults.add("response_url", drop="before", count=1)
    with pytest.raises(httpx2.TransportError):
        httpx2.post(box.url + path, content=body)
    assert httpx2.post(box.url + path, content=body).text == "ok"
    assert box.person("bob").ephemerals("general") == ["hello bob"]
    box.faults.add("response_url", delay=0.1, drop="after", count=1)
    with pytest.raises(httpx2.TransportError):
        httpx2.post(box.url + path, content=body)
    assert box.person("bob").ephemerals("general") == ["hello bob"] * 2
    assert box.workspace.journal[-1].seconds >= 0.1


def test_the_journal_keeps_answers_by_response_url(box: Sandbox, general: str) -> None:
    before = len(box.workspace.journal)
    path = box.host.response_urls.issue(box.person("bob").id, general)
    for body in ({"text": "hello bob"}, {}):
        httpx2.post(box.url + path, json=body)
    assert httpx2.post(f"{box.url}/respond/none", json={"text": "x"}).status_code == 404
    good, empty, lost = box.workspace.journal[before:]
    assert {each.method for each in (good, empty, lost)} == {"response_url"}
    assert (good.ok, good.arguments) == (True, {"text": "hello bob"})
    assert [each.answer["error"] for each in (empty, lost)] == ["no_text", "invalid_url"]


def test_chance_repeats_itself() -> None:
    def hits() -> list[int]:
        faults = Faults(seed=42)
        faults.add("chat.update", error="fatal_error", probability=0.3)
        return [len(faults.strike("chat.update")) for _ in range(200)]

    first = hits()
    assert first == hits()
    assert 40 <= sum(first) <= 80


def test_faults_are_counted_and_cleared() -> None:
    faults = Faults()
    faults.add("views.open", error="fatal_error", count=2)
    assert not faults.strike("chat.update")
    assert [len(faults.strike("views.open")) for _ in range(3)] == [1, 1, 0]
    faults.add("*", delay=1)
    assert faults.strike("anything")
    faults.clear()
    assert not faults.strike("anything")
