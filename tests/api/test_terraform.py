"""What Terraform does from the first apply to the last destroy, and never plans a change."""

from typing import Any

import pytest

from core.models import UserGroup
from tests.api.service import Service
from tests.api.terraform import Resource, Terraform
from tests.api.test_integrations import DEFAULTS, OFF, channel, team

NOT_THERE = {"id": None, "enabled": False}


@pytest.fixture
def terraform(service: Service) -> Terraform:
    return Terraform(service)


def chain(name: str, team_id: str = "") -> Resource:
    return "escalation_chains", {"name": name, "team_id": team_id}


def step(chain_id: str, position: int, kind: str, **more: Any) -> Resource:
    body = {"escalation_chain_id": chain_id, "position": position, "type": kind}
    return "escalation_policies", body | {"manual_order": True, "important": False} | more


def route(integration_id: str, position: int, term: str, chain_id: str, **more: Any) -> Resource:
    body = {
        "integration_id": integration_id,
        "escalation_chain_id": chain_id,
        "position": position,
        "routing_regex": term,
        "routing_type": "jinja2",
        "slack": {"channel_id": None, "enabled": False},
        "telegram": NOT_THERE,
        "msteams": NOT_THERE,
        "manual_order": True,
    }
    return "routes", body | more


def integration(name: str, team_id: str, default_route: dict[str, Any], **more: Any) -> Resource:
    body = {"name": name, "team_id": team_id, "templates": DEFAULTS, "default_route": default_route}
    return "integrations", body | {"labels": [], "dynamic_labels": []} | more


def leads(chain_id: str | None, channel_id: str | None = None, *, id_: str = "") -> dict[str, Any]:
    slack = {"channel_id": channel_id, "enabled": channel_id is not None}
    known = {"id": id_} if id_ else {}
    return known | {"escalation_chain_id": chain_id, "slack": slack, "telegram": OFF}


def steps(terraform: Terraform, order: list[int]) -> dict[str, Resource]:
    """Every type of step that this client knows, each at its place in `order`."""
    ids, service = terraform.ids, terraform.service
    users = [service.admin.id, terraform.data("users/", username="ana")["id"]]
    group = terraform.data("user_groups", slack_handle="sre")["id"]
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("wait", {"duration": 60}),
        ("notify_persons", {"persons_to_notify": users, "important": True}),
        ("notify_person_next_each_time", {"persons_to_notify": users[::-1]}),
        ("notify_team_members", {"team_to_notify": ids["team"]}),
        ("notify_user_group", {"group_to_notify": group}),
        ("notify_whole_channel", {}),
        (
            "notify_if_time_from_to",
            {"notify_if_time_from": "09:30:00Z", "notify_if_time_to": "17:00:00Z"},
        ),
        (
            "notify_if_num_alerts_in_window",
            {"num_alerts_in_window": 3, "num_minutes_in_window": 60},
        ),
        ("repeat_escalation", {}),
        ("resolve", {}),
    ]
    return {
        f"step {kind}": step(ids["chain"], position, kind, **more)
        for position, (kind, more) in zip(order, kinds, strict=True)
    }


def furnished(terraform: Terraform) -> Terraform:
    """A team, a person, a Slack channel and a user group, and a chain to write steps for."""
    service = terraform.service
    service.add("ana")
    channel(service, "C1SRE")
    with service.world.session() as session:
        session.add(UserGroup(slack_id="S1SRE", name="SRE", handle="sre"))
    terraform.ids["team"] = team(service, "SRE")
    assert terraform.data("teams", name="SRE")["id"] == terraform.ids["team"]
    terraform.apply(chain=chain("SRE", terraform.ids["team"]))
    return terraform


def positions(terraform: Terraform, path: str, names: list[str]) -> list[int]:
    by_id = {
        each["id"]: each["position"]
        for each in terraform.service.client().get(path, perpage="100").json()["results"]
    }
    return [by_id[terraform.ids[name]] for name in names]


def test_steps_are_made_turned_around_and_taken_out_in_any_order(terraform: Terraform) -> None:
    furnished(terraform)
    there = list(range(10))
    first = steps(terraform, there)
    names = list(first)
    terraform.apply(**first)
    assert positions(terraform, "escalation_policies", names) == there
    terraform.apply(**steps(terraform, there[::-1]))
    assert positions(terraform, "escalation_policies", names) == there[::-1]
    terraform.destroy(names[3], names[5])
    left = {name: each for name, each in terraform.sent.items() if name.startswith("step ")}
    closed_up = sorted(left, key=lambda name: left[name][1]["position"])
    terraform.apply(
        **{
            name: (left[name][0], left[name][1] | {"position": at})
            for at, name in enumerate(closed_up)
        }
    )
    assert positions(terraform, "escalation_policies", closed_up) == list(range(8))
    _, body = terraform.sent[names[1]]
    alone = step(body["escalation_chain_id"], body["position"], "wait", duration=900)
    terraform.apply(**{names[1]: alone})
    assert "persons_to_notify" not in terraform.read(names[1])


