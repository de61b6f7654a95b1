"""How often a token may ask."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from sqlalchemy import text

from core import access
from core.access import Caller
from core.config import SettingsError, exactly
from core.db import Database
from core.errors import TooOften
from core.throttle import Throttle
from tests.api.service import Client, Service
from tests.core.world import World

LIMIT = 5
BODY = {"detail": "Request was throttled. Expected available in 60 seconds."}


@pytest.fixture
def counted(database: Database) -> Iterator[Service]:
    """Where each token may ask five times a minute."""
    service = Service(World(database), throttle=Throttle(database, limit=LIMIT).check)
    yield service
    service.close()


def codes(client: Client, times: int) -> list[int]:
    return [client.get("info").status_code for _ in range(times)]


def test_one_too_many_is_told_when_to_come_back(counted: Service) -> None:
    client = counted.client()
    assert codes(client, LIMIT) == [200] * LIMIT
    refused = client.get("info")
    assert refused.status_code == 429
    assert (refused.headers["retry-after"], refused.headers["ratelimit-reset"]) == ("60", "60")
    assert refused.json() == BODY
    counted.world.skip(seconds=45)
    assert client.get("info").headers["retry-after"] == "15"
    counted.world.skip(seconds=15)
    assert codes(client, LIMIT + 1) == [200] * LIMIT + [429]


def test_everything_counts_but_only_for_its_token(counted: Service) -> None:
    client = counted.client()
    answers = [
        client.get("users/UXXXXXXXXXXXX/"),
        client.get("escalation/"),
        client.post("escalation/", {}),
        client.http.post("/api/v1/escalation/", content="x", headers={"Content-Type": "x"}),
        client.get("users/"),
        client.get("escalation/"),
        client.post("escalation/", {}),
    ]
    assert [answer.status_code for answer in answers] == [404, 405, 400, 415, 200, 429, 429]
    assert codes(counted.client(counted.add("ana")), 1) == [200]
    other = Client(counted.url, counted.token(counted.admin, "another"))
    assert codes(other, LIMIT + 1) == [200] * LIMIT + [429]
    other.http.close()


def test_nobody_slips_through_at_the_same_moment(counted: Service) -> None:
    token = counted.client().token
    clients = [Client(counted.url, token) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(chain.from_iterable(pool.map(lambda client: codes(client, 2), clients)))
    for client in clients:
        client.http.close()
    assert sorted(found) == [200] * LIMIT + [429] * (16 - LIMIT)


def caller(service: Service) -> Caller:
    with service.world.db.reading() as session:
        found = access.find(session, service.client().token or "")
    assert found is not None
    return found


def test_processes_that_share_a_database_share_the_count(postgresql: Database) -> None:
    service = Service(World(postgresql))
    who = caller(service)
    processes = [Throttle(postgresql, limit=LIMIT) for _ in range(2)]
    for number in range(LIMIT):
        processes[number % 2].check(who)
    for process in processes:
        with pytest.raises(TooOften) as error:
            process.check(who)
        assert error.value.seconds == 60
    service.close()


def test_a_clock_put_back_locks_nobody_out(database: Database) -> None:
    service = Service(World(database))
    who, throttle = caller(service), Throttle(database, limit=1)
    service.world.skip(minutes=60)
    throttle.check(who)
    service.world.skip(minutes=-60)
    throttle.check(who)
    with pytest.raises(TooOften):
        throttle.check(who)
    service.close()


def test_requests_go_on_when_they_cannot_be_counted(postgresql: Database) -> None:
    service = Service(World(postgresql), throttle=Throttle(postgresql, limit=1).check)
    _rename(postgresql, "token_window", "elsewhere")
    try:
        assert codes(service.client(), 3) == [200] * 3
    finally:
        _rename(postgresql, "elsewhere", "token_window")
    assert codes(service.client(), 2) == [200, 429]
    service.close()


def _rename(database: Database, name: str, new: str) -> None:
    with database.transaction() as session:
        session.execute(text(f"ALTER TABLE {name} RENAME TO {new}"))


def test_nothing_is_no_limit(sqlite: Database) -> None:
    service = Service(World(sqlite), throttle=Throttle(sqlite, limit=0).check)
    assert codes(service.client(), 20) == [200] * 20
    service.close()


def test_the_setting() -> None:
    assert exactly().api_rate_limit == 300
    assert exactly(api_rate_limit=0).api_rate_limit == 0
    for wrong in (-1, "many", 1.5):
        with pytest.raises(SettingsError, match="TOCSIN_API_RATE_LIMIT: "):
            exactly(api_rate_limit=wrong)
