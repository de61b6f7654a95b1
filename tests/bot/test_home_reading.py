"""What it costs to draw the Home tab, and what it shows when something goes wrong."""

import pytest

from bot.listeners import home
from tests.bot.setting_up import SettingUp
from tests.bot.stage import Stage
from tests.core.teams import members, persons
from tests.counting import queries


@pytest.fixture
def setting(stage: Stage) -> SettingUp:
    return SettingUp(stage)


def with_teams(setting: SettingUp, names: list[str]) -> None:
    """Teams of Alice's with two chains and a Slack channel each."""
    for name in names:
        team = setting.team(name, "alice", "bob")
        day = setting.chain(f"{name} by day", members(team), 5, persons(setting.user("carol")))
        alarm = setting.chain(f"{name} in alarm", persons(setting.user("dave"), important=True))
        setting.leads(team, day)
        setting.leads(team, alarm, important=True)


def test_many_teams_are_read_in_as_many_queries_as_few(setting: SettingUp) -> None:
    with_teams(setting, ["A", "B"])
    with queries(setting.stage.db) as few:
        home.publish(setting.stage.client, setting.stage.desk, setting.stage.id("alice"))
    with_teams(setting, [f"Team {number}" for number in range(20)])
    with queries(setting.stage.db) as many:
        home.publish(setting.stage.client, setting.stage.desk, setting.stage.id("alice"))
    assert len(many) == len(few)
    shown = setting.home("alice", "And 7 more.").text
    assert "A page to A will call team A (2 people) at once.\nChain A by day: now team A" in shown
    assert "An important page to Team 12 will call dave at once." in shown


def test_slack_does_not_say_who_somebody_is(setting: SettingUp) -> None:
    setting.stage.forget("dave")
    setting.stage.box.faults.add("users.info", error="internal_error")
    shown = setting.home("dave", "Slack did not say who you are").text
    assert "other workspaces" not in shown
    setting.stage.box.faults.clear()
    assert "You do not belong to a team." in setting.home("dave").text


def test_slack_takes_no_more_home_tabs_for_a_moment(setting: SettingUp) -> None:
    form = setting.presses("New team")
    form.fill("Name", "SRE")
    setting.stage.box.faults.add("views.publish", retry_after=1, count=1)
    assert form.submit().closed
    setting.waits("alice", "All teams (1)")


def test_slack_takes_no_home_tab_at_all(setting: SettingUp) -> None:
    form = setting.presses("New team")
    form.fill("Name", "SRE")
    setting.stage.box.faults.add("views.publish", error="internal_error")
    assert form.submit().closed
    setting.stage.settle()
    assert setting.team_names() == ["SRE"]
    assert setting.stage.box.person("alice").dm_with_bot() == []


def test_somebody_who_opens_it_all_the_time_holds_nobody_up(setting: SettingUp) -> None:
    alice = setting.stage.box.person("alice")
    setting.stage.box.faults.add("views.publish", delay=1)
    for _ in range(40):
        alice.open_home()
    assert setting.stage.box.person("bob").command("/escalate", "down").modal().is_open
    setting.stage.box.faults.clear()


def test_a_guest_is_not_told_to_page(setting: SettingUp) -> None:
    shown = setting.home("gail").text
    assert "You can be paged, but cannot page people here." in shown
    assert "/escalate" not in shown
    assert "Type `/escalate` in any channel" in setting.home("bob").text


def test_whoever_left_is_not_counted(setting: SettingUp) -> None:
    sre = setting.team("SRE", "alice", "bob", "carol")
    setting.leads(sre, setting.chain("Day", members(sre)))
    setting.stage.change("carol", lambda user: setattr(user, "is_active", False))
    shown = setting.home("alice").text
    assert "*SRE* (2 people)\n• Any page to SRE, important or not, will call team SRE" in shown
    assert "*SRE* · 2 people\n" in shown


def test_nobody_is_sent_to_an_admin_of_another_workspace(setting: SettingUp) -> None:
    setting.stage.change("stella", lambda user: setattr(user, "is_admin", True))
    assert "Teams are changed by admins: ask alice." in setting.home("bob").text
