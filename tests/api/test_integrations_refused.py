"""integrations/: what cannot be made or changed, and who may not."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.models import AlertGroup, Role
from tests.api.service import Service
from tests.api.test_integrations import changed, channel, made, names, team

FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NOT_MADE = "Integrations of this type cannot be made here. What can be made so far: webhook."
SLACK_ONLY = "Routes tell people in Slack only: leave this out, or send it not enabled."
NO_LABELS = "Labels are not available here: leave this out, or send an empty list."
UNSEEN = "Tocsin does not see this Slack channel. If it is private, invite the bot there."


def test_a_name_is_the_teams_only_one(service: Service) -> None:
    client, sre = service.client(), team(service, "SRE")
    taken = {"name": ["There is an integration called Checks already."]}
    first, theirs = made(service, "Checks"), made(service, "Checks", team_id=sre)
    for body in ({"name": "Checks"}, {"name": " Checks ", "team_id": None}):
        answer = client.post("integrations/", {"type": "webhook"} | body)
        assert (answer.status_code, answer.json()) == (400, taken)
    answer = client.put(f"integrations/{theirs['id']}/", {"team_id": None})
    assert (answer.status_code, answer.json()) == (400, taken)
    assert client.get(f"integrations/{theirs['id']}/").json() == theirs
    assert changed(service, first, name="Checks") == first
    named = changed(service, theirs, name="Others", team_id="null")
    assert (named["name"], named["team_id"]) == ("Others", None)
    direct_name = {"type": "webhook", "name": "Direct paging (SRE team)", "team_id": sre}
    assert client.post("integrations/", direct_name).status_code == 400


def test_eight_clients_want_the_same_names(service: Service) -> None:
    client = service.client()

    def make(number: int) -> int:
        asked = {"type": "webhook", "name": f"checks {number // 4}"}
        return client.post("integrations/", asked).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(make, range(16)))
    assert sorted(answers) == [201] * 4 + [400] * 12
    found = [name for name in names(client.get("integrations/")) if name.startswith("checks")]
    assert sorted(found) == [f"checks {number}" for number in range(4)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"name": None}, {"name": ["This field may not be null."]}),
        ({"name": " "}, {"name": ["This field may not be blank."]}),
        ({"name": "x" * 151}, {"name": ["Ensure this field has no more than 150 characters."]}),
        ({"type": None}, {"type": ["This field may not be null."]}),
        ({"type": "alertmanager"}, {"type": [NOT_MADE]}),
        (
            {"type": "direct_paging"},
            {
                "type": [
                    "Direct paging integrations are made with their teams, and cannot be created."
                ]
            },
        ),
        ({"team_id": "TNOTHING"}, {"team_id": ["Object does not exist"]}),
        ({"team_id": ["T1"]}, {"team_id": ["Not a valid string."]}),
        ({"labels": [{"key": {"name": "a"}, "value": {"name": "b"}}]}, {"labels": [NO_LABELS]}),
        ({"dynamic_labels": {}}, {"dynamic_labels": [NO_LABELS]}),
        ({"templates": {"sms": {"title": 1.5 * 10**300, "x": 1}, "web": "x"}}, None),
        (
            {"templates": {"grouping_key": "x" * 50_001}},
            {
                "templates": {
                    "grouping_key": ["Ensure this field has no more than 50000 characters."]
                }
            },
        ),
        (
            {"default_route": {"escalation_chain_id": "FNOTHING"}},
            {"default_route": {"escalation_chain_id": ["There is no such escalation chain."]}},
        ),
        (
            {"default_route": {"slack": {"channel_id": "CNOTHING"}}},
            {"default_route": {"slack": {"channel_id": [UNSEEN]}}},
        ),
        (
            {"default_route": {"slack": {"channel_id": "C9GONE"}}},
            {"default_route": {"slack": {"channel_id": [UNSEEN]}}},
        ),
        (
            {"default_route": {"slack": {"enabled": None}}},
            {"default_route": {"slack": {"enabled": ["This field may not be null."]}}},
        ),
        (
            {"default_route": {"telegram": {"id": "Z1", "enabled": True}}},
            {"default_route": {"telegram": [SLACK_ONLY]}},
        ),
        (
            {"default_route": {"email": {"enabled": True}}},
            {"default_route": {"email": [SLACK_ONLY]}},
        ),
        ({"default_route": "R1"}, None),
    ],
)
def test_what_cannot_be(small: Service, body: Any, said: Any) -> None:
    channel(small, "C9GONE", gone_at=small.world.alice.created_at)
    integration = made(small, "There")
    answer = small.client().post("integrations/", {"type": "webhook", "name": "New"} | body)
    assert answer.status_code == 400
    assert said is None or answer.json() == said
    if "type" not in body:  # which a change does not look at
        answer = small.client().put(f"integrations/{integration['id']}/", body)
        assert answer.status_code == 400
        assert said is None or answer.json() == said
    assert small.client().get("integrations/", name="New").json()["count"] == 0
    assert small.client().get(f"integrations/{integration['id']}/").json() == integration


@pytest.mark.parametrize("missing", ["type", "name"])
def test_what_is_needed(small: Service, missing: str) -> None:
    body = {"type": "webhook", "name": "New"}
    del body[missing]
    answer = small.client().post("integrations/", body)
    assert (answer.status_code, answer.json()) == (400, {missing: ["This field is required."]})


def test_readers_read_and_admins_write(small: Service) -> None:
    integration = made(small)
    one = f"integrations/{integration['id']}/"
    for role in (Role.VIEWER, Role.EDITOR):
        client = small.client(small.add(role.value, role))
        for answer in (
            client.post("integrations/", {"type": "webhook", "name": "x"}),
            client.put(one, {"name": "x"}),
            client.delete(one),
        ):
            assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
        assert names(client.get("integrations/", name="Uptime")) == ["Uptime"]
    assert small.client().get(one).json() == integration


def test_only_those_who_may_page_see_where_alerts_are_sent(small: Service) -> None:
    """Whoever knows the link can page people, which a viewer may not."""
    integration = made(small)
    path = f"integrations/{integration['id']}/"
    editor = small.client(small.add("edi", Role.EDITOR))
    assert editor.get(path).json() == integration
    viewer = small.client(small.add("vera", Role.VIEWER))
    hidden = integration | {"link": "", "heartbeat": {"link": ""}}
    assert viewer.get(path).json() == hidden
    assert viewer.get("integrations/", name="Uptime").json()["results"] == [hidden]


def test_the_secret_of_the_link_is_not_logged(
    small: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        integration = made(small)
        token = integration["link"].split("/")[-2]
        changed(small, integration, name="Other")
        small.client().http.post(f"/integrations/v1/webhook/{token}/", json={})
        small.client().delete(f"integrations/{integration['id']}/")
    ours = [record for record in caplog.records if not record.name.startswith("http")]
    assert ours
    assert [record.getMessage() for record in ours if token in record.getMessage()] == []


def test_an_integration_with_alert_groups_stays(small: Service) -> None:
    integration = made(small)
    group = small.world.escalate(to=[small.add("ana", None, "sms")])
    with small.world.session() as session:
        held = session.get_one(AlertGroup, group.id)
        held.integration_id = integration["id"]
        held.route_id = integration["default_route"]["id"]
    answer = small.client().delete(f"integrations/{integration['id']}/")
    said = {"detail": "Alert groups came in by this integration: it has to stay."}
    assert (answer.status_code, answer.json()) == (400, said)
