"""Page people: open an alert group, bring more responders in, take one off."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import uuid4

from sqlmodel import Session

from core import (
    alert_groups,
    clock,
    ids,
    integrations,
    log,
    notifications,
    people,
    plan,
    reports,
    requests,
    rows,
    rules,
)
from core.errors import Conflict, Invalid
from core.models import (
    Alert,
    AlertGroup,
    Event,
    Outcome,
    Page,
    RuleType,
    State,
    User,
)
from core.reports import Report
from core.requests import Asked

MAX_RESPONDERS = 30
RESOLVED = "Cannot add responders for a resolved alert group"


@dataclass(frozen=True)
class Responder:
    """Somebody to be paged, by their default or their important rules."""

    user: User
    important: bool = False


class Effect(StrEnum):
    """What paging somebody changed."""

    STARTED = "started"
    RAISED = "raised"  # they were being paged by their default rules; now by the important ones
    NOTHING = "nothing"  # they are being paged already


@dataclass(frozen=True)
class Origin:
    """Where in Slack the page was asked for."""

    slack_channel: str
    is_private: bool = False  # also a direct message: not everybody may read it
    response_url: str | None = None  # answers the author privately, for 30 minutes


class Opened(NamedTuple):
    """A new alert group, and its one alert."""

    group: AlertGroup
    alert: Alert


def escalate(
    session: Session,
    report: Report,
    responders: Sequence[Responder],
    *,
    by: User,
    ways: Collection[RuleType],
    origin: Origin | None = None,
    asked: Asked | None = None,
) -> Opened:
    """Open an alert group, announce it in Slack and page the responders.

    Nothing is sent here.  The announcement and the pages are rows of this
    transaction, so they exist exactly if the alert group does.  `ways` are the
    channels set up here, `asked` names the request (P9).  Raises Invalid,
    AlreadyAsked, KeyReused.
    """
    reports.check(report)
    check_responders(responders)
    opened = _open(session, report, by=by, origin=origin)
    group = opened.group
    log.opened(session, group, by=by)
    if asked is not None:
        requests.remember(session, by, group, asked)
    _page(session, group, responders, {}, by=by, ways=ways)
    return opened


def _open(session: Session, report: Report, *, by: User, origin: Origin | None) -> Opened:
    """The new group with its one alert."""
    direction = integrations.direct_paging(session, None, important=report.important)
    now = clock.now()
    group = rows.make(
        AlertGroup,
        id=ids.make("I"),
        integration_id=direction.integration_id,
        route_id=direction.route_id,
        title=report.title,
        message=report.message,
        source_url=report.source_url,
        author_id=by.id,
        created_at=now,
        state=State.FIRING,
        slack_channel=origin.slack_channel if origin else None,
        slack_channel_is_private=origin.is_private if origin else False,
        response_url=origin.response_url if origin else None,
    )
    alert = rows.make(
        Alert,
        id=ids.make("A"),
        alert_group_id=group.id,
        created_at=now,
        payload=_payload(report, by),
    )
    rows.write(session, [group])
    rows.write(session, [alert])
    return Opened(group, alert)


def _payload(report: Report, by: User) -> dict[str, Any]:
    """The alert as clients of the API know it, and as routes will match it."""
    oncall: dict[str, Any] = {
        "title": report.title,
        "message": report.message or None,
        "uid": str(uuid4()),
        "author_username": by.username,
        "permalink": report.source_url,
        "important": report.important,
    }
    if report.metadata is not None:
        oncall["metadata"] = dict(report.metadata)
    return {"oncall": oncall}


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
    effects = _page(session, group, responders, before, by=by, ways=ways)
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
        notifications.check_unanswered(session, group)
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


def _page(
    session: Session,
    group: AlertGroup,
    responders: Sequence[Responder],
    pages: Mapping[str, Page],
    *,
    by: User,
    ways: Collection[RuleType],
) -> dict[str, Effect]:
    """Make or restart the pages; `pages` are those made before, by user id."""
    users = {responder.user.id: responder.user for responder in responders}
    important = {id_: any(r.important for r in responders if r.user.id == id_) for id_ in users}
    has = people.addresses(session, users.values())
    of = rules.of(session, users.values())
    effects: dict[str, Effect] = {}
    started: list[Page] = []
    new: list[Page] = []
    for id_ in users:
        made = plan.make(of[id_], has[id_], ways, important=important[id_])
        before = pages.get(id_)
        if before is not None and before.wanted and before.important >= important[id_]:
            effects[id_] = Effect.NOTHING  # nobody is called twice, nobody is lowered (P5)
            continue
        raised = before is not None and before.wanted
        effects[id_] = Effect.RAISED if raised else Effect.STARTED
        page = before or _new(group, users[id_])
        page.paged_by_id = by.id
        page.important = important[id_]
        page.plan = list(made.steps)
        page.fallback = list(made.fallback)
        event = Event.RAISED if raised else Event.PAGED
        log.record(
            session,
            group,
            event,
            by=by,
            user=id_,
            important=page.important,
            source=made.source.value,
            plan=rules.write(made.steps),
            reachable=made.reachable,
        )
        if raised:
            notifications.stop(session, page, Outcome.STOPPED)
        if before is not None:
            notifications.rewind(page)
        else:
            new.append(page)
        started.append(page)
    running = [(page, users[page.user_id], has[page.user_id]) for page in started]
    notifications.advance_all(session, group, running, new=new)
    if any(not page.wanted for page in started):
        notifications.check_unanswered(session, group)
    return effects


def _new(group: AlertGroup, user: User) -> Page:
    return rows.make(
        Page,
        id=ids.make("P"),
        alert_group_id=group.id,
        user_id=user.id,
        fell_back=False,
        run=1,
        next_step=0,
        outcome=None,
        started_at=clock.now(),
        ended_at=None,
    )
