"""Many clients that page at the same moment."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from api.errors import UNAVAILABLE
from core.db import Database
from tests.api.pages import asked
from tests.api.service import Client, Service
from tests.core.world import World


def test_eight_clients_page_at_the_same_moment(service: Service) -> None:
    people = [service.add(f"p{number}", None, "sms") for number in range(8)]
    clients = [Client(service.url, service.client().token) for _ in people]

    def send(number: int) -> list[int]:
        body = asked(people[number], title=f"from {number}")
        return [clients[number].post("escalation/", body).status_code for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        codes = [code for sent in pool.map(send, range(8)) for code in sent]
    for client in clients:
        client.http.close()
    assert codes == [200] * 40
    found = service.client().get("alert_groups", perpage="100").json()
    titles = Counter(group["title"] for group in found["results"])
    assert titles == {f"from {number}": 5 for number in range(8)}
    # The place they belong to was made once, although the first ones came together.
    assert len({(group["integration_id"], group["route_id"]) for group in found["results"]}) == 1
    service.world.forward(seconds=2)
    assert Counter(service.world.sms.addresses) == {f"sms:p{number}": 5 for number in range(8)}


@pytest.fixture
def busy(sqlite_url: str) -> Iterator[Service]:
    """On a database that waits for other writers no longer than the bot's does."""
    database = Database(sqlite_url)
    service = Service(World(database))
    yield service
    service.close()
    database.close()


def test_nobody_is_paged_long_after_the_client_has_given_up(busy: Service) -> None:
    """While another process keeps the database, those in line do not wait for each other."""
    ana = busy.add("ana", None, "sms")
    clients = [Client(busy.url, busy.client().token) for _ in range(8)]
    file = busy.world.db.url.database
    assert file is not None
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        ThreadPoolExecutor(8) as pool,
    ):
        other.execute("BEGIN IMMEDIATE")
        answers = list(pool.map(lambda one: one.post("escalation/", asked(ana)), clients))
        other.execute("ROLLBACK")
    for client in clients:
        client.http.close()
    assert [answer.status_code for answer in answers] == [503] * 8
    assert [answer.json() for answer in answers] == [{"detail": UNAVAILABLE}] * 8
    assert {answer.headers["retry-after"] for answer in answers} == {"1"}
    assert busy.client().get("alert_groups").json()["count"] == 0
