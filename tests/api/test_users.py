"""users/: who there is, as clients of the API read it."""

from typing import Any

import pytest

from core.models import Role, Team, TeamMember
from tests.api.service import Service
from tests.counting import queries


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [user["username"] for user in answer.json()["results"]]


def test_somebody_as_clients_know_them(service: Service) -> None:
    ana = service.add("ana", slack_team_id="T1", timezone="Europe/Zurich", is_admin=True)
    with service.world.session() as session:
        team = Team(name="SRE")
        session.add(team)
        session.flush()
        session.add(TeamMember(team_id=team.id, user_id=ana.id))
    short = {
        "id": ana.id,
        "grafana_id": 3,
        "email": "ana@example.com",
        "username": "ana",
        "role": "admin",
        "is_phone_number_verified": False,
    }
    whole = short | {
        "slack": {"user_id": "UANA", "team_id": "T1"},
        "timezone": "Europe/Zurich",
        "teams": [team.id],
    }
    client = service.client(ana)
    for path in (f"users/{ana.id}/", f"users/{ana.id}", "users/current/", "users/current"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, whole), path
    assert client.get("users").json() == {
        "count": 3,
        "current_page_number": 1,
        "next": None,
        "page_size": 100,
        "previous": None,
        "results": [client.get(f"users/{id_}").json() for id_ in everybody(service)],
        "total_pages": 1,
    }
    assert client.get("users/", username="ana", short="true").json()["results"] == [short]


def everybody(service: Service) -> list[str]:
    return [
        service.world.alice.id,
        service.admin.id,
        service.client().get("users/", username="ana").json()["results"][0]["id"],
    ]


def test_somebody_of_whom_little_is_known(small: Service) -> None:
    zoe = small.add("zoe", lacks=["slack", "email"])
    answer = small.client().get(f"users/{zoe.id}").json()
    assert (answer["slack"], answer["email"], answer["timezone"]) == (None, "", "UTC")


def test_bots_and_who_left_are_not_there(service: Service) -> None:
    robot, gone = service.add("robot", is_bot=True), service.add("gone", is_active=False)
    assert names(service.client().get("users/")) == ["alice", "admin"]
    for who in (robot, gone):
        answer = service.client().get(f"users/{who.id}/")
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    assert names(service.client().get("users/", username="gone")) == []


def test_filters_ask_for_the_whole_word_in_any_case(service: Service) -> None:
    service.add("ana")
    service.add("Ünal", email="Ünal@Example.com")
    client = service.client()
    assert names(client.get("users/", username="ANA")) == ["ana"]
    assert names(client.get("users", username="an")) == []
    assert names(client.get("users/", username="an%")) == []
    assert names(client.get("users/", username="Ünal")) == ["Ünal"]
    assert names(client.get("users/", email="ANA@example.COM")) == ["ana"]
    assert names(client.get("users/", email="Ünal@Example.com")) == ["Ünal"]
    assert names(client.get("users/", email="ana@example.com", username="bob")) == []
    assert names(client.get("users/", email="")) == ["alice", "admin", "ana", "Ünal"]


ROLES: dict[str, dict[str, Any]] = {
    "slack-admin": {"is_admin": True},
    "slack-guest": {"is_guest": True},
    "guest-admin": {"is_guest": True, "is_admin": True},
    "given-admin": {"given_role": Role.ADMIN, "is_guest": True},
    "given-editor": {"given_role": Role.EDITOR, "is_admin": True},
    "given-viewer": {"given_role": Role.VIEWER},
    "given-none": {"given_role": Role.NONE, "is_admin": True},
}


def test_the_filter_for_roles_agrees_with_the_roles(service: Service) -> None:
    for name, facts in ROLES.items():
        service.world.user(name, **facts)
    client = service.client()
    found = client.get("users/").json()["results"]
    assert {user["role"] for user in found} == {"admin", "editor", "viewer", "none"}
    for number, role in enumerate(Role):
        fitting = [user["username"] for user in found if user["role"] == role.value]
        assert names(client.get("users/", roles=str(number))) == fitting
        assert names(client.get("users/", roles=role.value.upper())) == fitting
    wanted = [user["username"] for user in found if user["role"] in {"viewer", "none"}]
    assert names(client.get("users/", roles="viewer,3")) == wanted
    assert names(client.get("users/?roles=2&roles=none")) == wanted


@pytest.mark.parametrize("word", ["9", "-1", "owner", "1.0", "admin,owner"])
def test_a_role_that_there_is_not(small: Service, word: str) -> None:
    answer = small.client().get("users/", roles=word)
    wrong = word.removeprefix("admin,")
    said = f"Select a valid choice. {wrong} is not one of the available choices."
    assert (answer.status_code, answer.json()) == (400, {"roles": [said]})


def test_pages_have_a_hundred_people(small: Service) -> None:
    for number in range(120):
        small.world.user(f"u{number}")
    first = small.client().get("users/").json()
    assert (first["count"], first["page_size"], first["total_pages"]) == (122, 100, 2)
    rest = small.client().http.get(first["next"]).json()
    assert [user["username"] for user in rest["results"]] == [f"u{n}" for n in range(98, 120)]


def test_a_list_takes_as_many_queries_whatever_its_length(small: Service) -> None:
    client = small.client()
    with queries(small.world.db) as few:
        assert len(client.get("users/").json()["results"]) == 2
    for number in range(60):
        small.world.user(f"u{number}")
    with queries(small.world.db) as many:
        assert len(client.get("users/").json()["results"]) == 62
    assert len(few) == len(many) > 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_people_come_from_slack_alone(small: Service, method: str) -> None:
    answer = small.client().http.request(method, "/api/v1/users/", json={})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"detail": f'Method "{method}" not allowed.'}


def test_who_may_read(small: Service) -> None:
    viewer, nobody = small.add("vera", Role.VIEWER), small.add("nora", Role.NONE)
    assert small.client(viewer).get("users/").status_code == 200
    answer = small.client(nobody).get("users/")
    said = {"detail": "You do not have permission to perform this action."}
    assert (answer.status_code, answer.json()) == (403, said)


def test_there_is_no_export_of_schedules_yet(small: Service) -> None:
    assert small.client().get(f"users/{small.admin.id}/schedule_export").status_code == 404
