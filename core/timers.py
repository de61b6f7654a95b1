"""Set and clear the alarms that make the engine look at a page or a group again."""

from datetime import datetime

from sqlmodel import Session, select

from core import clock, queue
from core.models import Timer, TimerKind


def put(
    session: Session, kind: TimerKind, subject_id: str, alert_group_id: str, at: datetime
) -> None:
    """Look at the subject at `at`, in place of whatever was set before.

    Whoever is handling the timer at this moment loses the lease and rolls back; so
    the newest word always wins.
    """
    timer = session.scalars(
        select(Timer)
        .where(Timer.kind == kind, Timer.subject_id == subject_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if timer is None:
        timer = Timer(kind=kind, subject_id=subject_id, alert_group_id=alert_group_id)
    timer.due_at = at
    timer.lease = None
    timer.attempts = 0
    session.add(timer)
    if at <= clock.now():
        queue.make_due(session)


def clear(session: Session, kind: TimerKind, subject_id: str) -> None:
    """There is nothing to wait for any more."""
    timer = session.scalars(
        select(Timer).where(Timer.kind == kind, Timer.subject_id == subject_id)
    ).one_or_none()
    if timer is not None:
        timer.due_at = None
        timer.lease = None
        session.add(timer)
