"""Resolution notes: each change of one is a line of the story."""

import pytest
from sqlmodel import col, select

from core import alert_groups, notes, wiping
from core.errors import Conflict, Gone
from core.models import AlertGroup, Event, LogRecord, ResolutionNote, User
from tests.core.world import World


def add(world: World, group: AlertGroup, by: User, text: str) -> ResolutionNote:
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        return notes.add(session, held, by=session.get_one(User, by.id), text=text)


def noted(world: World, group: AlertGroup) -> list[tuple[str, str, str, str | None]]:
    """Who did what to whose note, as the thread is told."""
    world.forward(seconds=3)
    return [
        (
            line.by.name if line.by else "",
            line.detail["change"],
            line.detail["text"],
            line.user.name if line.user else None,
        )
        for line in world.board.message(group.id).thread
        if line.event is Event.NOTED
    ]


def test_the_thread_hears_of_each_change(world: World) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob")
    group = world.escalate(to=[ana])
    note = add(world, group, ana, "a full disk")
    for by, text in ((ana, "two full disks"), (ana, "two full disks"), (bob, "three")):
        with world.db.transaction() as session:
            held, found = notes.lock(session, note.id)
            notes.change(session, held, found, by=session.get_one(User, by.id), text=text)
    other = add(world, group, bob, "kept")
    changes = [("ana", "new"), ("ana", "changed"), ("bob", "changed"), ("bob", "new")]
    owners = [None, None, "ana", None]
    told = ["a full disk", "two full disks", "three", "kept"]
    assert noted(world, group) == [
        (by, change, text, owner)
        for (by, change), text, owner in zip(changes, told, owners, strict=True)
    ]
    with world.db.transaction() as session:
        held, found = notes.lock(session, note.id)
        notes.remove(session, held, found, by=session.get_one(User, ana.id))
    assert noted(world, group)[-1] == ("ana", "deleted", "", None)
    with world.db.reading() as session:
        assert session.get_one(ResolutionNote, other.id).text == "kept"
        records = session.scalars(
            select(LogRecord).where(LogRecord.event == Event.NOTED).order_by(col(LogRecord.id))
        )
        assert [record.detail["text"] for record in records] == ["", "", "", "kept", ""]
    with world.db.transaction() as session, pytest.raises(Gone):
        notes.lock(session, note.id)


def test_a_note_is_no_answer(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    add(world, group, ana, "I am looking")
    world.forward(minutes=6)
    assert world.phone.addresses == ["phone:ana"]


def test_what_was_wiped_takes_no_notes(small_world: World) -> None:
    world = small_world
    group = world.escalate(to=[world.user("ana", "sms")])
    note = add(world, group, world.alice, "secret")
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        wiping.wipe(session, held, by=session.get_one(User, world.alice.id))
    with pytest.raises(Conflict, match="wiped"):
        add(world, group, world.alice, "more")
    with world.db.transaction() as session:
        held, found = notes.lock(session, note.id)
        with pytest.raises(Conflict, match="wiped"):
            notes.change(session, held, found, by=world.alice, text="more")


def test_the_note_of_a_deleted_alert_is_gone(small_world: World) -> None:
    world = small_world
    group = world.escalate(to=[world.user("ana", "sms")])
    note = add(world, group, world.alice, "secret")
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        wiping.delete(session, held, by=session.get_one(User, world.alice.id))
    with world.db.transaction() as session, pytest.raises(Gone):
        notes.lock(session, note.id)
