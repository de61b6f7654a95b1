"""Alerts over HTTP: listed, filtered, searched."""

import pytest

from core.models import Role
from tests.api.service import Service
from tests.api.test_alert_group_actions import opened
from tests.counting import queries


def page(service: Service, title: str, message: str = "m") -> str:
    ana = service.world.user(f"u{title}", "sms")
    users = [{"id": ana.id, "important": False}]
    asked = {"title": title, "message": message, "users": users}
    return str(service.client().post("escalation/", asked).json()["id"])


def test_alerts_are_listed_and_filtered(service: Service) -> None:
    first = page(service, "one")
    service.world.forward(seconds=1)
    second = page(service, "two")
    alerts = service.client().get("alerts").json()["results"]
    assert [alert["alert_group_id"] for alert in alerts] == [second, first]
    assert set(alerts[0]) == {"id", "alert_group_id", "created_at", "payload"}
    assert alerts[0]["payload"]["oncall"]["title"] == "two"
    for query in ({"id": alerts[1]["id"]}, {"alert_group_id": first}):
        assert service.client().get("alerts/", **query).json()["results"] == alerts[1:]
    assert service.client().get("alerts/", id=first).json()["count"] == 0
    assert service.client().get("alerts/", id="", search="").json()["count"] == 2


@pytest.mark.parametrize(
    ("said", "hits"),
    [
        ("timeout", 1),
        ("TIMEOUT after", 1),
        ("grün", 1),
        ('"title": "db"', 1),
        ('said "no"', 1),
        ("first\nsecond", 1),
        ("100%", 1),
        ("100_", 0),
        ("\\", 1),  # only in how the payload is written down
        ("%", 1),
        ("nothing like it", 0),
        ("x" * 1_000, 0),
    ],
)
def test_a_search_finds_what_the_payload_holds(service: Service, said: str, hits: int) -> None:
    page(service, "db", 'Timeout after 5 s, 100% grün, it said "no"\nfirst\nsecond')
    page(service, "other")
    answer = service.client().get("alerts/", search=said)
    assert answer.json()["count"] == hits


def test_a_search_is_not_without_end(small: Service) -> None:
    answer = small.client().get("alerts/", search="x" * 1_001)
    assert answer.status_code == 400
    assert answer.json() == {"search": ["Ensure this value has at most 1000 characters."]}


def test_alerts_are_there_for_who_reads_and_take_the_same_queries(small: Service) -> None:
    viewer, ana = small.add("vera", Role.VIEWER), small.add("ana", None, "sms")
    opened(small, ana)
    client = small.client(viewer)
    with queries(small.world.db) as for_one:
        assert client.get("alerts").json()["count"] == 1
    for _ in range(9):
        opened(small, ana)
    with queries(small.world.db) as for_ten:
        assert client.get("alerts").json()["count"] == 10
    assert len(for_one) == len(for_ten) == 1
    assert client.get("alerts/A1/").status_code == 404
    assert client.post("alerts").status_code == 405
