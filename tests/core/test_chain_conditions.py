"""Steps that hold a chain up, begin it anew or end it; and which chains never get to anybody."""

import pytest

from core import clock, timers
from core.errors import Conflict
from core.models import (
    Alert,
    ChainStep,
    PolicyType,
    State,
    TimerKind,
)
from tests.core.teams import (
    ON_CALL,
    REPEAT,
    RESOLVE,
    WEBHOOK,
    Teams,
    alerts,
    hours,
    persons,
    set_clock,
)
from tests.core.world import World


@pytest.mark.parametrize(
    ("begin", "end", "now", "opens"),
    [
        ("08:00", "18:00", (8, 0), None),
        ("08:00", "18:00", (17, 59), None),
        ("08:00", "18:00", (7, 0), 60),
        ("08:00", "18:00", (18, 1), 13 * 60 + 59),
        ("22:00", "06:00", (23, 0), None),
        ("22:00", "06:00", (5, 59), None),
        ("22:00", "06:00", (6, 30), 15 * 60 + 30),
    ],
)
def test_hours_hold_the_chain_until_they_begin(
    world: World, teams: Teams, begin: str, end: str, now: tuple[int, int], opens: int | None
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("day", hours(begin, end), persons(ana)))
    set_clock(*now)
    about = teams.page(sre)
    if opens is not None:
        assert teams.steps(about)[0]["until"].endswith(f"T{begin}:00+00:00")
        world.forward(minutes=opens - 1)
        assert world.sms.addresses == []
        world.forward(minutes=1, seconds=1)
    assert world.sms.addresses == ["sms:ana"]


@pytest.mark.parametrize(
    "step",
    [
        ChainStep(PolicyType.IF_TIME),
        ChainStep(PolicyType.IF_TIME, time_from="08:00:00Z"),
        ChainStep(PolicyType.IF_ALERTS),
        ChainStep(PolicyType.IF_ALERTS, num_alerts=3),
        ChainStep(PolicyType.IF_ALERTS, num_minutes=3),
    ],
)
def test_a_condition_that_was_never_filled_in_holds_nothing_up(
    world: World, teams: Teams, step: ChainStep
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("half", 5, step, persons(ana)))
    about = teams.page(sre)
    world.forward(minutes=6)
    assert world.sms.addresses == ["sms:ana"]
    assert "skipped" in teams.steps(about)[0]


def test_a_step_for_more_alerts_holds_the_rest_and_the_author_is_told_once(
    world: World, teams: Teams
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("many", persons(ana), alerts(1, 10), persons(bob)))
    about = teams.page(sre)
    assert teams.steps(about)[1]["more_than"] == 1
    assert teams.steps(about)[1]["minutes"] == 10
    world.forward(hours=30)
    assert world.sms.addresses == ["sms:ana"]
    assert teams.events(about).count("unanswered") == 1
    assert "chain_ended" not in teams.events(about)


def test_a_chain_that_was_held_goes_on_when_more_alerts_have_come(
    world: World, teams: Teams
) -> None:
    ana, bob, cid = (world.user(name, "sms") for name in ("ana", "bob", "cid"))
    sre = teams.make("SRE")
    steps = (persons(ana), alerts(1, 10), persons(bob), 5, persons(cid))
    teams.leads(sre, teams.chain("many", *steps))
    about = teams.page(sre)
    with world.session() as session:
        session.add(Alert(alert_group_id=about.id, payload={}))
        timers.put(session, TimerKind.ESCALATION, about.id, about.id, clock.now())
    world.drain()
    assert world.sms.addresses == ["sms:ana", "sms:bob"]
    world.forward(minutes=5)
    assert world.sms.addresses == ["sms:ana", "sms:bob", "sms:cid"]


def test_an_alert_that_is_recent_enough_lets_the_chain_go_on(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    steps = (5, alerts(0, 10), persons(ana), 10, alerts(0, 10), persons(bob))
    teams.leads(sre, teams.chain("one", *steps))
    teams.page(sre)
    world.forward(hours=1)
    assert world.sms.addresses == ["sms:ana"]  # then the alert is 15 minutes old


def test_a_team_whose_chain_never_gets_to_anybody_cannot_be_paged(
    world: World, teams: Teams
) -> None:
    ana = world.user("ana", "sms")
    for name, steps in {
        "more alerts": (alerts(1, 5), persons(ana)),
        "an old alert": (10, alerts(0, 5), persons(ana)),
        "resolved": (RESOLVE, persons(ana)),
        "resolved at once": (persons(ana), RESOLVE),
        "resolved at once, after a wait": (10, persons(ana), WEBHOOK, RESOLVE),
        "resolved at once, after rounds": (persons(ana), REPEAT, RESOLVE),
        "resolved at once, inside of the hours": (persons(ana), hours("08:00", "18:00"), RESOLVE),
        "resolved at once, without hours": (persons(ana), ChainStep(PolicyType.IF_TIME), RESOLVE),
        "an alert of yesterday": (hours("08:00", "18:00"), alerts(0, 5), persons(ana)),
        "only waits": (5, REPEAT),
        "not yet": (ON_CALL, WEBHOOK),
    }.items():
        found = teams.make(name)
        teams.leads(found, teams.chain(name, *steps))
        with pytest.raises(Exception, match="cannot be paged"):
            teams.page(found)


def test_a_chain_starts_over_five_times_and_pages_anew_whose_rules_have_run(
    world: World, teams: Teams
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms", 60, "phone")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("again", persons(ana, bob), 7, REPEAT))
    about = teams.page(sre)
    world.forward(hours=5)
    assert world.sms.addresses.count("sms:ana") == 6
    assert world.sms.addresses.count("sms:bob") == 1  # is being paged all the time
    assert world.phone.addresses == ["phone:bob"]
    repeats = [step for step in teams.steps(about) if step["type"] == "repeat_escalation"]
    assert [step["repeat"] for step in repeats] == [1, 2, 3, 4, 5]
    assert teams.events(about).count("chain_ended") == 1
    assert teams.events(about).count("unanswered") == 1


def test_a_chain_that_starts_over_without_waiting_pages_nobody_twice(
    world: World, teams: Teams
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("again", persons(ana), REPEAT, persons(bob)))
    about = teams.page(sre)
    assert world.sms.addresses == ["sms:ana", "sms:bob"]
    assert teams.events(about).count("chain_ended") == 1


def test_the_last_step_resolves_it_by_nobody(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("end", persons(ana), 10, RESOLVE, persons(bob)))
    about = teams.page(sre)
    world.forward(minutes=9)
    assert world.state(about) is State.FIRING
    world.forward(minutes=2)
    assert world.read(about).resolved_by_id is None
    with pytest.raises(Conflict, match="The escalation chain has already resolved"):
        world.ack(about, world.alice)
    assert world.state(about) is State.RESOLVED
    told = world.story(about)
    assert told.chain is not None
    assert (told.chain.step, told.chain.steps) == (3, 4)
    world.forward(hours=5)
    assert world.sms.addresses == ["sms:ana"]
    assert teams.events(about)[-4:] == ["exhausted", "unanswered", "stepped", "resolved"]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (WEBHOOK, "outgoing webhooks cannot be used yet"),
        (ON_CALL, "schedules cannot be used yet"),
    ],
)
def test_what_does_not_exist_yet_is_said_and_the_chain_goes_on(
    world: World, teams: Teams, step: ChainStep, why: str
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("later", step, persons(ana)))
    about = teams.page(sre)
    assert world.sms.addresses == ["sms:ana"]
    assert teams.steps(about)[0]["skipped"] == why
