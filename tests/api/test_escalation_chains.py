"""escalation_chains/: made, named, listed and deleted over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from core.models import Role
from tests.api.service import Client, Service
from tests.core.teams import Teams, persons
from tests.counting import queries

CHAINS = "escalation_chains/"
NOT_UNIQUE = {"non_field_errors": ["The fields organization, name must make a unique set."]}
NO_TEAM = {"team_id": ["Object does not exist"]}
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NOT_FOUND = {"detail": "Not found."}


def made(service: Service, name: str, **more: Any) -> dict[str, Any]:
    answer = service.client().post(CHAINS, {"name": name, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [chain["name"] for chain in answer.json()["results"]]


def test_a_chain_lives_and_ends(service: Service) -> None:
    client, team = service.client(), Teams(service.world).make("SRE")
    chain = made(service, "  Day ", team_id=team.id)
    assert chain == {"id": chain["id"], "name": "Day", "team_id": team.id}
    assert chain["id"].startswith("F")
    for path in (f"{CHAINS}{chain['id']}/", f"{CHAINS}{chain['id']}"):
        assert client.get(path).json() == chain
    renamed = client.put(f"{CHAINS}{chain['id']}/", {"name": "Night"})
    assert (renamed.status_code, renamed.json()) == (200, chain | {"name": "Night"})
    assert client.get(CHAINS).json() == {
        "count": 1,
        "current_page_number": 1,
        "next": None,
        "page_size": 50,
        "previous": None,
        "results": [renamed.json()],
        "total_pages": 1,
    }
    gone = client.delete(f"{CHAINS}{chain['id']}/")
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (
        client.get(f"{CHAINS}{chain['id']}/"),
        client.put(f"{CHAINS}{chain['id']}/", {"name": "x"}),
        client.delete(f"{CHAINS}{chain['id']}/"),
    ):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert made(service, "Night")["id"] != chain["id"]  # its name is free again


def test_they_are_listed_in_the_order_in_which_they_were_made(service: Service) -> None:
    for name in ("Zebra", "ant", "Mouse"):
        made(service, name)
    client = service.client()
    client.put(f"{CHAINS}{client.get(CHAINS).json()['results'][0]['id']}/", {"name": "Yak"})
    assert names(client.get(CHAINS)) == ["Yak", "ant", "Mouse"]
    assert names(client.get(CHAINS, perpage="2", page="2")) == ["Mouse"]


def test_they_are_found_by_name_and_team(service: Service) -> None:
    client, teams = service.client(), Teams(service.world)
    sre, web = teams.make("SRE"), teams.make("Web")
    for name, team_id in (("a", sre.id), ("b", web.id), ("c", None), ("A", sre.id)):
        made(service, name, team_id=team_id)
    assert names(client.get(CHAINS, name="a")) == ["a"]
    assert names(client.get(CHAINS, name="nobody's")) == []
    assert names(client.get(CHAINS, team_id=sre.id)) == ["a", "A"]
    assert names(client.get(CHAINS, team_id=sre.id, name="A")) == ["A"]
    assert names(client.get(CHAINS, team_id="null")) == ["c"]
    assert names(client.get(CHAINS, team_id="TXXXXXXXXXXXX")) == []
    assert names(client.get(CHAINS, name="", team_id="")) == ["a", "b", "c", "A"]


@pytest.mark.parametrize("none", [None, "", "null"])
def test_no_team_is_written_in_three_ways(small: Service, none: str | None) -> None:
    team = Teams(small.world).make("SRE")
    assert made(small, "a", team_id=none)["team_id"] is None
    chain = made(small, "b", team_id=team.id)
    cleared = small.client().put(f"{CHAINS}{chain['id']}/", {"team_id": none})
    assert (cleared.status_code, cleared.json()) == (200, chain | {"team_id": None})


def test_what_is_not_sent_stays(small: Service) -> None:
    sre, web = (Teams(small.world).make(name) for name in ("SRE", "Web"))
    chain = made(small, "a", team_id=sre.id)
    path = f"{CHAINS}{chain['id']}/"
    for body, changed in (
        ({}, {}),
        ({"name": "a"}, {}),
        ({"team_id": web.id}, {"team_id": web.id}),
        ({"name": "b"}, {"name": "b"}),
        ({"id": "FXXXXXXXXXXXX", "colour": "red"}, {}),
    ):
        chain |= changed
        answer = small.client().put(path, body)
        assert (answer.status_code, answer.json()) == (200, chain)


def test_the_chain_of_a_deleted_team_is_nobodys(service: Service) -> None:
    client = service.client()
    team = Teams(service.world).make("SRE")
    chain = made(service, "a", team_id=team.id)
    assert client.delete(f"teams/{team.id}/").status_code == 204
    assert client.get(f"{CHAINS}{chain['id']}/").json() == chain | {"team_id": None}
    assert names(client.get(CHAINS, team_id="null")) == ["a"]
    assert names(client.get(CHAINS, team_id=team.id)) == []
    again = client.put(f"{CHAINS}{chain['id']}/", {"team_id": team.id})
    assert (again.status_code, again.json()) == (400, NO_TEAM)


BLANK = "This field may not be blank."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, {"name": [BLANK]}),
        ({"name": " \n"}, {"name": [BLANK]}),
        ({"name": None}, {"name": ["This field may not be null."]}),
        ({"name": ["a"]}, {"name": ["Not a valid string."]}),
        ({"name": "x" * 101}, {"name": ["Ensure this field has no more than 100 characters."]}),
        ({"name": "taken"}, NOT_UNIQUE),
        ({"name": " taken "}, NOT_UNIQUE),
        ({"name": "b", "team_id": "TXXXXXXXXXXXX"}, NO_TEAM),
        ({"name": "b", "team_id": 7}, NO_TEAM),
        ({"name": "b", "team_id": ["T"]}, NO_TEAM),
        ({"name": "", "team_id": "TX"}, {"name": [BLANK]} | NO_TEAM),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_does_not_fit_is_refused_with_its_reason(
    small: Service, wrong: Any, said: Any
) -> None:
    made(small, "taken")
    chain = made(small, "a")
    for answer in (
        small.client().post(CHAINS, wrong),
        small.client().put(f"{CHAINS}{chain['id']}/", wrong),
    ):
        assert (answer.status_code, answer.json()) == (400, said)
    assert names(small.client().get(CHAINS)) == ["taken", "a"]


def test_a_new_chain_has_a_name(small: Service) -> None:
    answer = small.client().post(CHAINS, {})
    assert (answer.status_code, answer.json()) == (400, {"name": ["This field is required."]})


def test_editors_and_viewers_read_them_and_admins_write_them(small: Service) -> None:
    chain = made(small, "a")
    path = f"{CHAINS}{chain['id']}/"
    for role in (Role.EDITOR, Role.VIEWER, Role.NONE):
        client = small.client(small.add(role.value, role))
        status = 403 if role is Role.NONE else 200
        assert [client.get(each).status_code for each in (CHAINS, path)] == [status] * 2
        for answer in (
            client.post(CHAINS, {"name": "b"}),
            client.put(path, {"name": "b"}),
            client.delete(path),
        ):
            assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    assert names(small.client().get(CHAINS)) == ["a"]


def test_a_list_takes_the_same_queries_whatever_its_length(service: Service) -> None:
    teams = Teams(service.world)
    counts = []
    for round_ in range(2):
        for number in range(10):
            team = teams.make(f"team {round_} {number}")
            made(service, f"chain {round_} {number}", team_id=team.id)
        with queries(service.world.db) as seen:
            found = service.client().get(CHAINS).json()
        assert len(found["results"]) == found["count"] == 10 * (round_ + 1)
        counts.append(len(seen))
    assert counts == [1, 1]


def test_a_name_is_given_once_however_many_ask_for_it(service: Service) -> None:
    token = service.client().token
    other = made(service, "other")

    def ask(number: int) -> int:
        client = Client(service.url, token)
        body = {"name": "SRE"}
        answer = (
            client.put(f"{CHAINS}{other['id']}/", body)
            if number == 0
            else client.post(CHAINS, body)
        )
        client.http.close()
        if answer.status_code == 400:
            assert answer.json() == NOT_UNIQUE
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(ask, range(8)))
    assert statuses[0] in (200, 201)
    assert statuses[1:] == [400] * 7
    assert names(service.client().get(CHAINS)).count("SRE") == 1


def test_a_route_of_a_deleted_chain_leads_nowhere(service: Service) -> None:
    teams, ana = Teams(service.world), service.add("ana", None, "sms")
    team = teams.make("SRE")
    chain = teams.chain("a", persons(ana))
    teams.leads(team, chain)
    body = {"team": team.id, "title": "db down"}
    assert service.client().post("escalation/", body).status_code == 200
    assert service.client().delete(f"{CHAINS}{chain.id}/").status_code == 204
    refused = service.client().post("escalation/", body)
    assert (refused.status_code, set(refused.json())) == (400, {"team"})
    service.world.forward(seconds=2)  # the first page has its copy
    assert service.world.sms.addresses == ["sms:ana"]
