"""An alert group's responders over HTTP: listed with how it stands, added, taken off."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core import alert_groups, clock, lifecycle
from core.models import Role, User
from tests.api.service import Service
from tests.api.test_alert_group_actions import NOBODY, do, opened
from tests.counting import queries


def path(group: str) -> str:
    return f"alert_groups/{group}/responders/"


def listed(service: Service, group: str) -> list[Any]:
    answer = service.client().get(path(group))
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["results"]
    return found


def states(service: Service, group: str) -> dict[str, str]:
    return {each["username"]: each["state"] for each in listed(service, group)}


def whom(*users: User, important: bool = False) -> dict[str, Any]:
    return {"users": [{"id": user.id, "important": important} for user in users]}


def test_a_responder_is_shown_with_what_comes_next(service: Service) -> None:
    ana = service.add("ana", None, "sms", 5, "phone")
    group = opened(service, ana)
    now = clock.now()
    service.world.forward(seconds=2)
    [shown] = listed(service, group)
    began = datetime.fromisoformat(shown["started_at"])
    assert abs(began - now) < timedelta(seconds=1)
    assert shown == {
        "user_id": ana.id,
        "username": "ana",
        "name": "ana",
        "important": False,
        "state": "paged",
        "paged_by": service.admin.id,
        "by_chain": False,
        "started_at": shown["started_at"],
        "ended_at": None,
        "next_step": {"at": shown["next_step"]["at"], "type": "notify_by_phone_call"},
    }
    at = datetime.fromisoformat(shown["next_step"]["at"])
    assert abs(at - began - timedelta(minutes=5)) < timedelta(seconds=1)
    service.world.forward(minutes=6)
    [shown] = listed(service, group)
    assert shown["next_step"]["type"] is None  # then nobody has answered
    service.world.forward(minutes=6)
    [shown] = listed(service, group)
    assert (shown["state"], shown["next_step"]) == ("no_answer", None)
    assert shown["ended_at"] is not None


def test_each_ending_has_its_word(service: Service) -> None:
    people = {name: service.add(name, None, "sms") for name in ("ana", "bob", "eva", "max")}
    group = opened(service, *people.values())
    off = service.client().delete(f"{path(group)}{people['bob'].id}/")
    assert (off.status_code, off.content) == (204, b"")
    with service.world.db.transaction() as session:
        held = alert_groups.lock(session, group)
        lifecycle.decline(session, held, by=session.get_one(User, people["eva"].id))
    assert states(service, group) == {
        "ana": "paged",
        "bob": "removed",
        "eva": "declined",
        "max": "paged",
    }
    assert do(service, group, "acknowledge", by=people["ana"]) == ""
    assert states(service, group) == {
        "ana": "acknowledged",
        "bob": "removed",
        "eva": "declined",
        "max": "stopped",
    }


def test_people_are_added_by_id_address_or_name(service: Service) -> None:
    ana, bob, eva = (service.add(name, None, "sms") for name in ("ana", "bob", "eva"))
    group = opened(service, ana)
    body = {
        "users": [
            {"id": "bob@example.com", "important": True},
            {"id": "eva", "important": False},
            {"id": ana.id, "important": False},
        ]
    }
    answer = service.client().post(path(group), body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"] == listed(service, group)
    assert {each["user_id"]: each["important"] for each in listed(service, group)} == {
        ana.id: False,
        bob.id: True,
        eva.id: False,
    }
    service.world.forward(seconds=2)
    assert sorted(service.world.sms.addresses) == ["sms:ana", "sms:bob", "sms:eva"]
    off = service.client().delete(f"{path(group)}{bob.id}")
    assert off.status_code == 204
    assert service.client().post(path(group), whom(bob)).status_code == 200
    assert states(service, group)["bob"] == "paged"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, {"users": ["This field is required."]}),
        ({"users": None}, {"users": ["This field may not be null."]}),
        ({"users": []}, {"users": ["This list may not be empty."]}),
        (
            {"users": "ana"},
            {"users": {"non_field_errors": ['Expected a list of items but got type "str".']}},
        ),
        ({"users": [{"id": "ana"}]}, {"users": [{"important": ["This field is required."]}]}),
        (
            {"users": [{"id": "ana", "important": False}, {"id": "nobody", "important": False}]},
            {"users": [{}, {"non_field_errors": ["User nobody does not exist"]}]},
        ),
    ],
)
def test_what_cannot_be_added_is_refused(small: Service, body: Any, said: Any) -> None:
    ana = small.add("ana", None, "sms")
    group = opened(small, ana)
    answer = small.client().post(path(group), body)
    assert (answer.status_code, answer.json()) == (400, said)
    assert states(small, group) == {"ana": "paged"}


def test_nobody_is_added_to_what_is_resolved(small: Service) -> None:
    ana, bob = small.add("ana", None, "sms"), small.add("bob", None, "sms")
    group = opened(small, ana)
    do(small, group, "resolve")
    answer = small.client().post(path(group), whom(bob))
    assert answer.status_code == 400
    assert answer.json() == {"detail": "Cannot add responders for a resolved alert group"}
    assert states(small, group) == {"ana": "stopped"}


def test_only_a_responder_can_be_taken_off(small: Service) -> None:
    ana, bob = small.add("ana", None, "sms"), small.add("bob", None, "sms")
    group = opened(small, ana)
    assert small.client().delete(f"{path(group)}{ana.id}/").status_code == 204
    for user_id in (ana.id, bob.id, NOBODY, "x"):
        answer = small.client().delete(f"{path(group)}{user_id}/")
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    small.world.forward(minutes=10)
    assert small.world.sms.addresses == []


def test_who_reads_sees_them_and_changes_nothing(small: Service) -> None:
    ana, vera = small.add("ana", None, "sms"), small.add("vera", Role.VIEWER)
    group = opened(small, ana)
    client = small.client(vera)
    assert client.get(path(group)).json()["count"] == 1
    assert client.post(path(group), whom(vera)).status_code == 403
    assert client.delete(f"{path(group)}{ana.id}").status_code == 403
    for answer in (
        client.get(path(NOBODY)),
        small.client().post(path(NOBODY), whom(ana)),
        small.client().delete(f"{path(NOBODY)}{ana.id}"),
    ):
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_twenty_take_as_many_queries_as_one(service: Service) -> None:
    people = [service.add(f"p{n}", None, "sms", 5, "phone") for n in range(20)]
    one, many = opened(service, people[0]), opened(service, *people)
    service.world.forward(seconds=2)
    with queries(service.world.db) as for_one:
        assert len(listed(service, one)) == 1
    with queries(service.world.db) as for_twenty:
        assert len(listed(service, many)) == 20
    assert len(for_one) == len(for_twenty)
