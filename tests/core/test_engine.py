"""What the engine promises when something breaks in the middle of its work."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from core import alert_groups, clock, engine, notifications, queue, timers
from core.models import AlertGroup, Delivery, DeliveryOutcome, Page, Timer, TimerKind, User
from tests.core.world import World


def _break(world: World, user: User) -> None:
    """Make this person's pages unreadable, as a newer release's might be."""
    with world.db.transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql(
            'UPDATE page SET plan = \'[{"type": "notify_by_owl"}]\''
            f" WHERE user_id = '{user.id}'"
        )


def _mend(world: World, user: User) -> None:
    with world.db.transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql(
            'UPDATE page SET plan = \'[{"type": "notify_by_sms"}, {"type": "wait",'
            ' "duration": 60}, {"type": "notify_by_phone_call"}]\''
            f" WHERE user_id = '{user.id}'"
        )


def test_a_page_that_cannot_be_read_stops_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    ana, bob, carol = (world.user(name, "sms", 1, "phone") for name in ("ana", "bob", "carol"))
    world.escalate(to=[ana, bob])
    world.escalate(to=[carol])
    _break(world, ana)
    world.skip(minutes=1, seconds=1)
    world.drain()
    assert sorted(world.phone.addresses) == ["phone:bob", "phone:carol"]
    assert "will be tried again" in caplog.text
    _mend(world, ana)
    world.forward(seconds=16)  # its lease ends
    assert sorted(world.phone.addresses) == ["phone:ana", "phone:bob", "phone:carol"]


def test_a_delivery_that_cannot_be_read_stops_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    world.escalate(to=[ana], drain=False)
    world.escalate(to=[bob], drain=False)
    _break(world, ana)
    world.skip(seconds=6)
    world.drain()
    assert world.sms.addresses == ["sms:bob"]
    assert "cannot be put together" in caplog.text
    _mend(world, ana)
    world.forward(seconds=16)
    assert world.sms.addresses == ["sms:bob", "sms:ana"]


def test_a_crash_between_claim_and_finish_comes_back_after_the_lease(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana], drain=False)
    world.take(world.sms)  # and then the process dies
    world.forward(seconds=14)
    assert world.sms.addresses == []
    world.forward(seconds=2)
    assert world.sms.addresses == ["sms:ana"]
    assert world.deliveries(group)[0].attempts == 2


def test_a_crash_after_a_timer_was_claimed_loses_no_step(world: World) -> None:
    ana = world.user("ana", "sms", 1, "phone")
    world.escalate(to=[ana])
    world.skip(minutes=1, seconds=1)
    with world.db.transaction() as session:
        assert len(queue.claim(session, Timer, limit=10)) == 1
    world.drain()
    assert world.phone.addresses == []
    world.forward(seconds=16)
    assert world.phone.addresses == ["phone:ana"]


def test_a_slow_worker_ends_after_its_lease_and_changes_nothing(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana], drain=False)
    slow = world.take(world.sms)
    world.forward(seconds=16)
    assert world.sms.addresses == ["sms:ana"]
    before = world.log(group)
    world.sms.refuse()
    with pytest.raises(queue.LeaseLost):
        world.outbox.deliver(slow)
    world.drain()
    assert world.log(group) == before
    [delivery] = world.deliveries(group)
    assert delivery.outcome is DeliveryOutcome.SENT
    assert world.phone.addresses == []


def test_a_slow_worker_that_did_send_changes_nothing_either(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana], drain=False)
    slow = world.take(world.sms)
    world.forward(seconds=16)
    before = world.log(group)
    world.outbox.deliver(slow)
    world.drain()
    assert world.sms.addresses == ["sms:ana", "sms:ana"]  # at least once (P10)
    assert world.log(group) == before


def test_a_timer_that_was_set_anew_while_it_was_claimed_keeps_its_new_time(world: World) -> None:
    ana, bob = world.user("ana", "sms", 1, "phone"), world.user("bob", "sms", 1, "phone")
    group = world.escalate(to=[ana, bob])
    world.skip(minutes=1, seconds=1)
    with world.db.transaction() as session:
        claimed = queue.claim(session, Timer, limit=10)
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        page = alert_groups.page_of(session, held, ana)
        assert page is not None
        later = clock.now() + timedelta(minutes=10)
        timers.put(session, TimerKind.PAGE, page.id, group.id, later)
    engine._handle(world.db, world.outbox.ways, group.id, list(claimed))
    world.drain()
    assert world.phone.addresses == ["phone:bob"]  # who has nothing to do with it
    world.forward(minutes=10, seconds=1)
    assert world.phone.addresses == ["phone:bob", "phone:ana"]


def test_more_timers_than_a_batch_are_all_handled_in_one_pass(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms", 60, "phone")
    group = world.escalate(to=[ana])
    with world.db.transaction() as session:
        session.add_all(
            Timer(kind=TimerKind.PAGE, subject_id=f"P{n}", alert_group_id=group.id)
            for n in range(engine.BATCH + 50)
        )
    assert sum(engine.run_due_timers(world.db, world.outbox.ways)) == engine.BATCH + 50


def test_setting_and_clearing_an_alarm_always_ends_a_lease(world: World) -> None:
    group = world.escalate(to=[world.user("ana", "sms")])
    for act in ("put", "clear"):
        with world.db.transaction() as session:
            timers.put(session, TimerKind.PAGE, "PX", group.id, clock.now())
        with world.db.transaction() as session:
            [timer] = queue.claim(session, Timer, col(Timer.subject_id) == "PX", limit=1)
        with world.db.transaction() as session:
            if act == "put":
                timers.put(session, TimerKind.PAGE, "PX", group.id, clock.now())
            else:
                timers.clear(session, TimerKind.PAGE, "PX")
        with pytest.raises(queue.LeaseLost), world.db.transaction() as session:
            queue.finish(session, timer)


def test_what_a_session_holds_unwritten_survives_a_fresh_look(world: World) -> None:
    """`populate_existing` must not throw away what the same transaction has just changed."""
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        page = alert_groups.page_of(session, held, ana)
        assert page is not None
        held.title = "changed"
        page.next_step = 7
        again = session.get_one(Page, page.id, populate_existing=True)
        assert again.next_step == 7
        assert alert_groups.lock(session, group.id).title == "changed"
        assert alert_groups.pages(session, held)[0].next_step == 7


def test_two_deliveries_of_one_step_cannot_be_made(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        page = alert_groups.page_of(session, held, ana)
        assert page is not None
        page.next_step = 0
        with pytest.raises(IntegrityError) as caught:
            notifications.advance(session, held, [page])
        session.rollback()
    assert "parameters hidden" in str(caught.value)  # it will be logged


def test_a_poisoned_group_does_not_fill_the_log_with_texts(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="core")
    ana = world.user("ana", "sms", 1, "phone")
    world.sms.stumble(times=2)
    world.escalate("the secret message", to=[ana])
    world.forward(minutes=2)
    assert "the secret message" not in caplog.text
    assert "sms:ana" not in caplog.text


def test_a_failed_delivery_never_becomes_due(world: World) -> None:
    ana = world.user("ana", "sms", "phone", lacks=["sms"])
    group = world.escalate(to=[ana], drain=False)
    with world.db.reading() as session:
        due = session.scalars(
            select(Delivery.channel).where(
                col(Delivery.alert_group_id) == group.id, col(Delivery.due_at).is_not(None)
            )
        ).all()
    assert due == [world.phone.way]


def test_an_alarm_for_something_that_does_not_exist_is_over(world: World) -> None:
    group = world.escalate(to=[world.user("ana", "sms")])
    with world.db.transaction() as session:
        timers.put(session, TimerKind.PAGE, "PGONE", group.id, clock.now())
    world.drain()
    with world.db.reading() as session:
        found = session.scalars(select(Timer).where(Timer.subject_id == "PGONE")).one()
    assert found.due_at is None


def test_a_silence_that_was_made_longer_meanwhile_is_not_ended_early(world: World) -> None:
    group = world.escalate(to=[world.user("ana", "sms")])
    world.silence(group, world.alice, seconds=1800)
    with world.db.transaction() as session:
        session.execute(update(AlertGroup).values(silenced_until=clock.now() + timedelta(hours=2)))
    world.forward(minutes=31)
    assert world.state(group).value == "silenced"
