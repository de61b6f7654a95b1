"""What a message and a view may hold as a whole: counts, sizes, titles, repeated ids."""

import json
from typing import Any

from sandbox.blocks.ids import with_ids
from sandbox.blocks.layouts import ON_SURFACE
from sandbox.blocks.rules import Check, Fault, by_type, constant, flag, items, plain_text, shape
from sandbox.blocks.rules import string as text_of
from sandbox.shapes import ApiError, Json

MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100
LARGEST_VIEW = 250 * 1024
# Found out by others (slackapi/bolt-js#2509): about 13,200 characters of text, each block
# counting for some.
LONGEST_BLOCKS = 13_200
PER_BLOCK = 30

PRIVATE: dict[str, Check] = {
    "private_metadata": text_of(3000, 0),
    "callback_id": text_of(255, 0),
    "external_id": text_of(255, 0),
}
VIEWS: dict[str, Check] = {
    "modal": shape(
        {
            "type": constant("modal"),
            "title": plain_text(24),
            "blocks": items(ON_SURFACE["modal"], MOST_IN_VIEW),
        },
        {
            **PRIVATE,
            "submit": plain_text(24),
            "close": plain_text(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
    ),
    "home": shape(
        {"type": constant("home"), "blocks": items(ON_SURFACE["home"], MOST_IN_VIEW)}, PRIVATE
    ),
}
MESSAGE_BLOCKS = items(ON_SURFACE["message"], MOST_IN_MESSAGE, 0)


def repeated_ids(blocks: list[Json], at: str) -> list[Fault]:
    faults, seen = [], set()
    for number, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id is not None and block_id in seen:
            message = f"`block_id` {block_id} already exists"
            faults.append(Fault(f"{at}/{number}/block_id", message))
        seen.add(block_id)
    return faults


def focus_faults(blocks: list[Json], at: str) -> list[Fault]:
    focused = sum(json.dumps(block).count('"focus_on_load": true') for block in blocks)
    return [Fault(at, "only one element may have focus_on_load")] if focused > 1 else []


def blocks_report(blocks: Any, at: str = "/blocks") -> list[Fault]:
    """What is wrong with the blocks of a message."""
    faults = MESSAGE_BLOCKS(blocks, at)
    if faults:
        return faults
    faults = repeated_ids(blocks, at) + focus_faults(blocks, at)
    if sum(block["type"] == "table" for block in blocks) > 1:
        faults.append(Fault(at, "only one table allowed"))
    return faults


def view_report(view: Any, kind: str | None, at: str = "/view") -> list[Fault]:
    """What is wrong with a view; `kind` is the only type that will do, if there is one."""
    table = VIEWS if kind is None else {kind: VIEWS[kind]}
    faults = by_type(table)(view, at)
    if faults:
        return faults
    blocks = view["blocks"]
    faults = repeated_ids(blocks, f"{at}/blocks") + focus_faults(blocks, f"{at}/blocks")
    has_input = any(block["type"] == "input" for block in blocks)
    if view["type"] == "modal" and has_input and "submit" not in view:
        faults.append(Fault(at, "missing required field: submit", "missing_field"))
    return faults


def text_length(value: Any) -> int:
    """All characters a reader could see in some blocks."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(text_length(each) for each in value.values())
    if isinstance(value, list):
        return sum(text_length(each) for each in value)
    return 0


def checked_blocks(blocks: Any, at: str = "/blocks") -> list[Json]:
    """The blocks of a message with ids filled in; ApiError says what is wrong with them."""
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    faults = blocks_report(blocks, at)
    if faults:
        raise ApiError(
            "invalid_blocks",
            [fault.text() for fault in faults],
            errors=[fault.text().removeprefix("[ERROR] ") for fault in faults],
        )
    if text_length(blocks) + PER_BLOCK * len(blocks) > LONGEST_BLOCKS:
        raise ApiError("msg_blocks_too_long")
    return with_ids(blocks)


def checked_view(view: Any, kind: str) -> Json:
    """A view with ids filled in; ApiError says what is wrong with it."""
    if isinstance(view, dict):
        # A null is the same as leaving the key out.
        view = {key: each for key, each in view.items() if each is not None}
    faults = view_report(view, kind)
    if faults:
        raise ApiError("invalid_arguments", [fault.text() for fault in faults])
    if len(json.dumps(view).encode()) > LARGEST_VIEW:
        raise ApiError("view_too_large")
    return {**view, "blocks": with_ids(view["blocks"])}
