"""The Responders form: opens it, takes people off, pages more."""

import logging
from collections.abc import Collection, Mapping
from typing import Any

from slack_bolt import App

from bot import ids
from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.listeners import candidates
from bot.listeners.desk import Desk, guarded
from bot.listeners.lookup import actor, check_is_ours, keep
from bot.listeners.paged import asked, finish, meet, responders
from bot.views.responders import Draft, already_paged, effects, form
from core import alert_groups, clock, paging, people, telling
from core.errors import AlreadyAsked, Conflict, Gone, Invalid
from core.models import Page, State, User
from core.pages import Effect

logger = logging.getLogger(__name__)

NOT_OPENED = "Slack did not open the form. Nothing was changed. Press Responders again."


def register(app: App, desk: Desk) -> None:
    app.action(ids.RESPONDERS)(guarded(desk, open_form))
    app.action(ids.REMOVE_BUTTON)(guarded(desk, remove))
    app.view(ids.RESPONDERS_VIEW)(guarded(desk, submit, pages=True))


def open_form(interaction: Interaction, desk: Desk) -> None:
    draft = Draft(interaction.press.value, interaction.response_url)
    interaction.acknowledge()
    with desk.db.reading() as session:
        user = people.find_slack(session, interaction.user_id)
        check_is_ours(session, interaction, user)
        if user is not None:
            people.check_may_page(user, guests=desk.guests_may_page)
        group = alert_groups.find(session, draft.alert_group_id)
        if group.state is State.RESOLVED:
            raise Conflict(paging.RESOLVED)
        told = telling.tell(session, group)
    view = form(draft, told, {}, at=clock.now())
    try:
        interaction.client.views_open(trigger_id=interaction.trigger_id, view=view)
    except SLACK_ERRORS as error:
        logger.error("views.open for %s: %s", interaction.user_id, reason(error))
        interaction.whisper(NOT_OPENED)


def redraw(interaction: Interaction, desk: Desk, view: Mapping[str, Any], *, at: float) -> None:
    """Show everything as it is now, and what will happen to the people chosen."""
    new = meet(desk, Draft.parse(view).chosen)

    def draw(newest: Mapping[str, Any]) -> dict[str, Any]:
        draft, now = Draft.parse(newest), clock.now()
        with desk.db.reading() as session:
            told = telling.tell(session, alert_groups.find(session, draft.alert_group_id))
            chosen = candidates.read(session, draft.chosen.people, desk.ways, at=now, new=new)
        return form(draft, told, chosen, at=now)

    desk.forms.redraw(interaction.client, view, at=at, draw=draw)


def remove(interaction: Interaction, desk: Desk) -> None:
    """Take somebody off at once."""
    interaction.acknowledge()
    pressed, draft = interaction.press, Draft.parse(interaction.view)
    new = desk.newcomers(interaction)
    with desk.transaction(interaction) as session:
        by = actor(session, interaction, new)
        group = alert_groups.lock(session, draft.alert_group_id)
        people.check_may_page(by, guests=desk.guests_may_page)
        page = session.get(Page, pressed.value)
        if page is None or page.alert_group_id != group.id:
            raise Gone("This person does not belong to this alert any more.")
        paging.unpage(session, group, session.get_one(User, page.user_id), by=by)
    redraw(interaction, desk, interaction.view, at=pressed.at)


def submit(interaction: Interaction, desk: Desk) -> None:
    """Page the people chosen.  The modal closes once the rows exist."""
    draft, told = Draft.parse(interaction.view), None
    new = desk.lookup.newcomers(desk.db, [interaction.user_id, *draft.chosen.people])
    try:
        with desk.transaction(interaction) as session:
            by = actor(session, interaction, new)
            people.check_may_page(by, guests=desk.guests_may_page)
            users = keep(session, draft.chosen.people, new)
            group = alert_groups.lock(session, draft.alert_group_id)
            candidates.check(session, draft.chosen.people, users, new)
            changed = paging.page(
                session,
                group,
                responders(draft.chosen, users),
                by=by,
                ways=desk.ways,
                asked=asked(interaction, group.id, draft.chosen),
            )
            told = tell(users.values(), changed)
    except AlreadyAsked:
        logger.info("%s was sent twice by %s", interaction.view["id"], interaction.user_id)
    finish(interaction, desk, response_url=draft.response_url)
    if told:
        interaction.say(told, response_url=draft.response_url)


def tell(users: Collection[User], changed: Mapping[str, Effect]) -> str | None:
    """What to say about it.  Raises Invalid, and so undoes it, if it changes nothing."""
    names = {
        effect: [user.name for user in users if changed.get(user.id) is effect] for effect in Effect
    }
    if set(changed.values()) == {Effect.NOTHING}:
        raise Invalid(already_paged(names[Effect.NOTHING]), field="people")
    return effects(names[Effect.STARTED], names[Effect.RAISED], names[Effect.NOTHING])
