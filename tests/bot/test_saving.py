"""Forms of teams, chains and steps that are sent twice, saved late, or followed by trouble."""

import time
from collections.abc import Callable

import pytest
from slack_bolt import Ack

from bot.interaction import Interaction
from bot.listeners import chains, steps, teams
from bot.listeners.desk import Desk
from sandbox.modals import Modal
from tests.bot.setting_up import SettingUp, added, made
from tests.bot.stage import Stage
from tests.core.teams import persons


@pytest.fixture
def alice(stage: Stage) -> SettingUp:
    """Alice is an admin."""
    return SettingUp(stage)


def late(
    alice: SettingUp, form: Modal, submit: Callable[[Interaction, Desk], None]
) -> dict[str, object]:
    """Submit a form that waited for so long that Slack has shown its own error; the answer."""
    ack = Ack()  # type: ignore[no-untyped-call]
    stage, received = alice.stage, time.monotonic() - 2.9
    payload = form.payload(form.view)
    submit(Interaction(ack=ack, body=payload, client=stage.client, received=received), stage.desk)
    assert ack.response is not None
    return dict(ack.response.body) if isinstance(ack.response.body, dict) else {}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_step_that_is_sent_twice_is_added_once(alice: SettingUp, at_once: bool) -> None:
    step = added(made(alice), "Wait")
    step.wait_for("Minutes")
    step.submit_twice(at_once=at_once)
    assert len(alice.steps("Day")) == 1


def test_two_steps_that_are_the_same_are_two(alice: SettingUp) -> None:
    form = made(alice)
    for count in (1, 2):
        step = added(form, "Wait")
        step.wait_for("Minutes")
        assert step.submit().closed
        form.wait_for(f"{count}.* Wait 5 min")
    assert len(alice.steps("Day")) == 2


def test_a_team_that_is_sent_twice_is_made_once(alice: SettingUp) -> None:
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    form.choose("Chain for a normal page", "A new chain that calls the whole team")
    form.submit_twice()
    assert alice.team_names() == ["SRE"]
    assert alice.chain_names() == ["SRE"]


def test_a_team_saved_late_cannot_be_made_again(alice: SettingUp) -> None:
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    late(alice, form, teams.submit)
    form.wait_for("It was saved, only late")
    assert form.labels == []
    assert alice.team_names() == ["SRE"]


def test_a_chain_made_late_is_shown_all_the_same(alice: SettingUp) -> None:
    form = alice.presses("New chain")
    form.fill("Name", "Day")
    late(alice, form, chains.create)
    form.wait_for("No steps yet.")
    assert alice.chain_names() == ["Day"]


def test_a_step_saved_late(alice: SettingUp) -> None:
    form = made(alice)
    step = added(form, "Wait")
    step.wait_for("Minutes")
    late(alice, step, steps.submit)
    step.wait_for("It was saved, only late")
    form.wait_for("1.* Wait 5 min")
    person = alice.stage.box.person("alice")
    said = person.message(channel="@tocsin", containing="It was saved, only late")
    assert "You need not do it again." in person.reads(said)


def test_what_was_saved_is_not_called_undone(alice: SettingUp) -> None:
    """The Home tab, which is drawn afterwards, cannot be read."""
    form = made(alice)
    form.fill("Name", "Night")
    with alice.without_teams():
        assert form.submit().closed
        alice.stage.settle()
    assert alice.chain_names() == ["Night"]
    assert alice.stage.box.person("alice").dm_with_bot() == []


def test_what_cannot_be_read_is_not_saved(alice: SettingUp) -> None:
    alice.chain("Day", persons(alice.user("bob")))
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    with alice.without_teams():
        [told] = form.submit().errors.values()
    assert told.startswith("Not done: ")
    assert alice.team_names() == []
