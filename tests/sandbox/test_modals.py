"""What a person does with a modal, and every way an app can answer."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox import Sandbox
from sandbox.modals import Modal
from sandbox.shapes import Json, NotPossible
from tests.sandbox.forms import MANY, field, form, option

SEEN: list[Json] = []


@pytest.fixture(scope="module", autouse=True)
def listening(box: Sandbox, app: App, connect: Callable[[App], SocketModeHandler]) -> None:
    @app.command("/echo")
    def opens(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(
            trigger_id=body["trigger_id"], view=form("Form", *MANY, notify_on_close=True)
        )

    @app.command("/raw")
    def opens_another(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        note = field("note", "Note", {"type": "plain_text_input"}, dispatch_action=True)
        client.views_open(
            trigger_id=body["trigger_id"],
            view=form("Other", note, notify_on_close=True, clear_on_close=True),
        )

    @app.view("form")
    def submitted(ack: Ack, view: Json) -> None:
        SEEN.append(view)
        text = view["state"]["values"]["say"]["a"]["value"]
        answers: dict[str, Json] = {
            "errors": {"response_action": "errors", "errors": {"say": "No"}},
            "unknown": {"response_action": "errors", "errors": {"nowhere": "No"}},
            "update": {"response_action": "update", "view": form("Second")},
            "push": {"response_action": "push", "view": form("Third")},
            "clear": {"response_action": "clear"},
            "broken": {"response_action": "update", "view": {"type": "modal"}},
        }
        ack(**answers.get(text, {}))

    @app.view_closed("form")
    def closed(ack: Ack, body: Json) -> None:
        SEEN.append(body)
        ack()

    @app.action("push")
    def more(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=form("Pushed"))

    @app.action("menu")
    @app.action("a")
    def acted(ack: Ack, body: Json) -> None:
        SEEN.append(body)
        ack()

    @app.options("a")
    def suggest(ack: Ack, payload: Json) -> None:
        names = ["billing", "search", "shop"]
        ack(options=[option(name) for name in names if payload["value"] in name])

    connect(app)


@pytest.fixture
def modal(box: Sandbox) -> Modal:
    SEEN.clear()
    return box.person("alice").command("/echo", channel="incidents").modal()


def test_nothing_closes(modal: Modal) -> None:
    modal.fill("Say", "hello")
    assert modal.submit().closed
    with pytest.raises(NotPossible, match="closed"):
        modal.submit()


def test_errors_stay_until_the_next_try(modal: Modal) -> None:
    modal.fill("Say", "errors")
    assert modal.submit().errors == {"Say": "No"}
    modal.fill("Say", "fine")
    assert modal.submit().closed


def test_an_unknown_block_in_errors_is_a_failure(box: Sandbox, modal: Modal) -> None:
    modal.fill("Say", "unknown")
    result = modal.submit()
    assert result.failed is not None
    assert not result.errors
    assert "nowhere" in box.workspace.problems.pop()


def test_a_broken_update_is_a_failure(box: Sandbox, modal: Modal) -> None:
    modal.fill("Say", "broken")
    assert modal.submit().failed is not None
    assert "missing required field: title" in box.workspace.problems.pop()


def test_update_push_and_clear(box: Sandbox, modal: Modal) -> None:
    modal.fill("Say", "update")
    updated = modal.submit().updated
    assert updated is not None
    assert (updated.id, updated.title) == (modal.id, "Second")
    modal.fill("Say", "push")
    pushed = modal.submit().pushed
    assert pushed is not None
    assert pushed.previous_id == modal.id
    top = modal.top()
    top.fill("Say", "clear")
    assert top.submit().cleared
    assert not modal.is_open


def test_a_button_pushes(modal: Modal) -> None:
    pressed = modal.press("More")
    pushed = pressed.modal()
    assert pushed.view.title == "Pushed"
    pushed.fill("Say", "hello")
    assert pushed.submit().closed
    assert modal.is_open


def test_the_client_refuses_what_cannot_be_sent(modal: Modal) -> None:
    assert modal.submit().errors == {"Say": "Please complete this required field."}
    modal.fill("Say", "x")
    assert modal.submit().errors == {"Say": "Please enter at least 2 characters."}
    modal.fill("Say", "x" * 21)
    assert modal.submit().errors == {"Say": "Please enter at most 20 characters."}
    assert SEEN == []
    with pytest.raises(NotPossible, match="no more than 2"):
        modal.choose("Who", "alice", "bob", "carol")
    with pytest.raises(NotPossible, match="deactivated"):
        modal.choose("Who", "rob")
    with pytest.raises(NotPossible, match="'green' is not offered"):
        modal.choose("Team", "green")
    with pytest.raises(NotPossible, match="there is no 'Nothing'"):
        modal.fill("Nothing", "x")


def test_everything_filled_in_arrives(box: Sandbox, modal: Modal) -> None:
    modal.fill("say", "hello")
    modal.choose("Who", "bob", "carol")
    told = modal.choose("Team", "Blue")
    assert told is not None
    modal.choose("Service", "shop")
    modal.choose("When", "2026-12-24")
    modal.choose("Flags", "loud")
    modal.choose("Where", "incidents")
    acted: Any = SEEN.pop()
    assert acted["container"] == {"type": "view", "view_id": modal.id}
    assert "response_url" not in acted
    assert acted["actions"][0]["selected_option"]["value"] == "blue"
    assert acted["view"]["state"]["values"]["say"]["a"]["value"] == "hello"
    assert modal.submit().closed
    view: Any = SEEN.pop()
    values = {block: held["a"] for block, held in view["state"]["values"].items() if "a" in held}
    assert values == {
        "say": {"type": "plain_text_input", "value": "hello"},
        "who": {
            "type": "multi_users_select",
            "selected_users": [box.person("bob").id, box.person("carol").id],
        },
        "team": {"type": "static_select", "selected_option": option("blue")},
        "service": {"type": "external_select", "selected_option": option("shop")},
        "when": {"type": "datepicker", "selected_date": "2026-12-24"},
        "boxes": {"type": "checkboxes", "selected_options": [option("loud")]},
        "where": {
            "type": "conversations_select",
            "selected_conversation": box.workspace.find_channel("incidents").id,
        },
    }


def test_an_overflow_menu_tells_the_app(modal: Modal) -> None:
    modal.choose("menu", "Keep")
    acted: Any = SEEN.pop()
    assert acted["actions"][0]["selected_option"] == option("keep")


def test_suggestions_come_from_the_app(modal: Modal) -> None:
    texts = [each["text"]["text"] for each in modal.suggestions("Service", "s")]
    assert texts == ["Search", "Shop"]
    assert modal.suggestions("Service", "") == []


def test_closing_tells_the_app(modal: Modal) -> None:
    modal.close()
    closed: Any = SEEN.pop()
    assert closed["type"] == "view_closed"
    assert closed["is_cleared"] is False
    assert closed["view"]["id"] == modal.id


def test_the_same_submission_twice(modal: Modal) -> None:
    modal.fill("Say", "hello")
    first, second = modal.submit_twice()
    assert first.closed
    assert second.closed
    assert SEEN[0] == SEEN[1]
    assert len(SEEN) == 2


def test_an_old_copy_can_be_submitted(modal: Modal) -> None:
    modal.fill("Say", "old")
    old = modal.view
    modal.fill("Say", "new")
    assert modal.submit_stale(old).closed
    [view] = SEEN
    assert view["state"]["values"]["say"]["a"]["value"] == "old"


def test_an_answer_to_a_closed_copy_is_shown_nowhere(modal: Modal) -> None:
    modal.fill("Say", "errors")
    old = modal.view
    modal.fill("Say", "fine")
    assert modal.submit().closed
    assert modal.submit_stale(old).errors == {"Say": "No"}
    assert not modal.is_open


def test_a_modal_reads_like_this(modal: Modal) -> None:
    modal.fill("Say", "hello")
    modal.choose("Who", "bob")
    assert modal.text == (
        "== Form ==\n"
        "Say: [hello]\n"
        "Who (optional): [@bob]\n"
        "Team (optional): [...]\n"
        "Service (optional): [...]\n"
        "When (optional): [...]\n"
        "Flags (optional): ( ) Loud\n"
        "Where (optional): [...]\n"
        "[More] [Drop / Keep]\n"
        "[Send]"
    )


def test_a_field_that_dispatches_tells_the_app_what_was_typed(box: Sandbox) -> None:
    SEEN.clear()
    modal = box.person("alice").command("/raw").modal()
    assert modal.fill("Say", "quiet") is None
    assert modal.fill("Note", "loud") is not None
    [acted] = SEEN
    assert acted["actions"][0]["value"] == "loud"
    assert acted["actions"][0]["type"] == "plain_text_input"
    assert acted["view"]["state"]["values"]["say"]["a"]["value"] == "quiet"


def test_a_channel_can_come_with_an_address(box: Sandbox, client: WebClient) -> None:
    where = field("to", "To", {"type": "conversations_select", "response_url_enabled": True})
    alice = box.person("alice")
    trigger_id = box.host.triggers.issue(alice.id)
    client.views_open(trigger_id=trigger_id, view=form("Form", where))
    modal = alice.modal()
    assert modal is not None
    modal.fill("Say", "hello")
    modal.choose("To", "secret-room")
    assert modal.submit().closed
    [url] = box.workspace.delivered[-1].payload["response_urls"]
    assert url["channel_id"] == alice.channel("secret-room").id
    WebhookClient(url["response_url"]).send(text="from a modal")
    assert alice.ephemerals("secret-room") == ["from a modal"]


def test_closing_can_clear_everything(box: Sandbox) -> None:
    SEEN.clear()
    modal = box.person("alice").command("/raw").modal()
    modal.close()
    [closed] = SEEN
    assert closed["is_cleared"] is True
    assert not modal.is_open
