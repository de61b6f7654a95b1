"""Words for stories about steps of chains over HTTP."""

from typing import Any

from tests.api.service import Service

CHAINS = "escalation_chains/"
STEPS = "escalation_policies/"
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NOT_FOUND = {"detail": "Not found."}
UNKNOWN = ["Object does not exist"]


def chain(service: Service, name: str = "SRE") -> str:
    """The id of a new one."""
    answer = service.client().post(CHAINS, {"name": name})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def step(service: Service, chain_id: str, kind: str = "wait", **more: Any) -> dict[str, Any]:
    """A new one, at the end unless it says where."""
    body = {"escalation_chain_id": chain_id, "type": kind, **more}
    answer = service.client().post(STEPS, body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def changed(service: Service, made: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = service.client().put(f"{STEPS}{made['id']}/", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def listed(service: Service, chain_id: str) -> list[dict[str, Any]]:
    answer = service.client().get(STEPS, escalation_chain_id=chain_id, perpage="100")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def own(made: dict[str, Any]) -> dict[str, Any]:
    """What a step says beside of what every step says."""
    return {
        key: value
        for key, value in made.items()
        if key not in {"id", "escalation_chain_id", "position", "type"}
    }
