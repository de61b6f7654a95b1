"""`Idempotency-Key`: a page that is sent again is made once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from core.models import AlertGroup
from tests.api.pages import asked, page
from tests.api.service import Client, Service

KEY_REUSED = "This Idempotency-Key was used for another request in the last 24 hours."


def send(
    service: Service, body: Any, key: str, path: str = "escalation/", by: Client | None = None
) -> httpx2.Response:
    return (by or service.client()).post(path, body, headers={"Idempotency-Key": key})


def count(service: Service) -> int:
    found: int = service.client().get("alert_groups").json()["count"]
    return found


def test_the_same_again_answers_the_group_as_it_is_now(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    body = asked(ana, title="db down")
    first = send(service, body, "deploy-1").json()
    service.client().post(f"alert_groups/{first['id']}/acknowledge/")
    # Written otherwise, but the same: the order of keys, and the slash.
    again = send(service, dict(reversed(body.items())), "deploy-1", "escalation")
    assert again.status_code == 200
    assert (again.json()["id"], again.json()["state"]) == (first["id"], "acknowledged")
    assert count(service) == 1


def test_it_is_answered_in_the_shape_of_its_path(service: Service) -> None:
    body = asked(service.add("ana"))
    first = send(service, body, "k", "direct_paging/").json()
    assert send(service, body, "k", "direct_paging/").json() == first
    assert set(first) == {"alert_group_id"}


def test_another_path_or_body_is_a_conflict(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    body = asked(ana, title="db down")
    send(service, body, "k")
    others = [
        send(service, body, "k", "direct_paging/"),
        send(service, body | {"title": "db up"}, "k"),
        send(service, body | {"colour": "red"}, "k"),
        send(service, {}, "k"),
    ]
    assert [answer.status_code for answer in others] == [409] * 4
    assert [answer.json() for answer in others] == [{"detail": KEY_REUSED}] * 4
    assert count(service) == 1


def test_a_page_onto_a_group_is_made_once_too(service: Service) -> None:
    ana, bob = service.add("ana", None, "sms"), service.add("bob", None, "sms")
    group = page(service, ana)["id"]
    body = asked(bob, alert_group_id=group)
    send(service, body, "k")
    service.client().post(f"alert_groups/{group}/resolve/")
    again = send(service, body, "k")  # a new one would be refused now
    assert (again.status_code, again.json()["id"]) == (200, group)


def test_the_answer_stands_although_the_people_have_left(service: Service) -> None:
    ana = service.add("ana")
    first = send(service, asked("ana"), "k").json()
    service.world.change(ana, is_active=False)
    assert send(service, asked("ana"), "k").json()["id"] == first["id"]


@pytest.mark.parametrize("onto", [False, True], ids=["new", "onto a group"])
def test_twins_at_the_same_moment_page_once(service: Service, onto: bool) -> None:
    ana, bob = service.add("ana", None, "sms"), service.add("bob", None, "sms")
    body = asked(bob, title="db down")
    if onto:
        body = asked(bob, alert_group_id=page(service, ana)["id"])
    clients = [Client(service.url, service.client().token) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: send(service, body, "k", by=client), clients))
    for client in clients:
        client.http.close()
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count(service) == 1
    service.world.forward(seconds=2)
    assert service.world.sms.addresses.count("sms:bob") == 1


def test_what_it_led_to_was_deleted(service: Service) -> None:
    body = asked(service.add("ana"))
    group = send(service, body, "k").json()["id"]
    with service.world.db.transaction() as session:
        found = session.get_one(AlertGroup, group)
        found.deleted_at = found.created_at
    again = send(service, body, "k")
    assert (again.status_code, again.json()) == (404, {"detail": "Not found."})


def test_a_refused_request_does_not_use_up_its_key(service: Service) -> None:
    assert send(service, asked("ana"), "k").status_code == 400
    service.add("ana")
    assert send(service, asked("ana"), "k").status_code == 200
    assert send(service, asked("ana", title="x"), "k").status_code == 409


def test_keys_are_everybodys_own(service: Service) -> None:
    ana = service.add("ana")
    first = send(service, asked(ana), "k").json()["id"]
    assert send(service, asked(ana), "k", by=service.client(ana)).json()["id"] != first


def test_a_day_later_the_key_is_free(service: Service) -> None:
    ana = service.add("ana")
    first = send(service, asked(ana), "k").json()["id"]
    service.world.skip(seconds=timedelta(hours=24).total_seconds() - 60)
    assert send(service, asked(ana), "k").json()["id"] == first
    service.world.skip(minutes=2)
    second = send(service, asked(ana, title="another"), "k").json()["id"]
    assert second != first
    assert send(service, asked(ana, title="another"), "k").json()["id"] == second


@pytest.mark.parametrize("key", ["", "x" * 256, "ü", "a\tb"])
def test_a_key_that_is_none(small: Service, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode()}
    answer = small.client().http.post("/api/v1/escalation/", json={}, headers=headers)
    assert answer.status_code == 400
    said = "Idempotency-Key: 1 to 255 printable ASCII characters"
    assert answer.json() == {"detail": said}


@pytest.mark.parametrize("key", ["x", "x" * 255, 'a "b" ~!'])
def test_a_key_that_is_one(small: Service, key: str) -> None:
    body = asked(small.add("ana"))
    assert len({send(small, body, key).json()["id"] for _ in range(2)}) == 1
