"""The Responders form: who is being paged, remove for each, and people to add."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import ids
from bot.views import standing
from bot.views.chosen import NOBODY, Block, Chosen, Running, people_input, plain, rows, section
from bot.views.fitting import SECTION_LENGTH, listed, shorten
from bot.views.forecast import Candidate
from bot.views.message import named
from bot.views.text import escape
from core.models import Outcome, State
from core.story import Responder, Story

# A modal holds 100 blocks, of which the people to add need up to 30.
MOST_RESPONDERS = 50
OFF = {Outcome.UNPAGED, Outcome.DECLINED}  # nothing left to remove them from
RESOLVED = "This alert is resolved: nobody can be paged for it any more."


@dataclass(frozen=True)
class Draft:
    """The form as it stands."""

    alert_group_id: str
    response_url: str | None = None
    chosen: Chosen = NOBODY

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> "Draft":
        kept = json.loads(view["private_metadata"])
        return cls(kept["group"], kept.get("url"), Chosen.parse(view))

    @property
    def metadata(self) -> str:
        kept = {"group": self.alert_group_id, "url": self.response_url}
        written = json.dumps(kept, separators=(",", ":"))
        return written if len(written) <= 3_000 else json.dumps({"group": self.alert_group_id})


def form(draft: Draft, story: Story, candidates: Mapping[str, Candidate], *, at: datetime) -> Block:
    """The modal for an alert group, for the people chosen, as things are `at` this time."""
    return {
        "type": "modal",
        "callback_id": ids.RESPONDERS_VIEW,
        "private_metadata": draft.metadata,
        "title": plain("Responders"),
        "submit": plain("Page"),
        "close": plain("Close"),
        "blocks": [
            section(f"*{escape(shorten(named(story.title), SECTION_LENGTH - 2))}*"),
            *([section(RESOLVED)] if story.state is State.RESOLVED else []),
            *_responders(story),
            {"type": "divider"},
            people_input(draft.chosen, "Add people"),
            *rows(draft.chosen, candidates, at=at, paged=being_paged(story)),
        ],
    }


def being_paged(story: Story) -> dict[str, Running]:
    """Who is being paged at this moment, by Slack id."""
    return {
        each.person.slack_user_id: Running(
            each.important, has_more=each.next is not None and each.next.way is not None
        )
        for each in story.responders
        if each.outcome is None and each.person.slack_user_id
    }


def _responders(story: Story) -> list[Block]:
    """Those being paged first, then those who may be again, then those who are off."""
    in_order = sorted(
        story.responders, key=lambda each: (each.outcome is not None, each.outcome in OFF)
    )
    blocks = [_responder(each, story) for each in in_order[:MOST_RESPONDERS]]
    if rest := in_order[MOST_RESPONDERS:]:
        names = listed([each.person.name for each in rest], most=20)
        blocks.append(section(f"Not shown, for want of room: {names}."))
    return blocks or [section("Nobody is being paged.")]


def _responder(one: Responder, story: Story) -> Block:
    block = section(standing.responder(one, story), f"{ids.REMOVE_BLOCK}{one.page_id}")
    if one.outcome not in OFF:
        block["accessory"] = {
            "type": "button",
            "action_id": ids.REMOVE_BUTTON,
            "text": plain("Remove"),
            "value": one.page_id,
            "accessibility_label": shorten(f"Remove {one.person.name}", 75),
        }
    return block


def effects(started: list[str], raised: list[str], already: list[str]) -> str | None:
    """What adding people changed, by their names, where it is not what was asked; mrkdwn."""
    if not raised and not already:
        return None
    sentences = []
    if started:
        sentences.append(f"Being paged now: {listed(started, most=30)}.")
    if raised:
        sentences.append(f"Raised to their important rules: {listed(raised, most=30)}.")
    if already:
        sentences.append(f"Being paged already, so not again: {listed(already, most=30)}.")
    return " ".join(sentences)


def already_paged(names: list[str]) -> str:
    """Plain text, for a form's error."""
    who = ", ".join(names) + (" is" if len(names) == 1 else " are")
    return f"{who} being paged already. Nobody is paged twice: choose somebody else."
