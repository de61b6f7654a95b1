"""A chain that has called nobody yet does not wait: whoever it can call is called at once."""

from collections.abc import Callable

import pytest

from core import outlook
from core.models import AlertGroup, State, Team, User
from tests.core.teams import (
    CHANNEL,
    ON_CALL,
    REPEAT,
    RESOLVE,
    WEBHOOK,
    Said,
    Teams,
    hours,
    members,
    persons,
    set_clock,
)
from tests.core.world import World

Chain = Callable[[Team, User], list[Said]]


def foretold(world: World, chain_id: str) -> list[int]:
    """The numbers of the steps that are waits which will be passed over."""
    with world.db.reading() as session:
        steps = outlook.of_chain(session, chain_id)
    return [number for number, each in enumerate(steps, 1) if each.skipped]


@pytest.mark.parametrize(
    ("steps", "skipped"),
    [
        (lambda empty, bob: [members(empty), 15, persons(bob)], [2]),
        (lambda empty, bob: [ON_CALL, 15, persons(bob)], [2]),
        (lambda empty, bob: [members(empty), 15, 20, persons(bob)], [2, 3]),
        (lambda empty, bob: [members(empty), 15, ON_CALL, 20, persons(bob)], [2, 4]),
        (lambda empty, bob: [members(empty), WEBHOOK, 15, persons(bob), 5, RESOLVE], [3]),
    ],
)
def test_nobody_waits_for_nobody(
    world: World, teams: Teams, steps: Chain, skipped: list[int]
) -> None:
    bob = world.user("bob", "sms")
    empty, sre = teams.make("Empty"), teams.make("SRE")
    chain = teams.chain("late", *steps(empty, bob))
    teams.leads(sre, chain)
    assert foretold(world, chain.id) == skipped
    about = teams.page(sre)
    assert world.sms.addresses == ["sms:bob"]
    told = teams.steps(about)
    assert [each["step"] for each in told if each["type"] == "wait"] == skipped


@pytest.mark.parametrize(
    ("steps", "minutes"),
    [
        (lambda empty, bob: [15, persons(bob)], 15),
        (lambda empty, bob: [15, members(empty), 20, persons(bob)], 15),
        (lambda empty, bob: [members(empty), 15, WEBHOOK, persons(bob)], 15),
        (lambda empty, bob: [members(empty), 15, hours("00:00", "23:59"), persons(bob)], 15),
        (lambda empty, bob: [members(empty), 15, REPEAT, persons(bob)], 6 * 15),
    ],
)
def test_other_waits_are_waited_out(world: World, teams: Teams, steps: Chain, minutes: int) -> None:
    bob = world.user("bob", "sms")
    empty, sre = teams.make("Empty"), teams.make("SRE")
    teams.leads(sre, teams.chain("late", *steps(empty, bob)))
    set_clock(12)
    teams.page(sre)
    world.forward(minutes=minutes - 1)
    assert world.sms.addresses == []
    world.forward(minutes=2)
    assert world.sms.addresses == ["sms:bob"]


def test_it_is_not_resolved_before_anybody_hears_of_it(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    ops, sre = teams.make("Ops", ana), teams.make("SRE")
    teams.leads(sre, teams.chain("calm", 5, members(ops), 30, RESOLVE))
    about = teams.page(sre)
    world.change(ana, is_active=False)
    world.forward(minutes=6)
    assert world.state(about) is State.FIRING
    world.forward(minutes=30)
    assert world.state(about) is State.RESOLVED


def test_whoever_is_paged_by_hand_does_not_hold_the_chain_up(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms", 30, "sms"), world.user("bob", "sms")
    empty, sre = teams.make("Empty"), teams.make("SRE")
    chain = teams.chain("late", members(empty), 15, persons(bob))
    teams.leads(sre, chain)
    assert foretold(world, chain.id) == [2]
    teams.page(sre, ana)
    assert sorted(world.sms.addresses) == ["sms:ana", "sms:bob"]


def test_whoever_was_called_before_is_waited_for(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    empty, sre = teams.make("Empty"), teams.make("SRE")
    chain = teams.chain("late", persons(ana), 15, members(empty), 20, persons(bob))
    teams.leads(sre, chain)
    assert foretold(world, chain.id) == []
    teams.page(sre)
    world.forward(minutes=34)
    assert world.sms.addresses == ["sms:ana"]
    world.forward(minutes=2)
    assert world.sms.addresses == ["sms:ana", "sms:bob"]


def decline(world: World, about: AlertGroup, who: User) -> None:
    world.decline(about, who)


def unpage(world: World, about: AlertGroup, who: User) -> None:
    world.unpage(about, who)


@pytest.mark.parametrize("gone", [decline, unpage])
def test_a_chain_that_begins_again_without_its_first_person(
    world: World, teams: Teams, gone: Callable[[World, AlertGroup, User], None]
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("two", persons(ana), 15, persons(bob)))
    about = teams.page(sre)
    gone(world, about, ana)
    world.forward(minutes=1)
    assert world.sms.addresses == ["sms:ana"]  # a wait that has begun goes on
    world.ack(about, bob)
    world.unack(about, bob)
    world.drain()
    assert world.sms.addresses == ["sms:ana", "sms:bob"]
    assert teams.steps(about)[-2]["skipped"] == "the chain calls nobody yet"


def test_a_channel_that_is_called_as_a_whole_is_waited_for(world: World, teams: Teams) -> None:
    bob, room = world.user("bob", "sms"), teams.channel("sre")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("loud", CHANNEL, 15, persons(bob)), channel=room)
    teams.page(sre)
    world.forward(minutes=14)
    assert world.sms.addresses == []
    world.forward(minutes=2)
    assert world.sms.addresses == ["sms:bob"]
