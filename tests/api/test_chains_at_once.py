"""escalation_chains/: what two do to one chain at the same moment; neither waits for ever."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlmodel import Session

from core import chains, integrations, routes
from core.db import Database
from tests.api.chain_steps import CHAINS, chain, changed, listed, step
from tests.api.service import Client, Service
from tests.api.test_integrations import changed as changed_integration
from tests.api.test_integrations import made as made_integration
from tests.core.test_races import wait_until_blocked
from tests.core.world import World


@pytest.fixture
def crowded(postgresql: Database) -> Iterator[Service]:
    """Many write at once only where a database lets them."""
    with closing(Service(World(postgresql))) as service:
        yield service


def meanwhile(
    service: Service, ask: Callable[[Client], int], *works: Callable[[Session], object]
) -> int:
    """What is answered to a request that comes between the first and the second piece of work."""
    database, client = service.world.db, service.client()
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            works[0](session)
            asked = pool.submit(ask, client)
            wait_until_blocked(database, 1)
            for work in works[1:]:
                work(session)
        return asked.result()


def test_a_chain_is_renamed_while_a_file_is_applied(crowded: Service) -> None:
    """A file takes the names of chains before the chains."""
    kept = chain(crowded, "kept")
    status = meanwhile(
        crowded,
        lambda client: client.put(f"{CHAINS}{kept}/", {"name": "renamed"}).status_code,
        lambda session: chains.make(session, "new"),
        lambda session: chains.hold(session, kept),
    )
    assert status == 200
    names = [each["name"] for each in crowded.client().get(CHAINS).json()["results"]]
    assert names == ["renamed", "new"]


def test_a_chain_is_deleted_while_a_route_is_led_there(crowded: Service) -> None:
    doomed, there = chain(crowded, "doomed"), made_integration(crowded)
    changed_integration(crowded, there, default_route={"escalation_chain_id": doomed})

    def lead(session: Session) -> None:
        integrations.hold(session, there["id"])
        routes.lead_to(session, routes.of_integration(session, there["id"])[-1], doomed)

    def change_the_route(session: Session) -> None:
        route = routes.of_integration(session, there["id"])[-1]
        routes.be_heard_in(session, route, None, enabled=False)

    status = meanwhile(
        crowded,
        lambda client: client.delete(f"{CHAINS}{doomed}/").status_code,
        lead,
        change_the_route,
    )
    assert status == 204
    [route] = crowded.client().get("routes/", integration_id=there["id"]).json()["results"]
    assert (route["escalation_chain_id"], route["slack"]["enabled"]) == (None, False)


def test_a_chain_is_deleted_while_routes_to_it_are_moved(crowded: Service) -> None:
    """One after the other, in another order than the database finds them in."""
    doomed, there = chain(crowded, "doomed"), made_integration(crowded)
    changed_integration(crowded, there, default_route={"escalation_chain_id": doomed})
    asked = {"integration_id": there["id"], "routing_regex": "eu", "escalation_chain_id": doomed}
    crowded.client().post("routes/", asked)

    def disable(session: Session, position: int) -> None:
        integrations.hold(session, there["id"])
        route = routes.of_integration(session, there["id"])[position]
        routes.be_heard_in(session, route, None, enabled=False)

    status = meanwhile(
        crowded,
        lambda client: client.delete(f"{CHAINS}{doomed}/").status_code,
        lambda session: disable(session, 0),
        lambda session: disable(session, 1),
    )
    assert status == 204
    found = crowded.client().get("routes/", integration_id=there["id"]).json()["results"]
    assert [(each["escalation_chain_id"], each["slack"]["enabled"]) for each in found] == [
        (None, False),
        (None, False),
    ]


def test_steps_change_while_somebody_leads_a_route_to_their_chain(crowded: Service) -> None:
    """To lead there is no reason for others to wait."""
    where, there = chain(crowded, "SRE"), made_integration(crowded)
    wait = step(crowded, where, duration=60)
    with crowded.world.db.transaction() as session:
        integrations.hold(session, there["id"])
        routes.lead_to(session, routes.of_integration(session, there["id"])[-1], where)
        assert changed(crowded, wait, duration=600)["duration"] == 600
    assert [each["duration"] for each in listed(crowded, where)] == [600]
