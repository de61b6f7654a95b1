"""When a chain has run to its end and nobody has answered, the author is told: once."""

import pytest

from core.channels import ChannelError
from core.models import ChainStep, Purpose
from tests.core.teams import (
    CHANNEL,
    ON_CALL,
    REPEAT,
    RESOLVE,
    WEBHOOK,
    Teams,
    members,
    persons,
)
from tests.core.world import World


def told(world: World) -> list[str]:
    """Whom the bot told in private that nobody has answered."""
    return world.slack.told(Purpose.UNANSWERED)


def test_the_last_page_ends_after_the_chain(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms", 30, "phone")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("short", persons(ana), 10))
    about = teams.page(sre)
    world.forward(minutes=30)
    assert "chain_ended" in teams.events(about)
    assert told(world) == []
    world.forward(hours=5)
    assert told(world) == ["UALICE"]
    assert teams.events(about)[-2:] == ["exhausted", "unanswered"]


def test_the_last_page_ends_before_the_chain(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("long", persons(ana), 60, ON_CALL))
    about = teams.page(sre)
    world.forward(minutes=59)
    assert teams.events(about)[-1] == "exhausted"
    world.forward(hours=5)
    assert teams.events(about)[-3:] == ["stepped", "chain_ended", "unanswered"]
    assert told(world) == ["UALICE"]


@pytest.mark.parametrize("rest", [[24 * 60, RESOLVE, ON_CALL], [60, WEBHOOK, 60], [60]])
def test_what_is_left_of_the_chain_calls_nobody(
    world: World, teams: Teams, rest: list[ChainStep | int]
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("long", persons(ana), *rest))
    about = teams.page(sre)
    world.forward(minutes=6)
    assert teams.events(about)[-2:] == ["exhausted", "unanswered"]
    assert told(world) == ["UALICE"]
    world.forward(hours=30)
    assert teams.events(about)[-1] == ("resolved" if RESOLVE in rest else "chain_ended")
    assert told(world) == ["UALICE"]


def test_a_chain_that_begins_again_calls_somebody(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("again", persons(ana), 60, REPEAT, 60))
    teams.page(sre)
    world.forward(hours=5, minutes=4)
    assert world.sms.addresses == ["sms:ana"] * 6
    assert told(world) == []
    world.forward(minutes=2)
    assert told(world) == ["UALICE"]
    world.forward(hours=5)
    assert told(world) == ["UALICE"]


def test_the_last_page_and_the_chain_end_at_the_same_moment(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms", 5, "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("equal", persons(ana), 10))
    about = teams.page(sre)
    world.skip(minutes=5, seconds=1)
    world.drain()
    world.skip(minutes=30)  # the engine slept: both are due in one look
    world.drain()
    assert sorted(teams.events(about)[-3:]) == ["chain_ended", "exhausted", "unanswered"]
    assert told(world) == ["UALICE"]


def test_a_chain_that_found_nobody_at_all(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("gone", 5, members(sre), 5, persons(ana)))
    about = teams.page(sre)
    world.change(ana, is_active=False)
    world.forward(hours=1)
    assert world.sms.addresses == []
    assert teams.events(about)[-2:] == ["chain_ended", "unanswered"]
    assert [bool(step.get("skipped")) for step in teams.steps(about)] == [True, True]
    assert told(world) == ["UALICE"]


def test_a_chain_whose_people_nothing_can_reach(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms", lacks=["sms", "slack", "email", "phone"])
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("unreachable", persons(ana)))
    about = teams.page(sre)
    world.forward(hours=1)
    assert teams.steps(about)[0]["unreachable"] == [ana.id]
    assert teams.events(about).count("unanswered") == 1
    assert teams.events(about)[-1] == "unanswered"
    assert told(world) == ["UALICE"]


def test_somebody_unreachable_who_is_paged_with_a_team_is_not_the_end(
    world: World, teams: Teams
) -> None:
    ana = world.user("ana", "sms")
    bob = world.user("bob", "sms", lacks=["sms", "slack", "email", "phone"])
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", 5, persons(ana)))
    about = teams.page(sre, bob)
    world.forward(minutes=6)
    assert "unreachable" in teams.events(about)
    assert "unanswered" not in teams.events(about)
    assert told(world) == []
    world.forward(hours=1)
    assert told(world) == ["UALICE"]


def test_every_step_fails_while_the_chain_still_waits(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms", lacks=["slack", "email"])
    world.sms.fail(ChannelError("number does not exist", permanent=True))
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", persons(ana), 10))
    about = teams.page(sre)
    world.forward(minutes=9)
    assert "unreachable" in teams.events(about)
    assert told(world) == ["UALICE"]
    world.forward(minutes=2)
    assert teams.events(about)[-1] == "chain_ended"
    assert told(world) == ["UALICE"]


def test_an_acknowledged_alert_whose_chain_would_have_ended_tells_nobody(
    world: World, teams: Teams
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", persons(ana), 10))
    about = teams.page(sre)
    world.ack(about, ana)
    world.forward(hours=10)
    assert told(world) == []
    assert "chain_ended" not in teams.events(about)


def test_each_round_that_ends_without_an_answer_is_told(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", persons(ana), 10))
    about = teams.page(sre)
    world.forward(hours=1)
    world.ack(about, world.alice)
    world.unack(about, world.alice)
    world.forward(hours=1)
    assert told(world) == ["UALICE", "UALICE"]
    assert teams.events(about).count("unanswered") == 2


def test_a_page_that_ends_after_the_end_of_the_chain_was_told_is_told_too(
    world: World, teams: Teams
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", persons(ana)))
    about = teams.page(sre)
    world.forward(hours=1)
    world.page(about, bob)
    world.forward(hours=1)
    assert teams.events(about).count("unanswered") == 2
    assert teams.events(about).count("chain_ended") == 1


def test_a_team_that_only_a_channel_hears_of(world: World, teams: Teams) -> None:
    room = teams.channel("sre")
    sre = teams.make("SRE")
    teams.leads(sre, None, channel=room)
    opened = teams.opened(sre)
    assert opened.heard_only_in == room.id
    world.forward(hours=1)
    assert teams.events(opened.group) == ["opened"]
    assert world.board.message(opened.group.id).slack_channel == room.id
    with world.session() as session:
        assert session.get_one(type(opened.group), opened.group.id).route_channel == room.id


@pytest.mark.parametrize("known", [True, False])
def test_a_whole_channel_without_anybody_known_is_heard_all_the_same(
    world: World, teams: Teams, known: bool
) -> None:
    ana = world.user("ana", "sms")
    room = teams.channel("sre", *([ana] if known else []))
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("all", CHANNEL), channel=room)
    opened = teams.opened(sre)
    world.forward(hours=1)
    assert (opened.heard_only_in == room.id) is not known
    assert teams.events(opened.group)[-2:] == (
        ["exhausted", "unanswered"] if known else ["chain_ended", "unanswered"]
    )
