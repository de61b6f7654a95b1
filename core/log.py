"""The story of an alert group: writes its log, and wakes the Slack posts that show it.

Both are gathered while a transaction runs and written at its end in a statement each:
a page touches the same few rows dozens of times.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import case, func, insert, literal, update
from sqlmodel import Session

from core import clock, db, queue
from core.models import AlertGroup, Event, LogRecord, Post, PostKind, User

BUNDLE = timedelta(milliseconds=400)  # lines that come together are posted together
AT_ONCE = timedelta(0)

POST: Any = Post.__table__  # type: ignore[attr-defined]
RECORDS: Any = LogRecord.__table__  # type: ignore[attr-defined]


@dataclass
class _Pending:
    """What a transaction has to write about the groups it changed."""

    records: list[dict[str, Any]] = field(default_factory=list)
    touched: dict[str, dict[PostKind, timedelta]] = field(default_factory=lambda: defaultdict(dict))


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
    _pending(session).records.append(
        {
            "alert_group_id": group.id,
            "event": event,
            "at": clock.now(),
            "by_id": by.id if by else None,
            "user_id": user,
            "detail": detail,
        }
    )
    touch(session, group, PostKind.THREAD, soon=BUNDLE)


def touch(session: Session, group: AlertGroup, *kinds: PostKind, soon: timedelta = AT_ONCE) -> None:
    """These posts have something new to show: at once, or `soon` if nothing hurries them.

    A post that somebody is sending at this moment notices by its `revision`.
    """
    touched = _pending(session).touched[group.id]
    for kind in kinds:
        touched[kind] = min(soon, touched.get(kind, soon))
    if soon == AT_ONCE:
        queue.make_due(session)


def show(session: Session, group: AlertGroup) -> None:
    """The state changed: rewrite the alert message and the direct messages at once."""
    touch(session, group, PostKind.ALERT, PostKind.DIRECT)


def _pending(session: Session) -> _Pending:
    pending = session.info.get("log")
    if pending is None:
        pending = session.info["log"] = _Pending()
        db.before_commit(session, _write)
    return cast("_Pending", pending)


def _write(session: Session) -> None:
    pending: _Pending = session.info.pop("log")
    if pending.records:
        session.execute(insert(RECORDS), pending.records)
    alike: dict[tuple[tuple[PostKind, timedelta], ...], list[str]] = defaultdict(list)
    for group_id, touched in pending.touched.items():
        alike[tuple(sorted(touched.items()))].append(group_id)
    for kinds, group_ids in alike.items():
        _touch(session, group_ids, dict(kinds))


def _touch(session: Session, group_ids: Sequence[str], kinds: dict[PostKind, timedelta]) -> None:
    now = clock.now()
    due = case(
        *(
            (POST.c.kind == kind, func.coalesce(POST.c.due_at, _time(now + soon)))
            if soon > AT_ONCE
            else ((POST.c.kind == kind) & POST.c.lease.is_(None), _time(now))
            for kind, soon in kinds.items()
        ),
        else_=POST.c.due_at,
    )
    session.execute(
        update(POST)
        .where(
            POST.c.alert_group_id.in_(group_ids),
            POST.c.kind.in_(list(kinds)),
            POST.c.problem.is_(None),
        )
        .values(revision=POST.c.revision + 1, due_at=due)
    )


def _time(value: datetime) -> Any:
    return literal(value, POST.c.due_at.type)
