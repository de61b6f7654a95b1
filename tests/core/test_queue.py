"""Claims are disjoint, whoever claims; and nothing is done twice or forgotten."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from core import alert_groups, clock, engine, queue
from core.db import Database
from core.models import AlertGroup, Delivery, DeliveryOutcome, RuleType, Timer, TimerKind, User
from tests.core.world import World

ROWS = 300


def _deliveries(database: Database, count: int) -> None:
    with database.transaction() as session:
        ana = User(id="UANA", name="ana")
        session.add(ana)
        session.flush()
        session.add(AlertGroup(id="I1", title="x", message="x", author_id="UANA"))
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
        thread.join(60)
    assert failed == []
    assert len(done) == ROWS
    assert set(done.values()) == {1}


def test_claims_at_the_same_time_are_disjoint(postgresql: Database) -> None:
    _deliveries(postgresql, 40)
    gate = threading.Barrier(4)
    claimed: list[list[int]] = []

    def claim() -> None:
        with postgresql.transaction() as session:
            gate.wait()
            rows = queue.claim(session, Delivery, limit=10)
            gate.wait()  # all of them hold their rows at this moment
            claimed.append([row.id or 0 for row in rows])

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
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


@pytest.mark.parametrize("first", ["answer", "timer"])
def test_an_answer_racing_a_due_timer_never_pages_after_it(
    postgresql: Database, first: str
) -> None:
    world = World(postgresql)
    ana = world.user("ana", "sms", 1, "phone")
    group = world.escalate(to=[ana])
    world.skip(minutes=1, seconds=1)
    inside, go = threading.Event(), threading.Event()

    def answer() -> None:
        world.ack(group, ana, drain=False)

    def timer() -> None:
        list(engine.run_due_timers(postgresql))

    def hold_the_group() -> None:
        with postgresql.transaction() as session:
            alert_groups.lock(session, group.id)
            inside.set()
            go.wait(10)

    holder = threading.Thread(target=hold_the_group)
    holder.start()
    inside.wait(10)
    order = [answer, timer] if first == "answer" else [timer, answer]
    threads = []
    for work in order:  # both wait for the group, in this order
        threads.append(threading.Thread(target=work))
        threads[-1].start()
        _wait_until_blocked(postgresql, len(threads))
    go.set()
    for thread in [holder, *threads]:
        thread.join(20)
    world.drain()
    world.forward(hours=1)
    assert world.phone.addresses == []


def _wait_until_blocked(database: Database, count: int) -> None:
    """Until so many connections wait for a lock."""
    pause = threading.Event()
    for _ in range(1_000):
        with database.reading() as session:
            waiting = session.connection().exec_driver_sql(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database()"
            )
            if waiting.scalar_one() >= count:
                return
        pause.wait(0.01)
    raise AssertionError("nobody waits")


def test_a_storm_of_answers_timers_and_sends_ends_in_one_story(database: Database) -> None:
    """Everything at once: no deadlock, no error, nothing after the last answer."""
    world = World(database)
    people = [world.user(f"p{n}", "sms", "slack", 1, "phone", 1, "sms") for n in range(4)]
    group = world.escalate(to=people, drain=False)
    over = threading.Event()
    failed: list[BaseException] = []

    def guard(work: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            while not over.is_set():
                try:
                    work()
                except queue.LeaseLost:
                    continue  # it was slow; somebody else has the row
                except BaseException as error:
                    failed.append(error)
                    raise

        return threading.Thread(target=run)

    def pass_time() -> None:
        clock.forward(timedelta(seconds=4))
        over.wait(0.05)

    threads = [guard(world.step) for _ in range(3)] + [guard(pass_time)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(8):
            world.ack(group, people[0], drain=False)
            world.unack(group, people[1], drain=False)
            world.silence(group, people[2], drain=False)
            world.unsilence(group, people[3], drain=False)
        world.resolve(group, people[0], drain=False)
    finally:
        over.set()
        for thread in threads:
            thread.join(30)
    assert failed == []
    world.forward(minutes=2)
    sent = len(world.sms.sent) + len(world.phone.sent)
    world.forward(hours=5)
    assert len(world.sms.sent) + len(world.phone.sent) == sent
    told = [line.id for line in world.board.message(group.id).thread]
    assert sorted(set(told)) == list(dict.fromkeys(told))
    assert len(set(told)) == len(world.log(group))
    runs = Counter((row.page_id, row.run, row.step) for row in world.deliveries(group))
    assert set(runs.values()) == {1}


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
