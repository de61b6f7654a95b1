"""/escalate: opens the form, redraws it as people are chosen, pages on submit."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot import ids
from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.listeners import candidates
from bot.listeners.desk import Desk, guarded
from bot.listeners.lookup import actor, check_is_ours, keep
from bot.listeners.paged import asked, finish, meet, responders
from bot.views.chosen import Chosen
from bot.views.command import mentioned, parse
from bot.views.escalate import MESSAGE_LENGTH, Draft, form
from core import clock, paging, people, reports
from core.errors import AlreadyAsked
from core.paging import Origin

logger = logging.getLogger(__name__)

NOT_OPENED = (
    "Nothing was paged: Slack did not open the form. Type /escalate again. "
    "If that does not help, phone."
)


def register(app: App, desk: Desk) -> None:
    app.command("/escalate")(guarded(desk, command, pages=True))
    app.view(ids.ESCALATE_VIEW)(guarded(desk, submit, pages=True))


def command(interaction: Interaction, desk: Desk) -> None:
    """Open the form; what was typed after the command is in it."""
    body, now = interaction.body, clock.now()
    text = str(body.get("text", ""))
    with desk.db.reading() as session:
        known = people.by_slack_ids(session, [interaction.user_id, *mentioned(text)])
        author = known.get(interaction.user_id)
        check_is_ours(session, interaction, author)
        if author is not None:
            people.check_may_page(author, guests=desk.guests_may_page)
        names = {id_: user.username or user.name for id_, user in known.items()}
        typed = parse(text, limit=MESSAGE_LENGTH, name_of=names.get)
        chosen = candidates.read(session, typed.chosen.people, desk.ways, at=now)
    draft = Draft(
        channel=body["channel_id"],
        is_private=is_private(body["channel_id"], body.get("channel_name", "")),
        response_url=interaction.response_url,
        message=typed.message,
        chosen=typed.chosen,
        notes=typed.notes,
    )
    interaction.acknowledge()
    try:
        opened = interaction.client.views_open(
            trigger_id=interaction.trigger_id, view=form(draft, chosen, at=now)
        )
    except SLACK_ERRORS as error:
        logger.error("views.open for %s: %s", interaction.user_id, reason(error))
        interaction.whisper(f"{NOT_OPENED}\nYou typed: {typed.message}" if text else NOT_OPENED)
        return
    if any(candidate.name is None for candidate in chosen.values()):
        redraw(interaction, desk, opened["view"], at=0)


def redraw(interaction: Interaction, desk: Desk, view: Mapping[str, Any], *, at: float) -> None:
    """Show what will happen to the people chosen, after looking up those who are new."""
    new = meet(desk, Chosen.parse(view))

    def draw(newest: Mapping[str, Any]) -> dict[str, Any]:
        draft, now = Draft.parse(newest), clock.now()
        with desk.db.reading() as session:
            chosen = candidates.read(session, draft.chosen.people, desk.ways, at=now, new=new)
        return form(draft, chosen, at=now)

    desk.forms.redraw(interaction.client, view, at=at, draw=draw)


def submit(interaction: Interaction, desk: Desk) -> None:
    """Page.  The modal closes once the rows exist."""
    draft = Draft.parse(interaction.view)
    new = desk.lookup.newcomers(desk.db, [interaction.user_id, *draft.chosen.people])
    try:
        with desk.transaction(interaction) as session:
            author = actor(session, interaction, new)
            people.check_may_page(author, guests=desk.guests_may_page)
            users = keep(session, draft.chosen.people, new)
            candidates.check(session, draft.chosen.people, users, new)
            paging.escalate(
                session,
                reports.typed(draft.message),
                responders(draft.chosen, users),
                by=author,
                ways=desk.ways,
                origin=Origin(draft.channel, draft.is_private, draft.response_url),
                asked=asked(interaction, draft.message, draft.chosen),
            )
    except AlreadyAsked:
        logger.info("%s was sent twice by %s", interaction.view["id"], interaction.user_id)
    finish(interaction, desk, response_url=draft.response_url)


def is_private(channel_id: str, channel_name: str) -> bool:
    """Whether not everybody may read what is said there, from what a command tells."""
    return (
        channel_id.startswith(("D", "G"))
        or channel_name in {"privategroup", "directmessage"}
        or channel_name.startswith("mpdm-")
    )
