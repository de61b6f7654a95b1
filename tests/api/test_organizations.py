"""organizations/ and info/: whose this installation is, and where."""

from core.db import Database
from core.models import Role
from tests.api.service import Service
from tests.core.world import World


def test_there_is_one_organization_for_good(service: Service) -> None:
    client = service.client(service.add("vera", Role.VIEWER))
    first = client.get("organizations/")
    assert first.status_code == 200, first.text
    id_ = first.json()["results"][0]["id"]
    assert first.json() == {
        "count": 1,
        "current_page_number": 1,
        "next": None,
        "page_size": 25,
        "previous": None,
        "results": [{"id": id_}],
        "total_pages": 1,
    }
    assert (id_[0], len(id_)) == ("O", 13)
    assert set(id_[1:]) <= set("ABCDEFGHIJKLMNPQRSTUVWXYZ123456789")
    service.world.escalate(to=[service.add("ana", None, "sms")])
    for path in ("organizations", f"organizations/{id_}", "organizations/OXXXXXXXXXXXX/"):
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert (found["results"][0] if "results" in found else found) == {"id": id_}


def test_it_is_the_same_when_something_was_paged_before_anybody_asked(service: Service) -> None:
    service.world.escalate(to=[service.add("ana", None, "sms")])
    id_ = service.client().get("organizations/").json()["results"][0]["id"]
    integration = service.client().get("alert_groups/").json()["results"][0]["integration_id"]
    assert id_ == f"O{integration[1:]}"


def test_organizations_are_not_made(small: Service) -> None:
    assert small.client().post("organizations/", {}).status_code == 405
    nobody = small.client(small.add("nora", Role.NONE))
    assert nobody.get("organizations/").status_code == 403
    assert nobody.get("info/").status_code == 403


def test_info_says_where_we_are(small: Service) -> None:
    for path in ("info/", "info"):
        assert small.client().get(path).json() == {"url": small.url}


def test_info_says_the_public_url(sqlite: Database) -> None:
    service = Service(World(sqlite), public_url="https://example.com/tocsin/")
    try:
        assert service.client().get("info/").json() == {"url": "https://example.com/tocsin"}
    finally:
        service.close()
