"""Personal notification rules over HTTP: kept, listed, changed, and refused when they are wrong."""

from tests.api.service import Service

RULES = "personal_notification_rules/"


def test_rules_are_made_read_changed_and_deleted(service: Service) -> None:
    ana = service.add("ana")
    mine = service.client(ana)
    first = mine.post(RULES, {"user_id": ana.id, "type": "notify_by_sms"})
    assert first.status_code == 201, first.text
    rule = first.json()
    assert rule == {
        "id": rule["id"],
        "user_id": ana.id,
        "position": 0,
        "important": False,
        "type": "notify_by_sms",
    }
    wait = mine.post(RULES, {"user_id": ana.id, "type": "wait", "position": 0}).json()
    assert (wait["duration"], wait["position"]) == (300, 0)
    listed = mine.get(RULES, user_id=ana.id).json()
    assert [each["id"] for each in listed["results"]] == [wait["id"], rule["id"]]
    changed = mine.put(f"{RULES}{wait['id']}/", {"duration": 60, "position": -1})
    assert changed.json() == wait | {"duration": 60, "position": 1}
    assert mine.get(f"{RULES}{wait['id']}").json() == changed.json()
    gone = mine.delete(f"{RULES}{wait['id']}/")
    assert (gone.status_code, gone.content) == (204, b"")
    assert mine.get(f"{RULES}{wait['id']}/").status_code == 404
    assert mine.get(RULES, user_id=ana.id).json()["results"] == [rule | {"position": 0}]
