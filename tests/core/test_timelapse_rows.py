"""What a change of time moves in the database, and what it leaves alone."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from core import clock, queue, timers
from core.channels import ChannelError
from core.course import FAR
from core.db import Database
from core.models import Delivery, Post, Timer, TimerKind
from core.timelapse import Timelapse
from tests.core.world import World


@pytest.fixture
def lapse(world: World) -> Timelapse:
    return Timelapse(world.db)


def test_what_is_done_by_machines_is_not_moved(world: World, lapse: Timelapse) -> None:
    """A lease, a retry, a gathered line of the thread."""
    world.escalate(to=[world.user("carol", "email", 5, "phone")])
    world.skip(minutes=5)
    with world.session() as session:
        [leased] = queue.claim(session, Timer, limit=1)
    world.sms.fail(ChannelError("busy", retry_in=timedelta(seconds=30)), times=1)
    world.escalate(to=[world.user("bob", "sms")])
    world.escalate(to=[world.user("dave", "sms")], drain=False)
    before = machines(world.db, leased)
    ahead = {name for (name, _), at in before.items() if at is not None and at > clock.now()}
    assert ahead == {"Delivery", "Post", "Timer"}
    for change in (lapse.pause, lapse.jump, lapse.resume):
        change()
        assert machines(world.db, leased) == before


def machines(db: Database, leased: Timer) -> dict[tuple[str, int | None], datetime | None]:
    with db.reading() as session:
        rows = [*session.scalars(select(Delivery)), *session.scalars(select(Post))]
        rows.append(session.get_one(Timer, leased.id))
        return {(type(row).__name__, row.id): row.due_at for row in rows}


def test_the_engine_is_told_at_once(world: World, lapse: Timelapse) -> None:
    world.escalate(to=[world.user("bob", "sms", 5, "phone")])
    told: list[bool] = []
    world.db.on_due = lambda: told.append(clock.course().speed == 0)
    lapse.pause()
    assert told == [True]
    lapse.jump()
    assert told == [True, True]


def test_what_cannot_be_written_changes_nothing(small_world: World, refusing: None) -> None:
    lapse = Timelapse(small_world.db)
    small_world.escalate(to=[small_world.user("bob", "sms", 5, "phone")], drain=False)
    course = clock.course()
    for change in (lapse.pause, lapse.jump, lambda: lapse.set_speed(60)):
        with pytest.raises(DBAPIError):
            change()
    assert clock.course() == course
    assert lapse.look().speed == 1
    assert not lapse.look().paused


@pytest.fixture
def refusing(sqlite: Database) -> Iterator[None]:
    """A database that lets nobody move a timer."""
    with sqlite.transaction() as session:
        session.execute(
            text(
                "CREATE TRIGGER full BEFORE UPDATE ON timer"
                " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )
    yield
    with sqlite.transaction() as session:
        session.execute(text("DROP TRIGGER full"))


def test_a_wait_that_is_being_written_down_is_moved_with_the_others(small_world: World) -> None:
    """SQLite's writers line up, so a change comes before a wait is worked out, or after it."""
    world, lapse = small_world, Timelapse(small_world.db)
    group = world.escalate(to=[world.user("bob", "sms", 5, "phone")])
    pausing = threading.Thread(target=lapse.pause)
    with world.session() as session:
        pausing.start()
        start = clock.now()
        ends = clock.after(start, timedelta(minutes=5))
        timers.put(session, TimerKind.UNSILENCE, group.id, group.id, ends)
        assert ends == start + timedelta(minutes=5)
    pausing.join()
    with world.db.reading() as session:
        for timer in session.scalars(select(Timer)):
            assert timer.due_at is not None
            assert timer.due_at > start + FAR
