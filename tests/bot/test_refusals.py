"""People and payloads that are refused, each with a sentence where they look."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from sandbox.workspace import Workspace
from tests.bot.stage import Stage
from tests.bot.wire import staged


def seat(workspace: Workspace, name: str, **what: Any) -> str:
    """Somebody new in the workspace, whom the bot has not heard of."""
    return workspace.add_user(name, name.title(), **what).id


def test_guests_are_told_at_the_command(stage: Stage) -> None:
    done = stage.box.person("gail").command("/escalate", "@bob down")
    assert done.text == "Guests cannot page people here. Ask a full member of this workspace."
    assert stage.groups() == []


def test_guests_may_page_where_they_may(tmp_path: Path) -> None:
    with staged(tmp_path, guests_may_page=True) as stage:
        modal = stage.box.person("gail").command("/escalate", "@bob down").modal()
        assert modal.submit().closed
        assert stage.paged() == {"bob": False}


def test_a_guest_we_have_not_met_is_told_at_submit(stage: Stage) -> None:
    seat(stage.box.workspace, "greta", is_restricted=True)
    stage.box.admin.put_in("greta", "general")
    modal = stage.box.person("greta").command("/escalate", "@bob down").modal()
    assert "Guests cannot page people here" in modal.submit().errors["Message"]
    assert stage.groups() == []


def test_somebody_new_pages_somebody_new(stage: Stage) -> None:
    seat(stage.box.workspace, "nina", tz="Europe/Paris")
    seat(stage.box.workspace, "oleg", tz="Europe/Paris")
    modal = stage.box.person("nina").command("/escalate", "@oleg! down").modal()
    modal.wait_for("No rules of their own.")  # looked up once the form was open
    assert modal.submit().closed
    assert stage.paged() == {"oleg": True}


def test_a_bot_and_somebody_deactivated(stage: Stage) -> None:
    bot, rob, bob = (stage.id(name) for name in ("deploybot", "rob", "bob"))
    modal = stage.types("alice", f"<@{bot}> <@{rob}|rob> <@{bob}> down").modal()
    assert "deploybot is a bot and cannot be paged. Take them out above." in modal.text
    assert "rob is deactivated and cannot be paged." in modal.text
    told = modal.submit().errors["People"]
    assert told == "deploybot is a bot and cannot be paged. rob is deactivated and cannot be paged."
    modal.choose("People", "bob")
    assert modal.submit().closed
    assert stage.paged() == {"bob": False}


def test_somebody_of_another_workspace(stage: Stage) -> None:
    modal = stage.box.person("alice").command("/escalate", "@stella down").modal()
    assert "stella belongs to another workspace and cannot be paged" in modal.text
    assert "another workspace" in modal.submit().errors["People"]


def test_somebody_deactivated_while_the_form_is_open(stage: Stage) -> None:
    workspace = stage.box.workspace
    leaver = seat(workspace, "leaver")
    modal = stage.box.person("alice").command("/escalate", "@leaver down").modal()
    modal.wait_for("No rules of their own.")
    workspace.save_user(dataclasses.replace(workspace.users[leaver], deleted=True))
    stage.meet("leaver")
    assert modal.submit().errors == {"People": "leaver is deactivated and cannot be paged."}


def test_somebody_slack_does_not_know(stage: Stage) -> None:
    modal = stage.types("alice", "<@U0NOBODY1> down").modal()
    modal.wait_for("is not in this workspace any more and cannot be paged")
    assert "is not in this workspace any more" in modal.submit().errors["People"]


@pytest.mark.parametrize("error", ["ratelimited", "internal_error"])
def test_slack_does_not_say_who_somebody_is(stage: Stage, error: str) -> None:
    seat(stage.box.workspace, f"quiet{error}")
    stage.box.faults.add("users.info", error=error)
    modal = stage.box.person("alice").command("/escalate", f"@quiet{error} down").modal()
    assert "New here: Tocsin will look them up when you press Page." in modal.text
    assert "Slack did not say who" in modal.submit().errors["People"]
    stage.box.faults.clear()
    assert modal.submit().closed
    assert stage.paged() == {f"quiet{error}": False}


def test_the_form_does_not_open(stage: Stage) -> None:
    stage.box.faults.add("views.open", error="internal_error")
    alice = stage.box.person("alice")
    alice.command("/escalate", "@bob db <is> down", channel="ops")
    told = alice.message(channel="ops", containing="Nothing was paged")
    assert "You typed: db <is> down" in alice.reads(told)
