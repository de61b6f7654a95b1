"""The buttons of alert messages and direct messages."""

from collections.abc import Callable, Mapping

from slack_bolt import App
from sqlmodel import Session

from bot import ids
from bot.interaction import Interaction
from bot.listeners import pressed as pressed_message
from bot.listeners.desk import Desk, guarded
from bot.listeners.lookup import actor
from core import alert_groups, lifecycle
from core.errors import Gone
from core.models import AlertGroup, User

Act = Callable[[Session, AlertGroup, User, str], str | None]

ACTS: Mapping[str, Act] = {
    ids.ACKNOWLEDGE: lambda s, group, by, _: lifecycle.acknowledge(s, group, by=by),
    ids.UNACKNOWLEDGE: lambda s, group, by, _: lifecycle.unacknowledge(s, group, by=by),
    ids.RESOLVE: lambda s, group, by, _: lifecycle.resolve(s, group, by=by),
    ids.UNRESOLVE: lambda s, group, by, _: lifecycle.unresolve(s, group, by=by),
    ids.SILENCE: lambda s, group, by, value: lifecycle.silence(s, group, by=by, seconds=int(value)),
    ids.UNSILENCE: lambda s, group, by, _: lifecycle.unsilence(s, group, by=by),
    ids.DECLINE: lambda s, group, by, _: lifecycle.decline(s, group, by=by),
}

MALFORMED = "This button belongs to another version of Tocsin. Nothing was changed."


def register(app: App, desk: Desk) -> None:
    for action_id in ACTS:
        app.action(action_id)(guarded(desk, press))
    app.action(ids.LINK)(guarded(desk, follow))


def press(interaction: Interaction, desk: Desk) -> None:
    """Change the alert group's state, or say privately why not, and who was faster."""
    interaction.acknowledge()
    pressed = interaction.press
    group_id, _, value = pressed.value.partition(":")
    if pressed.action_id == ids.SILENCE and not value.removeprefix("-").isdecimal():
        raise Gone(MALFORMED)
    new = desk.newcomers(interaction)
    with desk.transaction(interaction) as session:
        by = actor(session, interaction, new)
        group = alert_groups.lock(session, group_id)
        alert_groups.check_may_act(session, group, by, guests=desk.guests_may_page)
        told = ACTS[pressed.action_id](session, group, by, value)
    if told:
        interaction.whisper(told)
    pressed_message.show(interaction, desk, group_id)


def follow(interaction: Interaction, desk: Desk) -> None:
    """A link was opened; Slack wants to hear that we heard."""
    interaction.acknowledge()
