"""The form of an escalation chain: opened, its steps moved and removed, renamed, deleted."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot import ids
from bot.interaction import Interaction
from bot.listeners import admins, chain_setup, home, steps
from bot.listeners.desk import Desk, guarded
from bot.listeners.modals import finish, replace, show
from bot.views import chain_form
from bot.views.chain_form import ChainForm
from bot.views.chosen import Block, notice
from core import chains
from core.errors import Gone

DELETED = "The chain was deleted. Pages that run it already go on."
MOVES = {chain_form.UP: -1, chain_form.DOWN: 1}


def register(app: App, desk: Desk) -> None:
    app.action(ids.NEW_CHAIN)(guarded(desk, open_new))
    app.action(ids.EDIT_CHAIN)(guarded(desk, open_form))
    app.action(ids.FIND_CHAIN)(guarded(desk, open_form))
    app.action(ids.STEP_MENU)(guarded(desk, menu))
    app.action(ids.DELETE_CHAIN)(guarded(desk, delete))
    app.view(ids.NEW_CHAIN_VIEW)(guarded(desk, create))
    app.view(ids.CHAIN_VIEW)(guarded(desk, submit))


def open_new(interaction: Interaction, desk: Desk) -> None:
    interaction.acknowledge()
    with desk.db.reading() as session:
        admins.check_known(session, interaction)
    show(interaction, chain_form.new_form())


def create(interaction: Interaction, desk: Desk) -> None:
    """Make it, and show its form in place of the question for its name."""
    new = desk.newcomers(interaction)
    with desk.transaction(interaction) as session:
        admins.check(session, interaction, new)
        made = chains.make(session, chain_form.new_name(interaction.view))
        drawn = chain_setup.form(session, made.id)
    finish(interaction, desk, drawn)


def open_form(interaction: Interaction, desk: Desk) -> None:
    interaction.acknowledge()
    pressed = interaction.press
    with home.without_what_is_gone(interaction, desk), desk.db.reading() as session:
        admins.check_known(session, interaction)
        drawn = chain_setup.form(session, pressed.value)
    show(interaction, drawn)
    if pressed.action_id == ids.FIND_CHAIN:
        home.refresh(interaction.client, desk, interaction.user_id)


def menu(interaction: Interaction, desk: Desk) -> None:
    """Edit a step, move it or take it away; the form then shows the chain as it is."""
    interaction.acknowledge()
    act, _, policy_id = interaction.press.value.partition(":")
    try:
        if act == chain_form.EDIT:
            steps.open_for(interaction, desk, policy_id)
            return
        new = desk.newcomers(interaction)
        with desk.transaction(interaction) as session:
            admins.check(session, interaction, new)
            if act == chain_form.REMOVE:
                chains.remove(session, chains.hold_policy(session, policy_id))
            else:
                chain_setup.move(session, policy_id, MOVES[act])
    except Gone:
        redraw(interaction, desk)
        raise
    redraw(interaction, desk)
    home.refresh(interaction.client, desk, interaction.user_id)


def redraw(interaction: Interaction, desk: Desk) -> None:
    def draw(newest: Mapping[str, Any]) -> Block:
        shown = ChainForm.parse(newest)
        with desk.db.reading() as session:
            return chain_setup.form(session, shown.chain_id, name=shown.was)

    desk.forms.redraw(interaction.client, interaction.view, at=interaction.press.at, draw=draw)


def submit(interaction: Interaction, desk: Desk) -> None:
    """Rename it, if the name was changed; its steps are saved already."""
    sent = ChainForm.parse(interaction.view)
    new = desk.newcomers(interaction)
    with desk.transaction(interaction) as session:
        admins.check(session, interaction, new)
        chain = chains.hold_to_rename(session, sent.chain_id)
        if sent.now.strip() != sent.was:
            chains.rename(session, chain, sent.now)
    finish(interaction, desk)


def delete(interaction: Interaction, desk: Desk) -> None:
    interaction.acknowledge()
    new = desk.newcomers(interaction)
    gone = home.without_what_is_gone(interaction, desk)
    with gone, desk.transaction(interaction) as session:
        admins.check(session, interaction, new)
        chains.delete_it(session, interaction.press.value)
    replace(interaction, desk, notice("Chain deleted", [DELETED]))
