"""Opening, stacking and changing views, with trigger ids that are used up and run out."""

from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from sandbox.shapes import Json


def error(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def text_field(**keys: object) -> Json:
    return {
        "type": "input",
        "block_id": "what",
        "label": {"type": "plain_text", "text": "What"},
        "element": {"type": "plain_text_input", "action_id": "text", **keys},
    }


def modal(title: str = "One", *blocks: Json, **keys: object) -> Json:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": list(blocks) or [text_field()],
        **keys,
    }


def trigger(box: Sandbox, name: str = "alice", view: str | None = None) -> str:
    return box.host.triggers.issue(box.person(name).id, view=view)


def test_a_trigger_opens_one_view(box: Sandbox, client: WebClient) -> None:
    used = trigger(box)
    opened: Json = client.views_open(trigger_id=used, view=modal())["view"]
    assert opened["root_view_id"] == opened["id"]
    assert opened["previous_view_id"] is None
    assert opened["state"] == {
        "values": {"what": {"text": {"type": "plain_text_input", "value": None}}}
    }
    front = box.person("alice").modal()
    assert front is not None
    assert front.id == opened["id"]
    assert error(client.views_open, trigger_id=used, view=modal()) == "exchanged_trigger_id"
    assert error(client.views_open, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
    assert error(client.views_open, trigger_id=trigger(box), view={"type": "modal"}) == (
        "invalid_arguments"
    )


def test_a_trigger_runs_out(manifest: Path) -> None:
    with Sandbox(manifest=manifest, trigger_seconds=0.0) as late:
        client = WebClient(late.bot_token, base_url=late.api_url)
        used = trigger(late)
        assert error(client.views_open, trigger_id=used, view=modal()) == "expired_trigger_id"


def test_three_views_lie_on_each_other_and_no_more(box: Sandbox, client: WebClient) -> None:
    root: Json = client.views_open(trigger_id=trigger(box), view=modal())["view"]
    second: Json = client.views_push(trigger_id=trigger(box, view=root["id"]), view=modal("Two"))[
        "view"
    ]
    third: Json = client.views_push(
        trigger_id=trigger(box, view=second["id"]), view=modal("Three")
    )["view"]
    assert third["previous_view_id"] == second["id"]
    assert third["root_view_id"] == root["id"]
    push = client.views_push
    top = trigger(box, view=third["id"])
    assert error(push, trigger_id=top, view=modal("Four")) == "push_limit_reached"
    assert error(push, trigger_id=trigger(box), view=modal("Four")) == "invalid_trigger_id"
    alice = box.person("alice")
    front = alice.modal()
    assert front is not None
    assert front.view.title == "Three"
    front.close()
    below = alice.modal()
    assert below is not None
    assert below.view.title == "Two"
    below.close(everything=True)
    assert alice.modal() is None


def test_an_update_needs_the_hash_of_what_is_there(box: Sandbox, client: WebClient) -> None:
    opened: Json = client.views_open(trigger_id=trigger(box), view=modal())["view"]
    update = client.views_update
    changed: Json = update(view_id=opened["id"], hash=opened["hash"], view=modal("Two"))["view"]
    assert changed["id"] == opened["id"]
    assert changed["hash"] != opened["hash"]
    stale = error(update, view_id=opened["id"], hash=opened["hash"], view=modal("Three"))
    assert stale == "hash_conflict"
    assert error(update, view_id="V000", view=modal()) == "not_found"
    front = box.person("alice").modal()
    assert front is not None
    front.close()
    assert error(update, view_id=opened["id"], view=modal()) == "not_found"


def test_what_was_typed_stays_where_the_field_stays(box: Sandbox, client: WebClient) -> None:
    opened: Json = client.views_open(trigger_id=trigger(box), view=modal())["view"]
    front = box.person("alice").modal()
    assert front is not None
    front.fill("What", "typed")
    again = text_field(initial_value="set by the app")
    kept: Json = client.views_update(view_id=opened["id"], view=modal("Two", again))["view"]
    assert kept["state"]["values"]["what"]["text"]["value"] == "typed"
    other = {**again, "block_id": "other"}
    new: Json = client.views_update(view_id=opened["id"], view=modal("Three", other))["view"]
    assert new["state"]["values"] == {
        "other": {"text": {"type": "plain_text_input", "value": "set by the app"}}
    }


def test_views_can_be_named_by_the_app(box: Sandbox, client: WebClient) -> None:
    view = modal(external_id="mine")
    client.views_open(trigger_id=trigger(box), view=view)
    assert client.views_update(external_id="mine", view=modal("Two", external_id="mine"))["ok"]
    taken = error(client.views_open, trigger_id=trigger(box, "bob"), view=view)
    assert taken == "duplicate_external_id"


def test_the_home_tab(box: Sandbox, client: WebClient) -> None:
    bob = box.person("bob")
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first: Json = client.views_publish(user_id=bob.id, view=home)["view"]
    second: Json = client.views_publish(user_id=bob.id, view=home, hash=first["hash"])["view"]
    assert first["id"] == second["id"]
    publish = client.views_publish
    assert error(publish, user_id=bob.id, view=home, hash=first["hash"]) == "hash_conflict"
    assert error(publish, user_id="U000", view=home) == "user_not_found"
    assert error(publish, user_id=bob.id, view=modal()) == "invalid_arguments"
    shown = bob.home()
    assert shown is not None
    assert shown.text == "== Home ==\n---"


def test_initial_values_are_there_untouched(box: Sandbox, client: WebClient) -> None:
    bob = box.person("bob").id
    one = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
    elements: list[tuple[Json, Json]] = [
        ({"type": "plain_text_input", "initial_value": "x"}, {"value": "x"}),
        (
            {"type": "number_input", "is_decimal_allowed": False, "initial_value": "5"},
            {"value": "5"},
        ),
        ({"type": "email_text_input"}, {"value": None}),
        (
            {"type": "static_select", "options": [one], "initial_option": one},
            {"selected_option": one},
        ),
        ({"type": "static_select", "options": [one]}, {"selected_option": None}),
        (
            {"type": "multi_static_select", "options": [one], "initial_options": [one]},
            {"selected_options": [one]},
        ),
        ({"type": "checkboxes", "options": [one]}, {"selected_options": []}),
        ({"type": "radio_buttons", "options": [one]}, {"selected_option": None}),
        ({"type": "external_select", "initial_option": one}, {"selected_option": one}),
        ({"type": "users_select", "initial_user": bob}, {"selected_user": bob}),
        ({"type": "multi_users_select", "initial_users": [bob]}, {"selected_users": [bob]}),
        ({"type": "multi_users_select"}, {"selected_users": []}),
        ({"type": "channels_select", "initial_channel": "C1"}, {"selected_channel": "C1"}),
        ({"type": "multi_channels_select"}, {"selected_channels": []}),
        ({"type": "conversations_select"}, {"selected_conversation": None}),
        ({"type": "multi_conversations_select"}, {"selected_conversations": []}),
        ({"type": "datepicker", "initial_date": "2026-11-21"}, {"selected_date": "2026-11-21"}),
        ({"type": "timepicker", "initial_time": "09:00"}, {"selected_time": "09:00"}),
        (
            {"type": "datetimepicker", "initial_date_time": 1_700_000_000},
            {"selected_date_time": 1_700_000_000},
        ),
    ]
    blocks = [
        {**text_field(), "block_id": str(number), "element": {**element, "action_id": "a"}}
        for number, (element, _) in enumerate(elements)
    ]
    view: Json = client.views_open(trigger_id=trigger(box), view=modal("All", *blocks))["view"]
    for number, (element, value) in enumerate(elements):
        held = view["state"]["values"][str(number)]["a"]
        assert held == {"type": element["type"], **value}
