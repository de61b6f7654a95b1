"""routes/: what many do at the same moment; nobody is refused, and the order holds."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from core import routes
from core.db import Database
from core.matching import Term
from core.models import RoutingType
from tests.api.service import Client, Service
from tests.api.test_integrations import chain
from tests.api.test_integrations import made as made_integration
from tests.api.test_routes import listed, made
from tests.core.test_races import wait_until_blocked
from tests.core.world import World


@pytest.fixture
def there(service: Service) -> str:
    """The id of an integration with its default route only."""
    return str(made_integration(service)["id"])


def test_eight_clients_move_routes_at_once(service: Service, there: str) -> None:
    token = service.client().token

    def work(thread: int) -> set[int]:
        chance, client = random.Random(thread), Client(service.url, token)
        mine, statuses = [], set()
        for number in range(4):
            asked = {
                "integration_id": there,
                "escalation_chain_id": None,
                "routing_regex": f"{thread}-{number}",
                "position": chance.choice([0, -1]),
            }
            new = client.post("routes/", asked)
            mine.append(new.json()["id"])
            where = {"position": chance.randrange(20), "manual_order": chance.random() < 0.5}
            moved = client.put(f"routes/{chance.choice(mine)}/", where)
            statuses |= {new.status_code, moved.status_code}
        statuses.add(client.delete(f"routes/{mine.pop()}/").status_code)
        client.http.close()
        return statuses

    with ThreadPoolExecutor(8) as pool:
        assert set().union(*pool.map(work, range(8))) == {200, 201, 204}
    found = listed(service, integration_id=there, perpage="100")
    positions = [each["position"] for each in found[:-1]]
    assert (len(positions), positions) == (24, sorted(set(positions)))
    assert found[-1]["is_the_last_route"] is True


def test_chains_are_deleted_while_routes_are_led_to_them(service: Service, there: str) -> None:
    token, kept = service.client().token, chain(service, "kept")
    doomed = [chain(service, f"chain {number}") for number in range(8)]
    ids = [made(service, there, f"term {number}")["id"] for number in range(4)]
    gone = {"escalation_chain_id": ["There is no such escalation chain."]}

    def lead(thread: int) -> list[object]:
        """What was said other than yes."""
        chance, client = random.Random(thread), Client(service.url, token)
        said = []
        for _ in range(8):
            asked = {
                "escalation_chain_id": chance.choice([kept, *doomed]),
                "position": chance.randrange(4),
            }
            answer = client.put(f"routes/{chance.choice(ids)}/", asked)
            said += [] if answer.status_code == 200 else [answer.json()]
        client.http.close()
        return said

    def remove() -> set[int]:
        client = Client(service.url, token)
        found = {client.delete(f"escalation_chains/{each}/").status_code for each in doomed}
        client.http.close()
        return found

    with ThreadPoolExecutor(5) as pool:
        leading = [pool.submit(lead, thread) for thread in range(4)]
        assert pool.submit(remove).result() == {204}
        refused = [said for each in leading for said in each.result()]
    assert refused == [gone] * len(refused)
    found = listed(service, integration_id=there)
    assert {each["escalation_chain_id"] for each in found} <= {kept, None}
    assert [each["position"] for each in found] == [0, 1, 2, 3, 0]


def test_a_term_that_nobody_tried_is_not_kept(postgresql: Database) -> None:
    """One changes the text while another changes the type: the two together were never tried."""
    with closing(Service(World(postgresql))) as service:
        route = made(service, made_integration(service)["id"], "((", routing_type="jinja2")
        path, client = f"routes/{route['id']}/", service.client()
        with ThreadPoolExecutor(1) as pool:
            with postgresql.transaction() as session:
                held = routes.hold(session, route["id"])
                asked = pool.submit(client.put, path, {"routing_regex": "((("})
                wait_until_blocked(postgresql, 1)
                routes.decide_by(session, held, Term(RoutingType.REGEX, "eu"))
            answer = asked.result()
        said = {"detail": "Somebody else has just changed this route: send it again."}
        assert (answer.status_code, answer.json()) == (400, said)
        now = client.get(path).json()
        assert (now["routing_type"], now["routing_regex"]) == ("regex", "eu")
