"""The inputs of forms, and what stands in them: as the form was drawn, and as it is now."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.views.chosen import Block, plain
from bot.views.fitting import shorten

View = Mapping[str, Any]
OPTION_LENGTH = 75  # what an option may say
MOST_OPTIONS = 100


def option(text: str, value: str) -> Block:
    """An option of a menu; the text is cut to what fits."""
    return {"text": plain(shorten(text, OPTION_LENGTH)), "value": value}


def input_block(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str | None = None,
    optional: bool = False,
    redraws: bool = False,
) -> Block:
    """`redraws` says whether we hear of a change at once."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
        "dispatch_action": redraws,
    }
    return block | ({"hint": plain(hint)} if hint else {})


def text_input(action_id: str, *, initial: str, most: int, placeholder: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "max_length": most,
        "placeholder": plain(placeholder),
    }
    return element | ({"initial_value": initial} if initial else {})


def people_select(action_id: str, people: Sequence[str], *, placeholder: str) -> Block:
    """A menu of several people, by their Slack ids."""
    element: Block = {
        "type": "multi_users_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
    }
    return element | ({"initial_users": list(people)} if people else {})


def search_select(action_id: str, initial: Block | None, *, placeholder: str) -> Block:
    """A menu whose options we are asked for as somebody types."""
    element: Block = {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": plain(placeholder),
    }
    return element | ({"initial_option": initial} if initial else {})


def held(view: View, block_id: str) -> Mapping[str, Any]:
    """What stands in the one element of this block, as Slack sends it; empty without it."""
    found = view.get("state", {}).get("values", {}).get(block_id) or {}
    return next(iter(found.values()), {})


def drawn(view: View, block_id: str) -> Mapping[str, Any]:
    """The one element of this block as we drew it; empty if the block is not there."""
    found = (b.get("element") for b in view["blocks"] if b.get("block_id") == block_id)
    return next(found, None) or {}


def typed(view: View, block_id: str) -> str:
    return str(held(view, block_id).get("value") or "")


def people(view: View, block_id: str) -> tuple[str, ...]:
    """Slack ids, in the order in which they were chosen."""
    return tuple(held(view, block_id).get("selected_users") or ())


def picked(view: View, block_id: str) -> str | None:
    """The value of the option that was chosen."""
    return value_of(held(view, block_id).get("selected_option"))


def value_of(chosen: Mapping[str, Any] | None) -> str | None:
    return str(chosen["value"]) if chosen else None
