"""What only reads waits for nobody who writes."""

import pytest

from api.routes import RESOURCES
from tests.api.service import Service

LISTS = sorted(
    operation.path
    for resource in RESOURCES
    for operation in resource.operations
    if operation.method == "GET" and "{" not in operation.path
)


@pytest.fixture
def busy(small: Service) -> Service:
    """With an alert group, a note, and a token whose use has been noted."""
    ana = small.add("ana", None, "sms")
    asked = {"title": "db down", "users": [{"id": ana.id, "important": False}]}
    group = small.client().post("escalation/", asked).json()["id"]
    small.client().post("resolution_notes/", {"alert_group_id": group, "text": "a full disk"})
    small.client().post("teams/", {"name": "sre"})
    return small


def test_there_are_lists_to_read() -> None:
    assert {"alert_groups", "alerts", "personal_notification_rules", "users"} <= set(LISTS)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_answered_while_somebody_writes(busy: Service, path: str) -> None:
    before = busy.client().get(path).json()
    with busy.world.db.transaction():  # SQLite lets nobody else write until this ends
        answer = busy.client().get(path)
    assert (answer.status_code, answer.json()) == (200, before)
