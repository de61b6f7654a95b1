"""Pages made over HTTP: who is called, and what is answered."""

from tests.api.service import Service


def test_a_page_over_http_rings_a_phone(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    asked = {"title": "db down", "users": [{"id": ana.id, "important": False}]}
    answer = service.client().post("escalation/", asked)
    assert answer.status_code == 200, answer.text
    group = answer.json()
    assert group["title"] == "db down"
    assert group["last_alert"]["payload"]["oncall"]["author_username"] == "admin"
    service.world.forward(seconds=2)
    assert service.world.sms.addresses == ["sms:ana"]
    again = service.client().get(f"alert_groups/{group['id']}/").json()
    assert again["permalinks"]["slack"] is not None
    assert service.client().get("alert_groups").json()["count"] == 1


def test_the_same_key_pages_once(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    asked = {"title": "db down", "users": [{"id": "ana@example.com", "important": False}]}
    key = {"Idempotency-Key": "deploy-1"}
    answers = [service.client().post("escalation", asked, headers=key).json() for _ in range(2)]
    assert answers[0]["id"] == answers[1]["id"]
    service.world.forward(seconds=2)
    assert service.world.sms.addresses == ["sms:ana"]
    other = asked | {"title": "db up"}
    assert service.client().post("escalation", other, headers=key).status_code == 409
    assert ana.username == "ana"
