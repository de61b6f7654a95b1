"""What toys forget to refuse: unknown keys, wrong kinds of text, elements in the wrong place."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block

from sandbox import Sandbox
from sandbox.blocks.surfaces import blocks_report, checked_blocks, checked_view, view_report
from sandbox.shapes import ApiError, Json

PLAIN = {"type": "plain_text", "text": "x"}
MARKED = {"type": "mrkdwn", "text": "x"}
TEXT = {"type": "plain_text_input"}
BUTTON = {"type": "button", "text": PLAIN}
ONE = {"text": PLAIN, "value": "1"}
OTHER = {"text": PLAIN, "value": "9"}
GROUPS = {"option_groups": [{"label": PLAIN, "options": [ONE]}]}
STATIC = {"type": "static_select", "options": [ONE]}
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
CELL = {"type": "raw_text", "text": "x"}
DIVIDER = {"type": "divider"}


def section(**keys: object) -> Json:
    return {"type": "section", **keys}


def beside(element: Json) -> Json:
    return section(text=PLAIN, accessory=element)


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def field(element: Json, **keys: object) -> Json:
    return {"type": "input", "label": PLAIN, "element": element, **keys}


WRONG: list[tuple[Json, str]] = [
    ({"type": "carpet"}, "unsupported type: carpet [json-pointer:/blocks/0/type]"),
    ({"text": PLAIN}, "missing required field: type [json-pointer:/blocks/0]"),
    ({**DIVIDER, "colour": "red"}, "invalid additional property: colour"),
    (section(), "missing required field: text"),
    ({"type": "header", "text": MARKED}, "mrkdwn [json-pointer:/blocks/0/text/type]"),
    (actions({**BUTTON, "text": MARKED}), "unsupported type: mrkdwn"),
    (field(TEXT, label=MARKED), "unsupported type: mrkdwn"),
    (beside({**STATIC, "options": [{**ONE, "text": MARKED}]}), "unsupported type: mrkdwn"),
    (beside({**STATIC, "placeholder": MARKED}), "unsupported type: mrkdwn"),
    ({"type": "input", "element": TEXT}, "missing required field: label"),
    (section(text={**PLAIN, "text": ""}), "must be more than 0 characters"),
    (section(text="x"), "must be an object [json-pointer:/blocks/0/text]"),
    (section(text={**PLAIN, "verbatim": True}), "invalid additional property: verbatim"),
    (section(text={**MARKED, "emoji": True}), "invalid additional property: emoji"),
    (actions(TEXT), "unsupported type: plain_text_input"),
    (field({"type": "overflow", "options": [ONE]}), "unsupported type: overflow"),
    (field(BUTTON), "unsupported type: button"),
    (beside(TEXT), "unsupported type: plain_text_input"),
    (beside({"type": "datetimepicker"}), "unsupported type: datetimepicker"),
    ({"type": "context", "elements": [BUTTON]}, "unsupported type: button"),
    (beside({"type": "static_select"}), "exactly one of options, option_groups"),
    (beside({**STATIC, **GROUPS}), "exactly one of options, option_groups"),
    (beside({**STATIC, "options": []}), "no fewer than 1 items"),
    (beside({**STATIC, "initial_option": OTHER}), "must be one of the provided options"),
    (
        beside({"type": "checkboxes", "options": [ONE], "initial_options": [OTHER]}),
        "must be one of the provided options",
    ),
    ({"type": "image", "image_url": "https://example.com"}, "missing required field: alt_text"),
    ({**IMAGE, "slack_file": {"id": "F1"}}, "exactly one of image_url, slack_file"),
    (actions({**BUTTON, "confirm": {"title": PLAIN}}), "missing required field: deny"),
    (actions({**BUTTON, "style": "loud"}), "must be one of: primary, danger"),
    (field({"type": "number_input"}), "missing required field: is_decimal_allowed"),
    (field({**TEXT, "min_length": 5, "max_length": 4}), "min_length must not be more"),
    (field({**TEXT, "confirm": {}}), "invalid additional property: confirm"),
    (field({**TEXT, "multiline": "yes"}), "must be a boolean"),
    (beside({"type": "multi_users_select", "max_selected_items": 0}), "must be between 1"),
    (beside({"type": "datepicker", "initial_date": "21.11.2026"}), "must be a date"),
    (beside({"type": "timepicker", "initial_time": "24:00"}), "must be a time"),
    (actions({**BUTTON, "action_id": "a"}, {**BUTTON, "action_id": "a"}), "used twice"),
    (actions(), "no fewer than 1 items"),
    ({"type": "table", "rows": [[CELL], [CELL, CELL]]}, "same number of cells"),
    ({"type": "rich_text", "elements": [CELL]}, "unsupported type: raw_text"),
]


@pytest.mark.parametrize(("block", "said"), WRONG)
def test_what_is_wrong_is_refused(block: Json, said: str) -> None:
    texts = [fault.text() for fault in blocks_report([block])]
    assert any(said in text for text in texts), texts


RIGHT: list[Json] = [
    DIVIDER,
    section(text=MARKED, accessory=IMAGE),
    *(
        actions({"type": f"{many}{kind}_select"})
        for many in ("", "multi_")
        for kind in ("users", "conversations", "channels", "external")
    ),
    beside({"type": "static_select", **GROUPS, "initial_option": ONE}),
    beside({"type": "radio_buttons", "options": [{**ONE, "text": MARKED}]}),
    beside({"type": "overflow", "options": [{**ONE, "url": "https://example.com"}]}),
    actions({"type": "datetimepicker", "initial_date_time": 1_700_000_000}),
    field({"type": "number_input", "is_decimal_allowed": True, "min_value": "1.5"}),
    field({"type": "email_text_input"}),
    field({"type": "url_text_input"}),
    field(
        {**TEXT, "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}},
        dispatch_action=True,
    ),
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
            },
            {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}]},
        ],
    },
    {"type": "markdown", "text": "# x"},
    {"type": "table", "rows": [[CELL, CELL]]},
]


@pytest.mark.parametrize("block", RIGHT, ids=lambda each: str(each["type"]))
def test_what_is_right_passes_here_and_in_the_sdk(block: Json) -> None:
    assert blocks_report([block]) == []
    parsed = Block.parse(block)
    assert parsed is not None
    parsed.validate_json()


def test_block_ids_are_not_repeated() -> None:
    [fault] = blocks_report([{**DIVIDER, "block_id": "a"}, {**DIVIDER, "block_id": "a"}])
    assert fault.pointer == "/blocks/1/block_id"


def test_missing_ids_are_filled_in() -> None:
    first, second = checked_blocks([actions(BUTTON, BUTTON), beside(STATIC)])
    ids = {each["action_id"] for each in first["elements"]} | {second["accessory"]["action_id"]}
    assert len(ids) == 3
    assert first["block_id"] != second["block_id"]


def test_blocks_may_be_too_long_together() -> None:
    with pytest.raises(ApiError, match="msg_blocks_too_long"):
        checked_blocks([section(text={**PLAIN, "text": "x" * 3000})] * 5)


def modal(**keys: object) -> Json:
    return {"type": "modal", "title": PLAIN, "blocks": [DIVIDER], **keys}


WRONG_VIEWS: list[tuple[Json, str]] = [
    ({"type": "home", "blocks": [DIVIDER]}, "unsupported type: home"),
    ({"type": "modal", "blocks": [DIVIDER]}, "missing required field: title"),
    (modal(title=MARKED), "unsupported type: mrkdwn"),
    (modal(blocks=[field(TEXT)]), "missing required field: submit"),
    (modal(colour="red"), "invalid additional property: colour"),
    (modal(state={"values": {}}), "invalid additional property: state"),
    (modal(blocks=[{"type": "table", "rows": [[CELL]]}]), "unsupported type: table"),
    (modal(blocks=[]), "no fewer than 1 items"),
    (
        modal(submit=PLAIN, blocks=[field({**TEXT, "focus_on_load": True})] * 2),
        "only one element may have focus",
    ),
    (modal(blocks=[{**DIVIDER, "block_id": "a"}] * 2), "already exists"),
]


@pytest.mark.parametrize(("view", "said"), WRONG_VIEWS)
def test_views_that_are_refused(view: Json, said: str) -> None:
    with pytest.raises(ApiError, match="invalid_arguments") as refused:
        checked_view(view, "modal")
    assert any(said in text for text in refused.value.messages), refused.value.messages


def test_a_home_tab_has_no_submit() -> None:
    home: Json = {"type": "home", "blocks": [field(TEXT)]}
    assert view_report(home, "home") == []
    assert view_report({**home, "submit": PLAIN}, "home") != []


def test_a_view_may_be_too_large() -> None:
    big = section(text={**PLAIN, "text": "x" * 3000})
    with pytest.raises(ApiError, match="view_too_large"):
        checked_view(modal(blocks=[big] * 90), "modal")


def test_blocks_validate_says_what_is_wrong(box: Sandbox, client: WebClient) -> None:
    assert client.blocks_validate(blocks=[DIVIDER])["ok"]
    assert client.blocks_validate(view=modal())["ok"]
    with pytest.raises(SlackApiError) as refused:
        client.blocks_validate(message={"blocks": [{"type": "carpet"}]})
    answer: Any = refused.value.response
    assert answer["error"] == "invalid_message"
    assert answer["errors"][0]["pointer"] == "/blocks/0/type"


def test_a_refused_message_names_the_place(box: Sandbox, client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(
            channel=box.workspace.find_channel("general").id,
            text="x",
            blocks=[section(text={**PLAIN, "text": "x" * 3001})],
        )
    answer: Any = refused.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]