def test_routes_are_made_and_moved_and_outlive_their_chain(terraform: Terraform) -> None:
    furnished(terraform)
    sre = terraform.data("slack_channels", channel_name="c1sre")["slack_id"]
    mine = terraform.ids["chain"]
    terraform.apply(
        alerts=integration("Uptime", terraform.ids["team"], leads(mine, sre), type="webhook")
    )
    where = terraform.ids["alerts"]
    terms = [f"{{{{ payload.zone == '{zone}' }}}}" for zone in range(6)]
    written = {
        f"route {at}": route(where, at, term, mine, slack={"channel_id": sre, "enabled": True})
        for at, term in enumerate(terms)
    }
    terraform.apply(**written)
    turned = {
        name: (kind, body | {"position": 5 - body["position"]})
        for name, (kind, body) in written.items()
    }
    terraform.apply(**turned)
    assert positions(terraform, "routes", list(turned)) == [5, 4, 3, 2, 1, 0]
    default_id = terraform.read("alerts")["default_route"]["id"]
    terraform.apply(
        alerts=integration("Uptime 2", "", leads(mine, None, id_=default_id), type="webhook")
    )
    terraform.destroy("chain")
    plan = terraform.plan()
    assert plan.pop("alerts")["default_route"][0]["escalation_chain_id"] == mine
    assert plan == {name: {"escalation_chain_id": (mine, None)} for name in turned}
    terraform.sent = {}  # or each step on the way would see what is still to be led elsewhere
    terraform.apply(chain=chain("SRE"))  # its name is free again
    again = {"escalation_chain_id": terraform.ids["chain"]}
    turned = {name: (kind, body | again) for name, (kind, body) in turned.items()}
    terraform.apply(alerts=integration("Uptime 2", "", leads(again["escalation_chain_id"])))
    terraform.apply(**turned)
    terraform.destroy(*turned)
    terraform.destroy("alerts")
    assert terraform.plan() == {}


def test_a_default_route_is_imported_and_changed(terraform: Terraform) -> None:
    furnished(terraform)
    found = terraform.data("integrations/", name="Direct paging (SRE team)")
    terraform.adopt("default", "routes", found["default_route"]["id"])
    written = route(found["id"], 0, "", terraform.ids["chain"], routing_type="regex")
    terraform.apply(default=written)
    assert terraform.read("default")["is_the_last_route"] is True
    kind, body = written
    terraform.apply(default=(kind, body | {"routing_type": "jinja2"}))


def test_direct_paging_is_found_imported_and_changed(terraform: Terraform) -> None:
    """It cannot be made, so whoever keeps it in a file imports it."""
    furnished(terraform)
    name = "Direct paging (SRE team)"
    found = terraform.data("integrations/", name=name)
    terraform.adopt("direct", "integrations", found["id"])
    default_id = found["default_route"]["id"]
    mine = terraform.ids["chain"]
    sre = terraform.data("slack_channels", channel_name="c1sre")["slack_id"]
    body = integration(name, found["team_id"], leads(mine, sre, id_=default_id))
    terraform.apply(direct=body)
    important = "{{ payload.oncall.important }}"
    route_id = terraform.data("routes", integration_id=found["id"], routing_regex=important)["id"]
    terraform.adopt("important", "routes", route_id)
    somebody = step(mine, 0, "notify_persons", persons_to_notify=[terraform.service.admin.id])
    terraform.apply(important=route(found["id"], 0, important, mine), somebody=somebody)
    client = terraform.service.client()
    asked = {"team": terraform.ids["team"], "title": "Down", "important_team_escalation": True}
    answer = client.post("escalation", asked)
    assert answer.status_code == 200, answer.text
    assert answer.json()["route_id"] == route_id
    terraform.destroy("important")
    assert client.get(f"alert_groups/{answer.json()['id']}/").json()["route_id"] == default_id
    refused = client.delete(f"integrations/{found['id']}/")
    assert refused.status_code == 400
    assert terraform.plan() == {}
