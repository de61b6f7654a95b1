"""The table of interactive elements: which keys each may have, and how long they may be."""

from collections.abc import Mapping
from typing import Any

from sandbox.blocks.rules import (
    Check,
    Fault,
    any_text,
    constant,
    exactly_one,
    flag,
    integer,
    items,
    matching,
    one_of,
    plain_text,
    shape,
    string,
)

ID = string(255)
URL = string(3000)
PLACEHOLDER = plain_text(150)
MOST_OPTIONS = 100

CONFIRM = shape(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": one_of("primary", "danger")},
)
# The SDK lets values of 150 characters through, other sources say 75: the stricter one holds.
OPTION = shape({"text": plain_text(75), "value": string(75)}, {"description": plain_text(75)})
MARKED_OPTION = shape({"text": any_text(75), "value": string(75)}, {"description": any_text(75)})
OVERFLOW_OPTION = shape(
    {"text": plain_text(75), "value": string(75)}, {"description": plain_text(75), "url": URL}
)
OPTION_GROUP = shape({"label": plain_text(75), "options": items(OPTION, MOST_OPTIONS)})
FILTER = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
DISPATCH = shape(
    {}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
SLACK_FILE = shape({}, {"id": string(255), "url": URL}, exactly_one("id", "url"))


def initial_is_offered(value: Any, at: str) -> list[Fault]:
    """What is chosen at first has to be one of the options."""
    groups = value.get("option_groups", [])
    offered = [*value.get("options", []), *(each for group in groups for each in group["options"])]
    known = {option["value"] for option in offered}
    faults = []
    if "initial_option" in value and value["initial_option"]["value"] not in known:
        faults.append(Fault(f"{at}/initial_option", "must be one of the provided options"))
    for number, option in enumerate(value.get("initial_options", [])):
        if option["value"] not in known:
            pointer = f"{at}/initial_options/{number}"
            faults.append(Fault(pointer, "must be one of the provided options"))
    return faults


def lengths_fit(value: Any, at: str) -> list[Fault]:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        return [Fault(at, "min_length must not be more than max_length")]
    return []


def element(
    name: str, required: Mapping[str, Check], optional: Mapping[str, Check], *more: Check
) -> Check:
    return shape({"type": constant(name), **required}, {"action_id": ID, **optional}, *more)


def select(name: str, optional: Mapping[str, Check], *more: Check) -> Check:
    # What every menu and picker may have.
    shared = {"placeholder": PLACEHOLDER, "confirm": CONFIRM, "focus_on_load": flag}
    return element(name, {}, {**shared, **optional}, *more)


def typed(name: str, optional: Mapping[str, Check], *more: Check) -> Check:
    # What every field one types into may have; none asks for confirmation.
    shared = {
        "placeholder": PLACEHOLDER,
        "focus_on_load": flag,
        "dispatch_action_config": DISPATCH,
    }
    return element(name, {}, {**shared, **optional}, *more)


OPTIONS: dict[str, Check] = {
    "options": items(OPTION, MOST_OPTIONS),
    "option_groups": items(OPTION_GROUP, MOST_OPTIONS),
}
ONE_LIST = exactly_one("options", "option_groups")
MANY: dict[str, Check] = {"max_selected_items": integer(1, 1000)}
QUERY: dict[str, Check] = {"min_query_length": integer(0, 3000)}
IDS = items(ID, 1000)
CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": flag, "filter": FILTER}
RESPONSE: dict[str, Check] = {"response_url_enabled": flag}

ELEMENTS: dict[str, Check] = {
    "button": element(
        "button",
        {"text": plain_text(75)},
        {
            "url": URL,
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "static_select": select(
        "static_select", {**OPTIONS, "initial_option": OPTION}, ONE_LIST, initial_is_offered
    ),
    "multi_static_select": select(
        "multi_static_select",
        {**OPTIONS, **MANY, "initial_options": items(OPTION, MOST_OPTIONS)},
        ONE_LIST,
        initial_is_offered,
    ),
    "external_select": select("external_select", {**QUERY, "initial_option": OPTION}),
    "multi_external_select": select(
        "multi_external_select",
        {**QUERY, **MANY, "initial_options": items(OPTION, MOST_OPTIONS)},
    ),
    "users_select": select("users_select", {"initial_user": ID}),
    "multi_users_select": select("multi_users_select", {**MANY, "initial_users": IDS}),
    "conversations_select": select(
        "conversations_select", {**CONVERSATIONS, **RESPONSE, "initial_conversation": ID}
    ),
    "multi_conversations_select": select(
        "multi_conversations_select", {**CONVERSATIONS, **MANY, "initial_conversations": IDS}
    ),
    "channels_select": select("channels_select", {**RESPONSE, "initial_channel": ID}),
    "multi_channels_select": select("multi_channels_select", {**MANY, "initial_channels": IDS}),
    "overflow": element("overflow", {"options": items(OVERFLOW_OPTION, 5)}, {"confirm": CONFIRM}),
    "checkboxes": element(
        "checkboxes",
        {"options": items(MARKED_OPTION, 10)},
        {"initial_options": items(MARKED_OPTION, 10), "confirm": CONFIRM, "focus_on_load": flag},
        initial_is_offered,
    ),
    "radio_buttons": element(
        "radio_buttons",
        {"options": items(MARKED_OPTION, 10)},
        {"initial_option": MARKED_OPTION, "confirm": CONFIRM, "focus_on_load": flag},
        initial_is_offered,
    ),
    "datepicker": select(
        "datepicker", {"initial_date": matching(r"\d{4}-\d\d-\d\d", "a date YYYY-MM-DD")}
    ),
    "timepicker": select(
        "timepicker",
        {
            "initial_time": matching(r"([01]\d|2[0-3]):[0-5]\d", "a time HH:mm"),
            "timezone": string(100),
        },
    ),
    "datetimepicker": element(
        "datetimepicker",
        {},
        {
            "initial_date_time": integer(1_000_000_000, 9_999_999_999),
            "confirm": CONFIRM,
            "focus_on_load": flag,
        },
    ),
    "plain_text_input": typed(
        "plain_text_input",
        {
            "initial_value": string(3000, 0),
            "multiline": flag,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        lengths_fit,
    ),
    "number_input": shape(
        {"type": constant("number_input"), "is_decimal_allowed": flag},
        {
            "action_id": ID,
            "placeholder": PLACEHOLDER,
            "focus_on_load": flag,
            "dispatch_action_config": DISPATCH,
            "initial_value": matching(r"-?\d+(\.\d+)?", "a number in a string"),
            "min_value": matching(r"-?\d+(\.\d+)?", "a number in a string"),
            "max_value": matching(r"-?\d+(\.\d+)?", "a number in a string"),
        },
    ),
    "email_text_input": typed("email_text_input", {"initial_value": string(3000)}),
    "url_text_input": typed("url_text_input", {"initial_value": string(3000)}),
    "image": shape(
        {"type": constant("image"), "alt_text": string(2000)},
        {"image_url": URL, "slack_file": SLACK_FILE},
        exactly_one("image_url", "slack_file"),
    ),
}

SELECTS = (
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
)
MULTI_SELECTS = tuple(f"multi_{name}" for name in SELECTS)
BOXES = ("checkboxes", "radio_buttons")
TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")

# Which elements stand where.
IN_SECTION = (
    *("button", "overflow", "image", "datepicker", "timepicker"),
    *BOXES,
    *SELECTS,
    *MULTI_SELECTS,
)
IN_ACTIONS = (
    *("button", "overflow", "datepicker", "timepicker", "datetimepicker"),
    *BOXES,
    *SELECTS,
    *MULTI_SELECTS,
)
IN_INPUT = ("datepicker", "timepicker", "datetimepicker", *BOXES, *SELECTS, *MULTI_SELECTS, *TYPED)
