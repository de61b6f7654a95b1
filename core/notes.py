"""Resolution notes: what somebody writes down about an alert group for later.

Whatever is done to one becomes a line in the group's log, so that the thread tells it.
"""

from enum import StrEnum

from sqlmodel import Session, select

from core import alert_groups, log
from core.errors import Conflict, Gone
from core.models import AlertGroup, Event, LogRecord, ResolutionNote, User

LENGTH = 3_000  # characters
WIPED = "This alert was wiped: nothing can be written about it any more."


class Change(StrEnum):
    """What was done to a note."""

    NEW = "new"
    CHANGED = "changed"
    DELETED = "deleted"


def add(session: Session, group: AlertGroup, *, by: User, text: str) -> ResolutionNote:
    """Write a note; the caller holds the group's lock.  Raises Conflict for a wiped group."""
    _check(group)
    note = ResolutionNote(alert_group_id=group.id, author_id=by.id, text=text)
    session.add(note)
    session.flush()
    _tell(session, group, note, by, Change.NEW)
    return note


def lock(session: Session, note_id: str) -> tuple[AlertGroup, ResolutionNote]:
    """The note as it is now and its group, which is held.  Raises Gone."""
    found = session.get(ResolutionNote, note_id)
    if found is None:
        raise Gone("This note does not exist any more.")
    group = alert_groups.lock(session, found.alert_group_id)
    note = session.get(ResolutionNote, note_id, populate_existing=True)
    if note is None:
        raise Gone("This note does not exist any more.")
    return group, note


def change(
    session: Session, group: AlertGroup, note: ResolutionNote, *, by: User, text: str
) -> None:
    """Say something else; the caller holds the group's lock.  Raises Conflict."""
    if note.text == text:
        return
    _check(group)
    note.text = text
    _tell(session, group, note, by, Change.CHANGED)


def remove(session: Session, group: AlertGroup, note: ResolutionNote, *, by: User) -> None:
    """Take the note back, and what the log quotes of it; the caller holds the group's lock."""
    quoted = select(LogRecord).where(
        LogRecord.alert_group_id == group.id, LogRecord.event == Event.NOTED
    )
    for record in session.scalars(quoted):
        if record.detail.get("note") == note.id:
            record.detail = record.detail | {"text": ""}
    note.text = ""
    _tell(session, group, note, by, Change.DELETED)
    session.delete(note)


def _check(group: AlertGroup) -> None:
    if group.wiped_at is not None:
        raise Conflict(WIPED)


def _tell(
    session: Session, group: AlertGroup, note: ResolutionNote, by: User, change: Change
) -> None:
    """`user` is whose note it is, where somebody else did it."""
    other = note.author_id if note.author_id != by.id else None
    log.record(
        session,
        group,
        Event.NOTED,
        by=by,
        user=other,
        note=note.id,
        text=note.text,
        change=change.value,
    )
