"""The scheduler, with its real threads: prompt, and patient with slow channels."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import select

import core.scheduler
from core import clock, queue
from core.db import Database
from core.models import Delivery, RuleType, State
from core.scheduler import Scheduler
from tests.core.running import SOON, escalate, has_sent, is_told, until
from tests.core.world import World


@pytest.fixture
def no_second_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens after the start happens because somebody nudges."""
    monkeypatch.setattr(core.scheduler, "TICK", 10 * SOON)


@pytest.mark.usefixtures("no_second_tick")
def test_a_page_goes_out_at_once_and_not_at_the_next_tick(
    fast: World, run: Callable[[], Scheduler]
) -> None:
    ana = fast.user("ana", "slack")
    run()
    escalate(fast, ana)
    for n in range(15):
        until(partial(has_sent, fast, n + 1))
        escalate(fast, ana)
    until(partial(has_sent, fast, 16))


@pytest.mark.usefixtures("no_second_tick")
def test_work_that_comes_during_a_tick_is_not_lost(
    fast: World, run: Callable[[], Scheduler]
) -> None:
    """The tick waits for the database, and a page is committed meanwhile."""
    people = [fast.user(f"p{n}", "slack") for n in range(12)]
    run()
    threads = [threading.Thread(target=escalate, args=(fast, someone)) for someone in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(partial(has_sent, fast, 12))


@pytest.mark.usefixtures("no_second_tick")
def test_a_queue_longer_than_the_seats_never_waits_for_a_tick(
    fast: World, run: Callable[[], Scheduler]
) -> None:
    people = [fast.user(f"p{n}", "slack") for n in range(25)]
    pause = threading.Event()
    fast.slack.before = lambda notice: pause.wait(0.01)
    run()
    for n in range(4):
        escalate(fast, *people[n:], *people[:n])
    until(partial(has_sent, fast, 100))


def test_a_slow_channel_does_not_delay_another(fast: World, run: Callable[[], Scheduler]) -> None:
    go = threading.Event()
    fast.sms.before = lambda notice: go.wait(SOON)
    people = [fast.user(f"p{n}", "sms") for n in range(fast.sms.seats * 3)]
    ana = fast.user("ana", "slack")
    run()
    escalate(fast, *people)
    until(lambda: len(fast.sms.tried) == fast.sms.seats)
    escalate(fast, ana)
    until(lambda: fast.slack.addresses == ["UANA"])
    assert fast.sms.addresses == []
    assert len(fast.sms.tried) == fast.sms.seats  # never more than it has seats
    go.set()
    until(lambda: len(fast.sms.addresses) == len(people))
    assert len(set(fast.sms.addresses)) == len(people)


def test_the_thread_is_told_while_pages_run(fast: World, run: Callable[[], Scheduler]) -> None:
    ana = fast.user("ana", "slack")
    run()
    group = escalate(fast, ana)
    until(lambda: fast.slack.addresses)
    fast.ack(group, ana, drain=False)
    until(partial(is_told, fast, group))
    until(lambda: fast.board.message(group.id).story.state is State.ACKNOWLEDGED)


def test_a_channel_that_is_not_set_up_fails_at_once(
    fast: World, run: Callable[[], Scheduler]
) -> None:
    fast.unplug(fast.sms)
    run()
    escalate(fast, fast.user("ana", "sms", 30, "phone"))
    until(lambda: fast.phone.addresses == ["phone:ana"])


def test_several_engines_on_one_database_do_everything_once(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A lease that ends, as on a machine that stands still, would rightly be another's.
    monkeypatch.setattr(queue, "LEASE", timedelta(hours=1))
    world = World(postgresql)
    clock.reset()
    seats = {way: channel.seats for way, channel in world.channels.items()}
    engines = [Scheduler(postgresql, world.outbox, world.posts, seats) for _ in range(3)]
    for engine in engines:
        engine.start()
    try:
        people = [world.user(f"p{n}", "slack", "sms") for n in range(10)]
        groups = [escalate(world, *people[n : n + 4]) for n in range(6)]
        until(partial(has_sent, world, 24))
        until(lambda: len(world.sms.addresses) == 24)
        for group in groups:
            until(partial(is_told, world, group))
    finally:
        for engine in engines:
            engine.stop(SOON)
    assert len(world.slack.pages) == len({n.delivery_id for n in world.slack.pages}) == 24
    for group in groups:
        told = [line.id for line in world.board.message(group.id).thread]
        assert told == sorted(set(told))


def test_other_regular_work_has_its_place(fast: World, run: Callable[[], Scheduler]) -> None:
    done = threading.Event()
    scheduler = run()
    scheduler.every(0.05, done.set, "sweep")
    assert done.wait(SOON)


def test_nudging_after_the_end_and_before_the_start_is_harmless(fast: World) -> None:
    scheduler = Scheduler(fast.db, fast.outbox, None, {RuleType.SLACK: 1})
    scheduler.nudge()
    scheduler.start()
    scheduler.stop(1)
    scheduler.nudge()
    with fast.db.reading() as session:
        assert session.scalars(select(Delivery)).all() == []
