"""The table of blocks, and which of them a message, a modal and a home tab may hold."""

from typing import Any

from sandbox.blocks.elements import (
    ELEMENTS,
    ID,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    SLACK_FILE,
    URL,
)
from sandbox.blocks.rich_text import RICH_TEXT_ELEMENT
from sandbox.blocks.rules import (
    Check,
    Fault,
    any_text,
    at_least_one,
    by_type,
    constant,
    exactly_one,
    flag,
    items,
    one_of,
    only,
    plain_text,
    shape,
    string,
)


def block(name: str, required: dict[str, Check], optional: dict[str, Check], *more: Check) -> Check:
    return shape({"type": constant(name), **required}, {"block_id": ID, **optional}, *more)


def distinct_action_ids(value: Any, at: str) -> list[Fault]:
    faults, seen = [], set()
    for number, each in enumerate(value["elements"]):
        action_id = each.get("action_id")
        if action_id in seen:
            faults.append(Fault(f"{at}/elements/{number}", f"`action_id` {action_id} used twice"))
        seen.add(action_id or number)
    return faults


def same_width(value: Any, at: str) -> list[Fault]:
    if len({len(row) for row in value["rows"]}) > 1:
        return [Fault(f"{at}/rows", "all rows must have the same number of cells")]
    return []


MARKED = any_text(3000)
CONTEXT_ELEMENT = by_type({"image": ELEMENTS["image"], "mrkdwn": MARKED, "plain_text": MARKED})
RAW_CELL = shape({"type": constant("raw_text"), "text": string(3000)})
RICH_CELL = shape(
    {"type": constant("rich_text"), "elements": items(RICH_TEXT_ELEMENT, 100)}, {"block_id": ID}
)
COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})

LAYOUTS: dict[str, Check] = {
    "section": block(
        "section",
        {},
        {
            "text": any_text(3000),
            "fields": items(any_text(2000), 10),
            "accessory": by_type(only(ELEMENTS, IN_SECTION)),
            "expand": flag,
        },
        at_least_one("text", "fields"),
    ),
    "header": block("header", {"text": plain_text(150)}, {}),
    "divider": block("divider", {}, {}),
    "context": block("context", {"elements": items(CONTEXT_ELEMENT, 10)}, {}),
    "actions": block(
        "actions",
        {"elements": items(by_type(only(ELEMENTS, IN_ACTIONS)), 25)},
        {},
        distinct_action_ids,
    ),
    "input": block(
        "input",
        {"label": plain_text(2000), "element": by_type(only(ELEMENTS, IN_INPUT))},
        {"hint": plain_text(2000), "optional": flag, "dispatch_action": flag},
    ),
    "image": block(
        "image",
        {"alt_text": string(2000)},
        {"image_url": URL, "slack_file": SLACK_FILE, "title": plain_text(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "rich_text": block("rich_text", {"elements": items(RICH_TEXT_ELEMENT, 100)}, {}),
    "markdown": block("markdown", {"text": string(12_000)}, {}),
    "table": block(
        "table",
        {"rows": items(items(by_type({"raw_text": RAW_CELL, "rich_text": RICH_CELL}), 20), 100)},
        {"column_settings": items(COLUMN, 20, 0)},
        same_width,
    ),
    "video": block(
        "video",
        {
            "alt_text": string(2000),
            "title": plain_text(199),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            "title_url": URL,
            "description": plain_text(199),
            "author_name": string(49),
            "provider_name": string(199),
            "provider_icon_url": URL,
        },
    ),
}
EVERYWHERE = (
    "section",
    "header",
    "divider",
    "context",
    "actions",
    "input",
    "image",
    "rich_text",
    "video",
)
ON_SURFACE: dict[str, Check] = {
    "message": by_type(only(LAYOUTS, (*EVERYWHERE, "markdown", "table"))),
    "modal": by_type(only(LAYOUTS, EVERYWHERE)),
    "home": by_type(only(LAYOUTS, EVERYWHERE)),
}
