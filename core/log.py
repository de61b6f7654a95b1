"""The story of an alert group: writes its log, and wakes the Slack posts that show it."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import case, func, literal, update
from sqlmodel import Session, col

from core import clock, queue
from core.models import AlertGroup, Event, LogRecord, Post, PostKind, User

BUNDLE = timedelta(milliseconds=400)  # lines that come together are posted together


def record(
    session: Session,
    group: AlertGroup,
    event: Event,
    *,
    by: User | None = None,
    user: str | None = None,
    **detail: Any,
) -> None:
    """Add a line to the group's log; the thread will tell it.

    The caller holds the group's lock, so that ids are in the order of events.
    """
    session.add(
        LogRecord(
            alert_group_id=group.id,
            event=event,
            by_id=by.id if by else None,
            user_id=user,
            detail=detail,
        )
    )
    touch(session, group, PostKind.THREAD, soon=BUNDLE)


def touch(
    session: Session, group: AlertGroup, *kinds: PostKind, soon: timedelta | None = None
) -> None:
    """These posts have something new to show: now, or `soon` if nothing else hurries them.

    A post that somebody is sending at this moment notices by its `revision`.
    """
    now = clock.now()
    at: Any
    if soon is None:
        at = case((col(Post.lease).is_(None), _constant(now)), else_=col(Post.due_at))
        queue.make_due(session)
    else:
        at = func.coalesce(col(Post.due_at), _constant(now + soon))
    session.execute(
        update(Post)
        .where(
            col(Post.alert_group_id) == group.id,
            col(Post.kind).in_(kinds),
            col(Post.problem).is_(None),
        )
        .values(revision=col(Post.revision) + 1, due_at=at),
        execution_options={"synchronize_session": False},
    )


def show(session: Session, group: AlertGroup) -> None:
    """The state changed: rewrite the alert message and the direct messages at once."""
    touch(session, group, PostKind.ALERT, PostKind.DIRECT)


def _constant(value: datetime) -> Any:
    return literal(value, cast("Any", col(Post.due_at)).type)
