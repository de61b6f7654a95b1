"""Whom each kind of step pages."""

import pytest

from core import clock
from core import teams as services
from core.models import (
    ChainStep,
    PolicyType,
    SlackChannel,
    SlackChannelMember,
    UserGroup,
    UserGroupMember,
)
from tests.core.teams import (
    CHANNEL,
    Teams,
    group,
    in_turn,
    members,
    persons,
)
from tests.core.world import World

WAIT = ChainStep(PolicyType.WAIT)


def test_a_wait_without_a_duration_takes_five_minutes(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", WAIT, persons(ana)))
    teams.page(sre)
    world.forward(minutes=4, seconds=59)
    assert world.sms.addresses == []
    world.forward(seconds=2)
    assert world.sms.addresses == ["sms:ana"]


def test_persons_are_paged_by_the_rules_that_the_step_asks_for(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    world.rules(bob, "phone", important=True)
    sre = teams.make("SRE", ana, bob)
    chain = teams.chain("loud", persons(ana), persons(bob, important=True))
    teams.leads(sre, chain)
    about = teams.page(sre)
    assert world.sms.addresses == ["sms:ana"]
    assert world.phone.addresses == ["phone:bob"]
    first, second = teams.steps(about)
    assert first == {
        "step": 1,
        "of": 2,
        "type": "notify_persons",
        "important": False,
        "paged": [ana.id],
    }
    assert (second["important"], second["paged"]) == (True, [bob.id])


def test_a_round_robin_goes_on_where_the_last_alert_group_left_it(
    world: World, teams: Teams
) -> None:
    people = [world.user(name, "sms") for name in ("cid", "ana", "bob")]
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("fair", in_turn(*people)))
    for _ in range(5):
        teams.page(sre)
    assert world.sms.addresses == ["sms:cid", "sms:ana", "sms:bob", "sms:cid", "sms:ana"]


def test_a_round_robin_passes_over_who_cannot_be_paged(world: World, teams: Teams) -> None:
    ana, bob, cid = (world.user(name, "sms") for name in ("ana", "bob", "cid"))
    sre = teams.make("SRE")
    chain = teams.chain("fair", in_turn(ana, bob, cid))
    teams.leads(sre, chain)
    teams.page(sre)
    world.change(bob, is_active=False)
    teams.page(sre)
    teams.change(chain, in_turn(ana, bob))  # whose turn it was is not in it any more
    teams.page(sre)
    world.change(bob, is_active=True)
    teams.page(sre)
    assert world.sms.addresses == ["sms:ana", "sms:cid", "sms:ana", "sms:bob"]


def test_a_round_robin_goes_on_after_somebody_who_was_taken_out(world: World, teams: Teams) -> None:
    ana, bob, cid = (world.user(name, "sms") for name in ("ana", "bob", "cid"))
    sre = teams.make("SRE")
    chain = teams.chain("fair", in_turn(ana, bob, cid))
    teams.leads(sre, chain)
    for _ in range(2):
        teams.page(sre)
    teams.change(chain, in_turn(ana, cid))
    teams.page(sre)
    teams.change(chain, in_turn(bob, ana))
    teams.page(sre)
    assert world.sms.addresses == ["sms:ana", "sms:bob", "sms:cid", "sms:bob"]


def test_a_round_robin_of_nobody_says_so_and_the_chain_goes_on(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("fair", in_turn(ana), persons(bob)))
    world.change(ana, is_active=False)
    about = teams.page(sre)
    assert world.sms.addresses == ["sms:bob"]
    assert teams.steps(about)[0]["skipped"] == "nobody is chosen who can be paged"


def test_a_round_robin_step_that_was_deleted_meanwhile_begins_with_the_first(
    world: World, teams: Teams
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    chain = teams.chain("fair", 5, in_turn(ana, bob))
    teams.leads(sre, chain)
    teams.page(sre)
    teams.change(chain, persons(bob))
    world.forward(minutes=6)
    assert world.sms.addresses == ["sms:ana"]


def test_a_round_robin_passes_over_who_was_taken_off(world: World, teams: Teams) -> None:
    ana, bob, cid = (world.user(name, "sms") for name in ("ana", "bob", "cid"))
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("fair", 5, in_turn(ana, bob), 5, in_turn(cid)))
    about = teams.page(sre, ana)
    world.unpage(about, ana)
    world.forward(minutes=6)
    assert world.sms.addresses == ["sms:ana", "sms:bob"]


def test_team_members_are_those_of_the_moment(world: World, teams: Teams) -> None:
    ana, bob, cid, dan = (world.user(name, "sms") for name in ("ana", "bob", "cid", "dan"))
    sre = teams.make("SRE", ana, bob, cid)
    teams.leads(sre, teams.chain("all", 5, members(sre)))
    about = teams.page(sre)
    with world.session() as session:
        services.remove_member(session, sre.id, ana.id)
        services.add_member(session, sre.id, dan)
        services.rename(session, sre.id, "Ops")
    world.change(cid, is_active=False)
    world.forward(minutes=6)
    assert sorted(world.sms.addresses) == ["sms:bob", "sms:dan"]
    assert teams.steps(about)[0]["team"] == "Ops"


@pytest.mark.parametrize("how", ["emptied", "deleted"])
def test_a_team_without_members_is_said_and_the_chain_goes_on(
    world: World, teams: Teams, how: str
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre, ops = teams.make("SRE"), teams.make("Ops", ana)
    teams.leads(sre, teams.chain("all", 5, members(ops), persons(bob)))
    about = teams.page(sre)
    with world.session() as session:
        if how == "deleted":
            services.delete_it(session, ops.id)
        else:
            services.remove_member(session, ops.id, ana.id)
    world.forward(minutes=6)
    assert world.sms.addresses == ["sms:bob"]
    [step, _] = teams.steps(about)
    assert step["skipped"] == "the team has no members, or was deleted"
    assert step.get("team") == (None if how == "deleted" else "Ops")


def test_a_user_group_is_read_when_the_step_runs(world: World, teams: Teams) -> None:
    ana, _ = world.user("ana", "sms"), world.user("bob", "sms")
    oncall = teams.group("oncall", ana)
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("group", 5, group(oncall, important=True)))
    about = teams.page(sre)
    with world.session() as session:
        session.get_one(UserGroup, oncall.id).handle = "first-line"
        for slack_id in ("UBOB", "USTRANGER"):
            session.add(UserGroupMember(user_group_id=oncall.id, slack_user_id=slack_id))
    world.forward(minutes=6)
    assert sorted(world.sms.addresses) == ["sms:ana", "sms:bob"]
    [step] = teams.steps(about)
    assert (step["group"], step["important"]) == ("first-line", True)


def test_a_user_group_that_was_removed_is_said(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    oncall = teams.group("oncall", ana)
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("group", 5, group(oncall), persons(bob)))
    about = teams.page(sre)
    with world.session() as session:
        session.get_one(UserGroup, oncall.id).gone_at = clock.now()
    world.forward(minutes=6)
    assert world.sms.addresses == ["sms:bob"]
    assert teams.steps(about)[0]["skipped"] == "the user group is empty, or was removed in Slack"
    assert "group" not in teams.steps(about)[0]


def test_a_whole_channel_is_everybody_in_it_whom_we_know(world: World, teams: Teams) -> None:
    ana, bob, cid = (world.user(name, "sms") for name in ("ana", "bob", "cid"))
    room = teams.channel("sre", ana, bob, cid)
    with world.session() as session:
        session.add(SlackChannelMember(slack_channel_id=room.id, slack_user_id="USTRANGER"))
    world.change(cid, is_bot=True)
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("channel", CHANNEL), channel=room)
    about = teams.page(sre)
    assert sorted(world.sms.addresses) == ["sms:ana", "sms:bob"]
    [step] = teams.steps(about)
    assert (step["channel"], step["channel_id"], step["important"]) == ("#sre", room.id, False)


def test_a_channel_that_is_gone_is_said_and_the_chain_goes_on(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    room = teams.channel("sre", ana)
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("channel", 5, CHANNEL, persons(bob)), channel=room)
    about = teams.page(sre)
    with world.session() as session:
        session.get_one(SlackChannel, room.id).gone_at = clock.now()
    world.forward(minutes=6)
    assert world.sms.addresses == ["sms:bob"]
    [step, _] = teams.steps(about)
    assert "channel" not in step
    assert step["skipped"] == "the route has no Slack channel with people that Tocsin knows"


def test_a_channel_that_was_not_read_yet_is_not_called_empty(world: World, teams: Teams) -> None:
    bob, room = world.user("bob", "sms"), teams.channel("sre")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("channel", CHANNEL, persons(bob)), channel=room)
    about = teams.page(sre)
    assert world.sms.addresses == ["sms:bob"]
    [step, _] = teams.steps(about)
    assert step["channel_id"] == room.id
    assert (step["skipped"], step["unread"]) == ("Tocsin has not read yet who is in #sre", True)
