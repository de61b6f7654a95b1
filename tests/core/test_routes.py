"""Routes and integrations as services: who waits for whom, and what is left in the end."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session

from core import chains, integrations, paging, reports, routes
from core import teams as team_services
from core.db import Database
from core.errors import Conflict, Gone, Invalid
from core.matching import Term
from core.models import AlertGroup, Integration, Route, RoutingType, Team
from tests.core.teams import Teams, persons
from tests.core.test_races import wait_until_blocked
from tests.core.world import World


def webhook(world: World, name: str = "Checks", team: Team | None = None) -> Integration:
    with world.db.transaction() as session:
        held = team_services.hold(session, team.id) if team else None
        return integrations.make_webhook(session, name, team=held)[0]


def add(world: World, integration: Integration, term: str = "x") -> Route:
    with world.db.transaction() as session:
        held = integrations.hold(session, integration.id)
        return routes.add(session, held, term)


def of(world: World, integration: Integration) -> list[Route]:
    with world.db.reading() as session:
        return list(routes.of_integration(session, integration.id))


class Paging:
    """A team with a route for important pages, on a database where others can be waited for."""

    def __init__(self, database: Database) -> None:
        self.world = World(database)
        teams = Teams(self.world)
        self.ana = self.world.user("ana", "sms")
        self.sre = teams.make("SRE", self.ana)
        teams.leads(self.sre, teams.chain("all", persons(self.ana)), important=True)
        with database.reading() as session:
            direct = integrations.direct_paging(session, self.sre)
            self.important, self.default = routes.of_integration(session, direct.id)

    def escalate(self, session: Session) -> AlertGroup:
        typed = reports.typed("db down")
        return paging.escalate(
            session,
            reports.Report(typed.title, typed.message, important=True),
            [],
            by=self.world.alice,
            ways=self.world.outbox.ways,
            team=session.get_one(Team, self.sre.id),
        ).group

    def page(self) -> AlertGroup:
        with self.world.db.transaction() as session:
            return self.escalate(session)

    def delete(self) -> None:
        with self.world.db.transaction() as session:
            routes.delete_it(session, routes.hold(session, self.important.id))

    def check(self, group: AlertGroup) -> None:
        """It counts as having taken the default route, and ana is paged all the same."""
        with self.world.db.reading() as session:
            assert session.get_one(AlertGroup, group.id).route_id == self.default.id
            assert session.get(Route, self.important.id) is None
        self.world.drain()
        assert self.world.sms.addresses == ["sms:ana"]


def test_a_route_is_deleted_after_the_page_that_is_just_taking_it(postgresql: Database) -> None:
    story = Paging(postgresql)
    with ThreadPoolExecutor(1) as pool:
        with postgresql.transaction() as session:
            group = story.escalate(session)
            assert group.route_id == story.important.id
            deleting = pool.submit(story.delete)
            wait_until_blocked(postgresql, 1)
        deleting.result()
    story.check(group)


def test_a_page_gets_through_while_its_route_is_deleted(postgresql: Database) -> None:
    story = Paging(postgresql)
    with ThreadPoolExecutor(1) as pool:
        with postgresql.transaction() as session:
            routes.delete_it(session, routes.hold(session, story.important.id))
            paging_ = pool.submit(story.page)
            wait_until_blocked(postgresql, 1)
        group = paging_.result()
    story.check(group)


def test_a_route_leads_nowhere_once_its_chain_is_deleted(world: World, teams: Teams) -> None:
    integration, chain = webhook(world), teams.chain("all")
    route = add(world, integration)
    with world.db.transaction() as session:
        routes.lead_to(session, routes.hold(session, route.id), chain.id)
    assert of(world, integration)[0].escalation_chain_id == chain.id
    teams.delete_chain(chain)
    assert of(world, integration)[0].escalation_chain_id is None
    with pytest.raises(Invalid), world.db.transaction() as session:
        routes.lead_to(session, routes.hold(session, route.id), chain.id)
    with pytest.raises(Gone), world.db.transaction() as session:
        chains.hold(session, chain.id)


def test_a_deleted_teams_webhooks_are_nobodys(world: World, teams: Teams) -> None:
    sre = teams.make("SRE")
    integration = webhook(world, team=sre)
    with world.db.reading() as session:
        direct = integrations.direct_paging(session, sre)
    with world.db.transaction() as session:
        team_services.delete_it(session, sre.id)
    with world.db.transaction() as session:
        assert integrations.hold(session, integration.id).team_id is None
        assert session.get_one(Integration, direct.id).team_id == sre.id
        with pytest.raises(Gone):
            integrations.hold(session, direct.id)
        [_, default] = routes.of_integration(session, direct.id)
        with pytest.raises(Gone):
            routes.hold(session, default.id)


def test_direct_paging_keeps_its_name_and_its_place(world: World, teams: Teams) -> None:
    sre = teams.make("SRE")
    with world.db.transaction() as session:
        direct = integrations.direct_paging(session, sre)
        integrations.name_it(session, direct, direct.name, team=sre)
        with pytest.raises(Conflict, match="keeps its team"):
            integrations.name_it(session, direct, "Ours", team=sre)
        with pytest.raises(Conflict, match="keeps its team"):
            integrations.name_it(session, direct, direct.name, team=None)
        with pytest.raises(Conflict, match="cannot be deleted"):
            integrations.delete_it(session, direct)


def test_the_term_decides_and_the_default_route_has_none(world: World) -> None:
    integration = webhook(world)
    route = add(world, integration, "eu")
    assert routes.term(route) == Term(RoutingType.REGEX, "eu")
    wanted = Term(RoutingType.JINJA2, "{{ payload.eu }}")
    with world.db.transaction() as session:
        routes.decide_by(session, routes.hold(session, route.id), wanted)
    first, default = of(world, integration)
    assert (routes.term(first), routes.term(default)) == (wanted, None)
