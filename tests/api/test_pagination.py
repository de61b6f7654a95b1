"""Lists in pages: where the next one is, and what is made of numbers that make no sense."""

from collections.abc import Iterator

import pytest

from core.db import Database
from tests.api.service import Service
from tests.core.world import World
from tests.counting import queries

COUNT = 5


@pytest.fixture
def listed(small: Service) -> Service:
    """With some teams."""
    return _filled(small)


@pytest.fixture
def behind_a_proxy(sqlite: Database) -> Iterator[Service]:
    service = _filled(Service(World(sqlite), public_url="https://example.com/oncall/"))
    yield service
    service.close()


def _filled(service: Service) -> Service:
    for number in range(COUNT):
        assert service.client().post("teams/", {"name": f"team {number}"}).status_code == 201
    return service


def _names(service: Service, **query: str) -> list[str]:
    return [team["name"] for team in service.client().get("teams/", **query).json()["results"]]


def test_links_keep_the_query_in_order_and_lead_through_all_pages(listed: Service) -> None:
    page = listed.client().get("teams/", perpage="2", colour="red & blue").json()
    seen = page["results"]
    assert page["previous"] is None
    assert page["next"] == f"{listed.url}/api/v1/teams/?colour=red+%26+blue&page=2&perpage=2"
    while page["next"]:
        page = listed.client().http.get(page["next"]).json()
        seen += page["results"]
    assert sorted(team["name"] for team in seen) == [f"team {number}" for number in range(COUNT)]
    assert (page["count"], page["current_page_number"], page["total_pages"]) == (COUNT, 3, 3)
    assert page["previous"] == f"{listed.url}/api/v1/teams/?colour=red+%26+blue&page=2&perpage=2"
    second = listed.client().http.get(page["previous"]).json()
    assert second["previous"] == f"{listed.url}/api/v1/teams/?colour=red+%26+blue&perpage=2"


def test_of_a_word_that_is_repeated_the_last_one_counts_on_every_page(listed: Service) -> None:
    client = listed.client()
    page = client.http.get("/api/v1/teams/?perpage=3&perpage=2").json()
    assert page["page_size"] == 2
    assert page["next"] == f"{listed.url}/api/v1/teams/?page=2&perpage=3&perpage=2"
    assert client.http.get(page["next"]).json()["page_size"] == 2


def test_links_begin_with_the_public_url_and_its_prefix(behind_a_proxy: Service) -> None:
    page = behind_a_proxy.client().get("teams", perpage="2").json()
    assert page["next"] == "https://example.com/oncall/api/v1/teams/?page=2&perpage=2"


def test_without_a_public_url_they_begin_with_what_the_client_called(listed: Service) -> None:
    client = listed.client()
    headers = {"Host": "pager.example.com"}
    page = client.http.get("/api/v1/teams/?perpage=2", headers=headers).json()
    assert page["next"] == "http://pager.example.com/api/v1/teams/?page=2&perpage=2"


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1.5", "٣", "9" * 30])
def test_a_page_that_is_no_number_is_the_first(listed: Service, page: str) -> None:
    assert _names(listed, perpage="2", page=page) == _names(listed, perpage="2")


@pytest.mark.parametrize("page", ["4", "99", "999999999"])
def test_a_page_past_the_end_is_the_last(listed: Service, page: str) -> None:
    assert _names(listed, perpage="2", page=page) == _names(listed, perpage="2", page="3")


@pytest.mark.parametrize("size", ["0", "-1", "many", "", "9" * 30])
def test_a_size_that_is_no_number_is_the_usual_one(listed: Service, size: str) -> None:
    assert listed.client().get("teams/", perpage=size).json()["page_size"] == 50


def test_a_page_holds_a_hundred_at_most(listed: Service) -> None:
    assert listed.client().get("teams/", perpage="5000").json()["page_size"] == 100


def test_head_says_the_same_without_a_body(listed: Service) -> None:
    whole = listed.client().get("teams/")
    head = listed.client().http.head("/api/v1/teams/")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_notes_take_as_many_queries_whatever_their_number(small: Service) -> None:
    ana = small.add("ana", None, "sms")
    asked = {"title": "db down", "users": [{"id": ana.id, "important": False}]}
    group = small.client().post("escalation/", asked).json()["id"]

    def ask() -> int:
        with queries(small.world.db) as seen:
            assert small.client().get("resolution_notes/").status_code == 200
        return len(seen)

    small.client().post("resolution_notes/", {"alert_group_id": group, "text": "one"})
    with_one = ask()
    for number in range(30):
        note = {"alert_group_id": group, "text": f"note {number}"}
        assert small.client().post("resolution_notes/", note).status_code == 201
    assert ask() == with_one
