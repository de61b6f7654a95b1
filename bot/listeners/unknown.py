"""Whatever no listener knows, such as buttons of an older version, answered in words."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot import ids
from bot.interaction import SLACK_ERRORS, Interaction, Kind
from bot.listeners import home, people, rooms
from bot.listeners.desk import Desk, guarded
from bot.views.chosen import notice

GONE = "This {} belongs to a version of Tocsin that is gone. Nothing was changed."
ANYTHING = re.compile(".*", re.DOTALL)

# A listener that takes too long makes Bolt look for the next that fits, so these ones
# must never fit what another listener knows.
KNOWN = frozenset(
    value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)
)
COMMANDS = frozenset({"/escalate"})
EVENTS = frozenset({*people.EVENTS, *rooms.EVENTS, *home.EVENTS})


def register(app: App, desk: Desk) -> None:
    app.action(ANYTHING, matchers=[is_unknown_action])(guarded(desk, button))
    app.view_submission(ANYTHING, matchers=[is_unknown_view])(guarded(desk, form))
    app.view_closed(ANYTHING)(guarded(desk, ignore))
    app.command(ANYTHING, matchers=[is_unknown_command])(guarded(desk, command))
    app.shortcut(ANYTHING)(guarded(desk, button))
    app.event(ANYTHING, matchers=[is_unknown_event])(guarded(desk, ignore))
    app.options(ANYTHING, matchers=[is_unknown_select])(guarded(desk, suggest))


def is_unknown_action(body: Mapping[str, Any]) -> bool:
    return body["actions"][0]["action_id"] not in KNOWN


def is_unknown_select(body: Mapping[str, Any]) -> bool:
    return body.get("action_id") not in KNOWN


def is_unknown_view(body: Mapping[str, Any]) -> bool:
    return body["view"]["callback_id"] not in KNOWN


def is_unknown_command(body: Mapping[str, Any]) -> bool:
    return body["command"] not in COMMANDS


def is_unknown_event(body: Mapping[str, Any]) -> bool:
    return body["event"].get("type") not in EVENTS


def button(interaction: Interaction, desk: Desk) -> None:
    if interaction.kind is Kind.OTHER:  # a shortcut, perhaps nowhere near a conversation
        interaction.acknowledge()
        try:
            told = notice("Tocsin", [GONE.format("shortcut")])
            interaction.client.views_open(trigger_id=interaction.trigger_id, view=told)
        except SLACK_ERRORS:
            interaction.whisper(GONE.format("shortcut"))
        return
    interaction.refuse(GONE.format("button"))


def form(interaction: Interaction, desk: Desk) -> None:
    interaction.acknowledge(response_action="update", view=notice("Tocsin", [GONE.format("form")]))


def command(interaction: Interaction, desk: Desk) -> None:
    interaction.refuse(GONE.format("command"))


def suggest(interaction: Interaction, desk: Desk) -> None:
    interaction.acknowledge(options=[])


def ignore(interaction: Interaction, desk: Desk) -> None:
    """Slack wants to hear that we heard; what nobody acknowledges it sends again."""
    interaction.acknowledge()
