"""An answer and a page at the same moment: nothing goes out after the answer."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from core import alert_groups, clock, engine, queue
from core.db import Database
from core.models import DeliveryOutcome, Timer
from tests.core.running import SOON, until
from tests.core.world import World

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def test_an_acknowledgement_before_the_timer_wins(world: World) -> None:
    ana = world.user("ana", "sms", 1, "phone")
    group = world.escalate(to=[ana])
    world.skip(minutes=1, seconds=1)
    world.ack(group, ana, drain=False)
    world.drain()
    world.forward(minutes=1)
    assert world.phone.addresses == []


def test_an_acknowledgement_after_the_timer_was_claimed_wins(world: World) -> None:
    ana = world.user("ana", "sms", 1, "phone")
    group = world.escalate(to=[ana])
    world.skip(minutes=1, seconds=1)
    with world.db.transaction() as session:
        [timer] = queue.claim(session, Timer, limit=10)
    world.ack(group, ana, drain=False)
    engine._handle(world.db, world.outbox.ways, group.id, [timer])
    world.drain()
    assert world.phone.addresses == []


def test_an_acknowledgement_between_timer_and_claim_stops_the_delivery(world: World) -> None:
    ana = world.user("ana", "sms", 1, "phone")
    group = world.escalate(to=[ana])
    world.skip(minutes=1, seconds=1)
    list(engine.run_due_timers(world.db, world.outbox.ways))
    world.ack(group, ana, drain=False)
    world.drain()
    assert world.phone.addresses == []
    assert world.deliveries(group)[-1].outcome is DeliveryOutcome.STOPPED


def test_what_was_in_flight_at_the_acknowledgement_is_recorded_and_starts_nothing(
    world: World,
) -> None:
    ana = world.user("ana", "slack", 5, "phone")
    group = world.escalate(to=[ana], drain=False)
    job = world.take(world.slack)
    world.ack(group, ana)
    world.outbox.deliver(job)
    world.drain()
    world.forward(hours=1)
    assert world.slack.addresses == ["UANA"]
    assert world.phone.addresses == []
    assert world.log(group)[-2:] == ["acknowledged by ana", "sent ana slack"]
    [shown] = world.board.directs.values()  # the message that came late follows the state
    assert shown.state.value == "acknowledged"


def test_what_failed_in_flight_after_the_acknowledgement_is_not_tried_again(
    world: World,
) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana], drain=False)
    job = world.take(world.sms)
    world.ack(group, ana)
    world.sms.stumble(times=1)
    world.outbox.deliver(job)
    world.forward(hours=1)
    assert world.sms.addresses == []
    [delivery] = world.deliveries(group)
    assert delivery.outcome is DeliveryOutcome.STOPPED


def test_a_crashed_send_is_not_repeated_once_somebody_has_answered(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana], drain=False)
    world.take(world.sms)  # and then the process dies
    world.ack(group, ana)
    world.forward(hours=1)
    assert world.sms.addresses == []
    assert world.deliveries(group)[0].outcome is DeliveryOutcome.STOPPED


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
        list(engine.run_due_timers(postgresql, world.outbox.ways))

    def hold_the_group() -> None:
        with postgresql.transaction() as session:
            alert_groups.lock(session, group.id)
            inside.set()
            assert go.wait(SOON)

    holder = threading.Thread(target=hold_the_group)
    holder.start()
    assert inside.wait(SOON)
    order = [answer, timer] if first == "answer" else [timer, answer]
    threads = []
    for work in order:  # both wait for the group, in this order
        threads.append(threading.Thread(target=work))
        threads[-1].start()
        wait_until_blocked(postgresql, len(threads))
    go.set()
    for thread in [holder, *threads]:
        thread.join()
    world.drain()
    world.forward(hours=1)
    assert world.phone.addresses == []


def wait_until_blocked(database: Database, count: int) -> None:
    """Until so many connections wait for a lock."""

    def waiting() -> int:
        with database.reading() as session:
            found: int = session.scalars(WAITING).one()
            return found

    until(lambda: waiting() >= count)


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
            thread.join()
    assert failed == []
    world.forward(minutes=2)
    sent = len(world.sms.sent) + len(world.phone.sent)
    world.forward(hours=5)
    assert len(world.sms.sent) + len(world.phone.sent) == sent
    # Who was slow may have posted another message, which is nobody's.
    [message] = [each for each in world.board.messages if each.ts == world.story(group).ts]
    told = [line.id for line in message.thread]
    assert sorted(set(told)) == list(dict.fromkeys(told))
    assert len(set(told)) == len(world.log(group))
    runs = Counter((row.page_id, row.run, row.step) for row in world.deliveries(group))
    assert set(runs.values()) == {1}
