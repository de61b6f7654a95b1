"""A small installation in which everything exists that the examples of the API are about."""

import json
from typing import Any

from api.openapi import IDS, document
from api.resource import Operation
from api.routes import RESOURCES
from core.models import Role, SlackChannel
from tests.api.service import Service

WHOLE = document(RESOURCES, None)
OPERATIONS = [operation for resource in RESOURCES for operation in resource.operations]
BEFORE = {"unacknowledge": "acknowledge", "unresolve": "resolve", "unsilence": "silence"}


def named(value: object) -> str:
    """An operation as the name of a test."""
    return f"{value.method} {value.path}" if isinstance(value, Operation) else str(value)


def said_of(operation: Operation) -> dict[str, Any]:
    """What openapi.json says of it."""
    found: dict[str, Any] = WHOLE["paths"][f"/{operation.path}/"][operation.method.lower()]
    return found


class Samples:
    """What was made, and its ids by those that stand for them in the examples."""

    def __init__(self, service: Service) -> None:
        self._service = service
        ana = service.add("ana", Role.EDITOR, "email", lacks=("sms",))
        bob = service.add("bob", Role.EDITOR, "phone")
        self.people = [ana.id, bob.id]
        admin = service.client()
        users = [{"id": ana.id, "important": False}]
        self.group = self._made("escalation/", {"title": "Disk full", "users": users})
        team = self._made("teams/", {"name": "Storage"})
        chain = self._made("escalation_chains/", {"name": "Storage, day and night"})
        wait = {"escalation_chain_id": chain, "type": "wait", "duration": 300}
        member = admin.post(f"teams/{team}/members/", {"user_id": ana.id})
        assert member.status_code == 201, member.text
        rule = {"user_id": ana.id, "type": "notify_by_sms"}
        note = {"alert_group_id": self.group, "text": "Logs"}
        mail = {"type": "notify_by_email", "address": "ana@example.org"}
        webhook = {"type": "webhook", "name": "Uptime checks"}
        integration = self._made("integrations/", webhook)
        route = {"integration_id": integration, "escalation_chain_id": None, "routing_regex": "eu"}
        with service.world.session() as session:
            session.add(SlackChannel(id="C06EXAMPLE1", name="sre"))
        here = {
            "alert_groups": self.group,
            "contact_id": self._made(f"users/{ana.id}/contact_methods/", mail),
            "escalation_chains": chain,
            "escalation_policies": self._made("escalation_policies/", wait),
            "integrations": integration,
            "organizations": admin.get("organizations/").json()["results"][0]["id"],
            "personal_notification_rules": self._made("personal_notification_rules/", rule),
            "resolution_notes": self._made("resolution_notes/", note),
            "routes": self._made("routes/", route),
            "teams": team,
            "users": ana.id,
        }
        [direct] = admin.get("integrations", team_id=team).json()["results"]
        shown = admin.get(f"alert_groups/{self.group}/").json()
        self.ids = {str(IDS[kind].example): found for kind, found in here.items()} | {
            "UHCC4GTNPZ93X": bob.id,
            "R2ALVJ5NEPM3F": shown["route_id"],
            "CPV1SHLN3G6CE": shown["integration_id"],
            "RH3XWUC7PNE4K": direct["default_route"]["id"],
        }

    def _made(self, path: str, body: Any) -> str:
        answer = self._service.client().post(path, body)
        assert answer.status_code in (200, 201), answer.text
        found: str = answer.json()["id"]
        return found

    def real(self, said: Any) -> Any:
        """The same with the ids that there are in place of those of the examples."""
        text = json.dumps(said)
        for example, found in self.ids.items():
            text = text.replace(example, found)
        return json.loads(text)

    def path(self, operation: Operation) -> str:
        """Under /api/v1/, filled in; what it undoes has been done."""
        path = f"{operation.path}/"
        for parameter in said_of(operation).get("parameters", []):
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
        found: str = self.real(path)
        *words, last = found.strip("/").split("/")
        if last in BEFORE:
            done = self._service.client().post("/".join([*words, BEFORE[last]]), {"delay": 3600})
            assert done.status_code == 200, done.text
        return found
