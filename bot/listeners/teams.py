"""The form of a team: opened from the Home tab, redrawn, saved, and the team deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt import App
from sqlmodel import Session

from bot import ids
from bot.interaction import Interaction
from bot.listeners import admins, candidates, chain_setup, home, team_preview, team_setup
from bot.listeners.desk import PATIENCE, Desk, guarded
from bot.listeners.lookup import keep
from bot.listeners.modals import finish, replace, show
from bot.listeners.paged import MEETING
from bot.views.chosen import Block, notice
from bot.views.team_form import TeamForm, form
from core import chains, teams

MADE = "The team is saved. This is its new chain: add to it, or close this form."
MADE_TWO = (
    "The team is saved. This is its new chain for normal pages: add to it, or close this form. "
    "The other one, {}, is for important pages: edit it in Tocsin's Home tab."
)
DELETED = "The team was deleted. Nobody can page it any more."

REDRAWS = (
    ids.MEMBERS_SELECT,
    ids.SLACK_CHANNEL_SELECT,
    ids.CHAIN_SELECT,
    ids.LISTED_CHAIN_SELECT,
)


def register(app: App, desk: Desk) -> None:
    app.action(ids.NEW_TEAM)(guarded(desk, open_form))
    app.action(ids.EDIT_TEAM)(guarded(desk, open_form))
    app.action(ids.FIND_TEAM)(guarded(desk, open_form))
    for action_id in REDRAWS:
        app.action(action_id)(guarded(desk, redraw))
    app.action(ids.DELETE_TEAM)(guarded(desk, delete))
    app.view(ids.TEAM_VIEW)(guarded(desk, submit))


def open_form(interaction: Interaction, desk: Desk) -> None:
    """Open it for a new team, or for the one whose button was pressed or who was found."""
    interaction.acknowledge()
    pressed = interaction.press
    with home.without_what_is_gone(interaction, desk), desk.db.reading() as session:
        admins.check_known(session, interaction)
        shown = TeamForm(None, team_setup.EMPTY, team_setup.EMPTY)
        if pressed.action_id != ids.NEW_TEAM:
            shown = team_setup.read(session, pressed.value)
        drawn = form(shown, team_preview.draw(session, shown))
    show(interaction, drawn)
    if pressed.action_id == ids.FIND_TEAM:
        home.refresh(interaction.client, desk, interaction.user_id)


def redraw(interaction: Interaction, desk: Desk) -> None:
    """Show what a page will do as the form stands now."""
    interaction.acknowledge()
    opened = interaction.view
    with desk.db.reading() as session:
        admins.check_known(session, interaction)
    new = desk.lookup.newcomers(desk.db, TeamForm.parse(opened).added, budget=MEETING)
    if any(new.values()):
        with desk.db.transaction(patience=PATIENCE) as session:
            keep(session, new, new)

    def draw(newest: Mapping[str, Any]) -> Block:
        shown = TeamForm.parse(newest)
        with desk.db.reading() as session:
            return form(shown, team_preview.draw(session, shown))

    desk.forms.redraw(interaction.client, opened, at=interaction.press.at, draw=draw)


def submit(interaction: Interaction, desk: Desk) -> None:
    """Save what was changed, all of it or nothing."""
    sent = TeamForm.parse(interaction.view)
    new = desk.lookup.newcomers(desk.db, [interaction.user_id, *sent.added])
    with desk.transaction(interaction) as session:
        admins.check(session, interaction, new)
        asks, follows = None, None
        if not team_preview.crowd_of(session, sent).is_meant(sent.confirmed):
            asks = form(sent, team_preview.draw(session, sent))
        else:
            users = keep(session, sent.added, new)
            candidates.check(session, sent.added, users, new)
            made = team_setup.save(session, sent, users)
            follows = _made(session, made) if made else None
    if asks is not None:  # more people are in the channel than when it was drawn
        interaction.acknowledge(response_action="update", view=asks)
        return
    finish(interaction, desk, follows)


def _made(session: Session, chain_ids: Sequence[str]) -> Block:
    """The form of the first of the chains that were made for a team."""
    first, *others = chain_ids
    note = MADE
    for other in others:
        note = MADE_TWO.format(chains.find(session, other).name)
    return chain_setup.form(session, first, note=note)


def delete(interaction: Interaction, desk: Desk) -> None:
    interaction.acknowledge()
    new = desk.newcomers(interaction)
    gone = home.without_what_is_gone(interaction, desk)
    with gone, desk.transaction(interaction) as session:
        admins.check(session, interaction, new)
        teams.delete_it(session, interaction.press.value)
    replace(interaction, desk, notice("Team deleted", [DELETED]))
