"""The form of an escalation chain: its name and its steps, each with what can be done to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import ids
from bot.views import fields
from bot.views.chain import step_in_words
from bot.views.chosen import Block, plain, section
from bot.views.fitting import listed, shorten
from bot.views.text import escape
from core.outlook import StepOutlook

NAME_LENGTH = 100
MOST_STEPS = 85  # shown: a modal holds 100 blocks
STEP_LENGTH = 600
EDIT, UP, DOWN, REMOVE = "edit", "up", "down", "remove"
MENU = {EDIT: "Edit", UP: "Move up", DOWN: "Move down", REMOVE: "Remove"}
AT_ONCE = "Steps are saved as soon as you change them. Pages that run already keep the old ones."
IN_USE = (
    "It is used by {}: pages that would start it start no chain then, or the team's other one. "
    "Pages that run it already go on."
)
UNUSED = "No team uses it. Pages that run it already go on."
MOST_NAMED, TEAM_LENGTH = 3, 40  # a confirmation holds 300 characters
EMPTY = "No steps yet. Add the first one: whom should Tocsin call?"


@dataclass(frozen=True)
class ChainForm:
    """The form as it stands.  `was` is the name that it was opened with."""

    chain_id: str
    was: str
    now: str

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> "ChainForm":
        drawn = fields.drawn(view, ids.CHAIN_NAME_BLOCK)
        return cls(
            chain_id=json.loads(view["private_metadata"])["chain"],
            was=str(drawn.get("initial_value") or ""),
            now=fields.typed(view, ids.CHAIN_NAME_BLOCK),
        )


@dataclass(frozen=True)
class Drawing:
    """What the form shows beside the name: the steps with their ids, and plain sentences."""

    steps: Sequence[tuple[str, StepOutlook]]
    warnings: Sequence[str]
    teams: Sequence[str]  # whose pages start it
    note: str | None = None


def new_name(view: Mapping[str, Any]) -> str:
    """What was typed as the name of a new chain."""
    return fields.typed(view, ids.NAME_BLOCK)


def new_form() -> Block:
    """Asks for a name only: steps can be added once the chain is there."""
    return {
        "type": "modal",
        "callback_id": ids.NEW_CHAIN_VIEW,
        "title": plain("New chain"),
        "submit": plain("Create"),
        "close": plain("Cancel"),
        "blocks": [
            section("A chain says who is called, and who is called next when nobody answers."),
            _name(ids.NAME_BLOCK, ""),
        ],
    }


def form(chain_id: str, name: str, drawing: Drawing) -> Block:
    """The modal.  What is typed as its name stays there when it is drawn again."""
    steps = drawing.steps[:MOST_STEPS]
    rows = [
        _step(number, id_, each, len(drawing.steps)) for number, (id_, each) in enumerate(steps, 1)
    ]
    if len(drawing.steps) > MOST_STEPS:
        rest = len(drawing.steps) - MOST_STEPS
        rows.append(section(f"And {rest} more, for which there is no room: use the API."))
    warned = "\n".join(f"• {sentence}" for sentence in drawing.warnings)
    teams = f"It runs for {listed(drawing.teams, most=10)}."
    return {
        "type": "modal",
        "callback_id": ids.CHAIN_VIEW,
        "private_metadata": json.dumps({"chain": chain_id}),
        "title": plain("Edit chain"),
        "submit": plain("Save"),
        "close": plain("Close"),
        "blocks": [
            *([section(escape(drawing.note), "note")] if drawing.note else []),
            _name(ids.CHAIN_NAME_BLOCK, name),
            _small(teams if drawing.teams else "No team uses it yet: choose it in a team's form."),
            {"type": "divider"},
            *(rows or [section(EMPTY)]),
            *([_warnings(warned)] if warned and rows else []),
            {
                "type": "actions",
                "elements": [_button(ids.ADD_STEP, "Add step"), _delete(chain_id, name, drawing)],
            },
            _small(AT_ONCE),
        ],
    }


def _name(block_id: str, initial: str) -> Block:
    element = fields.text_input(
        ids.NAME_INPUT, initial=initial, most=NAME_LENGTH, placeholder="Such as SRE, office hours"
    )
    return fields.input_block(block_id, "Name", element)


def _step(number: int, policy_id: str, step: StepOutlook, count: int) -> Block:
    told = escape(shorten(step_in_words(step), STEP_LENGTH))
    possible = [EDIT, UP, DOWN, REMOVE]
    if number == 1:
        possible.remove(UP)
    if number == count:
        possible.remove(DOWN)
    menu = {
        "type": "overflow",
        "action_id": ids.STEP_MENU,
        "options": [fields.option(MENU[each], f"{each}:{policy_id}") for each in possible],
    }
    return section(f"*{number}.* {told}", f"{ids.STEP_BLOCK}{policy_id}") | {"accessory": menu}


def _warnings(lines: str) -> Block:
    return section(f"*Please look at this*\n{escape(shorten(lines, 2_800))}", "warnings")


def _delete(chain_id: str, name: str, drawing: Drawing) -> Block:
    return _button(ids.DELETE_CHAIN, "Delete this chain") | {
        "style": "danger",
        "value": chain_id,
        "confirm": {
            "title": plain(shorten(f"Delete the chain {name}?", 100)),
            "text": plain(_stays(drawing.teams)),
            "confirm": plain("Delete"),
            "deny": plain("Keep it"),
            "style": "danger",
        },
    }


def _stays(teams: Sequence[str]) -> str:
    """What goes on without the chain, and what does not; plain text."""
    if not teams:
        return UNUSED
    left = f" and {len(teams) - MOST_NAMED} more" if len(teams) > MOST_NAMED else ""
    names = ", ".join(shorten(name, TEAM_LENGTH) for name in teams[:MOST_NAMED])
    return IN_USE.format(f"{names}{left}")


def _button(action_id: str, text: str) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain(text)}


def _small(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]}
