"""The scheduler is stopped, loses its database, or falls behind."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from sqlmodel import col, update

from core import clock, health, queue
from core.channels import Notice
from core.db import Database
from core.models import Delivery, DeliveryOutcome
from core.scheduler import Scheduler
from tests.core.running import SOON, escalate, until
from tests.core.world import World


def test_stopping_waits_for_what_runs_and_starts_nothing_new(
    fast: World, run: Callable[[], Scheduler]
) -> None:
    go = threading.Event()
    fast.slack.before = lambda notice: go.wait(SOON)
    scheduler = run()
    ana, bob = fast.user("ana", "slack"), fast.user("bob", "slack")
    group = escalate(fast, ana)
    until(lambda: fast.slack.tried)
    stopper = threading.Thread(target=scheduler.stop, args=(SOON,))
    stopper.start()
    until(lambda: scheduler._jobs.get_job("tick") is None)  # the last one has ended
    later = escalate(fast, bob)
    assert stopper.is_alive()
    go.set()
    stopper.join(SOON)
    assert not stopper.is_alive()
    assert fast.slack.addresses == ["UANA"]
    assert fast.deliveries(group)[0].outcome is DeliveryOutcome.SENT
    assert fast.deliveries(later)[0].outcome is None
    run()  # the next start finds it
    until(lambda: fast.slack.addresses == ["UANA", "UBOB"])


def test_what_does_not_end_in_time_is_handed_back_at_once(
    fast: World, run: Callable[[], Scheduler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "LEASE", timedelta(hours=1))
    go = threading.Event()
    first: list[Notice] = []

    def hang_once(notice: Notice) -> None:
        first.append(notice)
        if len(first) == 1:
            go.wait()

    fast.slack.before = hang_once
    scheduler = run()
    escalate(fast, fast.user("ana", "slack"))
    until(lambda: fast.slack.tried)
    scheduler.stop(0.1)
    run()
    try:
        until(lambda: fast.slack.addresses == ["UANA"])  # without waiting for the lease to end
    finally:
        go.set()


def test_the_lease_of_what_runs_is_renewed(fast: World, run: Callable[[], Scheduler]) -> None:
    go = threading.Event()
    fast.slack.before = lambda notice: go.wait(SOON)
    scheduler = run()
    group = escalate(fast, fast.user("ana", "slack"))
    until(lambda: fast.slack.tried)
    with fast.db.transaction() as session:
        soon = clock.now() + timedelta(seconds=2)
        session.execute(
            update(Delivery).where(col(Delivery.lease).is_not(None)).values(due_at=soon)
        )
    scheduler._renew()

    def is_renewed() -> bool:
        [delivery] = fast.deliveries(group)
        return delivery.due_at is not None and delivery.due_at > soon + timedelta(seconds=5)

    until(is_renewed)  # the regular one may have been at it, and ours lets it
    go.set()


def test_a_delivery_under_way_is_not_started_again_when_its_lease_lapsed(
    fast: World, run: Callable[[], Scheduler]
) -> None:
    """As when the database was away for longer than the lease."""
    go = threading.Event()
    fast.slack.before = lambda notice: go.wait(SOON)
    scheduler = run()
    escalate(fast, fast.user("ana", "slack"))
    until(lambda: fast.slack.tried)
    with fast.db.transaction() as session:
        session.execute(
            update(Delivery)
            .where(col(Delivery.lease).is_not(None))
            .values(due_at=clock.now() - timedelta(seconds=1))
        )
    scheduler.look()
    go.set()
    until(lambda: fast.slack.addresses == ["UANA"])
    assert len([n for n in fast.slack.tried if n.page_id]) == 1


def test_a_dead_database_is_complained_about_once_and_recovered_from(
    fast: World,
    run: Callable[[], Scheduler],
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
) -> None:
    ana = fast.user("ana", "slack")
    scheduler = run()
    away = _without_tables if fast.db.is_sqlite else _without_connections
    with caplog.at_level(logging.WARNING):
        with away(fast.db, request):
            for _ in range(3):
                scheduler._tick()
            scheduler._renew()
        until(lambda: "the database answers again" in caplog.text)
    assert caplog.text.count("the database does not answer") == 1
    assert "will be tried again" not in caplog.text
    escalate(fast, ana)
    until(lambda: fast.slack.addresses == ["UANA"])


@contextmanager
def _without_tables(database: Database, request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite answers as a file does that is not ready: with an OperationalError."""

    def rename(old: str, new: str) -> None:
        with database.transaction() as session:
            session.connection().exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    rename("timer", "timer_away")
    try:
        yield
    finally:
        rename("timer_away", "timer")


@contextmanager
def _without_connections(database: Database, request: pytest.FixtureRequest) -> Iterator[None]:
    """The server throws everybody out and lets nobody in."""
    name = database.url.database
    with psycopg.connect(request.getfixturevalue("postgres_server"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        until(lambda: admin.execute(everybody, [name]).rowcount == 0)
        try:
            yield
        finally:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_a_stalled_engine_shows(fast: World) -> None:
    escalate(fast, fast.user("ana", "slack"))
    assert health.look(fast.db).problems == []
    clock.forward(timedelta(seconds=40))
    [problem] = health.look(fast.db).problems
    assert "overdue by" in problem
    fast.drain()
    assert health.look(fast.db).problems == []
