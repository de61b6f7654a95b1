"""Which way a page of a team goes, and which teams can be paged at all (P1)."""

import pytest
from sqlmodel import select

from core import clock, direct_paging, integrations, judging, matching, paging, reports, routes
from core.errors import Invalid
from core.models import AlertGroup, Route, RoutingType, SlackChannel, Team
from tests.core.teams import CHANNEL, Teams, alerts, members, persons
from tests.core.world import World


def route(teams: Teams, team: Team, term: str, kind: RoutingType, chain: str | None) -> None:
    """A route of the team's own, before the built-in ones."""
    with teams.world.db.transaction() as session:
        integration = integrations.direct_paging(session, team)
        held = integrations.hold(session, integration.id)
        made = routes.add(session, held, term, routing_type=kind, position=0)
        routes.lead_to(session, made, chain)


def is_contactable(world: World, team: Team) -> bool:
    with world.session() as session:
        return direct_paging.contactable(session, [team]) != []


def test_a_new_team_cannot_be_paged_and_is_told_what_to_do(world: World, teams: Teams) -> None:
    sre = teams.make("SRE", world.user("ana", "sms"))
    assert not is_contactable(world, sre)
    with pytest.raises(Invalid) as refused:
        teams.page(sre)
    assert refused.value.field == "team"
    assert str(refused.value).startswith(
        "SRE cannot be paged: give its direct paging an escalation chain that calls somebody, "
        "or a Slack channel."
    )
    with world.session() as session:
        assert session.scalars(select(AlertGroup)).all() == []


@pytest.mark.parametrize("important", [True, False])
@pytest.mark.parametrize("on_important", [True, False])
def test_a_route_that_leads_to_nobody_is_passed_over_either_way(
    world: World, teams: Teams, important: bool, on_important: bool
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calls", persons(ana)), important=on_important)
    teams.leads(sre, teams.chain("empty"), important=not on_important)
    about = teams.page(sre, important=important)
    assert world.sms.addresses == ["sms:ana"]
    with world.session() as session:
        taken = session.get_one(Route, about.route_id)
        assert taken.is_default is not on_important


def test_a_channel_is_enough_and_a_chain_elsewhere_does_not_win_over_it(
    world: World, teams: Teams
) -> None:
    ana = world.user("ana", "sms")
    room = teams.channel("sre")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calls", persons(ana)), important=True)
    teams.leads(sre, None, channel=room)
    assert teams.opened(sre).heard_only_in == room.id
    assert teams.opened(sre, important=True).heard_only_in is None


@pytest.mark.parametrize("why", ["gone", "switched off"])
def test_a_channel_that_cannot_be_used_is_none(world: World, teams: Teams, why: str) -> None:
    ana = world.user("ana", "sms")
    room = teams.channel("sre", ana)
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("all", CHANNEL), channel=room)
    assert is_contactable(world, sre)
    with world.session() as session:
        if why == "gone":
            session.get_one(SlackChannel, room.id).gone_at = clock.now()
        else:
            _, default = routes.of_team(session, sre)
            routes.be_heard_in(session, default, room.id, enabled=False)
    assert not is_contactable(world, sre)


def test_who_is_asked_for_must_be_there_now(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("all", members(sre), alerts(3, 5), persons(ana)))
    assert is_contactable(world, sre)
    world.change(ana, is_active=False)
    assert not is_contactable(world, sre)
    world.change(ana, is_active=True, is_bot=True)
    assert not is_contactable(world, sre)


@pytest.mark.parametrize(
    ("term", "kind", "matches"),
    [
        ("db.*down", RoutingType.REGEX, True),
        ('"important": true', RoutingType.REGEX, False),
        ("{{ 'down' in payload.oncall.title }}", RoutingType.JINJA2, True),
        ("  OK\n", RoutingType.JINJA2, True),
        ("1", RoutingType.JINJA2, True),
        ("yes", RoutingType.JINJA2, False),
        ("{{ payload.nothing.at.all }}", RoutingType.JINJA2, False),
        (
            "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}1",
            RoutingType.JINJA2,
            False,
        ),
        ("(a+)+b", RoutingType.REGEX, False),
        ("(", RoutingType.REGEX, False),
    ],
)
def test_routes_of_the_teams_own_are_judged(
    world: World, teams: Teams, term: str, kind: RoutingType, matches: bool
) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "phone")
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("calm", persons(ana)))
    route(teams, sre, term, kind, teams.chain("own", persons(bob)).id)
    teams.opened(sre, message="db is down " + "a" * 60 + "!")
    world.drain()
    assert world.phone.addresses == (["phone:bob"] if matches else [])
    assert world.sms.addresses == ([] if matches else ["sms:ana"])


def test_a_route_of_the_teams_own_that_does_not_match_is_the_last_resort(
    world: World, teams: Teams
) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    route(teams, sre, "never", RoutingType.REGEX, teams.chain("own", persons(ana)).id)
    assert is_contactable(world, sre)
    teams.page(sre)
    assert world.sms.addresses == ["sms:ana"]


def test_routes_that_change_all_the_time_do_not_hold_a_page_up(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    chain = teams.chain("calm", persons(ana))
    teams.leads(sre, chain)
    tried = []

    def attempt(verdicts: judging.Verdicts) -> AlertGroup:
        tried.append(len(verdicts))
        route(teams, sre, f"term {len(tried)}", RoutingType.REGEX, chain.id)
        with world.session() as session:
            return paging.escalate(
                session,
                reports.typed("db down"),
                [],
                by=world.alice,
                ways=world.outbox.ways,
                team=session.get_one(Team, sre.id),
                verdicts=verdicts,
            ).group

    judging.judged(teams.matcher, attempt)
    world.drain()
    assert tried == [0, 1, 2, 3]
    assert world.sms.addresses == ["sms:ana"]


def test_pages_for_no_team_run_the_chain_of_that_integration(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    teams.leads(None, teams.chain("everything", 5, persons(bob)))
    about = teams.page(None, ana)
    assert world.sms.addresses == ["sms:ana"]
    world.forward(minutes=6)
    assert world.sms.addresses == ["sms:ana", "sms:bob"]
    assert teams.events(about).count("chain_started") == 1


def test_terms_are_only_asked_for_when_they_are_needed(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", persons(ana)))
    with world.session() as session:
        direct = direct_paging.of(session, session.get_one(Team, sre.id))
        assert direct_paging.taken(direct, {}, {}, important=True).is_heard
    route(teams, sre, "down", RoutingType.REGEX, None)
    with world.session() as session:
        direct = direct_paging.of(session, session.get_one(Team, sre.id))
    with pytest.raises(judging.Unjudged) as asked:
        direct_paging.taken(direct, {}, {}, important=True)
    assert asked.value.terms == {matching.Term(RoutingType.REGEX, "down")}
