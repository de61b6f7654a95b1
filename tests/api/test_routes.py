"""routes/: which alerts go which way, made, moved, changed and deleted over HTTP."""

from typing import Any

import httpx2
import pytest

from core.models import AlertGroup, Role
from tests.api.service import Service
from tests.api.test_integrations import OFF, chain, channel, direct, team
from tests.api.test_integrations import made as made_integration
from tests.counting import queries

FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NOT_FOUND = {"detail": "Not found."}
IMPORTANT = "{{ payload.oncall.important }}"


@pytest.fixture
def there(service: Service) -> str:
    """The id of an integration with its default route only."""
    return str(made_integration(service)["id"])


def made(service: Service, integration_id: str, term: str = "eu", **more: Any) -> dict[str, Any]:
    asked = {
        "integration_id": integration_id,
        "escalation_chain_id": None,
        "routing_regex": term,
    }
    answer = service.client().post("routes/", asked | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def changed(service: Service, route: dict[str, Any], **asked: Any) -> dict[str, Any]:
    answer = service.client().put(f"routes/{route['id']}/", asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert service.client().get(f"routes/{route['id']}").json() == found
    return found


def listed(service: Service, **query: str) -> list[dict[str, Any]]:
    answer = service.client().get("routes", **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def terms(service: Service, integration_id: str) -> list[str | None]:
    return [each["routing_regex"] for each in listed(service, integration_id=integration_id)]


def test_a_route_lives_and_ends(service: Service, there: str) -> None:
    client, lead = service.client(), chain(service)
    [default] = listed(service, integration_id=there)
    assert default == {
        "id": default["id"],
        "integration_id": there,
        "escalation_chain_id": None,
        "position": 0,
        "routing_type": default["routing_type"],
        "routing_regex": None,
        "is_the_last_route": True,
        "slack": {"channel_id": None, "enabled": True},
        "telegram": OFF,
        "email": OFF,
        "mobile_app": OFF,
        "mobile_app_critical": OFF,
        "webhook": OFF,
    }
    slack = {"channel_id": channel(service), "enabled": False}
    route = made(service, there, "us-(east|west)", escalation_chain_id=lead, slack=slack)
    assert route == default | {
        "id": route["id"],
        "escalation_chain_id": lead,
        "routing_type": "regex",
        "routing_regex": "us-(east|west)",
        "is_the_last_route": False,
        "slack": slack,
    }
    assert route["id"].startswith("R")
    for path in (f"routes/{route['id']}/", f"routes/{route['id']}"):
        assert client.get(path).json() == route
    assert listed(service, integration_id=there) == [route, default]
    gone = client.delete(f"routes/{route['id']}/")
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (
        client.get(f"routes/{route['id']}/"),
        client.put(f"routes/{route['id']}/", {"routing_regex": "x"}),
        client.delete(f"routes/{route['id']}/"),
    ):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert listed(service, integration_id=there) == [default]


def test_what_is_not_sent_stays(service: Service, there: str) -> None:
    channel(service)
    slack = {"channel_id": "C1SRE", "enabled": True}
    route = made(service, there, escalation_chain_id=chain(service), slack=slack)
    assert changed(service, route) == route
    assert changed(service, route, integration_id="C1", id="R1", is_the_last_route=True) == route
    off = changed(service, route, slack={"enabled": False})
    assert off == route | {"slack": slack | {"enabled": False}}
    none = changed(service, route, slack={"channel_id": None})
    assert none["slack"] == {"channel_id": None, "enabled": False}
    by_id = changed(service, route, slack={"channel_id": "c1sre"})
    assert by_id["slack"] == {"channel_id": "C1SRE", "enabled": False}
    assert changed(service, route, slack=None)["slack"] == {"channel_id": None, "enabled": True}
    assert changed(service, route, escalation_chain_id="")["escalation_chain_id"] is None
    assert changed(service, route, routing_regex="us")["routing_regex"] == "us"
    again = changed(service, route, **route)  # read and sent back
    assert again == route


def test_the_default_route_stays_the_last(service: Service, there: str) -> None:
    client, lead = service.client(), chain(service)
    first = made(service, there)
    default = listed(service, integration_id=there)[-1]
    after = changed(service, default, escalation_chain_id=lead, position=0, manual_order=True)
    assert after == default | {"escalation_chain_id": lead}
    assert changed(service, default, **after) == after
    assert listed(service, integration_id=there) == [first, after]
    answer = client.put(f"routes/{default['id']}/", {"routing_regex": "x"})
    said = "The default route takes what no other route does: it has no term of its own."
    assert (answer.status_code, answer.json()) == (400, {"routing_regex": [said]})
    answer = client.delete(f"routes/{default['id']}/")
    refused = {"detail": "Unable to delete default filter"}
    assert (answer.status_code, answer.json()) == (400, refused)
    assert client.get(f"routes/{default['id']}/").json() == after


def test_routes_are_put_in_order(service: Service, there: str) -> None:
    a, b = made(service, there, "a"), made(service, there, "b")
    made(service, there, "c", position=0)
    assert terms(service, there) == ["c", "a", "b", None]
    made(service, there, "d", position=-1)
    assert changed(service, b, position=1)["position"] == 1
    assert terms(service, there) == ["c", "b", "a", "d", None]
    assert changed(service, a, position=0, manual_order=True)["position"] == 0
    assert terms(service, there) == ["a", "b", "c", "d", None]
    changed(service, a, position=-1)
    assert terms(service, there) == ["b", "c", "d", "a", None]
    assert [each["position"] for each in listed(service, integration_id=there)] == [0, 1, 2, 3, 0]
    service.client().delete(f"routes/{b['id']}/")
    assert [each["position"] for each in listed(service, integration_id=there)] == [1, 2, 3, 0]
    made(service, there, "e", position=2, manual_order=True)
    assert terms(service, there) == ["c", "e", "a", "d", None]


def test_filters(service: Service, there: str) -> None:
    other = made_integration(service, "Other")["id"]
    for integration_id in (there, other):
        made(service, integration_id, "eu")
        made(service, integration_id, "{{ payload.eu }}", routing_type="jinja2")
    assert terms(service, there) == ["eu", "{{ payload.eu }}", None]
    assert [each["integration_id"] for each in listed(service, routing_regex="eu")] == sorted(
        [there, other]
    )
    assert [each["routing_regex"] for each in listed(service, routing_type="regex")] == ["eu"] * 2
    both = listed(service, routing_type="jinja2", integration_id=there)
    assert "{{ payload.eu }}" in [each["routing_regex"] for each in both]
    for query in ({"routing_regex": "e"}, {"routing_type": "labels"}, {"integration_id": "C1"}):
        assert listed(service, **query) == []
    page = service.client().get("routes/").json()
    assert (page["page_size"], page["count"]) == (25, 6)


def test_a_deleted_routes_alert_groups_took_the_default_one(service: Service, there: str) -> None:
    client, route = service.client(), made(service, there)
    default = listed(service, integration_id=there)[-1]
    group = service.world.escalate(to=[service.add("ana", None, "sms")])
    with service.world.session() as session:
        held = session.get_one(AlertGroup, group.id)
        held.integration_id, held.route_id = there, route["id"]
    found = client.get("alert_groups/", route_id=route["id"]).json()["results"]
    assert [each["id"] for each in found] == [group.id]
    assert client.delete(f"routes/{route['id']}/").status_code == 204
    assert client.get(f"alert_groups/{group.id}/").json()["route_id"] == default["id"]


def test_routes_of_direct_paging(service: Service) -> None:
    client, lead = service.client(), chain(service)
    team(service, "SRE")
    integration = direct(service, "Direct paging (SRE team)")["id"]
    important, default = listed(service, integration_id=integration)
    assert (important["routing_regex"], important["routing_type"]) == (IMPORTANT, "jinja2")
    assert important["position"] == 0
    slack = {"channel_id": channel(service), "enabled": True}
    led = changed(service, important, escalation_chain_id=lead, slack=slack)
    assert led == important | {"escalation_chain_id": lead, "slack": slack}
    first = made(service, integration, "database", escalation_chain_id=lead, position=0)
    after = [first, led | {"position": 1}, default]
    assert listed(service, integration_id=integration) == after
    other = "{{ payload.oncall.important or 'db' in payload.oncall.title }}"
    assert changed(service, important, routing_regex=other)["routing_regex"] == other
    assert client.delete(f"routes/{important['id']}/").status_code == 204
    assert terms(service, integration) == ["database", None]


def test_a_team_is_paged_by_its_routes(service: Service) -> None:
    ana, bob = (service.add(name, None, "sms") for name in ("ana", "bob"))
    sre, lead = team(service, "SRE"), chain(service)
    step = {"escalation_chain_id": lead, "type": "notify_persons", "persons_to_notify": [ana.id]}
    assert service.client().post("escalation_policies/", step).status_code == 201
    other = chain(service, "Databases")
    step |= {"escalation_chain_id": other, "persons_to_notify": [bob.id]}
    assert service.client().post("escalation_policies/", step).status_code == 201
    integration = direct(service, "Direct paging (SRE team)")["id"]
    changed(service, listed(service, integration_id=integration)[-1], escalation_chain_id=lead)
    term = "{{ 'db' in payload.oncall.title }}"
    made(service, integration, term, routing_type="jinja2", escalation_chain_id=other)
    for title in ("web is slow", "db is slow"):
        answer = service.client().post("escalation/", {"title": title, "team": sre})
        assert answer.status_code == 200, answer.text
        service.world.drain()
    assert service.world.sms.addresses == ["sms:ana", "sms:bob"]


def test_readers_read_and_admins_write(small: Service) -> None:
    integration = made_integration(small)["id"]
    route = made(small, integration)
    one = f"routes/{route['id']}/"
    for role in (Role.VIEWER, Role.EDITOR):
        client = small.client(small.add(role.value, role))
        answers: list[httpx2.Response] = [
            client.post("routes/", route),
            client.put(one, {"routing_regex": "x"}),
            client.delete(one),
        ]
        for answer in answers:
            assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
        assert client.get("routes/", integration_id=integration).json()["results"][0] == route
    assert small.client().get(one).json() == route


def test_a_list_takes_as_many_queries_whatever_its_length(small: Service) -> None:
    integration = made_integration(small)["id"]

    def asked() -> int:
        with queries(small.world.db) as seen:
            listed(small, integration_id=integration, perpage="100")
        return len(seen)

    few = asked()
    for number in range(24):
        made(small, integration, f"term {number}", routing_type="jinja2")
    assert asked() == few > 0
    assert len(listed(small, integration_id=integration)) == 25
