"""Personal notification rules over HTTP: kept, listed, changed, and refused when they are wrong."""

from collections.abc import Mapping
from typing import Any

import pytest

from core.models import NotificationRule, Role, RuleType
from tests.api.service import Client, Service
from tests.counting import queries

RULES = "personal_notification_rules/"


def post_form(client: Client, fields: Mapping[str, str]) -> Any:
    return client.http.post(f"/api/v1/{RULES}", data=dict(fields))


def test_rules_are_made_read_changed_and_deleted(service: Service) -> None:
    ana = service.add("ana")
    mine = service.client(ana)
    first = mine.post(RULES, {"user_id": ana.id, "type": "notify_by_sms"})
    assert first.status_code == 201, first.text
    rule = first.json()
    assert rule == {
        "id": rule["id"],
        "user_id": ana.id,
        "position": 0,
        "important": False,
        "type": "notify_by_sms",
    }
    wait = mine.post(RULES, {"user_id": ana.id, "type": "wait", "position": 0}).json()
    assert (wait["duration"], wait["position"]) == (300, 0)
    listed = mine.get(RULES, user_id=ana.id).json()
    assert [each["id"] for each in listed["results"]] == [wait["id"], rule["id"]]
    changed = mine.put(f"{RULES}{wait['id']}/", {"duration": 60, "position": -1})
    assert changed.json() == wait | {"duration": 60, "position": 1}
    assert mine.get(f"{RULES}{wait['id']}").json() == changed.json()
    gone = mine.delete(f"{RULES}{wait['id']}/")
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (
        mine.get(f"{RULES}{wait['id']}/"),
        mine.put(f"{RULES}{wait['id']}/", {"duration": 60}),
        mine.delete(f"{RULES}{wait['id']}/"),
    ):
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    assert mine.get(RULES, user_id=ana.id).json()["results"] == [rule | {"position": 0}]


def test_what_was_made_over_http_rings_the_phone(small: Service) -> None:
    ana = small.add("ana")
    rules: list[dict[str, Any]] = [
        {"type": "notify_by_phone_call"},
        {"type": "wait", "duration": 60, "position": 0},
        {"type": "notify_by_sms", "position": 0},
    ]
    for rule in rules:
        assert small.client(ana).post(RULES, {"user_id": ana.id} | rule).status_code == 201
    page = {"title": "db down", "users": [{"id": ana.id, "important": False}]}
    small.client().post("escalation/", page)
    small.world.forward(seconds=2)
    assert (small.world.sms.addresses, small.world.phone.addresses) == (["sms:ana"], [])
    small.world.forward(minutes=1)
    assert small.world.phone.addresses == ["phone:ana"]


@pytest.mark.parametrize("type_", [way.value for way in RuleType])
def test_every_type_is_kept(small: Service, type_: str) -> None:
    rule = {"user_id": small.admin.id, "type": type_, "important": True}
    answer = small.client().post(RULES, rule)
    assert answer.status_code == 201
    found = small.client().get(f"{RULES}{answer.json()['id']}/").json()
    assert found == answer.json()
    assert found == rule | {"id": found["id"], "position": 0} | (
        {"duration": 300} if type_ == "wait" else {}
    )


def test_a_change_of_type_sets_or_drops_the_duration(small: Service) -> None:
    client, ana = small.client(), small.add("ana", None, "sms")
    [rule] = client.get(RULES, user_id=ana.id).json()["results"]

    def put(**sent: Any) -> Any:
        return client.put(f"{RULES}{rule['id']}/", sent).json()

    assert put(type="wait", duration=900) == rule | {"type": "wait", "duration": 900}
    assert put() == rule | {"type": "wait", "duration": 900}
    assert put(type="wait") == rule | {"type": "wait", "duration": 300}
    assert put(duration=3600.0) == rule | {"type": "wait", "duration": 3600}
    assert put(type="notify_by_sms") == rule
    assert put(duration=60) == {"duration": "Duration can't be set"}
    assert put(type="notify_by_email", duration=60) == {"duration": "Duration can't be set"}
    assert put(user_id="UXXXXXXXXXXXX", important=True, id="NMINE", colour=1) == rule


def test_a_type_of_a_newer_release_is_shown_and_moved(small: Service) -> None:
    client, ana = small.client(), small.add("ana", None, "sms")
    with small.world.session() as session:
        owl = NotificationRule(user_id=ana.id, position=9, type="notify_by_owl")
        session.add(owl)
        session.flush()
        path = f"{RULES}{owl.id}/"
    assert client.get(path).json()["type"] == "notify_by_owl"
    assert client.put(path, {"position": 0}).json()["position"] == 0
    assert client.put(path, {"duration": 60}).json() == {"duration": "Duration can't be set"}
    assert client.put(path, {"type": "notify_by_owl"}).json() == {"type": "Invalid type"}
    assert client.put(path, {"type": "wait"}).json()["duration"] == 300


def test_rules_change_places_when_asked_to(small: Service) -> None:
    client, ana = small.client(), small.add("ana", None, "sms", 5, "phone")
    [sms, wait, phone] = client.get(RULES, user_id=ana.id).json()["results"]
    answer = client.put(f"{RULES}{sms['id']}/", {"position": 2, "manual_order": True})
    assert answer.json() == sms | {"position": 2}
    listed = client.get(RULES, user_id=ana.id).json()["results"]
    assert [each["id"] for each in listed] == [phone["id"], wait["id"], sms["id"]]
    new = {"user_id": ana.id, "type": "notify_by_email", "position": 0, "manual_order": True}
    made = client.post(RULES, new).json()
    listed = client.get(RULES, user_id=ana.id).json()["results"]
    assert [each["id"] for each in listed] == [made["id"], wait["id"], sms["id"], phone["id"]]


