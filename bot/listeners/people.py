"""Keeps what we know of people up to date with what Slack tells; and hears when we are removed."""

import logging
from collections.abc import Mapping

from slack_bolt import App

from bot.interaction import Interaction
from bot.listeners.desk import Desk, Listener, guarded
from bot.listeners.lookup import workspace
from bot.profiles import pause_of, profile_of
from core import people

logger = logging.getLogger(__name__)

REVOKED = (
    "Slack has taken the bot's token away (%s): nobody can be paged by Slack. Install the app "
    "again, set SLACK_BOT_TOKEN to the new token, and restart."
)


def register(app: App, desk: Desk) -> None:
    for event, listener in EVENTS.items():
        app.event(event)(guarded(desk, listener))


def keep(interaction: Interaction, desk: Desk) -> None:
    """Somebody joined, changed their profile, or was deactivated."""
    said = interaction.body["event"]["user"]
    with desk.db.transaction() as session:
        ours = workspace(session)
        profile = profile_of(said, team_id=ours.team_id if ours else None)
        known = people.find_slack(session, profile.slack_user_id)
        if known or ours is None or profile.slack_team_id == ours.team_id:
            people.keep(session, profile)


def pause(interaction: Interaction, desk: Desk) -> None:
    """Slack holds somebody's notifications back, or does so no more."""
    event = interaction.body["event"]
    with desk.db.transaction() as session:
        people.pause(session, event["user"], *pause_of(event.get("dnd_status") or {}))


def removed(interaction: Interaction, desk: Desk) -> None:
    logger.critical(REVOKED, interaction.name)


EVENTS: Mapping[str, Listener] = {
    "team_join": keep,
    "user_change": keep,
    "dnd_updated_user": pause,
    "tokens_revoked": removed,
    "app_uninstalled": removed,
}
