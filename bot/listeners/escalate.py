"""/escalate: opens the form, redraws it as people are chosen, pages on submit."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_bolt import App

from bot import ids
from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.listeners import candidates, team_choice
from bot.listeners.desk import Desk, guarded
from bot.listeners.lookup import Profiles, actor, check_is_ours, keep
from bot.listeners.paged import asked, finish, meet, none_of_team, responders
from bot.views.chosen import Chosen
from bot.views.command import groups_mentioned, mentioned, parse, teams_named
from bot.views.escalate import MESSAGE_LENGTH, Draft, form
from core import clock, paging, people, reports, requests
from core.errors import AlreadyAsked, Invalid
from core.judging import Verdicts, judged
from core.paging import Origin
from core.reports import Report

logger = logging.getLogger(__name__)

JUDGING = timedelta(seconds=1)  # for the terms of a team's routes; Slack waits three in all
NOBODY = "Choose a team, or at least one person."

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
        groups = team_choice.handles(session, groups_mentioned(text))
        names = {id_: user.username or user.name for id_, user in known.items()} | groups
        teams = team_choice.named(session, teams_named(text), groups)
        typed = parse(text, limit=MESSAGE_LENGTH, name_of=names.get, teams=teams)
        hint = team_choice.hint(session, author)
        prospect = team_choice.prospect(session, typed.team, desk.ways)
        chosen = candidates.read(session, typed.chosen.people, desk.ways, at=now)
    draft = Draft(
        channel=body["channel_id"],
        is_private=is_private(body["channel_id"], body.get("channel_name", "")),
        response_url=interaction.response_url,
        message=typed.message,
        chosen=typed.chosen,
        team=typed.team,
        hint=hint,
        notes=typed.notes,
    )
    interaction.acknowledge()
    try:
        opened = interaction.client.views_open(
            trigger_id=interaction.trigger_id, view=form(draft, chosen, at=now, team=prospect)
        )
    except SLACK_ERRORS as error:
        logger.error("views.open for %s: %s", interaction.user_id, reason(error))
        interaction.whisper(f"{NOT_OPENED}\nYou typed: {typed.message}" if text else NOT_OPENED)
        return
    if any(candidate.name is None for candidate in chosen.values()):
        redraw(interaction, desk, opened["view"], at=0)


def redraw(interaction: Interaction, desk: Desk, view: Mapping[str, Any], *, at: float) -> None:
    """Show what will happen to whom is chosen, after looking up people who are new."""
    new = meet(desk, Chosen.parse(view))

    def draw(newest: Mapping[str, Any]) -> dict[str, Any]:
        draft, now = Draft.parse(newest), clock.now()
        with desk.db.reading() as session:
            chosen = candidates.read(session, draft.chosen.people, desk.ways, at=now, new=new)
            prospect = team_choice.prospect(session, draft.team, desk.ways)
        return form(draft, chosen, at=now, team=prospect)

    desk.forms.redraw(interaction.client, view, at=at, draw=draw)


def submit(interaction: Interaction, desk: Desk) -> None:
    """Page.  The modal closes once the rows exist."""
    draft, told = Draft.parse(interaction.view), None
    if draft.team is None and not draft.chosen.people and not draft.hint:
        raise Invalid(NOBODY, field="people")
    report = reports.typed(draft.message)
    if draft.team is not None:
        report = replace(report, important=draft.team.important)
    new = desk.lookup.newcomers(desk.db, [interaction.user_id, *draft.chosen.people])
    try:
        told = judged(
            desk.matcher,
            lambda verdicts: page(interaction, desk, draft, report, new, verdicts),
            patience=JUDGING,
        )
    except AlreadyAsked:
        logger.info("%s was sent twice by %s", interaction.view["id"], interaction.user_id)
    finish(interaction, desk, response_url=draft.response_url)
    if told:
        interaction.whisper(told, response_url=draft.response_url)


def page(
    interaction: Interaction,
    desk: Desk,
    draft: Draft,
    report: Report,
    new: Profiles,
    verdicts: Verdicts,
) -> str | None:
    """The one transaction of a submit.  Returns what the author must know about it."""
    request = asked(interaction, draft.message, draft.chosen, draft.team)
    with desk.transaction(interaction) as session:
        author = actor(session, interaction, new)
        people.check_may_page(author, guests=desk.guests_may_page)
        # First of all: what was carried out is not refused for what has changed since.
        requests.check_new(session, author, request)
        users = keep(session, draft.chosen.people, new)
        candidates.check(session, draft.chosen.people, users, new)
        opened = paging.escalate(
            session,
            report,
            responders(draft.chosen, users),
            by=author,
            ways=desk.ways,
            team=team_choice.chosen(session, draft.team),
            verdicts=verdicts,
            origin=Origin(draft.channel, draft.is_private, draft.response_url),
            asked=request,
        )
        return none_of_team(session, opened) if draft.chosen.people else None


def is_private(channel_id: str, channel_name: str) -> bool:
    """Whether not everybody may read what is said there, from what a command tells."""
    return (
        channel_id.startswith(("D", "G"))
        or channel_name in {"privategroup", "directmessage"}
        or channel_name.startswith("mpdm-")
    )
