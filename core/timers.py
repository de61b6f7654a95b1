"""Set and clear the alarms that make the engine look at a page or a group again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from core import clock, queue
from core.models import Timer, TimerKind

TIMER: Any = Timer.__table__  # type: ignore[attr-defined]


def _put(statement: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    return statement.on_conflict_do_update(
        index_elements=["kind", "subject_id"],
        set_={"due_at": statement.excluded.due_at, "lease": None, "attempts": 0},
    )


PUT = {"sqlite": _put(sqlite.insert(TIMER)), "postgresql": _put(postgresql.insert(TIMER))}

CLEAR = (
    update(TIMER)
    .where(
        TIMER.c.kind == bindparam("cleared"),
        TIMER.c.subject_id.in_(bindparam("subjects", expanding=True)),
    )
    .values(due_at=None, lease=None)
)


def put(
    session: Session, kind: TimerKind, subject_id: str, alert_group_id: str, at: datetime
) -> None:
    """Look at the subject at `at`, in place of whatever was set before.

    Whoever is handling the timer at this moment loses the lease and rolls back; so
    the newest word always wins.
    """
    put_all(session, kind, [(subject_id, alert_group_id, at)])


def put_all(session: Session, kind: TimerKind, alarms: Sequence[tuple[str, str, datetime]]) -> None:
    """`put` for several: (subject, alert group, time)."""
    if not alarms:
        return
    session.execute(
        PUT[session.get_bind().dialect.name],
        [
            {"kind": kind, "subject_id": subject, "alert_group_id": group, "due_at": at}
            for subject, group, at in alarms
        ],
    )
    if any(at <= clock.now() for _, _, at in alarms):
        queue.make_due(session)


def clear(session: Session, kind: TimerKind, *subject_ids: str) -> None:
    """There is nothing to wait for any more."""
    if subject_ids:
        session.execute(CLEAR, {"cleared": kind, "subjects": list(subject_ids)})
