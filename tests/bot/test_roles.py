"""Roles given here, in Slack: who may page and act there, and what the others are told."""

import pytest

from bot import ids
from core import people
from core.models import Role, State
from tests.bot.stage import Stage

MAY_NOT_PAGE = (
    "Your role in Tocsin is {}: you cannot page people. Whoever runs Tocsin can change your role."
)
MAY_NOT_ACT = (
    "Your role in Tocsin is {}: you can only answer alerts that you were paged for. "
    "Whoever runs Tocsin can change your role."
)


def give(stage: Stage, name: str, role: Role | None) -> None:
    with stage.db.transaction() as session:
        people.give_role(session, stage.user(session, name), role)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.NONE])
def test_whoever_only_reads_cannot_page(stage: Stage, role: Role) -> None:
    give(stage, "bob", role)
    bob, said = stage.box.person("bob"), MAY_NOT_PAGE.format(role.value)
    assert bob.command("/escalate", "@carol down").text == said
    group_id = stage.escalate("alice", "db down", ["carol"])
    bob.press(stage.post_button(ids.RESPONDERS, group_id, label="Responders"), "Responders")
    bob.message(channel="incidents", containing=said)
    assert list(stage.paged()) == ["carol"]


def test_a_role_that_is_taken_while_the_form_is_open(stage: Stage) -> None:
    modal = stage.box.person("bob").command("/escalate", "@carol down").modal()
    give(stage, "bob", Role.VIEWER)
    assert modal.submit().errors["Message"] == MAY_NOT_PAGE.format("viewer")
    assert stage.groups() == []
    give(stage, "bob", None)
    assert modal.submit().closed
    assert stage.paged() == {"carol": False}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.NONE])
def test_whoever_only_reads_answers_what_they_were_paged_for(stage: Stage, role: Role) -> None:
    give(stage, "bob", role)
    group_id = stage.escalate("alice", "db down", ["carol"])
    bob, button = stage.box.person("bob"), stage.post_button(ids.ACKNOWLEDGE, group_id)
    bob.press(button, "Press")
    bob.message(channel="incidents", containing=MAY_NOT_ACT.format(role.value))
    assert stage.group().state is State.FIRING
    with stage.db.transaction() as session:
        stage.page(session, group_id, ["bob"])
    bob.press(button, "Press")
    stage.settle()
    assert stage.group().state is State.ACKNOWLEDGED
    assert stage.name_of(stage.group().acknowledged_by_id) == "bob"


def test_a_guest_with_a_role_pages(stage: Stage) -> None:
    give(stage, "gail", Role.EDITOR)
    modal = stage.box.person("gail").command("/escalate", "@bob down").modal()
    assert modal.submit().closed
    assert stage.paged() == {"bob": False}
