"""A team, people or rules were chosen in a form: draw what will happen to them."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App

from bot import ids
from bot.interaction import Interaction
from bot.listeners import escalate, responders
from bot.listeners.desk import Desk, guarded

REDRAW: Mapping[str, Callable[..., None]] = {
    ids.ESCALATE_VIEW: escalate.redraw,
    ids.RESPONDERS_VIEW: responders.redraw,
}


def register(app: App, desk: Desk) -> None:
    app.action(ids.PEOPLE_SELECT)(guarded(desk, choose))
    app.action(ids.RULES_SELECT)(guarded(desk, choose))
    app.action(ids.TEAM_SELECT)(guarded(desk, choose))
    app.action(ids.TEAM_IMPORTANT)(guarded(desk, choose))


def choose(interaction: Interaction, desk: Desk) -> None:
    interaction.acknowledge()
    view: Mapping[str, Any] = interaction.view
    REDRAW[view["callback_id"]](interaction, desk, view, at=interaction.press.at)
