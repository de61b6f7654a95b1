"""Take what people wrote out of an alert group, or the whole group out of sight.

The rows stay, so that the log still says who did what and when; the texts are gone for
good.  The caller holds the group's lock.
"""

from sqlalchemy import update
from sqlmodel import Session, col, select

from core import clock, lifecycle, log
from core.models import Alert, AlertGroup, Event, LogRecord, ResolutionNote, State, User


def wipe(session: Session, group: AlertGroup, *, by: User) -> None:
    """Resolve the group, so that nobody is paged for it, and blank every text in it.

    Does nothing to a group that was wiped before.
    """
    if group.wiped_at is not None:
        return
    _blank(session, group, by)
    log.record(session, group, Event.WIPED, by=by)
    log.show(session, group)


def delete(session: Session, group: AlertGroup, *, by: User) -> None:
    """Wipe the group, and never show it again."""
    if group.wiped_at is None:
        _blank(session, group, by)
    group.deleted_at = clock.now()
    log.record(session, group, Event.DELETED, by=by)
    log.show(session, group)


def _blank(session: Session, group: AlertGroup, by: User) -> None:
    if group.state is not State.RESOLVED:
        lifecycle.resolve(session, group, by=by)
    group.wiped_at = clock.now()
    group.title = group.message = ""
    group.source_url = None
    for statement in (
        update(Alert).where(col(Alert.alert_group_id) == group.id).values(payload={}),
        update(ResolutionNote)
        .where(col(ResolutionNote.alert_group_id) == group.id)
        .values(text=""),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    quoting = select(LogRecord).where(
        LogRecord.alert_group_id == group.id, LogRecord.event == Event.NOTED
    )
    for record in session.scalars(quoting):
        record.detail = record.detail | {"text": ""}
