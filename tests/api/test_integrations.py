"""integrations/: direct paging and webhooks, listed, made, changed and deleted over HTTP."""

from typing import Any

import httpx2
from sqlmodel import select

from core.db import Database
from core.models import Route, SlackChannel
from tests.api.service import Service
from tests.core.world import World
from tests.counting import queries

NOT_FOUND = {"detail": "Not found."}
OFF = {"id": None, "enabled": False}
TITLE = {"title": None}
TEXT = {"title": None, "message": None}
MESSAGE = {"title": None, "message": None, "image_url": None}
DEFAULTS: dict[str, Any] = {
    "grouping_key": None,
    "resolve_signal": None,
    "acknowledge_signal": None,
    "source_link": None,
    "slack": MESSAGE,
    "web": MESSAGE,
    "telegram": MESSAGE,
    "msteams": MESSAGE,
    "sms": TITLE,
    "phone_call": TITLE,
    "email": TEXT,
    "mobile_app": TEXT,
}


def made(service: Service, name: str = "Uptime", **more: Any) -> dict[str, Any]:
    answer = service.client().post("integrations/", {"type": "webhook", "name": name} | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def changed(service: Service, integration: dict[str, Any], **asked: Any) -> dict[str, Any]:
    answer = service.client().put(f"integrations/{integration['id']}/", asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert service.client().get(f"integrations/{integration['id']}").json() == found
    return found


def names(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["results"]]


def team(service: Service, name: str) -> str:
    answer = service.client().post("teams/", {"name": name})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def chain(service: Service, name: str = "Everybody") -> str:
    answer = service.client().post("escalation_chains/", {"name": name})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def channel(service: Service, id_: str = "C1SRE", **facts: Any) -> str:
    with service.world.session() as session:
        session.add(SlackChannel(id=id_, name=id_.lower(), **facts))
    return id_


def direct(service: Service, name: str) -> dict[str, Any]:
    found = service.client().get("integrations/", name=name).json()["results"]
    assert len(found) == 1
    one: dict[str, Any] = found[0]
    return one


def test_a_webhook_integration_lives_and_ends(service: Service) -> None:
    client = service.client()
    integration = made(service, "  Uptime checks ")
    link = integration["link"]
    assert integration == {
        "id": integration["id"],
        "name": "Uptime checks",
        "description_short": None,
        "team_id": None,
        "link": link,
        "inbound_email": None,
        "type": "webhook",
        "default_route": {
            "id": integration["default_route"]["id"],
            "escalation_chain_id": None,
            "slack": {"channel_id": None, "enabled": True},
            "telegram": OFF,
            "email": OFF,
            "mobile_app": OFF,
            "mobile_app_critical": OFF,
            "webhook": OFF,
        },
        "templates": DEFAULTS,
        "heartbeat": {"link": f"{link}heartbeat/"},
        "maintenance_mode": None,
        "maintenance_started_at": None,
        "maintenance_end_at": None,
    }
    assert integration["id"].startswith("C")
    start, token, end = link.rpartition("/")[0].rpartition("/")[0], link.split("/")[-2], link[-1]
    assert (start, end) == (f"{service.url}/integrations/v1/webhook", "/")
    assert len(token) >= 32
    for path in (f"integrations/{integration['id']}/", f"integrations/{integration['id']}"):
        assert client.get(path).json() == integration
    assert client.get("integrations/", name="Uptime checks").json()["results"] == [integration]
    renamed = changed(service, integration, name="Checks")
    assert renamed == integration | {"name": "Checks"}
    gone = client.delete(f"integrations/{integration['id']}/")
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (
        client.get(f"integrations/{integration['id']}/"),
        client.put(f"integrations/{integration['id']}/", {"name": "again"}),
        client.delete(f"integrations/{integration['id']}/"),
        client.get(f"routes/{integration['default_route']['id']}/"),
    ):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    with service.world.db.reading() as session:
        rows = select(Route).where(Route.integration_id == integration["id"])
        assert session.scalars(rows).all() == []
    assert made(service, "Checks")["link"] != link


def test_the_default_route_is_set_up_with_it(service: Service) -> None:
    asked = {
        "id": "",  # clients always send it
        "escalation_chain_id": chain(service),
        "slack": {"channel_id": channel(service), "enabled": True},
        "telegram": {"enabled": False, "id": None},
        "msteams": None,
    }
    route = made(service, default_route=asked)["default_route"]
    assert route["id"].startswith("R")
    assert route["escalation_chain_id"] == asked["escalation_chain_id"]
    assert route["slack"] == {"channel_id": "C1SRE", "enabled": True}
    assert service.client().get(f"routes/{route['id']}/").json()["slack"] == route["slack"]


def test_what_is_not_sent_stays(service: Service) -> None:
    lead = {"escalation_chain_id": chain(service), "slack": {"channel_id": channel(service)}}
    templates = {"source_link": "{{ payload.url }}", "slack": {"title": "T", "message": "M"}}
    sre = team(service, "SRE")
    before = made(service, default_route=lead, templates=templates, team_id=sre)
    route = before["default_route"]
    assert changed(service, before) == before
    off = changed(service, before, default_route={"id": "R1", "slack": {"enabled": False}})
    slack = {"channel_id": "C1SRE", "enabled": False}
    assert off["default_route"] == route | {"slack": slack}
    nobody = changed(service, before, default_route={"escalation_chain_id": ""})
    assert nobody["default_route"] == route | {"slack": slack, "escalation_chain_id": None}
    reset = changed(service, before, default_route={"slack": None})["default_route"]["slack"]
    assert reset == {"channel_id": None, "enabled": True}
    free = changed(service, before, team_id="")
    assert (free["team_id"], free["templates"]) == (None, before["templates"])
    assert changed(service, before, type="alertmanager", name="New")["type"] == "webhook"


def test_templates_are_kept_as_sent(service: Service) -> None:
    sent = {
        "grouping_key": " {{ payload.host }}\n",
        "slack": {"title": "*{{ payload.title }}*", "message": None},
        "sms": {"title": ""},
        "web": None,
        "unknown": "x",
    }
    integration = made(service, templates=sent)
    kept = DEFAULTS | {
        "grouping_key": " {{ payload.host }}\n",
        "slack": MESSAGE | {"title": "*{{ payload.title }}*"},
        "sms": {"title": ""},
    }
    assert integration["templates"] == kept
    more = changed(service, integration, templates={"slack": {"image_url": "u"}, "web": {}})
    slack = kept["slack"] | {"image_url": "u"}
    assert more["templates"] == kept | {"slack": slack}
    less = changed(service, integration, templates={"slack": {"title": None}, "sms": None})
    assert less["templates"] == kept | {"slack": MESSAGE | {"image_url": "u"}, "sms": TITLE}
    every = dict.fromkeys(DEFAULTS)  # as the Go client sends unset ones
    assert changed(service, integration, templates=every)["templates"] == DEFAULTS
    made(service, "Other", templates=None)
    changed(service, integration, templates=sent)
    assert changed(service, integration, templates=None)["templates"] == DEFAULTS


def test_direct_paging_is_listed_but_stays_as_it_is(service: Service) -> None:
    client, sre = service.client(), team(service, "SRE")
    mine = direct(service, "Direct paging (SRE team)")
    assert (mine["type"], mine["team_id"]) == ("direct_paging", sre)
    assert (mine["link"], mine["heartbeat"]) == ("", {"link": ""})
    path, said = f"integrations/{mine['id']}/", "A direct paging integration "
    for asked in ({"name": "Ours"}, {"team_id": None}, {"team_id": team(service, "Ops")}):
        answer = client.put(path, asked)
        named = {"detail": f"{said}keeps its team and is named after it."}
        assert (answer.status_code, answer.json()) == (400, named)
    lead = {"escalation_chain_id": chain(service), "slack": {"channel_id": channel(service)}}
    same = {"name": mine["name"], "team_id": sre}
    after = changed(service, mine, default_route=lead, **same)
    assert after["default_route"]["escalation_chain_id"] == lead["escalation_chain_id"]
    assert after["default_route"]["slack"] == {"channel_id": "C1SRE", "enabled": True}
    answer = client.delete(path)
    stays = {"detail": f"{said}belongs to its team and cannot be deleted."}
    assert (answer.status_code, answer.json()) == (400, stays)
    assert client.get(path).json() == after


def test_direct_paging_of_a_deleted_team_is_gone(service: Service) -> None:
    client, sre = service.client(), team(service, "SRE")
    checks = made(service, "Checks", team_id=sre)
    theirs = direct(service, "Direct paging (SRE team)")
    assert names(client.get("integrations/")) == [
        "Direct paging (SRE team)",
        "Checks",
        "Direct paging (No team)",
    ]
    assert names(client.get("integrations/", team_id=sre)) == [theirs["name"], "Checks"]
    client.delete(f"teams/{sre}/")
    assert names(client.get("integrations/")) == ["Checks", "Direct paging (No team)"]
    assert names(client.get("integrations/", team_id=sre)) == []
    assert client.get(f"integrations/{checks['id']}/").json() == checks | {"team_id": None}
    for answer in (
        client.get(f"integrations/{theirs['id']}/"),
        client.put(f"integrations/{theirs['id']}/", {}),
        client.delete(f"integrations/{theirs['id']}/"),
        client.get(f"routes/{theirs['default_route']['id']}/"),
        client.put(f"routes/{theirs['default_route']['id']}/", {}),
    ):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert client.get("routes", integration_id=theirs["id"]).json()["count"] == 0


def test_filters(service: Service) -> None:
    client, sre = service.client(), team(service, "SRE")
    for name, team_id in (("Checks", sre), ("Checks", "null"), ("checks", None), ("%", "")):
        made(service, name, team_id=team_id)
    assert names(client.get("integrations/", name="Checks")) == ["Checks", "Checks"]
    assert names(client.get("integrations/", name="Check")) == []
    assert names(client.get("integrations/", name="%")) == ["%"]
    assert names(client.get("integrations/", team_id=sre)) == ["Direct paging (SRE team)", "Checks"]
    assert names(client.get("integrations/", team_id="null", name="Checks")) == ["Checks"]
    assert names(client.get("integrations/", team_id="TNOTHING")) == []
    second = client.get("integrations/", perpage="4", page="2")
    assert (names(second), second.json()["count"]) == (["%", "Direct paging (No team)"], 6)


def test_maintenance_is_not_there(small: Service) -> None:
    path = f"integrations/{made(small)['id']}"
    for action in ("maintenance_start", "maintenance_stop"):
        answer = small.client().post(f"{path}/{action}/", {"mode": "debug", "duration": 3600})
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_the_links_begin_with_the_public_address(sqlite: Database) -> None:
    service = Service(World(sqlite), public_url="https://pager.example.com/tocsin/")
    try:
        link = made(service)["link"]
    finally:
        service.close()
    assert link.startswith("https://pager.example.com/tocsin/integrations/v1/webhook/")


def test_a_list_takes_as_many_queries_whatever_its_length(small: Service) -> None:
    def asked() -> int:
        with queries(small.world.db) as seen:
            assert small.client().get("integrations/").status_code == 200
        return len(seen)

    made(small, "Checks", default_route={"slack": {"channel_id": channel(small)}})
    asked()  # makes that of no team
    few = asked()
    for number in range(12):
        team(small, f"team {number}")
        made(small, f"checks {number}")
    assert asked() == few > 0
    assert small.client().get("integrations/").json()["count"] == 26
