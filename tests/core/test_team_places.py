"""Where the alert of a team goes, and what the people in it are told (P12)."""

import pytest

from core.models import Event, Place, Post, PostKind, Purpose
from core.paging import Origin
from core.story import Line
from tests.core.teams import CHANNEL, Teams, persons
from tests.core.world import DEFAULT, INCIDENTS, World

ASKED = Origin(INCIDENTS)
SECRET = Origin("G9SECRET", is_private=True)
SRE = "CSRE"


def told(world: World) -> tuple[str | None, str | None, str | None]:
    """What the author hears: where the alert is, what refused it, and why."""
    [notice] = [each for each in world.slack.sent if each.purpose is Purpose.POSTED]
    return notice.slack_channel, notice.refused_by, notice.refusal


def test_the_teams_channel_comes_first_and_the_author_is_told(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", persons(ana)), channel=teams.channel("sre", ana))
    group = teams.opened(sre, origin=ASKED).group
    world.drain()
    assert world.board.tries[0] == f"post {SRE}"
    assert world.board.message(group.id).slack_channel == SRE
    assert told(world) == (SRE, None, None)
    assert world.shown(group).is_public
    with world.db.reading() as session:
        post = session.get_one(Post, 1)
    assert (post.kind, post.place) == (PostKind.ALERT, Place.ROUTE)


def test_each_route_has_its_channel(small_world: World) -> None:
    world, teams = small_world, Teams(small_world)
    sre = teams.make("SRE", world.alice)
    teams.leads(sre, channel=teams.channel("sre"))
    teams.leads(sre, important=True, channel=teams.channel("loud"))
    calm, urgent = teams.page(sre), teams.page(sre, important=True)
    assert world.board.message(calm.id).slack_channel == SRE
    assert world.board.message(urgent.id).slack_channel == "CLOUD"


@pytest.mark.parametrize(
    ("refused", "tries", "there"),
    [
        ({SRE}, [SRE, INCIDENTS], INCIDENTS),
        ({SRE, INCIDENTS}, [SRE, INCIDENTS, DEFAULT], DEFAULT),
        ({SRE, INCIDENTS, DEFAULT}, [SRE, INCIDENTS, DEFAULT, "UALICE"], "DALICE"),
    ],
)
def test_a_refused_team_channel_leads_to_the_next_place_and_the_author_is_told_why(
    world: World, teams: Teams, refused: set[str], tries: list[str], there: str
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", persons(ana)), channel=teams.channel("sre", ana))
    world.board.refused = refused
    group = teams.opened(sre, origin=ASKED).group
    world.drain()
    assert world.board.tries[: len(tries)] == [f"post {each}" for each in tries]
    assert world.board.message(group.id).slack_channel == there
    assert told(world) == (there, SRE, "is_archived")
    world.forward(seconds=6)  # it waited for the link a moment
    assert world.sms.addresses == ["sms:ana"]


def test_what_was_typed_in_private_goes_to_the_team_but_never_to_the_default_channel(
    world: World, teams: Teams
) -> None:
    sre = teams.make("SRE", world.alice)
    teams.leads(sre, channel=teams.channel("sre"))
    first = teams.opened(sre, origin=SECRET).group
    world.drain()
    assert world.board.message(first.id).slack_channel == SRE
    world.board.refused = {SRE, "G9SECRET"}
    second = teams.opened(sre, origin=SECRET).group
    world.drain()
    assert world.board.message(second.id).slack_channel == "DALICE"
    assert not any(DEFAULT in tried for tried in world.board.tries)


def test_a_private_team_channel_makes_no_links_for_all(small_world: World) -> None:
    world, teams = small_world, Teams(small_world)
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    channel = teams.channel("sre", ana, private=True)
    world.board.private = {channel.id}
    teams.leads(sre, teams.chain("calm", persons(ana)), channel=channel)
    group = teams.page(sre)
    assert world.board.message(group.id).slack_channel == channel.id
    assert not world.shown(group).is_public
    world.forward(seconds=6)
    assert [notice.link for notice in world.sms.pages] == [None]


def test_whoever_the_chain_calls_is_told_so(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("calm", persons(ana)))
    group = teams.opened(sre, bob).group
    world.drain()
    heard = {each.user_name: (each.team, each.by_chain, each.caller) for each in world.sms.pages}
    assert heard == {"ana": ("SRE", True, "alice"), "bob": ("SRE", False, "alice")}
    [ana_paged, bob_paged] = sorted(world.story(group).responders, key=lambda r: r.person.name)
    assert (ana_paged.by_chain, bob_paged.by_chain) == (True, False)


def test_the_author_hears_that_only_a_channel_does(world: World, teams: Teams) -> None:
    sre = teams.make("SRE", world.alice)
    teams.leads(sre, channel=teams.channel("sre"))
    alone = teams.opened(sre, origin=ASKED, important=True).group
    world.drain()
    assert [each.heard_only_in for each in world.slack.sent] == ["#sre"]
    team = world.shown(alone).team
    assert team is not None
    assert (team.name, team.important, team.heard_only_in) == ("SRE", True, "#sre")
    teams.opened(sre, world.user("ana", "sms"), origin=ASKED)
    world.drain()
    assert [each.heard_only_in for each in world.slack.sent] == ["#sre", None]


def calling(lines: list[Line]) -> list[bool]:
    """Of the steps of the chain, whether each has called its channel before."""
    return [bool(each.detail.get("called")) for each in lines if each.event is Event.STEPPED]


def test_a_channel_is_called_once_although_the_thread_is_told_anew(
    world: World, teams: Teams
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("loud", CHANNEL, 5), channel=teams.channel("sre", ana))
    group = teams.page(sre)
    world.thread(group)
    assert calling(world.board.message(group.id).thread) == [False]
    world.board.message(group.id).deleted = True
    world.page(group, world.user("bob", "sms"))  # finds the message gone, and posts it anew
    world.thread(group)
    assert len(world.board.messages) == 2
    assert calling(world.board.message(group.id).thread) == [True]


def test_a_channel_is_not_taken_for_called_where_the_alert_is_not(
    world: World, teams: Teams
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("loud", CHANNEL, 5), channel=teams.channel("sre", ana))
    world.board.refused = {SRE}
    group = teams.page(sre)
    world.thread(group)
    world.board.message(group.id).deleted = True
    world.page(group, world.user("bob", "sms"))
    world.thread(group)
    assert [each.slack_channel for each in world.board.messages] == [DEFAULT, DEFAULT]
    assert calling(world.board.message(group.id).thread) == [False]
