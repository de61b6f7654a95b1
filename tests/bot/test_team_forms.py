"""Admins set a team up from the Home tab, over real sockets."""

import pytest

from core.models import PolicyType
from tests.bot.setting_up import SettingUp
from tests.bot.stage import Stage
from tests.core.teams import persons


@pytest.fixture
def alice(stage: Stage) -> SettingUp:
    """Alice is an admin."""
    return SettingUp(stage)


def test_a_newcomer_makes_a_team_and_gives_it_a_chain(alice: SettingUp) -> None:
    alice.channel("incidents")
    form = alice.presses("New team")
    assert "Nobody hears of a page to this team" in form.text
    form.fill("Name", "SRE & <friends>")
    form.choose("Members", "bob", "carol")
    form.choose("Slack channel", "#incidents")
    form.choose("Chain for a normal page", "A new chain that calls the whole team")
    form.wait_for("A page to SRE & <friends> will call team SRE & <friends> (2 people) at once.")
    answer = form.submit()
    assert answer.updated is not None
    assert "The team is saved. This is its new chain" in form.text
    assert "1. Notify team SRE & <friends> (2 people)" in form.text.replace("*", "")
    alice.waits("alice", "*SRE & <friends>* · 2 people")
    assert alice.members("SRE & <friends>") == ["bob", "carol"]
    [step] = alice.steps("SRE & <friends>")
    assert step.type is PolicyType.NOTIFY_TEAM


def test_what_an_important_page_does(alice: SettingUp) -> None:
    alice.team("SRE", "bob")
    alice.chain("Day", persons(alice.user("bob")))
    alice.chain("Alarm", persons(alice.user("carol"), alice.user("dave"), important=True))
    form = alice.finds("Find a team", "SRE")
    form.choose("Chain for a normal page", "Day")
    form.choose("Chain for an important page", "Alarm")
    form.wait_for("An important page to SRE will call carol and dave at once.")
    assert form.submit().closed
    shown = alice.home("bob", "A page to SRE will call bob at once.").text
    assert "An important page to SRE will call carol and dave at once." in shown
