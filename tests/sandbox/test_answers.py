"""Response URLs: five answers in half an hour, wherever the command was typed."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox import Sandbox
from sandbox.shapes import Json


def webhook(box: Sandbox, channel: str, name: str = "alice", **where: Any) -> WebhookClient:
    person = box.person(name)
    path = box.host.response_urls.issue(person.id, person.channel(channel).id, **where)
    return WebhookClient(box.url + path)


def test_five_answers_and_no_more(box: Sandbox) -> None:
    # Alice typed in a channel the bot is not in.
    url = webhook(box, "secret-room")
    for number in range(5):
        assert url.send(text=f"answer {number}").body == "ok"
    sixth = url.send(text="answer 5")
    assert (sixth.status_code, sixth.body) == (404, '{"ok":false,"error":"used_url"}')
    alice, bob = box.person("alice"), box.person("bob")
    assert alice.ephemerals("secret-room") == [f"answer {number}" for number in range(5)]
    assert bob.ephemerals("secret-room") == []


def test_half_an_hour_later(box: Sandbox) -> None:
    url = webhook(box, "general")
    box.host.response_urls.expire()
    assert "expired_url" in url.send(text="late").body
    unknown = WebhookClient(f"{box.url}/respond/unknown").send(text="x")
    assert unknown.status_code == 404


def test_for_everybody(box: Sandbox) -> None:
    webhook(box, "secret-room").send(text="for all of you", response_type="in_channel")
    assert "echo: for all of you" in box.plain_text("secret-room")


@pytest.mark.parametrize("direct", ["@bob", "@echo"])
def test_in_direct_messages(box: Sandbox, direct: str) -> None:
    webhook(box, direct).send(text="psst")
    assert box.person("alice").ephemerals(direct) == ["psst"]


def test_the_message_that_was_pressed_is_replaced_or_deleted(
    box: Sandbox, client: WebClient
) -> None:
    general = box.workspace.find_channel("general").id
    ts = client.chat_postMessage(channel=general, text="press me")["ts"]
    url = webhook(box, "general", message_ts=ts)
    url.send(text="pressed", replace_original=True)
    assert "echo (edited): pressed" in box.plain_text("general")
    url.send(text="beside it")
    assert box.person("alice").ephemerals("general")[-1] == "beside it"
    url.send(delete_original=True)
    assert "pressed" not in box.plain_text("general")
    gone = url.send(delete_original=True)
    assert "message_not_found" in gone.body


def test_an_ephemeral_message_is_replaced(box: Sandbox, client: WebClient) -> None:
    general = box.workspace.find_channel("general").id
    bob = box.person("bob")
    ts = client.chat_postEphemeral(channel=general, user=bob.id, text="only you")["message_ts"]
    webhook(box, "general", "bob", message_ts=ts).send(text="changed", replace_original=True)
    assert bob.ephemerals("general") == ["changed"]


def test_answers_are_checked_like_messages(box: Sandbox) -> None:
    url = webhook(box, "general")
    carpet: Json = {"type": "carpet"}
    assert "invalid_blocks" in url.send(text="x", blocks=[carpet]).body
    assert "no_text" in url.send(text="").body
    assert "invalid_arguments" in url.send(text="x", response_type="loud").body
