"""Two transactions that need the same rows come to them in the same order: neither waits for ever.

Each story stops one of them half-way until the other one waits, and then goes on.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlmodel import Session, col, select

from core import alert_groups, chains, integrations, people, queue, routes
from core import teams as services
from core.db import Database
from core.matching import Term
from core.models import AlertGroup, Delivery, Route, RoutingType, User
from core.people import SlackProfile
from tests.core.setup.files import applied
from tests.core.teams import Teams, members, persons
from tests.core.test_races import wait_until_blocked
from tests.core.world import World

EU = Term(RoutingType.REGEX, "eu")


@pytest.fixture
def database(postgresql: Database) -> Database:
    """Where many write at once; SQLite's writers line up."""
    return postgresql


@contextmanager
def meanwhile(
    database: Database, work: Callable[[], object], *, begun: Callable[[Session], object]
) -> Iterator[tuple[Session, Future[object]]]:
    """The rest of a transaction that has `begun`, while `work` waits for it."""
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            begun(session)
            other = pool.submit(work)
            wait_until_blocked(database, 1)
            yield session, other
        other.result()


def route(teams: Teams, team_name: str, term: str, chain_id: str | None) -> str:
    """The id of a route of the team's own, before the built-in ones."""
    with teams.world.db.transaction() as session:
        [team] = services.named(session, [team_name])[team_name]
        held = integrations.hold(session, integrations.direct_paging(session, team).id)
        made = routes.add(session, held, term, position=0)
        routes.lead_to(session, made, chain_id)
        return made.id


def default_of(session: Session, about: AlertGroup) -> Route:
    return routes.of_integration(session, about.integration_id)[-1]


def test_a_file_takes_a_route_away_while_its_chain_runs(world: World, teams: Teams) -> None:
    """Whoever runs a chain holds the alert group, and then wants the chain."""
    sre = teams.make("SRE", world.user("ana", "sms"))
    chain = teams.chain("calm", members(sre))
    going = route(teams, "SRE", "db", chain.id)
    about = teams.opened(sre).group
    assert about.route_id == going
    text = "teams: {SRE: {routes: []}}\nchains: {calm: {steps: [wait: 5m]}}"
    with meanwhile(
        world.db,
        lambda: applied(world.db, text),
        begun=lambda session: alert_groups.lock(session, about.id),
    ) as (session, _):
        chains.hold(session, chain.id)
    with world.session() as session:
        taken = session.get_one(AlertGroup, about.id).route_id
        assert taken == default_of(session, about).id
        [step] = chains.steps(session, [chain.id])[chain.id]
        assert step.duration == 300


