"""Pages asked for over HTTP."""

from collections.abc import Mapping
from typing import Any

from core.models import User
from tests.api.service import Service


def asked(*users: User | str, important: bool = False, **more: Any) -> dict[str, Any]:
    """The body of a page of these people."""
    ids = [user if isinstance(user, str) else user.id for user in users]
    return {"users": [{"id": id_, "important": important} for id_ in ids], **more}


def page(service: Service, *users: User | str, **more: Any) -> dict[str, Any]:
    answer = service.client().post("escalation/", asked(*users, **more))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refusal(service: Service, body: Any) -> Any:
    """Why it is refused; nothing was opened."""
    before = service.client().get("alert_groups").json()["count"]
    answer = service.client().post("escalation/", body)
    assert answer.status_code == 400, answer.text
    assert service.client().get("alert_groups").json()["count"] == before
    return answer.json()


def oncall(group: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = group["last_alert"]["payload"]["oncall"]
    return found
