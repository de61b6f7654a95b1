"""Claims are disjoint, whoever claims; and nothing is done twice or forgotten."""

import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from core import clock, direct_paging, engine, queue
from core.db import Database
from core.models import AlertGroup, Delivery, DeliveryOutcome, RuleType, Timer, TimerKind, User
from tests.core.running import SOON
from tests.core.world import World

ROWS = 300


def _deliveries(database: Database, count: int) -> None:
    with database.transaction() as session:
        ana = User(id="UANA", name="ana")
        session.add(ana)
        session.flush()
        way = direct_paging.of(session, None)
        session.add(
            AlertGroup(
                id="I1",
                integration_id=way.integration_id,
                route_id=way.default.route_id,
                title="x",
                author_id="UANA",
            )
        )
        session.flush()
        session.add_all(
            Delivery(
                alert_group_id="I1",
                user_id="UANA",
                channel=RuleType.SMS,
                address=f"sms:{n}",
                due_at=clock.now() - timedelta(seconds=count - n),
            )
            for n in range(count)
        )


def test_four_workers_do_everything_once_though_some_crash(database: Database) -> None:
    _deliveries(database, ROWS)
    done: Counter[int] = Counter()
    lock, over = threading.Lock(), threading.Event()
    failed: list[BaseException] = []

    def work(seed: int) -> None:
        dice = random.Random(seed)
        while not over.is_set():
            with database.transaction() as session:
                rows = queue.claim(session, Delivery, limit=dice.randint(1, 9))
            for row in rows:
                if dice.random() < 0.05:
                    continue  # the worker dies with this row
                with database.transaction() as session:
                    queue.finish(session, row, outcome=DeliveryOutcome.SENT)
                with lock:
                    done[row.id or 0] += 1
            if not rows:
                clock.forward(timedelta(seconds=16))  # the leases of the dead end
                with database.reading() as session:
                    left = select(Delivery.id).where(col(Delivery.due_at).is_not(None))
                    if session.scalars(left).first() is None:
                        over.set()

    def guarded(seed: int) -> None:
        try:
            work(seed)
        except queue.LeaseLost:
            guarded(seed + 100)  # it was slow; somebody else has the row
        except BaseException as error:
            failed.append(error)
            over.set()
            raise

    threads = [threading.Thread(target=guarded, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(done) == ROWS
    assert set(done.values()) == {1}


def test_claims_at_the_same_time_are_disjoint(postgresql: Database) -> None:
    _deliveries(postgresql, 40)
    gate = threading.Barrier(4)
    claimed: list[list[int]] = []

    def claim() -> None:
        with postgresql.transaction() as session:
            gate.wait(SOON)
            rows = queue.claim(session, Delivery, limit=10)
            gate.wait(SOON)  # all of them hold their rows at this moment
            claimed.append([row.id or 0 for row in rows])

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(rows) for rows in claimed) == [10, 10, 10, 10]
    assert len({row for rows in claimed for row in rows}) == 40


def test_the_most_overdue_go_first(database: Database) -> None:
    _deliveries(database, 20)
    with database.transaction() as session:
        first = queue.claim(session, Delivery, limit=5)
    assert [row.address for row in first] == [f"sms:{n}" for n in range(5)]
    assert {row.attempts for row in first} == {1}
    assert all(row.due_at is not None and row.due_at > clock.now() for row in first)


def test_finish_retry_and_postpone_end_the_lease_and_only_their_owner_may(
    database: Database,
) -> None:
    _deliveries(database, 3)
    with database.transaction() as session:
        a, b, c = queue.claim(session, Delivery, limit=3)
    later = clock.now() + timedelta(minutes=1)
    with database.transaction() as session:
        queue.finish(session, a, outcome=DeliveryOutcome.SENT, reason="so")
        queue.retry(session, b, later)
        queue.postpone(session, c, later)
    with database.reading() as session:
        rows = session.scalars(select(Delivery).order_by(col(Delivery.id))).all()
    assert [(row.due_at, row.attempts, row.lease) for row in rows] == [
        (None, 1, None),
        (later, 1, None),
        (later, 0, None),
    ]
    assert (rows[0].outcome, rows[0].reason) == (DeliveryOutcome.SENT, "so")
    for act in (queue.finish, lambda s, r: queue.retry(s, r, later)):
        with pytest.raises(queue.LeaseLost), database.transaction() as session:
            act(session, a)


def test_a_lost_lease_rolls_everything_back(database: Database) -> None:
    _deliveries(database, 1)
    with database.transaction() as session:
        [mine] = queue.claim(session, Delivery, limit=1)
    clock.forward(timedelta(seconds=16))
    with database.transaction() as session:
        [theirs] = queue.claim(session, Delivery, limit=1)
    assert theirs.lease != mine.lease

    def finish_late() -> None:
        with database.transaction() as session:
            session.get_one(AlertGroup, "I1").title = "changed"
            session.flush()
            queue.finish(session, mine)

    with pytest.raises(queue.LeaseLost):
        finish_late()
    with database.reading() as session:
        assert session.get_one(AlertGroup, "I1").title == "x"
        assert session.get_one(Delivery, theirs.id).lease == theirs.lease


def test_a_renewed_lease_goes_on_and_a_released_one_is_free_at_once(database: Database) -> None:
    _deliveries(database, 2)
    with database.transaction() as session:
        a, b = queue.claim(session, Delivery, limit=2)
    assert a.id is not None
    assert a.lease is not None
    clock.forward(timedelta(seconds=10))
    with database.transaction() as session:
        queue.renew(session, Delivery, {a.id: a.lease})
    clock.forward(timedelta(seconds=10))
    with database.transaction() as session:
        [only] = queue.claim(session, Delivery, limit=2)
    assert only.id == b.id  # though both were claimed together
    with database.transaction() as session:
        queue.release(session, Delivery, {a.id: a.lease})
    with database.transaction() as session:
        [only] = queue.claim(session, Delivery, limit=2)
    assert only.id == a.id


def test_renewing_waits_for_no_lock(postgresql: Database) -> None:
    """A row that is held may be held by somebody who waits for another of these rows."""
    _deliveries(postgresql, 2)
    with postgresql.transaction() as session:
        a, b = (queue.claim(session, Delivery, limit=1)[0] for _ in range(2))
    assert a.lease is not None
    assert b.lease is not None
    clock.forward(timedelta(seconds=5))
    with postgresql.transaction() as holder:
        holder.execute(update(Delivery).where(col(Delivery.id) == a.id).values(reason="held"))
        with postgresql.transaction() as session:
            queue.renew(session, Delivery, {a.id or 0: a.lease, b.id or 0: b.lease})
    with postgresql.reading() as session:
        ends = [session.get_one(Delivery, row.id).due_at for row in (a, b)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[1] - ends[0] > timedelta(seconds=4)


def test_a_waiting_timer_costs_nothing_until_it_is_due(sqlite: Database) -> None:
    world = World(sqlite)
    group = world.escalate(to=[world.user("ana", "sms")])
    with sqlite.transaction() as session:
        session.add_all(
            Timer(
                kind=TimerKind.PAGE,
                subject_id=f"P{n}",
                alert_group_id=group.id,
                due_at=clock.now() + timedelta(hours=1),
            )
            for n in range(200)
        )
    with sqlite.reading() as session:
        plan = session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM timer WHERE due_at <= '2000-01-01' LIMIT 1"
        )
        assert "ix_timer_due_at" in str(plan.all())
        assert not engine.is_due(session)
