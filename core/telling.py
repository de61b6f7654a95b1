"""Take the picture of an alert group: its story as it is now, and the lines of its log."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func
from sqlmodel import Session, col, select

from core import alert_groups, chain_standing, clock
from core.models import (
    AlertGroup,
    Delivery,
    Event,
    LogRecord,
    Page,
    Place,
    Post,
    PostKind,
    State,
    Timer,
    TimerKind,
    User,
)
from core.story import Attempt, Line, Next, Person, Responder, Story

PEOPLE = select(User.id, User.name, User.slack_user_id, User.timezone).where(
    col(User.id).in_(bindparam("ids", expanding=True))
)
ATTEMPTS = (
    select(  # type: ignore[call-overload]
        Delivery.page_id,
        Delivery.channel,
        Delivery.outcome,
        func.coalesce(Delivery.sent_at, Delivery.created_at),
        Delivery.reason,
        Delivery.paused_until,
    )
    .join(Page, (col(Page.id) == Delivery.page_id) & (col(Page.run) == Delivery.run))
    .where(col(Page.id).in_(bindparam("pages", expanding=True)))
    .order_by(col(Delivery.id))
)
ALARMS = select(Timer.subject_id, Timer.due_at).where(
    col(Timer.kind) == TimerKind.PAGE,
    col(Timer.subject_id).in_(bindparam("pages", expanding=True)),
    col(Timer.due_at).is_not(None),
)
REMOVED_BY = (
    select(LogRecord.by_id)
    .where(
        col(LogRecord.alert_group_id) == bindparam("group_id"),
        col(LogRecord.event).in_([Event.WIPED, Event.DELETED]),
    )
    .order_by(col(LogRecord.id).desc())
    .limit(1)
)
ALERT = select(Post).where(
    col(Post.alert_group_id) == bindparam("group_id"), col(Post.kind) == PostKind.ALERT
)
LINES = (
    select(LogRecord)
    .where(
        col(LogRecord.alert_group_id) == bindparam("group_id"),
        col(LogRecord.id) > bindparam("after"),
    )
    .order_by(col(LogRecord.id))
    .limit(bindparam("at_most", type_=Integer))
)


def tell(session: Session, group: AlertGroup) -> Story:
    """The picture as it is now."""
    pages = alert_groups.pages(session, group)
    holder_id = alert_groups.holder_id(group)
    paged = [id_ for page in pages for id_ in (page.user_id, page.paged_by_id)]
    removed_by_id = _removed_by_id(session, group)
    people = persons(session, [group.author_id, holder_id, removed_by_id, *paged])
    attempts, alarms = _attempts(session, pages), _alarms(session, pages)
    post = session.scalars(ALERT, {"group_id": group.id}).one_or_none()
    team, chain = chain_standing.read(session, group)
    return Story(
        id=group.id,
        title=group.title,
        message=group.message,
        state=group.state,
        author=people[group.author_id],
        created_at=group.created_at,
        holder=people.get(holder_id) if holder_id else None,
        since=_since(group),
        silenced_until=clock.expected(group.silenced_until) if group.silenced_until else None,
        responders=tuple(
            Responder(
                page_id=page.id,
                person=people[page.user_id],
                paged_by=people[page.paged_by_id],
                by_chain=page.by_chain,
                important=page.important,
                outcome=page.outcome,
                steps=tuple(page.steps),
                attempts=tuple(attempts.get(page.id, ())),
                next=_next(page, alarms.get(page.id)),
                ended_at=page.ended_at,
            )
            for page in pages
        ),
        link=post.permalink if post else None,
        is_public=is_public(group, post),
        slack_channel=post.slack_channel if post else None,
        ts=post.ts if post else None,
        refusal=post.refusal if post else None,
        source_url=group.source_url,
        is_wiped=group.wiped_at is not None,
        is_deleted=group.deleted_at is not None,
        removed_by=people.get(removed_by_id or ""),
        team=team,
        chain=chain,
    )


def lines_after(session: Session, group: AlertGroup, after: int, limit: int = 200) -> list[Line]:
    """The log after the record `after`, oldest first; without texts that were wiped."""
    records = session.scalars(LINES, {"group_id": group.id, "after": after, "at_most": limit}).all()
    people = persons(session, [i for record in records for i in (record.by_id, record.user_id)])
    return [
        Line(
            id=record.id or 0,
            event=record.event,
            at=record.at,
            by=people.get(record.by_id or ""),
            user=people.get(record.user_id or ""),
            detail=_kept(record, group),
        )
        for record in records
    ]


def is_public(group: AlertGroup, post: Post | None) -> bool:
    """Whether everybody in the workspace can open the alert message."""
    if post is None or post.ts is None:
        return False
    if post.place is Place.ASKED:
        return not group.slack_channel_is_private
    return post.place in {Place.ROUTE, Place.DEFAULT} and post.is_public


def persons(session: Session, ids: Iterable[str | None]) -> dict[str, Person]:
    """Users as they stand in stories, by id."""
    found = session.execute(PEOPLE, {"ids": list({id_ for id_ in ids if id_})})
    return {row.id: Person(*row) for row in found}


def _removed_by_id(session: Session, group: AlertGroup) -> str | None:
    """Who wiped or deleted it last; no query for a group that stands."""
    if group.wiped_at is None and group.deleted_at is None:
        return None
    return session.scalars(REMOVED_BY, {"group_id": group.id}).first()


def _kept(record: LogRecord, group: AlertGroup) -> dict[str, Any]:
    """What the record says, without the text of a note that was written before a wipe."""
    wiped = [at for at in (group.wiped_at, group.deleted_at) if at is not None]
    if record.event is not Event.NOTED or not wiped or record.at > max(wiped):
        return record.detail
    return {key: value for key, value in record.detail.items() if key != "text"}


def _attempts(session: Session, pages: Sequence[Page]) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = {}
    for page_id, *attempt in session.execute(ATTEMPTS, {"pages": [page.id for page in pages]}):
        found.setdefault(page_id, []).append(Attempt(*attempt))
    return found


def _alarms(session: Session, pages: Sequence[Page]) -> dict[str, datetime]:
    running = [page.id for page in pages if page.wanted]
    if not running:
        return {}
    found = session.execute(ALARMS, {"pages": running})
    return {row.subject_id: clock.expected(row.due_at) for row in found}


def _next(page: Page, alarm: datetime | None) -> Next | None:
    if not page.wanted or alarm is None:
        return None
    for step in page.steps[page.next_step :]:
        if not step.is_wait:
            return Next(alarm, step.type)
        break  # a second wait: what follows it is later than the alarm
    if any(not step.is_wait for step in page.steps[page.next_step :]):
        return None
    return Next(alarm, None)


def _since(group: AlertGroup) -> datetime:
    at = {
        State.ACKNOWLEDGED: group.acknowledged_at,
        State.SILENCED: group.silenced_at,
        State.RESOLVED: group.resolved_at,
    }.get(group.state)
    return at or group.created_at
