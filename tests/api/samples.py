"""A small installation in which everything exists that the examples of the API are about."""

from typing import Any

from api.openapi import IDS
from core.models import Role
from tests.api.service import Service


def prepare(service: Service) -> dict[str, str]:
    """The ids that the examples name, and those that stand for them here."""
    ana = service.add("ana", Role.EDITOR, "email", lacks=("sms",))
    bob = service.add("bob", Role.EDITOR, "phone")
    admin = service.client()

    def made(path: str, body: Any) -> str:
        answer = admin.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        found: str = answer.json()["id"]
        return found

    page = {"title": "Disk full", "users": [{"id": ana.id, "important": False}]}
    group = made("escalation/", page)
    rule = made("personal_notification_rules/", {"user_id": ana.id, "type": "notify_by_sms"})
    note = made("resolution_notes/", {"alert_group_id": group, "text": "Logs"})
    team = made("teams/", {"name": "Storage"})
    assert admin.post(f"teams/{team}/members/", {"user_id": ana.id}).status_code == 201
    mail = {"type": "notify_by_email", "address": "ana@example.org"}
    contact = made(f"users/{ana.id}/contact_methods/", mail)
    shown = admin.get(f"alert_groups/{group}/").json()
    here = {
        "alert_groups": group,
        "contact_id": contact,
        "personal_notification_rules": rule,
        "resolution_notes": note,
        "teams": team,
        "users": ana.id,
        "organizations": admin.get("organizations/").json()["results"][0]["id"],
    }
    return {str(IDS[kind].example): found for kind, found in here.items()} | {
        "UHCC4GTNPZ93X": bob.id,
        "R2ALVJ5NEPM3F": shown["route_id"],
        "CPV1SHLN3G6CE": shown["integration_id"],
    }


def real(text: str, ids: dict[str, str]) -> str:
    """The text with the ids that there are in place of those of the examples."""
    for example, found in ids.items():
        text = text.replace(example, found)
    return text
