"""The list of alert groups, its filters, and how one is wiped or deleted."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from core import clock, direct_paging
from core.models import AlertGroup, Role, Team, User
from tests.api.service import Service
from tests.api.test_alert_group_actions import NOBODY, do, opened, read
from tests.counting import queries

EMPTY: dict[str, object] = {
    "count": 0,
    "current_page_number": 1,
    "next": None,
    "page_size": 50,
    "previous": None,
    "results": [],
    "total_pages": 1,
}


def found(service: Service, **query: str) -> list[str]:
    """The ids that the filters leave."""
    answer = service.client().get("alert_groups/", **query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    ids = [group["id"] for group in body["results"]]
    assert body["count"] == len(ids)
    if not ids:
        assert body == EMPTY
    return ids


def test_the_newest_comes_first_on_every_page(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    groups = []
    for _ in range(5):
        groups.append(opened(service, ana))
        service.world.forward(seconds=1)
    groups.reverse()
    assert found(service) == groups
    pages = [service.client().get("alert_groups", perpage="2", page=str(n)) for n in (1, 2, 3, 9)]
    bodies = [page.json() for page in pages]
    assert [[g["id"] for g in body["results"]] for body in bodies] == [
        groups[:2],
        groups[2:4],
        groups[4:],
        groups[4:],
    ]
    assert {body["count"] for body in bodies} == {5}
    assert bodies[0]["next"] == f"{service.url}/api/v1/alert_groups/?page=2&perpage=2"


def test_each_filter_leaves_its_own(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    groups = {state: opened(service, ana) for state in ("new", "acknowledged", "resolved")}
    groups["silenced"] = opened(service, ana)
    do(service, groups["acknowledged"], "acknowledge")
    do(service, groups["resolved"], "acknowledge")
    do(service, groups["resolved"], "resolve")
    do(service, groups["silenced"], "silence")
    for state, group in groups.items():
        assert found(service, state=state) == [group]
        assert found(service, id=group) == [group]
        assert found(service, id=group, state=state) == [group]
    everything = sorted(groups.values())
    assert sorted(found(service, state="")) == everything
    assert sorted(found(service, id="", route_id="", team_id="", started_at="")) == everything
    one = read(service, groups["new"])
    for name in ("integration_id", "route_id"):
        assert sorted(found(service, **{name: one[name]})) == everything
        assert found(service, **{name: NOBODY}) == []
    assert found(service, id=NOBODY) == []


def test_teams_are_told_apart(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    ours, theirs = opened(service, ana), opened(service, ana)
    with service.world.db.transaction() as session:
        team = Team(name="db")
        session.add(team)
        session.flush()
        direct = direct_paging.of(session, team)
        group = session.get_one(AlertGroup, theirs)
        group.integration_id, group.route_id = direct.integration_id, direct.default.route_id
    assert found(service, team_id=team.id) == [theirs]
    assert found(service, team_id="null") == [ours]
    assert found(service, team_id="TXXXXXXXXXXXX") == []
    assert read(service, theirs)["team_id"] == team.id


def test_groups_are_found_by_when_they_began(service: Service) -> None:
    clock.forward(timedelta(seconds=1))
    group = opened(service, service.add("ana", None, "sms"))
    now = clock.now()

    def written(**off: int) -> str:
        return (now + timedelta(**off)).strftime("%Y-%m-%dT%H:%M:%S")

    assert found(service, started_at=f"{written(hours=-1)}_{written(hours=1)}") == [group]
    assert found(service, started_at=f"{written(seconds=2)}_{written(hours=1)}") == []
    assert found(service, started_at=f"{written(hours=-2)}_{written(hours=-1)}") == []
    assert found(service, started_at="2020-01-01T00:00:00_2020-01-02T00:00:00") == []
    assert found(service, started_at="0001-01-01T00:00:00_9999-12-31T23:59:59") == [group]


@pytest.mark.parametrize(
    "said",
    [
        "2020-01-01T00:00:00",
        "2021-01-01T00:00:00_2020-01-01T00:00:00",
        "2020-01-01_2020-01-02",
        "2020-01-01T00:00:00Z_2020-01-02T00:00:00Z",
        "2020-13-01T00:00:00_2020-14-01T00:00:00",
        "a_b",
        "_",
        "2020-01-01T00:00:00_2020-01-02T00:00:00_2020-01-03T00:00:00",
    ],
)
def test_a_range_that_is_none_is_refused(small: Service, said: str) -> None:
    answer = small.client().get("alert_groups", started_at=said)
    assert (answer.status_code, answer.json()) == (400, {"detail": "Invalid range value"})


@pytest.mark.parametrize("said", ["firing", "broken", "NEW", "new,resolved"])
def test_a_state_that_is_none_is_refused(small: Service, said: str) -> None:
    answer = small.client().get("alert_groups/", state=said)
    words = "Must be one of the following: new, acknowledged, resolved, silenced"
    assert (answer.status_code, answer.json()) == (400, {"state": words})


def test_no_label_matches_and_what_is_none_is_ignored(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    assert found(small, label="severity:critical") == []
    assert small.client().get("alert_groups/?label=nonsense&label=k:v").json()["count"] == 0
    for said in ("severity", ":", "a:", ":b", "a:b:c", ""):
        assert found(small, label=said) == [group]


def test_a_list_takes_as_many_queries_for_sixty_as_for_one(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    opened(service, ana)
    service.world.forward(seconds=2)  # it is posted, and has a link
    with queries(service.world.db) as for_one:
        assert len(found(service)) == 1
    for _ in range(59):
        opened(service, ana)
    service.world.forward(seconds=2)
    with queries(service.world.db) as for_sixty:
        assert len(found(service, perpage="100")) == 60
    assert len(for_one) == len(for_sixty) <= 4
    with queries(service.world.db) as for_a_page:
        service.client().get("alert_groups/")
    assert len(for_a_page) == len(for_one) + 1  # the list goes on: it has to be counted


def removed(service: Service, group: str, mode: str, *, by: User | None = None) -> httpx2.Response:
    return service.client(by).delete(f"alert_groups/{group}/", {"mode": mode})


def note(service: Service, group: str, text: str) -> Any:
    body = {"alert_group_id": group, "text": text}
    return service.client().post("resolution_notes/", body).json()


def test_wiping_takes_every_text_and_stops_the_phones(service: Service) -> None:
    ana = service.add("ana", None, "sms", 5, "phone")
    users = [{"id": ana.id, "important": False}]
    asked = {
        "title": "secret title",
        "message": "secret message",
        "source_url": "https://example.com/secret",
        "users": users,
    }
    group = service.client().post("escalation/", asked).json()["id"]
    about = note(service, group, "secret note")
    service.world.forward(seconds=2)
    answer = service.client().delete(f"alert_groups/{group}")  # as clients do: no body
    assert (answer.status_code, answer.content) == (204, b"")
    now = read(service, group)
    assert (now["state"], now["title"], now["last_alert"]["payload"]) == ("resolved", "", {})
    assert now["resolved_by"] == service.admin.id
    assert found(service) == [group]
    for path in (
        "alert_groups/",
        f"alert_groups/{group}/log",
        "alerts/",
        "resolution_notes/",
        f"resolution_notes/{about['id']}/",
    ):
        shown = service.client().get(path)
        assert shown.status_code == 200
        assert "secret" not in shown.text, path
    service.world.forward(hours=1)
    assert service.world.phone.addresses == []
    assert service.world.shown(AlertGroup(id=group)).title == ""  # type: ignore[call-arg]
    log = service.client().get(f"alert_groups/{group}/log").json()
    assert removed(service, group, "wipe").status_code == 204
    assert read(service, group) == now
    assert service.client().get(f"alert_groups/{group}/log").json() == log
    assert [line["event"] for line in log["results"]][-2:] == ["resolved", "wiped"]
    assert do(service, group, "unresolve") == "This alert was wiped: it stays resolved."


def test_what_is_deleted_does_not_exist_any_more(service: Service) -> None:
    ana = service.add("ana", None, "sms", 5, "phone")
    client, key = service.client(), {"Idempotency-Key": "k"}
    asked = {"title": "secret", "users": [{"id": ana.id, "important": False}]}
    group = client.post("escalation/", asked, headers=key).json()["id"]
    about = note(service, group, "text")
    other = opened(service, ana)
    service.world.forward(seconds=2)
    assert removed(service, group, "delete").status_code == 204
    assert found(service) == [other]
    assert found(service, id=group) == []
    assert {alert["alert_group_id"] for alert in client.get("alerts").json()["results"]} == {other}
    assert client.get("alerts", alert_group_id=group).json()["count"] == 0
    assert client.get("resolution_notes").json()["count"] == 0
    gone = [
        client.get(f"alert_groups/{group}/"),
        client.get(f"alert_groups/{group}/log/"),
        client.get(f"alert_groups/{group}/responders/"),
        client.post(f"alert_groups/{group}/responders/", {"users": asked["users"]}),
        client.delete(f"alert_groups/{group}/responders/{ana.id}/"),
        client.post(f"alert_groups/{group}/unresolve"),
        client.post(f"alert_groups/{group}/silence", {"delay": "wrong"}),
        client.get(f"resolution_notes/{about['id']}/"),
        client.put(f"resolution_notes/{about['id']}/", {"text": "x"}),
        client.delete(f"resolution_notes/{about['id']}/"),
        client.post("escalation/", asked, headers=key),
        removed(service, group, "wipe"),
        removed(service, group, "delete"),
    ]
    for answer in gone:
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    again = client.post("escalation/", {"alert_group_id": group, "users": asked["users"]})
    assert again.json() == {"alert_group_id": [f"Alert group {group} does not exist"]}
    service.world.forward(hours=1)
    assert service.world.phone.addresses == ["phone:ana"]  # for the other one
    told = service.world.thread(AlertGroup(id=group))  # type: ignore[call-arg]
    assert told[-2:] == ["resolved by admin", "deleted by admin"]


def test_what_was_wiped_can_be_deleted_too(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    assert small.client().delete(f"alert_groups/{group}/?mode=wipe").status_code == 204
    assert small.client().delete(f"alert_groups/{group}/?mode=delete").status_code == 204
    assert small.client().get(f"alert_groups/{group}").status_code == 404


@pytest.mark.parametrize("mode", ["", "erase", "WIPE", None, 1, ["wipe"], {"a": 1}, True])
def test_a_mode_that_is_none_is_refused(small: Service, mode: object) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    answer = small.client().delete(f"alert_groups/{group}/", {"mode": mode})
    assert (answer.status_code, answer.json()) == (400, {"detail": "Invalid mode"})
    assert read(small, group)["state"] == "firing"


def test_a_mode_comes_in_an_object(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    answer = small.client().delete(f"alert_groups/{group}/", ["wipe"])
    assert answer.status_code == 400
    assert answer.json() == {"detail": "The body must be a dict with `mode`"}
    assert read(small, group)["state"] == "firing"


def test_who_only_reads_removes_nothing(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    viewer = small.add("vera", Role.VIEWER)
    assert removed(small, group, "wipe", by=viewer).status_code == 403
    assert small.client(viewer).get(f"alert_groups/{group}").json()["title"] == "db down"
    assert small.client().delete(f"alert_groups/{NOBODY}").status_code == 404
