"""teams/: made, named, filled and deleted over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from sqlmodel import col, select

from core.models import AlertGroup, Integration, Role, Route, Team, TeamMember, User
from tests.api.service import Client, Service
from tests.counting import queries

TAKEN = {"name": ["There is a team called SRE already."]}
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NOT_FOUND = {"detail": "Not found."}


def made(service: Service, name: str) -> dict[str, Any]:
    answer = service.client().post("teams/", {"name": name})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [team["name"] for team in answer.json()["results"]]


def usernames(client: Client, team: dict[str, Any]) -> list[str]:
    answer = client.get(f"teams/{team['id']}/members/")
    assert answer.status_code == 200, answer.text
    return [member["username"] for member in answer.json()["results"]]


def test_a_team_lives_and_ends(service: Service) -> None:
    client = service.client()
    team = made(service, "  SRE ")
    assert team == {
        "id": team["id"],
        "grafana_id": 1,
        "name": "SRE",
        "email": "",
        "avatar_url": "",
    }
    assert team["id"].startswith("T")
    for path in (f"teams/{team['id']}/", f"teams/{team['id']}"):
        assert client.get(path).json() == team
    renamed = client.put(f"teams/{team['id']}/", {"name": "Site reliability"})
    assert (renamed.status_code, renamed.json()) == (200, team | {"name": "Site reliability"})
    assert client.get("teams").json() == {
        "count": 1,
        "current_page_number": 1,
        "next": None,
        "page_size": 50,
        "previous": None,
        "results": [renamed.json()],
        "total_pages": 1,
    }
    gone = client.delete(f"teams/{team['id']}/")
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (
        client.get(f"teams/{team['id']}/"),
        client.put(f"teams/{team['id']}/", {"name": "again"}),
        client.delete(f"teams/{team['id']}/"),
        client.get(f"teams/{team['id']}/members/"),
        client.post(f"teams/{team['id']}/members/", {"user_id": service.admin.id}),
    ):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert names(client.get("teams/")) == []
    again = made(service, "Site reliability")
    assert (again["id"] != team["id"], again["grafana_id"]) == (True, 2)


def test_each_team_has_its_direct_paging_integration(service: Service) -> None:
    team = made(service, "SRE")
    mine = select(Integration).where(Integration.pages_for == team["id"])
    with service.world.db.reading() as session:
        integration = session.scalars(mine).one()
        rows = select(Route).where(Route.integration_id == integration.id)
        routes = session.scalars(rows.order_by(col(Route.is_default))).all()
    assert (integration.team_id, integration.name) == (team["id"], "Direct paging (SRE team)")
    assert [(route.routing_regex, route.is_default) for route in routes] == [
        ("{{ payload.oncall.important }}", False),
        (None, True),
    ]
    service.client().put(f"teams/{team['id']}/", {"name": "Ops"})
    with service.world.db.reading() as session:
        assert session.scalars(mine).one().name == "Direct paging (Ops team)"


def test_alert_groups_keep_referring_to_a_deleted_team(service: Service) -> None:
    team = made(service, "SRE")
    group = service.world.escalate(to=[service.add("ana", None, "sms")])
    with service.world.session() as session:
        rows = (
            select(Integration, Route)
            .join(Route, col(Route.integration_id) == col(Integration.id))
            .where(Integration.pages_for == team["id"], col(Route.is_default))
        )
        integration, route = session.execute(rows).one()
        held = session.get_one(AlertGroup, group.id)
        held.integration_id, held.route_id = integration.id, route.id
    assert service.client().delete(f"teams/{team['id']}/").status_code == 204
    assert service.client().get(f"alert_groups/{group.id}/").json()["team_id"] == team["id"]


def test_the_filter_for_names_is_exact(service: Service) -> None:
    for name in ("SRE", "SRE 2", "sre", "%"):
        made(service, name)
    client = service.client()
    assert names(client.get("teams", name="SRE")) == ["SRE"]
    assert names(client.get("teams/", name="SR")) == []
    assert names(client.get("teams/", name="%")) == ["%"]
    assert names(client.get("teams/", name="")) == ["SRE", "SRE 2", "sre", "%"]
    second = client.get("teams/", perpage="3", page="2")
    assert (names(second), second.json()["total_pages"]) == (["%"], 2)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, {"name": ["This field is required."]}),
        ({"name": None}, {"name": ["This field may not be null."]}),
        ({"name": ""}, {"name": ["This field may not be blank."]}),
        ({"name": " \t\n"}, {"name": ["This field may not be blank."]}),
        ({"name": ["SRE"]}, {"name": ["Not a valid string."]}),
        ({"name": True}, {"name": ["Not a valid string."]}),
        ({"name": "x" * 101}, {"name": ["Ensure this field has no more than 100 characters."]}),
        ({"name": "SRE"}, TAKEN),
        ({"name": " SRE "}, TAKEN),
        (
            ["SRE"],
            {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]},
        ),
    ],
)
def test_names_that_cannot_be(small: Service, body: Any, said: Any) -> None:
    made(small, "SRE")
    other = made(small, "x" * 100)
    answer = small.client().post("teams/", body)
    assert (answer.status_code, answer.json()) == (400, said)
    if body == {}:
        unchanged = small.client().put(f"teams/{other['id']}/", body)
        assert (unchanged.status_code, unchanged.json()) == (200, other)
        return
    answer = small.client().put(f"teams/{other['id']}/", body)
    assert (answer.status_code, answer.json()) == (400, said)
    assert names(small.client().get("teams/")) == ["SRE", "x" * 100]


def test_a_team_may_be_given_the_name_it_has(small: Service) -> None:
    team = made(small, "SRE")
    answer = small.client().put(f"teams/{team['id']}/", {"name": "SRE"})
    assert (answer.status_code, answer.json()) == (200, team)


def test_eight_clients_make_teams_of_which_two_share_each_name(service: Service) -> None:
    clients = [Client(service.url, service.token(service.admin, "a")) for _ in range(1)] * 8
    wanted = [f"team {number // 2}" for number in range(24)]

    def make(number: int) -> tuple[int, Any]:
        answer = clients[number % 8].post("teams/", {"name": wanted[number]})
        return answer.status_code, answer.json()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(make, range(24)))
    clients[0].http.close()
    refused = [said for status, said in answers if status == 400]
    assert sorted(status for status, _ in answers) == [201] * 12 + [400] * 12
    assert all(next(iter(said)) == "name" for said in refused)
    with service.world.db.reading() as session:
        teams = session.scalars(select(Team)).all()
        assert sorted(team.number or 0 for team in teams) == list(range(1, 13))
        assert len({team.name for team in teams}) == 12
        assert len(session.scalars(select(Integration)).all()) == 12
        assert len(session.scalars(select(Route)).all()) == 24


def test_members_come_and_go(service: Service) -> None:
    client, team = service.client(), made(service, "SRE")
    ana, bob = service.add("ana"), service.add("bob")
    members = f"teams/{team['id']}/members"
    for user in (bob, ana):
        answer = client.post(f"{members}/", {"user_id": user.id})
        assert (answer.status_code, answer.json()) == (
            201,
            {"user_id": user.id, "username": user.name},
        )
    again = client.post(members, {"user_id": ana.id})
    assert (again.status_code, again.json()) == (200, {"user_id": ana.id, "username": "ana"})
    assert usernames(client, team) == ["ana", "bob"]
    assert client.get(f"users/{ana.id}/").json()["teams"] == [team["id"]]
    service.world.change(bob, is_active=False)
    assert usernames(client, team) == ["ana"]
    for user in (ana, bob):
        assert client.delete(f"{members}/{user.id}/").status_code == 204
        gone = client.delete(f"{members}/{user.id}/")
        assert (gone.status_code, gone.json()) == (404, NOT_FOUND)
    assert usernames(client, team) == []
    assert client.get(f"users/{ana.id}/").json()["teams"] == []


def test_a_deleted_team_has_no_members(service: Service) -> None:
    team, ana = made(service, "SRE"), service.add("ana")
    service.client().post(f"teams/{team['id']}/members/", {"user_id": ana.id})
    service.client().delete(f"teams/{team['id']}/")
    assert service.client().get(f"users/{ana.id}/").json()["teams"] == []
    with service.world.db.reading() as session:
        assert session.scalars(select(TeamMember)).all() == []


@pytest.mark.parametrize("user_id", ["UNOBODY", "ana@example.com", "Trobot", "robot", "gone"])
def test_only_people_become_members(small: Service, user_id: str) -> None:
    team = made(small, "SRE")
    known = {
        "robot": small.add("robot", is_bot=True),
        "gone": small.add("gone", is_active=False),
    }
    said = known[user_id].id if user_id in known else user_id
    answer = small.client().post(f"teams/{team['id']}/members/", {"user_id": said})
    assert (answer.status_code, answer.json()) == (
        400,
        {"user_id": [f"User {said} does not exist"]},
    )


@pytest.mark.parametrize("body", [{}, {"user_id": None}, {"user_id": ["U1"]}, {"user_id": ""}])
def test_a_member_is_named_by_an_id(small: Service, body: Any) -> None:
    team = made(small, "SRE")
    answer = small.client().post(f"teams/{team['id']}/members/", body)
    assert (answer.status_code, list(answer.json())) == (400, ["user_id"])


def test_a_member_added_by_eight_clients_is_there_once(service: Service) -> None:
    team, ana = made(service, "SRE"), service.add("ana")
    client = service.client()

    def add(_: int) -> int:
        return client.post(f"teams/{team['id']}/members/", {"user_id": ana.id}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(add, range(8)))
    assert sorted(answers) == [200] * 7 + [201]
    assert usernames(client, team) == ["ana"]


def test_readers_read_and_admins_write(small: Service) -> None:
    team, admin = made(small, "SRE"), small.admin
    small.client().post(f"teams/{team['id']}/members/", {"user_id": admin.id})
    one = f"teams/{team['id']}"
    for user in (small.add("vera", Role.VIEWER), small.add("edi", Role.EDITOR)):
        client = small.client(user)
        assert names(client.get("teams/")) == ["SRE"]
        assert usernames(client, team) == ["admin"]
        for answer in (
            client.post("teams/", {"name": "Ops"}),
            client.post("teams/", "nothing"),
            client.put(f"{one}/", {"name": "Ops"}),
            client.delete(f"{one}/"),
            client.delete("teams/TNOTHING/"),
            client.post(f"{one}/members/", {"user_id": user.id}),
            client.delete(f"{one}/members/{admin.id}/"),
        ):
            assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    assert names(small.client().get("teams/")) == ["SRE"]


def test_lists_take_as_many_queries_whatever_their_length(small: Service) -> None:
    client, team = small.client(), made(small, "SRE")

    def asked() -> int:
        with queries(small.world.db) as seen:
            assert client.get("teams/").status_code == 200
            assert client.get(f"teams/{team['id']}/members/").status_code == 200
        return len(seen)

    client.post(f"teams/{team['id']}/members/", {"user_id": small.admin.id})
    few = asked()
    with small.world.session() as session:
        for number in range(40):
            session.add(Team(name=f"team {number}"))
            session.add(user := User(username=f"u{number}"))
            session.flush()
            session.add(TeamMember(team_id=team["id"], user_id=user.id))
    assert asked() == few > 0
    assert len(usernames(client, team)) == 41
