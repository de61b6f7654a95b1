"""The story of an alert group: writes its log, and wakes the Slack posts that show it.

Both are gathered while a transaction runs and written at its end in a statement each:
a page touches the same few rows dozens of times.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import bindparam, case, func, insert, update
from sqlmodel import Session

from core import clock, db, queue
from core.models import AlertGroup, Event, LogRecord, Post, PostKind, User

BUNDLE = timedelta(milliseconds=400)  # lines that come together are posted together
AT_ONCE = timedelta(0)

POST: Any = Post.__table__  # type: ignore[attr-defined]
RECORDS: Any = LogRecord.__table__  # type: ignore[attr-defined]
NEW_POSTS = insert(POST)
NEW_RECORDS = insert(RECORDS)
_TOUCH = (
    update(POST)
    .where(
        POST.c.alert_group_id == bindparam("group"),
        POST.c.kind == bindparam("touched"),
        POST.c.problem.is_(None),
    )
    .values(revision=POST.c.revision + 1)
)
_AT = bindparam("at", type_=POST.c.due_at.type)
HURRY = _TOUCH.values(due_at=case((POST.c.lease.is_(None), _AT), else_=POST.c.due_at))
WAKE = _TOUCH.values(due_at=func.coalesce(POST.c.due_at, _AT))


@dataclass
class _Pending:
    """What a transaction has to write about the groups it changed."""

    records: list[dict[str, Any]] = field(default_factory=list)
    touched: dict[tuple[str, PostKind], timedelta] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)


def opened(session: Session, group: AlertGroup, *, by: User, **detail: Any) -> None:
    """The group is new: its log and its posts begin."""
    _pending(session).opened.add(group.id)
    record(session, group, Event.OPENED, by=by, **detail)
    queue.make_due(session)


def record(
    session: Session,
    group: AlertGroup,
    event: Event,
    /,  # the detail may name a group too
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


def called(session: Session, record_ids: Iterable[int]) -> None:
    """The thread has called a Slack channel for these records: it does so once for each."""
    for id_ in record_ids:
        record = session.get_one(LogRecord, id_)
        record.detail = record.detail | {"called": True}


def touch(session: Session, group: AlertGroup, *kinds: PostKind, soon: timedelta = AT_ONCE) -> None:
    """These posts have something new to show: at once, or `soon` if nothing hurries them.

    A post that somebody is sending at this moment notices by its `revision`.
    """
    touched = _pending(session).touched
    for kind in kinds:
        touched[group.id, kind] = min(soon, touched.get((group.id, kind), soon))
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
    session.flush()  # what the records are about comes first
    now = clock.now()
    if pending.opened:
        session.connection().execute(
            NEW_POSTS, [row for id_ in pending.opened for row in _posts(id_, now)]
        )
    if pending.records:
        session.connection().execute(NEW_RECORDS, pending.records)
    hurried: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for (group_id, kind), soon in sorted(pending.touched.items()):
        if group_id not in pending.opened:
            touched = {"group": group_id, "touched": kind, "at": now + soon}
            (others if soon > AT_ONCE else hurried).append(touched)
    for statement, rows in ((HURRY, hurried), (WAKE, others)):
        if rows:
            session.execute(statement, rows)


def _posts(group_id: str, now: datetime) -> list[dict[str, Any]]:
    """What a new group shows in Slack: the alert message at once, its first lines under it."""
    return [
        {"alert_group_id": group_id, "kind": PostKind.ALERT, "due_at": now},
        {"alert_group_id": group_id, "kind": PostKind.THREAD, "due_at": now + BUNDLE},
    ]
