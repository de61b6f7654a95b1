"""Set and clear the alarms that make the engine look at a page or a group again."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from core import clock, queue
from core.models import Timer, TimerKind


def put(
    session: Session, kind: TimerKind, subject_id: str, alert_group_id: str, at: datetime
) -> None:
    """Look at the subject at `at`, in place of whatever was set before.

    Whoever is handling the timer at this moment loses the lease and rolls back; so
    the newest word always wins.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(Timer)
        .values(
            kind=kind, subject_id=subject_id, alert_group_id=alert_group_id, due_at=at, attempts=0
        )
        .on_conflict_do_update(
            index_elements=["kind", "subject_id"],
            set_={"due_at": at, "lease": None, "attempts": 0},
        )
    )
    if at <= clock.now():
        queue.make_due(session)


def clear(session: Session, kind: TimerKind, subject_id: str) -> None:
    """There is nothing to wait for any more."""
    session.execute(
        update(Timer)
        .where(col(Timer.kind) == kind, col(Timer.subject_id) == subject_id)
        .values(due_at=None, lease=None),
        execution_options={"synchronize_session": False},
    )
