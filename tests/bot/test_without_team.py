"""Admins say from the Home tab what pages without a team do, over real sockets."""

import pytest

from core.models import Role
from tests.bot.setting_up import SettingUp
from tests.bot.stage import Stage
from tests.core.teams import persons

EDIT = "without_team"  # the block with its button


@pytest.fixture
def alice(stage: Stage) -> SettingUp:
    """Alice is an admin."""
    return SettingUp(stage)


def test_a_chain_and_a_channel_for_them(alice: SettingUp) -> None:
    alice.chain("Duty", persons(alice.user("carol")), 5, persons(alice.user("dave")))
    ops = alice.channel("ops")
    assert "*A page without a team* calls the people chosen, and nobody else." in alice.home().text
    form = alice.presses(EDIT)
    assert form.labels == [
        "Slack channel",
        "Chain for a normal page",
        "Chain for an important page",
    ]
    form.choose("Slack channel", "#ops")
    form.choose("Chain for a normal page", "Duty")
    form.wait_for("calls the people chosen, and also carol at once. #ops hears of it.")
    assert "Chain Duty: now carol · 5 min · dave." in form.text.replace("*", "")
    assert form.submit().closed
    alice.waits("alice", "calls the people chosen, and also carol at once. #ops hears of it.")
    modal = alice.stage.box.person("bob").command("/escalate", "@dave db is down").modal()
    assert modal.submit().closed
    group = alice.stage.group()
    assert alice.chain_of(group) == "Duty"
    assert group.route_channel == ops.id


def test_taking_them_back(alice: SettingUp) -> None:
    day = alice.chain("Day", persons(alice.user("bob")))
    alice.leads(None, day, channel=alice.channel("ops"))
    alice.leads(None, alice.chain("Alarm", persons(alice.user("carol"))), important=True)
    form = alice.presses(EDIT)
    assert "An important page without a team calls the people chosen, and also carol" in form.text
    form.choose("Slack channel", "No Slack channel")
    form.choose("Chain for a normal page", "No chain")
    form.choose("Chain for an important page", "No chain")
    form.wait_for("A page without a team calls the people chosen, and nobody else.")
    assert "An important page" not in form.text
    assert form.submit().closed
    alice.waits("alice", "*A page without a team* calls the people chosen, and nobody else.")


def test_no_new_chain_for_a_team_that_is_not_there(alice: SettingUp) -> None:
    alice.chain("Day")
    form = alice.presses(EDIT)
    offered = form.suggestions("Chain for a normal page", "")
    assert [each["text"]["text"] for each in offered] == ["No chain", "Day"]


def test_a_chain_deleted_meanwhile(alice: SettingUp) -> None:
    day = alice.chain("Day", persons(alice.user("bob")))
    form = alice.presses(EDIT)
    form.choose("Chain for a normal page", "Day")
    alice.deletes_chain(day)
    gone = "This escalation chain does not exist any more. Choose another one."
    assert form.submit().errors == {"Chain for a normal page": gone}


def test_not_for_everybody(alice: SettingUp) -> None:
    assert "without a team" not in alice.home("bob").text
    form = alice.presses(EDIT)
    alice.stage.change("alice", lambda user: setattr(user, "given_role", Role.EDITOR))
    [told] = form.submit().errors.values()
    assert told.startswith("Only admins can change teams and chains. Nothing was changed.")
