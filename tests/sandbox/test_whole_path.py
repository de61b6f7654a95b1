"""From a slash command to an acknowledged message, with the real SDK in between."""

from collections.abc import Callable

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox import Sandbox
from sandbox.shapes import Json


def form(text: str = "") -> Json:
    return {
        "type": "modal",
        "callback_id": "echo_form",
        "title": {"type": "plain_text", "text": "Echo"},
        "submit": {"type": "plain_text", "text": "Send"},
        "private_metadata": "from a test",
        "blocks": [
            {
                "type": "input",
                "block_id": "what",
                "label": {"type": "plain_text", "text": "What"},
                "element": {
                    "type": "plain_text_input",
                    "action_id": "text",
                    **({"initial_value": text} if text else {}),
                },
            },
            {
                "type": "input",
                "block_id": "who",
                "optional": True,
                "label": {"type": "plain_text", "text": "Who"},
                "element": {"type": "multi_users_select", "action_id": "people"},
            },
        ],
    }


def alert(text: str, *, button: bool) -> list[Json]:
    blocks: list[Json] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    if button:
        pressed = {"type": "plain_text", "text": "Acknowledge"}
        blocks.append(
            {
                "type": "actions",
                "elements": [{"type": "button", "action_id": "acknowledge", "text": pressed}],
            }
        )
    return blocks


@pytest.fixture(scope="module", autouse=True)
def echo(box: Sandbox, app: App, connect: Callable[[App], SocketModeHandler]) -> None:
    incidents = box.workspace.find_channel("incidents").id

    @app.command("/echo")
    def opens(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form(body["text"]))

    @app.view("echo_form")
    def submitted(ack: Ack, view: Json, client: WebClient) -> None:
        values = view["state"]["values"]
        text = values["what"]["text"]["value"]
        if text == "nothing":
            ack(response_action="errors", errors={"what": "Say something"})
            return
        ack()
        people = " ".join(f"<@{each}>" for each in values["who"]["people"]["selected_users"])
        client.chat_postMessage(
            channel=incidents, text=text, blocks=alert(f"{text} {people}", button=True)
        )

    @app.action("acknowledge")
    def acknowledged(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            text="Acknowledged",
            blocks=alert(f"Acknowledged by <@{body['user']['id']}>", button=False),
        )

    connect(app)


def test_from_the_command_to_the_edited_message(box: Sandbox) -> None:
    alice, bob = box.person("alice"), box.person("bob")
    typed = alice.command("/echo", "db is down & <burning>, @bob", channel="incidents")
    assert typed.failed is None
    modal = typed.modal()
    assert modal.value("What") == {
        "type": "plain_text_input",
        "value": f"db is down &amp; &lt;burning&gt;, <@{bob.id}|bob>",
    }
    modal.fill("What", "The database is down")
    modal.choose("Who", "bob", "carol")
    assert modal.submit().closed
    assert not modal.is_open
    message = bob.message(channel="incidents", containing="database is down")
    assert bob.reads(message) == "The database is down @bob @carol\n[Acknowledge]"
    assert bob.press(message, "Acknowledge").failed is None
    box.wait(lambda: "Acknowledged by @bob" in box.plain_text("incidents"))
    assert "[Acknowledge]" not in box.plain_text("incidents")
    assert "(edited)" in box.plain_text("incidents")


def test_errors_of_the_app_are_shown_at_the_field(box: Sandbox) -> None:
    modal = box.person("alice").command("/echo", channel="general").modal()
    refused = modal.submit()
    assert not refused.sent
    assert refused.errors == {"What": "Please complete this required field."}
    modal.fill("What", "nothing")
    result = modal.submit()
    assert result.sent
    assert result.errors == {"What": "Say something"}
    assert result.block_errors == {"what": "Say something"}
    assert "! Say something" in modal.text
    assert modal.is_open


def test_everybody_is_listed(client: WebClient) -> None:
    names = {user["name"] for user in client.users_list(limit=200)["members"]}
    assert {"alice", "bob", "carol", "dave", "gail", "rob", "deploybot", "echo"} <= names


def test_a_paused_person_is_told_apart(box: Sandbox, client: WebClient) -> None:
    dave, bob = box.person("dave").id, box.person("bob").id
    answer = client.dnd_teamInfo(users=[dave, bob])["users"]
    assert answer[dave]["dnd_enabled"] is True
    assert answer[dave]["next_dnd_end_ts"] > answer[dave]["next_dnd_start_ts"] > 1
    assert answer[bob] == {
        "dnd_enabled": False,
        "next_dnd_start_ts": 1,
        "next_dnd_end_ts": 1,
    }
