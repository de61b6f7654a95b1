"""The people chosen in a form: which, by which rules, and what will happen to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import ids
from bot.views.fitting import called
from bot.views.forecast import Candidate, foresee
from bot.views.text import escape

Block = dict[str, Any]

MAX_PEOPLE = 30
DEFAULT, IMPORTANT = "default", "important"
LABELS = {DEFAULT: "Default rules", IMPORTANT: "Important rules"}


@dataclass(frozen=True)
class Chosen:
    """Slack ids of the people chosen, and which of them by their important rules."""

    people: tuple[str, ...] = ()
    important: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> "Chosen":
        values = view.get("state", {}).get("values", {})
        picked = values.get(ids.PEOPLE_BLOCK, {}).get(ids.PEOPLE_SELECT, {})
        people = tuple(picked.get("selected_users") or ())
        important = {
            block_id.removeprefix(ids.RULES_BLOCK)
            for block_id, actions in values.items()
            if block_id.startswith(ids.RULES_BLOCK)
            and (actions.get(ids.RULES_SELECT, {}).get("selected_option") or {}).get("value")
            == IMPORTANT
        }
        return cls(people, frozenset(important.intersection(people)))


NOBODY = Chosen()


def people_input(chosen: Chosen, label: str, *, optional: bool = False) -> Block:
    element: Block = {
        "type": "multi_users_select",
        "action_id": ids.PEOPLE_SELECT,
        "placeholder": plain("Who should come?"),
        "max_selected_items": MAX_PEOPLE,
    }
    if chosen.people:
        element["initial_users"] = list(chosen.people)
    block: Block = {
        "type": "input",
        "block_id": ids.PEOPLE_BLOCK,
        "dispatch_action": True,
        "label": plain(label),
        "element": element,
    }
    return block | ({"optional": True} if optional else {})


@dataclass(frozen=True)
class Running:
    """How somebody is being paged at this moment."""

    important: bool
    has_more: bool  # there are rules of theirs whose turn will come


def rows(
    chosen: Chosen,
    candidates: Mapping[str, Candidate],
    *,
    at: datetime,
    paged: Mapping[str, Running] | None = None,
) -> list[Block]:
    """One section a person, with the choice of rules.

    `paged` are those being paged already, by Slack id.
    """
    return [
        _row(candidates[id_], id_ in chosen.important, at, (paged or {}).get(id_))
        for id_ in chosen.people
        if id_ in candidates
    ]


def _row(candidate: Candidate, important: bool, at: datetime, paged: Running | None) -> Block:
    if paged is not None and paged.important >= important:
        told = "Is being paged already: nothing changes."
    elif paged is not None and paged.has_more and candidate.lacks_important:
        told = "Is being paged already, and has no important rules that work: nothing changes."
    else:
        told = foresee(candidate, important=important, at=at)
        if paged is not None:
            told = f"Is being paged by default rules: this raises it to important. {told}"
    block = section(f"{title(candidate)}\n{told}", f"{ids.RULES_BLOCK}{candidate.slack_user_id}")
    if candidate.can_be_paged:
        block["accessory"] = {
            "type": "static_select",
            "action_id": ids.RULES_SELECT,
            "options": [option(DEFAULT), option(IMPORTANT)],
            "initial_option": option(IMPORTANT if important else DEFAULT),
        }
    return block


def title(candidate: Candidate) -> str:
    """The name; Slack fills in that of somebody we do not know yet."""
    if candidate.name is None:
        return f"<@{candidate.slack_user_id}>"
    return f"*{called(candidate.name)}*"


def option(value: str) -> Block:
    return {"text": plain(LABELS[value]), "value": value}


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def section(mrkdwn: str, block_id: str | None = None) -> Block:
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}
    return block | ({"block_id": block_id} if block_id else {})


def notice(title_: str, sentences: Sequence[str]) -> Block:
    """A modal that only says something; the sentences are plain text."""
    return {
        "type": "modal",
        "title": plain(title_),
        "close": plain("Close"),
        "blocks": [section(escape(sentence)) for sentence in sentences],
    }
