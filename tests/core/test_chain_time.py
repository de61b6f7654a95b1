"""Chains while the sandbox's time runs faster, stands still or leaps."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.timelapse import Timelapse
from tests.core.teams import RESOLVE, Teams, alerts, hours, in_turn, persons
from tests.core.world import World


@pytest.fixture
def lapse(world: World) -> Timelapse:
    return Timelapse(world.db)


def left(lapse: Timelapse) -> tuple[float, str]:
    """Minutes of the plan until the next thing, and what it is."""
    look = lapse.look()
    assert look.next_in is not None
    return round(look.next_in.total_seconds() / 60, 2), look.next_what


def jump(world: World, lapse: Timelapse) -> None:
    lapse.jump()
    world.drain()


def test_a_chain_is_what_comes_next_and_a_jump_leads_there(
    world: World, teams: Teams, lapse: Timelapse
) -> None:
    ana, bob = world.user("ana", "sms", 60, "phone"), world.user("bob", "sms", 60, "phone")
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("calm", 20, persons(ana), 30, persons(bob)))
    teams.page(sre)
    assert left(lapse) == (20, "escalation chain: step 2 of 4")
    jump(world, lapse)
    assert world.sms.addresses == ["sms:ana"]
    assert left(lapse) == (30, "escalation chain: step 4 of 4")
    jump(world, lapse)
    assert world.sms.addresses == ["sms:ana", "sms:bob"]
    assert left(lapse)[1] == "ana: phone call"


def test_the_end_of_a_chain_comes_next(world: World, teams: Teams, lapse: Timelapse) -> None:
    ana = world.user("ana", "sms", 60, "phone")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", persons(ana), 20))
    about = teams.page(sre)
    assert left(lapse) == (20, "escalation chain ends")
    jump(world, lapse)
    assert teams.events(about)[-1] == "chain_ended"


def test_a_pause_holds_a_chain(world: World, teams: Teams, lapse: Timelapse) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", 20, persons(ana)))
    about = teams.page(sre)
    world.forward(minutes=5)
    lapse.pause()
    world.forward(hours=50)
    assert world.sms.addresses == []
    assert left(lapse) == (15, "escalation chain: step 2 of 2")
    told = world.story(about).chain
    assert told is not None
    assert told.next_at is not None
    assert timedelta(minutes=14) < told.next_at - clock.now() <= timedelta(minutes=15)
    lapse.resume()
    world.forward(minutes=14, seconds=59)
    assert world.sms.addresses == []
    world.forward(seconds=2)
    assert world.sms.addresses == ["sms:ana"]


def test_waits_and_silences_run_at_the_speed_of_the_plan(
    world: World, teams: Teams, lapse: Timelapse
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("calm", persons(ana), 20, in_turn(bob)))
    lapse.set_speed(60)
    about = teams.page(sre)
    world.forward(seconds=19)
    assert world.sms.addresses == ["sms:ana"]
    world.silence(about, world.alice, 1800)
    world.forward(seconds=29)
    assert world.sms.addresses == ["sms:ana"]
    world.forward(seconds=2)
    assert world.sms.addresses == ["sms:ana", "sms:ana"]
    world.forward(seconds=19)
    lapse.set_speed(1)
    world.forward(seconds=30)
    assert world.sms.addresses == ["sms:ana", "sms:ana", "sms:bob"]


@pytest.mark.parametrize("speed", [1, 60])
def test_how_old_an_alert_is_counts_in_minutes_of_the_plan(
    world: World, teams: Teams, speed: int
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE", ana, bob)
    steps = (5, alerts(0, 10), persons(ana), 10, alerts(0, 10), persons(bob))
    teams.leads(sre, teams.chain("recent", *steps))
    clock.set_speed(speed)
    teams.page(sre)
    world.forward(minutes=60 / speed)
    assert world.sms.addresses == ["sms:ana"]


def test_hours_are_those_of_the_wall_and_waiting_for_them_goes_at_the_plans_speed(
    world: World, teams: Teams, lapse: Timelapse
) -> None:
    ana, bob = world.user("ana", "sms", 60, "phone"), world.user("bob", "sms", 60, "phone")
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("day", hours("08:00", "18:00"), persons(ana), 10, RESOLVE))
    now = clock.now()
    clock.forward(datetime(now.year, now.month, now.day, 7, tzinfo=UTC) + timedelta(days=1) - now)
    lapse.set_speed(60)
    teams.page(sre)
    world.forward(seconds=59)
    assert world.sms.addresses == []
    world.forward(seconds=2)
    assert world.sms.addresses == ["sms:ana"]
    teams.page(sre)
    lapse.pause()
    assert left(lapse)[1] == "escalation chain: step 4 of 4"
    jump(world, lapse)
    minutes, what = left(lapse)
    assert (round(minutes), what) == (50, "escalation chain: step 2 of 4")
    jump(world, lapse)
    assert world.sms.addresses == ["sms:ana", "sms:ana"]
