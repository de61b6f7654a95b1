"""The form of a team: its name, members, Slack channel and chains, and what will happen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import ids
from bot.views import fields, team_words
from bot.views.chosen import Block, plain, section
from bot.views.fields import option
from bot.views.fitting import shorten
from core.outlook import Outlook

NAME_LENGTH = 100
NONE, NEW = "none", "new"  # option values beside the ids of chains and channels
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


@dataclass(frozen=True)
class TeamForm:
    """The form: as it was when it was opened, and as it stands.

    What was not touched is not written, so that two people at once do not undo each
    other's changes.  `team_id` is None for a new team.
    """

    team_id: str | None
    was: Choices
    now: Choices

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
        return cls(kept["team"], was, now)

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
    notes: tuple[str, ...] = ()


def form(shown: TeamForm, drawing: Drawing) -> Block:
    """The modal.  What stands in its inputs stays there when it is drawn again."""
    new = shown.team_id is None
    name = shown.now.name or shown.was.name
    blocks = [
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
        _chain(ids.DEFAULT_CHAIN_BLOCK, "Chain for a normal page", shown.was.chain, drawing),
    ]
    if drawing.has_important:
        label = "Chain for an important page"
        blocks.append(_chain(ids.IMPORTANT_CHAIN_BLOCK, label, shown.was.important_chain, drawing))
    else:
        blocks.append(section(NO_IMPORTANT_ROUTE))
    blocks.append(section(_what_happens(name, drawing), "what_happens"))
    blocks += [section(note, f"{ids.NOTE_BLOCK}{n}") for n, note in enumerate(drawing.notes)]
    if not new:
        blocks.append(_delete(shown))
    return {
        "type": "modal",
        "callback_id": ids.TEAM_VIEW,
        "private_metadata": json.dumps({"team": shown.team_id}),
        "title": plain("New team" if new else "Edit team"),
        "submit": plain("Create" if new else "Save"),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def _what_happens(name: str, drawing: Drawing) -> str:
    return "\n".join(
        [
            "*What will happen*",
            *team_words.pages(drawing.default, drawing.important, name),
        ]
    )


def _chain(block_id: str, label: str, was: str | None, drawing: Drawing) -> Block:
    is_first = block_id == ids.DEFAULT_CHAIN_BLOCK and not drawing.has_chains
    hint = "There is no chain yet: choose a new one." if is_first else None
    return fields.input_block(
        block_id,
        label,
        fields.search_select(
            ids.CHAIN_SELECT, _initial(was, drawing, NO_CHAIN), placeholder="Type to search"
        ),
        hint=hint,
        redraws=True,
    )


def _delete(shown: TeamForm) -> Block:
    button = {
        "type": "button",
        "action_id": ids.DELETE_TEAM,
        "text": plain("Delete this team"),
        "style": "danger",
        "value": shown.team_id,
        "confirm": {
            "title": plain(shorten(f"Delete {shown.was.name}?", 100)),
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