def test_a_route_and_its_chain_go_while_somebody_pages_that_way(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    going = teams.chain("going", persons(ana))
    way = route(teams, "SRE", "db", going.id)
    teams.leads(sre, teams.chain("staying", persons(bob)))
    with meanwhile(
        world.db,
        lambda: teams.opened(sre),
        begun=lambda session: routes.delete_it(session, routes.hold(session, way)),
    ) as (session, paging):
        chains.delete_it(session, going.id)
    about = paging.result().group  # type: ignore[attr-defined]
    world.drain()
    assert teams.paged(about) == {"bob": "running"}
    with world.session() as session:
        assert about.route_id == default_of(session, about).id


def test_a_page_whose_chain_has_gone_keeps_no_route_but_the_next(
    world: World, teams: Teams
) -> None:
    """Whoever moves routes takes several of them, in whatever order."""
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    going, staying = teams.chain("going", persons(ana)), teams.chain("staying", persons(bob))
    second = route(teams, "SRE", "down", staying.id)
    first = route(teams, "SRE", "db", going.id)

    def move(session: Session, route_id: str) -> None:
        session.scalars(select(Route).where(Route.id == route_id).with_for_update()).one()

    with ThreadPoolExecutor(1) as pool, world.session() as mover:
        move(mover, second)
        with world.session() as session:
            chains.delete_it(session, going.id)
            paging = pool.submit(teams.opened, sre)
            wait_until_blocked(world.db, 1)
        wait_until_blocked(world.db, 1)
        move(mover, first)
    about = paging.result().group
    assert about.route_id == second
    world.drain()
    assert teams.paged(about) == {"bob": "running"}


@pytest.mark.parametrize("by_file", [True, False])
def test_routes_go_while_receipts_of_their_alert_groups_are_written(
    world: World, teams: Teams, by_file: bool
) -> None:
    """Whoever holds several alert groups takes them in the order of their ids."""
    chain, opened = teams.chain("calm", persons(world.user("ana", "sms"))), []
    for name in ["A", "B"] if by_file else ["A"]:
        team, way = teams.make(name), route(teams, name, "db", chain.id)
        opened += [teams.opened(team).group for _ in range(8)]

    def delete() -> None:
        if by_file:
            applied(world.db, "teams: {A: {routes: []}, B: {routes: []}}")
            return
        with world.session() as session:
            routes.delete_it(session, routes.hold(session, way))

    first, *others = sorted(about.id for about in opened)
    with meanwhile(world.db, delete, begun=lambda session: alert_groups.lock(session, first)) as (
        session,
        _,
    ):
        for id_ in others:
            alert_groups.lock(session, id_)
    with world.session() as session:
        for about in opened:
            taken = session.get_one(AlertGroup, about.id).route_id
            assert taken == default_of(session, about).id


def test_a_team_is_renamed_and_its_routes_changed_while_somebody_else_changes_them(
    world: World, teams: Teams
) -> None:
    """The form in Slack does both at once."""
    sre = teams.make("SRE")
    way = route(teams, "SRE", "db", None)

    def change() -> None:
        with world.session() as session:
            routes.decide_by(session, routes.hold(session, way), EU)

    with meanwhile(
        world.db, change, begun=lambda session: services.rename(session, sre.id, "Site")
    ) as (session, _):
        team = services.hold(session, sre.id)
        assert routes.of_team(session, team)[1].is_default
    with world.session() as session:
        assert session.get_one(Route, way).routing_regex == "eu"
        assert [team.name for team in session.scalars(services.LIVING)] == ["Site"]


def test_a_chain_is_renamed_while_somebody_leads_a_route_there_and_makes_another(
    world: World, teams: Teams
) -> None:
    sre, known = teams.make("SRE"), teams.chain("known")

    def rename() -> None:
        with world.session() as session:
            chains.rename(session, chains.hold_to_rename(session, known.id), "renamed")

    with meanwhile(
        world.db,
        rename,
        begun=lambda session: routes.lead_to(session, routes.of_team(session, sre)[1], known.id),
    ) as (session, _):
        chains.make(session, "new")
    with world.session() as session:
        assert {chain.name for chain in session.scalars(chains.CHAINS)} == {"renamed", "new"}


def test_an_integration_is_made_for_a_chain_that_is_deleted(world: World, teams: Teams) -> None:
    """Neither fails; the new route leads nowhere."""
    going = teams.chain("going")

    def make(session: Session) -> None:
        _, made = integrations.make_webhook(session, "Uptime")
        routes.lead_to(session, made, going.id)

    def delete() -> None:
        with world.session() as session:
            chains.delete_it(session, going.id)

    with meanwhile(world.db, delete, begun=make):
        pass
    with world.session() as session:
        assert session.scalars(chains.CHAINS).all() == []
        assert session.scalars(select(Route.escalation_chain_id)).all() == [None]


def test_roles_are_given_by_a_file_while_people_are_read_from_slack(world: World) -> None:
    """Slack lists people in an order of its own."""
    found = [world.user(f"p{number}", slack_team_id="T1") for number in range(6)]
    roles = "\n".join(f"  {user.email}: {{role: admin}}" for user in found)

    def keep(session: Session, user: User) -> None:
        seen = SlackProfile(user.slack_user_id or "", "T1", user.username, "New", user.email)
        people.keep(session, seen)

    *others, last = sorted(found, key=lambda user: user.id)
    with meanwhile(
        world.db,
        lambda: applied(world.db, f"people:\n{roles}"),
        begun=lambda session: keep(session, last),
    ) as (session, _):
        for user in others:
            keep(session, user)
    with world.session() as session:
        kept = [session.get_one(User, user.id) for user in found]
        assert {(user.name, user.role.value) for user in kept} == {("New", "admin")}


def test_a_team_changes_just_before_a_file_changes_it_back(world: World, teams: Teams) -> None:
    """Whoever applies a file holds teams before anything that teams have."""
    ana = world.user("ana", "sms")
    first, second = sorted((teams.make("A"), teams.make("B")), key=lambda team: team.id)
    text = f"teams: {{{first.name}: {{members: [{ana.email}]}}, {second.name}: {{members: []}}}}"
    with ThreadPoolExecutor(2) as pool:
        with world.session() as session:
            services.hold(session, first.id)
            applying = pool.submit(applied, world.db, text)
            wait_until_blocked(world.db, 1)
            with world.session() as other:
                services.add_member(other, second.id, ana)
            with world.session() as other:
                services.hold(other, second.id)
                session.commit()
                wait_until_blocked(world.db, 1)
                integration = integrations.direct_paging(other, second)
                assert integrations.hold(other, integration.id).pages_for == second.id
        assert f"change team {second.name}" in applying.result()


def test_what_did_not_end_is_handed_back_while_receipts_are_written(world: World) -> None:
    """Those that are being written at this moment are left alone."""
    people_ = [world.user(f"p{number}", "sms") for number in range(4)]
    world.escalate(to=people_, drain=False)
    with world.session() as session:
        claimed = queue.claim(session, Delivery, limit=10)
    held = {row.id or 0: row.lease for row in claimed if row.lease}
    with world.session() as session:
        rows = select(Delivery).where(Delivery.id == claimed[-1].id)
        session.scalars(rows.with_for_update()).one()
        with world.session() as other:
            queue.release(other, Delivery, held)
    with world.session() as session:
        left = select(Delivery.id).where(col(Delivery.lease).is_not(None))
        assert session.scalars(left).all() == [claimed[-1].id]
