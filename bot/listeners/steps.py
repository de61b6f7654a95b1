"""The form of one step of a chain: put over the chain's form, redrawn, saved."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot import ids
from bot.interaction import Interaction
from bot.listeners import admins, candidates, chain_setup, leading, modals
from bot.listeners.desk import PATIENCE, Desk, guarded
from bot.listeners.lookup import keep
from bot.listeners.paged import MEETING
from bot.views.chain_form import ChainForm
from bot.views.chosen import Block
from bot.views.step_answer import StepForm
from core.models import PolicyType

REDRAWS = (
    ids.STEP_TYPE_SELECT,
    ids.STEP_PEOPLE_SELECT,
    ids.STEP_TEAM_SELECT,
    ids.USER_GROUP_SELECT,
)


def register(app: App, desk: Desk) -> None:
    app.action(ids.ADD_STEP)(guarded(desk, open_new))
    for action_id in REDRAWS:
        app.action(action_id)(guarded(desk, redraw))
    app.view(ids.STEP_VIEW)(guarded(desk, submit))


def open_new(interaction: Interaction, desk: Desk) -> None:
    interaction.acknowledge()
    with desk.db.reading() as session:
        admins.check_known(session, interaction)
        shown = chain_setup.new_step(session, ChainForm.parse(interaction.view))
        drawn = chain_setup.draw_step(session, shown)
    modals.show(interaction, drawn)


def open_for(interaction: Interaction, desk: Desk, policy_id: str) -> None:
    """The form for a step that is there.  Raises Gone."""
    with desk.db.reading() as session:
        admins.check_known(session, interaction)
        policy = chain_setup.find_step(session, policy_id)
        shown = chain_setup.step_of(session, ChainForm.parse(interaction.view), policy)
        drawn = chain_setup.draw_step(session, shown)
    modals.show(interaction, drawn)


def redraw(interaction: Interaction, desk: Desk) -> None:
    """Ask for what this type of step needs, and show whom it would call."""
    interaction.acknowledge()
    with desk.db.reading() as session:
        admins.check_known(session, interaction)
    chosen = StepForm.parse(interaction.view).step.persons
    new = desk.lookup.newcomers(desk.db, chosen, budget=MEETING)
    if any(new.values()):
        with desk.db.transaction(patience=PATIENCE) as session:
            keep(session, new, new)

    def draw(newest: Mapping[str, Any]) -> Block:
        with desk.db.reading() as session:
            return chain_setup.draw_step(session, StepForm.parse(newest))

    desk.forms.redraw(interaction.client, interaction.view, at=interaction.press.at, draw=draw)


def submit(interaction: Interaction, desk: Desk) -> None:
    """Save the step; the chain's form, which comes to the front, shows it."""
    sent = StepForm.parse(interaction.view)
    new = desk.lookup.newcomers(desk.db, [interaction.user_id, *sent.step.persons])
    with desk.transaction(interaction) as session:
        admins.check(session, interaction, new)
        step = sent.checked()
        asks = None
        calls_crowd = step.type is PolicyType.NOTIFY_CHANNEL
        if calls_crowd and not leading.crowd(session, sent.chain_id).is_meant(sent.confirmed):
            asks = chain_setup.draw_step(session, sent)
        else:
            users = keep(session, step.persons, new)
            candidates.check(session, step.persons, users, new)
            chain_setup.save_step(session, sent, chain_setup.stored(sent, users))
            below = chain_setup.form(session, sent.chain_id, name=sent.chain_name)
    if asks is not None:  # more people have come into the channel since it was drawn
        interaction.acknowledge(response_action="update", view=asks)
        return
    modals.finish(interaction, desk, below=below)
