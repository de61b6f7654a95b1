"""The same request sent twice is carried out once (P9)."""

import threading
from collections.abc import Callable

import pytest
from sqlmodel import select

from core.db import Database
from core.errors import AlreadyAsked, Conflict, TocsinError
from core.models import AlertGroup, Request
from tests.core.world import World


def test_the_same_submit_twice_pages_once(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana], key="V1")
    with pytest.raises(AlreadyAsked) as again:
        world.escalate(to=[ana], key="V1")
    assert again.value.alert_group_id == group.id
    world.forward(seconds=1)
    assert world.sms.addresses == ["sms:ana"]
    with world.db.reading() as session:
        assert len(session.scalars(select(AlertGroup)).all()) == 1


def test_a_page_onto_a_group_is_covered_too(world: World) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    group = world.escalate(to=[ana])
    world.page(group, bob, key="V2")
    world.decline(group, bob)
    with pytest.raises(AlreadyAsked) as again:
        world.page(group, bob, key="V2")
    assert again.value.alert_group_id == group.id
    assert world.sms.addresses == ["sms:ana", "sms:bob"]


def test_a_repeat_is_recognised_after_the_group_was_resolved(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms")
    group = world.escalate(to=[world.user("bob", "sms")])
    world.page(group, ana, key="V3")
    world.resolve(group, ana)
    with pytest.raises(AlreadyAsked):
        world.page(group, ana, key="V3")


def test_the_same_key_for_something_else_is_a_conflict(world: World) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    group = world.escalate("db down", to=[ana], key="V4")
    for changed in (
        lambda: world.escalate("db up", to=[ana], key="V4"),
        lambda: world.escalate("db down", to=[bob], key="V4"),
        lambda: world.escalate("db down", to=[], important=[ana], key="V4"),
        lambda: world.page(group, bob, key="V4"),
    ):
        with pytest.raises(Conflict, match="already sent, with other content"):
            changed()
    assert world.sms.addresses == ["sms:ana"]


def test_keys_are_everybodys_own(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms")
    world.escalate(to=[ana], key="V5")
    world.escalate(to=[ana], key="V5", by=ana)
    assert world.sms.addresses == ["sms:ana"] * 2


def test_a_request_that_failed_may_be_sent_again(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.resolve(group, ana)
    with pytest.raises(Conflict, match="Cannot add responders"):
        world.page(group, world.alice, key="V6")
    world.unresolve(group, ana)
    world.page(group, world.alice, key="V6")


def _at_once(*works: Callable[[], object]) -> list[Exception]:
    """Run these together; what they raised."""
    gate, raised = threading.Barrier(len(works)), list[Exception]()

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            work()
        except TocsinError as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_at_the_same_time_page_once(database: Database) -> None:
    world = World(database)
    ana = world.user("ana", "sms")

    def submit() -> None:
        world.escalate(to=[ana], key="V7", drain=False)

    raised = _at_once(*[submit] * 4)
    assert [type(error) for error in raised] == [AlreadyAsked] * 3
    world.drain()
    assert world.sms.addresses == ["sms:ana"]
    with database.reading() as session:
        [request] = session.scalars(select(Request))
        [group] = session.scalars(select(AlertGroup))
    assert request.alert_group_id == group.id


def test_two_people_at_the_same_time_end_in_one_state(database: Database) -> None:
    world = World(database)
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    group = world.escalate(to=[world.user("carol", "sms")])
    raised = _at_once(
        lambda: world.ack(group, ana, drain=False), lambda: world.ack(group, bob, drain=False)
    )
    assert [type(error) for error in raised] == [Conflict]
    assert "has already acknowledged" in str(raised[0])
    assert sum(line.startswith("acknowledged") for line in world.log(group)) == 1
