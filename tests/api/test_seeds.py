"""The commands of the documents that people know: as they are written, but for host, ids, token."""

import shlex
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.models import Team
from tests.api.pages import page
from tests.api.service import Service

WRITTEN = (Path(__file__).parent / "seeds.txt").read_text()
SEEDS = dict(block.split("\n", 1) for block in WRITTEN.removeprefix("# ").split("\n# "))

ALERT_GROUP = {
    *("id", "integration_id", "route_id", "alerts_count", "state", "created_at", "resolved_at"),
    *("resolved_by", "acknowledged_at", "acknowledged_by", "title", "permalinks", "silenced_at"),
}
RULE = {"id", "user_id", "position", "important", "type"}
PAGE = {"count", "next", "previous", "results", "current_page_number", "page_size", "total_pages"}


class Shell:
    """Runs such a command against the server, with real ids in place of those it names."""

    def __init__(self, service: Service) -> None:
        self.service = service
        ana, bob = service.add("ana", None, "sms"), service.add("bob", None, "sms")
        service.world.rules(bob, "phone", important=True)
        self.ids = {
            "U281SN24AVVJX": ana.id,
            "U5AKCVNDEDUE7": bob.id,
            "U4DNY931HHJS5": service.add("carol").id,
            "IZMRNNY8RFS94": page(service, service.add("dora"), title="db down")["id"],
        }

    def __call__(self, name: str) -> httpx2.Response:
        command = SEEDS[name].replace("\\\n", " ")
        for written, real in self.ids.items():
            command = command.replace(written, real)
        token = self.service.client().token or ""
        command = command.replace("{{API_URL}}", self.service.url).replace("meowmeowmeow", token)
        program, url, *options = shlex.split(command)
        assert program == "curl"
        method, data, headers = "GET", None, {}
        for option, value in zip(options[::2], options[1::2], strict=True):
            if option == "--request":
                method = value
            elif option == "--data":
                data = value
            else:
                assert option == "--header"
                name, _, content = value.partition(": ")
                headers[name] = content
        return httpx2.request(method, url, headers=headers, content=data, timeout=30)

    def ringing(self) -> list[str]:
        """Whose phones ring because of what was sent."""
        world = self.service.world
        world.forward(seconds=2)
        return sorted(world.sms.addresses + world.phone.addresses)


@pytest.fixture
def shell(service: Service) -> Shell:
    return Shell(service)


def keys(answer: httpx2.Response, status: int = 200) -> set[str]:
    assert answer.status_code == status, answer.text
    content: dict[str, Any] = answer.json()
    return set(content)


@pytest.mark.parametrize("whom", ["users", "users for an existing alert group"])
def test_a_set_of_users(shell: Shell, whom: str) -> None:
    answer = shell(f"escalation: {whom}")
    assert keys(answer) >= ALERT_GROUP
    assert set(answer.json()["permalinks"]) >= {"slack", "slack_app", "telegram", "web"}
    assert answer.json()["state"] == "firing"
    assert shell.ringing() == ["phone:bob", "sms:ana"]


@pytest.mark.parametrize("whom", ["users", "users for an existing alert group"])
def test_a_set_of_users_under_the_older_name(shell: Shell, whom: str) -> None:
    assert keys(shell(f"direct_paging: {whom}")) == {"alert_group_id"}
    assert shell.ringing() == ["phone:bob", "sms:ana"]


@pytest.mark.parametrize("path", ["escalation", "direct_paging"])
def test_a_team_has_to_be_configured_first(shell: Shell, path: str) -> None:
    with shell.service.world.db.transaction() as session:
        team = Team(name="network")
        session.add(team)
    shell.ids["TI73TDU19W48J"] = team.id
    answer = shell(f"{path}: team")
    assert keys(answer, 400) == {"team"}
    assert answer.json()["team"][0].startswith("network cannot be paged: give its direct ")


def test_the_shift_swap_that_got_into_the_wrong_document(shell: Shell) -> None:
    answer = shell("direct_paging: a shift swap")
    assert answer.status_code == 400
    assert "/api/v1/shift_swaps/" in answer.json()["detail"]
    assert shell.ringing() == []


def test_personal_notification_rules(shell: Shell) -> None:
    made = shell("rules: create")
    assert keys(made, 201) == RULE
    assert (made.json()["position"], made.json()["important"]) == (0, False)
    wait = {"user_id": shell.ids["U4DNY931HHJS5"], "type": "wait"}
    waiting = shell.service.client().post("personal_notification_rules/", wait).json()
    shell.ids |= {"ND9EHN5LN1DUU": waiting["id"], "NWAL6WFJNWDD8": made.json()["id"]}

    read = shell("rules: get")
    assert keys(read) == RULE | {"duration"}
    assert read.json() == waiting

    listed = shell("rules: list")
    assert keys(listed) == PAGE
    mine = [rule for rule in listed.json()["results"] if rule["user_id"] == waiting["user_id"]]
    assert [rule["type"] for rule in mine] == ["notify_by_sms", "wait"]

    assert shell("rules: delete").status_code == 204
    gone = shell.service.client().get(f"personal_notification_rules/{made.json()['id']}/")
    assert gone.status_code == 404


def test_none_is_forgotten() -> None:
    assert len(SEEDS) == 11
    assert all(command.startswith('curl "{{API_URL}}/api/v1/') for command in SEEDS.values())
