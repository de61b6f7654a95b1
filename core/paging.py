"""Page people: open an alert group, bring more responders in, take one off."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlmodel import Session

from core import (
    alert_groups,
    authors,
    chains,
    clock,
    direct_paging,
    ids,
    log,
    notifications,
    pages,
    people,
    reports,
    requests,
    routes,
    rows,
    running_chains,
)
from core.errors import Conflict, Invalid
from core.judging import Verdicts
from core.models import Alert, AlertGroup, Event, Outcome, RuleType, SlackChannel, State, Team, User
from core.pages import Effect, Responder
from core.reports import Report
from core.requests import Asked
from core.routing import Branch

MAX_RESPONDERS = 30
NO_VERDICTS: Verdicts = {}
RESOLVED = "Cannot add responders for a resolved alert group"


@dataclass(frozen=True)
class Origin:
    """Where in Slack the page was asked for."""

    slack_channel: str
    is_private: bool = False  # also a direct message: not everybody may read it
    response_url: str | None = None  # answers the author privately, for 30 minutes


class Direction(NamedTuple):
    """Where a new alert group belongs, and which way it goes from there."""

    integration_id: str
    taken: Branch
    team: Team | None


class Opened(NamedTuple):
    """A new alert group, its one alert, its team, and the Slack channel that alone hears of it."""

    group: AlertGroup
    alert: Alert
    team: Team | None = None
    heard_only_in: str | None = None


def escalate(
    session: Session,
    report: Report,
    responders: Sequence[Responder],
    *,
    by: User,
    ways: Collection[RuleType],
    team: Team | None = None,
    verdicts: Verdicts = NO_VERDICTS,
    origin: Origin | None = None,
    asked: Asked | None = None,
) -> Opened:
    """Open an alert group, announce it in Slack, page the responders and start the team's chain.

    Nothing is sent here.  The announcement, the pages and the chain are rows of this
    transaction, so they exist exactly if the alert group does.  `ways` are the channels
    set up here, `verdicts` tell which terms of routes match, `asked` names the request
    (P9).  Raises Invalid, AlreadyAsked, KeyReused, and Unjudged for `judging.judged`.
    """
    reports.check(report)
    if team is None or responders:
        check_responders(responders)
    payload = reports.payload(report, by.username)
    direction = _direction(session, report, payload, verdicts, team)
    taken = direction.taken
    opened = _open(session, report, payload, direction, by=by, origin=origin)
    group = opened.group
    about = _about(session, team, taken, report, people=len(responders))
    log.opened(session, group, by=by, **about)
    if asked is not None:
        requests.remember(session, by, group, asked)
    # First the chain: while it runs, no page that ends is the last.
    runs = taken.chain_id is not None and running_chains.start(session, group, taken.chain_id)
    pages.page_by_hand(session, group, responders, {}, by=by, ways=ways)
    if taken.calls and not runs:  # an admin has just emptied it
        authors.check_unanswered(session, group)
    return opened


def _direction(
    session: Session,
    report: Report,
    payload: dict[str, Any],
    verdicts: Verdicts,
    team: Team | None,
) -> Direction:
    """Which way it goes, by a route and a chain that nobody deletes any more meanwhile.

    Raises Invalid, Unjudged.
    """
    while True:
        direct = direct_paging.of(session, team)
        if team is not None:
            direct_paging.check_contactable(team, direct)
        taken = direct_paging.taken(direct, verdicts, payload, important=report.important)
        kept = _kept(session, taken, default_id=direct.default.route_id)
        if kept is not None:
            return Direction(direct.integration_id, kept, team)


def _kept(session: Session, taken: Branch, *, default_id: str) -> Branch | None:
    """The same way; None if its chain has just been deleted, and its routes lead elsewhere.

    First the route: a file takes away both in this order.
    """
    if taken.chain_id is None:
        return replace(taken, route_id=routes.keep(session, taken.route_id, default_id=default_id))
    keeping = session.begin_nested()
    route_id = routes.keep(session, taken.route_id, default_id=default_id)
    if chains.keep(session, taken.chain_id):
        keeping.commit()
        return replace(taken, route_id=route_id)
    # The next route must be the only one: who moves several takes them in an order of its own.
    keeping.rollback()
    return None


def _open(
    session: Session,
    report: Report,
    payload: dict[str, Any],
    direction: Direction,
    *,
    by: User,
    origin: Origin | None,
) -> Opened:
    """The new group with its one alert."""
    now = clock.now()
    taken, team = direction.taken, direction.team
    group = rows.make(
        AlertGroup,
        id=ids.make("I"),
        integration_id=direction.integration_id,
        route_id=taken.route_id,
        title=report.title,
        message=report.message,
        source_url=report.source_url,
        author_id=by.id,
        created_at=now,
        state=State.FIRING,
        route_channel=taken.slack_channel,
        slack_channel=origin.slack_channel if origin else None,
        slack_channel_is_private=origin.is_private if origin else False,
        response_url=origin.response_url if origin else None,
    )
    alert = rows.make(
        Alert,
        id=ids.make("A"),
        alert_group_id=group.id,
        created_at=now,
        payload=payload,
    )
    rows.write(session, [group])
    rows.write(session, [alert])
    heard_only = taken.slack_channel if team is not None and not taken.calls else None
    return Opened(group, alert, team, heard_only)


def _about(
    session: Session, team: Team | None, taken: Branch, report: Report, *, people: int
) -> dict[str, Any]:
    """What the first line of the story says beside who asked."""
    if team is None:
        return {}
    said: dict[str, Any] = {"team": team.name, "important": report.important}
    if not taken.calls and taken.slack_channel is not None:
        said["heard_only_in"] = session.get_one(SlackChannel, taken.slack_channel).shown
        said["people"] = people  # paged beside the team
    return said


def page(
    session: Session,
    group: AlertGroup,
    responders: Sequence[Responder],
    *,
    by: User,
    ways: Collection[RuleType],
    asked: Asked | None = None,
) -> dict[str, Effect]:
    """Page more people onto a group that exists; the caller holds its lock.

    Works on acknowledged and silenced groups too (P3).  Returns what happened by user
    id.  Raises Invalid, AlreadyAsked, KeyReused, and Conflict for a resolved group.
    """
    check_responders(responders)
    if asked is not None:
        requests.remember(session, by, group, asked)
    if group.state is State.RESOLVED:
        raise Conflict(RESOLVED)
    before = {page.user_id: page for page in alert_groups.pages(session, group)}
    effects = pages.page_by_hand(session, group, responders, before, by=by, ways=ways)
    log.show(session, group)
    return effects


def unpage(session: Session, group: AlertGroup, user: User, *, by: User) -> bool:
    """Take somebody off; the caller holds the group's lock.  Whether that changed anything."""
    existing = alert_groups.page_of(session, group, user)
    if existing is None or existing.outcome in {Outcome.UNPAGED, Outcome.DECLINED}:
        return False
    was_running = existing.wanted
    notifications.stop(session, existing, Outcome.UNPAGED)
    log.record(session, group, Event.UNPAGED, by=by, user=user.id)
    log.show(session, group)
    if was_running:
        authors.check_unanswered(session, group)
    return True


def check_responders(responders: Sequence[Responder]) -> None:
    """Raises Invalid unless these people can be paged together."""
    if not responders:
        raise Invalid("Choose at least one person to page.", field="people")
    if len(responders) > MAX_RESPONDERS:
        raise Invalid(
            f"{len(responders)} people are too many at once: {MAX_RESPONDERS} at most.",
            field="people",
        )
    for responder in responders:
        people.check_can_be_paged(responder.user)
