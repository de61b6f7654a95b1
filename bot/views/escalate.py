"""The /escalate form: what it shows, and what it is read back into."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot import ids
from bot.views.chosen import NOBODY, Block, Chosen, people_input, plain, rows, section
from bot.views.forecast import Candidate
from bot.views.team_choice import TeamChoice, TeamProspect, besides, no_team, place, team_input
from bot.views.team_choice import rows as team_rows

MESSAGE_LENGTH = 3_000  # what the input takes, and what an alert group keeps


@dataclass(frozen=True)
class Draft:
    """The form as it stands.

    `notes` are mrkdwn sentences above it, at most 3,000 long each; `hint` stands where
    the team would be chosen, when none can be paged.
    """

    channel: str
    is_private: bool
    response_url: str | None
    message: str = ""
    chosen: Chosen = NOBODY
    team: TeamChoice | None = None
    hint: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> "Draft":
        where = json.loads(view["private_metadata"])
        values = view.get("state", {}).get("values", {})
        typed = values.get(ids.MESSAGE_BLOCK, {}).get(ids.MESSAGE_INPUT, {}).get("value")
        return cls(
            channel=where["channel"],
            is_private=where["private"],
            response_url=where.get("url"),
            message=typed or "",
            chosen=Chosen.parse(view),
            team=TeamChoice.parse(view),
            hint=next(
                (
                    block["elements"][0]["text"]
                    for block in view["blocks"]
                    if block["block_id"] == ids.NO_TEAM_BLOCK
                ),
                "",
            ),
            notes=tuple(
                block["text"]["text"]
                for block in view["blocks"]
                if block["block_id"].startswith(ids.NOTE_BLOCK)
            ),
        )

    @property
    def metadata(self) -> str:
        kept = {"channel": self.channel, "private": self.is_private, "url": self.response_url}
        written = json.dumps(kept, separators=(",", ":"))
        if len(written) <= 3_000:
            return written
        return replace(self, response_url=None).metadata


def form(
    draft: Draft,
    candidates: Mapping[str, Candidate],
    *,
    at: datetime,
    team: TeamProspect | None = None,
) -> Block:
    """The modal, for the people in `candidates` by Slack id, as things are `at` this time.

    `team` is what paging the team chosen comes to, or paging nobody's team when that does
    more than to page the people.
    """
    notes = [section(note, f"{ids.NOTE_BLOCK}{n}") for n, note in enumerate(draft.notes)]
    return {
        "type": "modal",
        "callback_id": ids.ESCALATE_VIEW,
        "private_metadata": draft.metadata,
        "title": plain("Page people"),
        "submit": plain("Page"),
        "close": plain("Cancel"),
        "blocks": [
            *notes,
            _message_input(draft.message),
            *_team(draft, team),
            people_input(draft.chosen, "People", optional=not draft.hint),
            *rows(draft.chosen, candidates, at=at),
        ],
    }


def _team(draft: Draft, prospect: TeamProspect | None) -> list[Block]:
    told = []
    if prospect is not None:
        here, with_people = place(draft.channel, is_private=draft.is_private), draft.chosen.people
        told = [besides(prospect, here=here)]
        if draft.team:
            told = team_rows(draft.team, prospect, with_people=bool(with_people), here=here)
    return [no_team(draft.hint) if draft.hint else team_input(draft.team), *told]


def _message_input(message: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": ids.MESSAGE_INPUT,
        "multiline": True,
        "max_length": MESSAGE_LENGTH,
        "placeholder": plain("What is wrong? The first line becomes the title."),
    }
    if message:
        element["initial_value"] = message
    return {
        "type": "input",
        "block_id": ids.MESSAGE_BLOCK,
        "label": plain("Message"),
        "element": element,
    }
