"""The form of a team: its name, members, Slack channel and chains, and what will happen.

Without name and members it is that of pages without a team.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import ids
from bot.views import crowd, fields, team_words
from bot.views.chosen import Block, plain, section
from bot.views.crowd import Crowd
from bot.views.fields import option
from bot.views.fitting import shorten
from core.outlook import Outlook

NAME_LENGTH = 100
NONE, NEW = "none", "new"  # option values beside the ids of chains and channels
NO_TEAM = "none"  # in place of a team's id: pages without a team
NO_CHAIN = option("No chain", NONE)
NEW_CHAIN = option("A new chain that calls the whole team", NEW)
NO_CHANNEL = option("No Slack channel", NONE)
INVITE = (
    "The alerts are posted there. A private channel is listed for its members once Tocsin is in "
    "it: /invite @tocsin there."
)
NO_IMPORTANT_ROUTE = (
    "*Important pages*\nThe route for important pages was deleted over the API, so they take the "
    "same way as all others."
)
BESIDES = (
    "People can be paged without a team: by `/escalate` with names only. Then they are called, and "
    "besides what is set here happens."
)
BY_API = "Only programs that page over the API can call a page without a team important."
STAYS = (
    "Its name, members and Slack channel are gone then, and nobody can page it. Its chains stay, "
    "and so do alerts that are open: whoever is being paged for them goes on being paged."
)


@dataclass(frozen=True)
class Choices:
    """What can be set.  People and the channel go by Slack ids; None for none."""

    name: str = ""
    people: tuple[str, ...] = ()
    slack_channel: str | None = None
    chain: str | None = None  # an id, or NEW
    important_chain: str | None = None

    def chain_for(self, *, important: bool) -> str | None:
        return self.important_chain if important else self.chain


@dataclass(frozen=True)
class TeamForm:
    """The form: as it was when it was opened, and as it stands.

    What was not touched is not written, so that two people at once do not undo each
    other's changes.  `team_id` is None for a new team, NO_TEAM for pages without one.
    `confirmed` is how many people somebody has said they mean to call.
    """

    team_id: str | None
    was: Choices
    now: Choices
    confirmed: int = 0

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> "TeamForm":
        kept = json.loads(view["private_metadata"])
        was = Choices(
            name=str(fields.drawn(view, ids.NAME_BLOCK).get("initial_value") or ""),
            people=tuple(fields.drawn(view, ids.PEOPLE_BLOCK).get("initial_users") or ()),
            slack_channel=_shown(view, ids.SLACK_CHANNEL_BLOCK),
            chain=_shown(view, ids.DEFAULT_CHAIN_BLOCK),
            important_chain=_shown(view, ids.IMPORTANT_CHAIN_BLOCK),
        )
        now = Choices(
            name=fields.typed(view, ids.NAME_BLOCK),
            people=fields.people(view, ids.PEOPLE_BLOCK),
            slack_channel=_picked(view, ids.SLACK_CHANNEL_BLOCK),
            chain=_picked(view, ids.DEFAULT_CHAIN_BLOCK),
            important_chain=_picked(view, ids.IMPORTANT_CHAIN_BLOCK),
        )
        return cls(kept["team"], was, now, crowd.confirmed(view))

    @property
    def added(self) -> tuple[str, ...]:
        return tuple(id_ for id_ in self.now.people if id_ not in self.was.people)

    @property
    def removed(self) -> tuple[str, ...]:
        return tuple(id_ for id_ in self.was.people if id_ not in self.now.people)


@dataclass(frozen=True)
class Drawing:
    """What the form shows beside what can be set: names for ids, and what a page will do.

    `notes` are mrkdwn sentences.
    """

    labels: Mapping[str, str]  # of the chains and the channel in `was`, by id
    default: Outlook
    important: Outlook
    has_important: bool = True
    has_chains: bool = True  # whether there is any chain to choose
    crowd: Crowd = crowd.NOBODY
    notes: tuple[str, ...] = ()


def form(shown: TeamForm, drawing: Drawing) -> Block:
    """The modal.  What stands in its inputs stays there when it is drawn again."""
    new, alone = shown.team_id is None, shown.team_id == NO_TEAM
    blocks = [
        *([section(BESIDES, "besides")] if alone else _who(shown)),
        fields.input_block(
            ids.SLACK_CHANNEL_BLOCK,
            "Slack channel",
            fields.search_select(
                ids.SLACK_CHANNEL_SELECT,
                _initial(shown.was.slack_channel, drawing, NO_CHANNEL, "#"),
                placeholder="Type to search",
            ),
            hint=INVITE,
            redraws=True,
        ),
        *_chains(shown, drawing),
        section(_what_happens(shown, drawing), "what_happens"),
    ]
    if drawing.crowd.has_to_be_meant:
        blocks.append(crowd.question(drawing.crowd))
    blocks += [section(note, f"{ids.NOTE_BLOCK}{n}") for n, note in enumerate(drawing.notes)]
    if not new and not alone:
        blocks.append(_delete(shown))
    return {
        "type": "modal",
        "callback_id": ids.TEAM_VIEW,
        "private_metadata": json.dumps({"team": shown.team_id}),
        "title": plain("New team" if new else "Pages without a team" if alone else "Edit team"),
        "submit": plain("Create" if new else "Save"),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def _who(shown: TeamForm) -> list[Block]:
    return [
        fields.input_block(
            ids.NAME_BLOCK,
            "Name",
            fields.text_input(
                ids.NAME_INPUT,
                initial=shown.was.name,
                most=NAME_LENGTH,
                placeholder="What people will look for, such as SRE",
            ),
        ),
        fields.input_block(
            ids.PEOPLE_BLOCK,
            "Members",
            fields.people_select(
                ids.MEMBERS_SELECT, shown.was.people, placeholder="Who belongs to it?"
            ),
            optional=True,
            redraws=True,
        ),
    ]


def _chains(shown: TeamForm, drawing: Drawing) -> list[Block]:
    was, alone = shown.was, shown.team_id == NO_TEAM
    action_id = ids.LISTED_CHAIN_SELECT if alone else ids.CHAIN_SELECT
    no_chain = None if drawing.has_chains or alone else "There is no chain yet: choose a new one."
    blocks = []
    for block_id, label, chosen, hint in (
        (ids.DEFAULT_CHAIN_BLOCK, "Chain for a normal page", was.chain, no_chain),
        (
            ids.IMPORTANT_CHAIN_BLOCK,
            "Chain for an important page",
            was.important_chain,
            BY_API if alone else None,
        ),
    ):
        menu = fields.search_select(
            action_id, _initial(chosen, drawing, NO_CHAIN), placeholder="Type to search"
        )
        blocks.append(fields.input_block(block_id, label, menu, hint=hint, redraws=True))
    return blocks if drawing.has_important else [blocks[0], section(NO_IMPORTANT_ROUTE)]


def _what_happens(shown: TeamForm, drawing: Drawing) -> str:
    if shown.team_id == NO_TEAM:
        told = team_words.besides(drawing.default, drawing.important)
    else:
        name = shown.now.name or shown.was.name
        told = team_words.pages(drawing.default, drawing.important, name)
    return "\n".join(["*What will happen*", *told])


def _delete(shown: TeamForm) -> Block:
    button = {
        "type": "button",
        "action_id": ids.DELETE_TEAM,
        "text": plain("Delete this team"),
        "style": "danger",
        "value": shown.team_id,
        "confirm": {
            "title": plain(shorten(f"Delete the team {shown.was.name}?", 100)),
            "text": plain(STAYS),
            "confirm": plain("Delete"),
            "deny": plain("Keep it"),
            "style": "danger",
        },
    }
    return {"type": "actions", "elements": [button]}


def _initial(was: str | None, drawing: Drawing, none: Block, sign: str = "") -> Block:
    return none if was is None else option(f"{sign}{drawing.labels.get(was, was)}", was)


def _shown(view: Mapping[str, Any], block_id: str) -> str | None:
    value = fields.value_of(fields.drawn(view, block_id).get("initial_option"))
    return None if value == NONE else value


def _picked(view: Mapping[str, Any], block_id: str) -> str | None:
    value = fields.picked(view, block_id)
    return None if value == NONE else value