def test_a_form_is_read_like_json(small: Service) -> None:
    form = {
        "user_id": f" {small.admin.id} ",
        "type": "wait",
        "duration": "60",
        "important": "true",
        "position": "4",
        "manual_order": "off",
    }
    answer = post_form(small.client(), form)
    assert answer.status_code == 201, answer.text
    assert answer.json() == {
        "id": answer.json()["id"],
        "user_id": small.admin.id,
        "type": "wait",
        "duration": 60,
        "important": True,
        "position": 4,
    }
    assert post_form(small.client(), form | {"duration": "soon"}).json() == {
        "detail": "Invalid duration format"
    }
    assert post_form(small.client(), form | {"position": "soon"}).json() == {
        "position": ["A valid integer is required."]
    }


def test_lists_are_ordered_filtered_and_cut_into_pages(service: Service) -> None:
    ana, bob = service.add("ana", None, "sms", 5, "phone"), service.add("bob", None, "sms")
    service.world.rules(ana, "email", "sms", important=True)
    client = service.client()
    everything = client.get(RULES).json()
    assert everything["count"] == 6
    order = [
        (each["user_id"], each["important"], each["position"]) for each in everything["results"]
    ]
    assert order == sorted(order)
    urgent = client.get(RULES, important="true").json()["results"]
    assert [(each["user_id"], each["type"]) for each in urgent] == [
        (ana.id, "notify_by_email"),
        (ana.id, "notify_by_sms"),
    ]
    assert client.get(RULES, important="false", user_id=bob.id).json()["count"] == 1
    page = client.get(RULES, user_id=ana.id, perpage="2", page="2", colour="red").json()
    url = f"{service.url}/api/v1/{RULES}?colour=red&"
    assert [each["type"] for each in page["results"]] == ["notify_by_phone_call", "notify_by_email"]
    assert page | {"results": None} == {
        "count": 5,
        "next": f"{url}page=3&perpage=2&user_id={ana.id}",
        "previous": f"{url}perpage=2&user_id={ana.id}",
        "results": None,
        "current_page_number": 2,
        "page_size": 2,
        "total_pages": 3,
    }
    beyond = client.get(RULES, user_id=ana.id, perpage="2", page="999999999").json()
    assert (beyond["count"], beyond["current_page_number"], len(beyond["results"])) == (5, 3, 1)
    far = client.get(RULES, user_id=ana.id, perpage="100", page="999999999").json()
    assert (far["current_page_number"], len(far["results"])) == (1, 5)
    after = client.get(RULES, user_id=ana.id, perpage="5", page="2").json()
    assert (after["current_page_number"], len(after["results"])) == (1, 5)
    exact = client.get(RULES, user_id=ana.id, perpage="5").json()
    assert (exact["count"], exact["next"], exact["total_pages"]) == (5, None, 1)


def test_a_list_is_one_query_and_an_empty_one_two(small: Service) -> None:
    ana, nobody = small.add("ana", None, *["sms", 5] * 10), small.add("nobody")
    client = small.client()
    for user_id, asked in ((ana.id, 1), (nobody.id, 2)):
        with queries(small.world.db) as seen:
            assert client.get(RULES, user_id=user_id).status_code == 200
        assert len(seen) == asked, seen


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_everybody_writes_their_own_rules_and_reads_all(small: Service, role: Role) -> None:
    ana, bob = small.add("ana", role, "sms"), small.add("bob", None, "sms")
    client = small.client(ana)
    [mine] = client.get(RULES, user_id=ana.id).json()["results"]
    [his] = client.get(RULES, user_id=bob.id).json()["results"]
    assert client.get(f"{RULES}{his['id']}/").json() == his
    path = f"{RULES}{his['id']}/"
    for answer in (
        client.post(RULES, {"user_id": bob.id, "type": "nonsense", "position": "x"}),
        client.post(RULES, {"user_id": "UXXXXXXXXXXXX", "type": "wait"}),
        client.put(path, {"type": "nonsense"}),
        client.delete(path),
    ):
        said = "You do not have permission to perform this action."
        assert (answer.status_code, answer.json()) == (403, {"detail": said})
    assert client.get(path).json() == his
    assert client.put(f"{RULES}NXXXXXXXXXXXX/", {}).status_code == 404
    assert client.post(RULES, {"user_id": ana.id, "type": "wait"}).status_code == 201
    assert client.put(f"{RULES}{mine['id']}/", {"type": "wait"}).json()["duration"] == 300
    assert client.delete(f"{RULES}{mine['id']}/").status_code == 204
    assert small.client().put(path, {"type": "wait"}).status_code == 200


def test_without_a_role_nothing_is_shown(small: Service) -> None:
    who = small.add("nobody", Role.NONE)
    nobody, new = small.client(who), {"user_id": who.id, "type": "wait"}
    for answer in (nobody.get(RULES), nobody.post(RULES, new), nobody.delete(f"{RULES}NX/")):
        assert answer.status_code == 403
