"""The Home tab, over real sockets."""

import pytest

from bot import ids
from core.models import Role
from tests.bot.setting_up import SettingUp
from tests.bot.stage import Stage
from tests.core.teams import members, persons


@pytest.fixture
def setting(stage: Stage) -> SettingUp:
    return SettingUp(stage)


def test_a_newcomer_who_is_an_admin(either_stage: Stage) -> None:
    setting = SettingUp(either_stage)
    shown = setting.home("alice").text
    assert "You do not belong to a team." in shown
    assert "All teams (0)" in shown
    assert "[New team]" in shown
    assert "[New chain]" in shown
    form = setting.presses("New team")
    form.fill("Name", "SRE")
    form.choose("Chain for a normal page", "A new chain that calls the whole team")
    assert form.submit().updated is not None
    setting.waits("alice", "All teams (1)")


def test_a_member_sees_what_a_page_does_and_whom_to_ask(setting: SettingUp) -> None:
    sre = setting.team("SRE", "bob", "carol")
    carol, dave = setting.user("carol"), setting.user("dave")
    setting.leads(sre, setting.chain("Day", persons(carol), 5, persons(dave)))
    setting.leads(sre, channel=setting.channel("incidents"), important=True)
    shown = setting.home("bob").text
    assert "*SRE* (2 people)" in shown
    assert "A page to SRE will call carol at once.\nChain Day: now carol · 5 min · dave." in shown
    assert "An important page to SRE calls nobody: only #incidents hears of it." in shown
    assert "Teams are changed by admins: ask alice." in shown
    assert "[Edit]" not in shown
    assert "All teams" not in shown


def test_admins_see_every_team_and_chain(setting: SettingUp) -> None:
    sre, web = setting.team("SRE", "bob"), setting.team("Web")
    day = setting.chain("Day", members(sre))
    setting.chain("Spare")
    setting.leads(sre, day)
    setting.leads(web, day)
    setting.leads(None, day)
    shown = setting.home("alice").text
    assert "All teams (2)" in shown
    assert "*SRE* · 1 person\n[Edit]" in shown
    assert "*Web* · no members\n[Edit]" in shown
    assert "*Day* · for SRE, Web and pages without a team\nnow team SRE (1 person)" in shown
    assert "*Spare* · no team uses it\nno steps yet" in shown
    setting.deletes(web)
    again = setting.home("alice", "All teams (1)").text
    assert "*Day* · for SRE and pages without a team\n" in again


def test_a_team_that_cannot_be_paged(setting: SettingUp) -> None:
    setting.team("SRE", "alice")
    shown = setting.home("alice").text
    needs = "it needs a chain that calls somebody, or a Slack channel."
    assert shown.count(f"Nobody hears of a page to SRE: {needs}") == 1
    assert "*SRE* · 1 person · cannot be paged yet" in shown


def test_hundreds_of_teams_and_chains(setting: SettingUp) -> None:
    for number in range(120):
        setting.team(f"Team {number:03}", "alice")
        setting.chain(f"Chain {number:03}")
    shown = setting.home("alice")
    assert len(shown.view.blocks) <= 100
    assert "All teams (120)" in shown.text
    assert "And 90 more: find them above." in shown.text
    offered = shown.suggestions("Find a team", "99")
    assert [each["text"]["text"] for each in offered] == ["Team 099"]
    assert len(shown.suggestions("Find a team", "")) == 100
    assert len(shown.suggestions("Find a chain", "Chain 1")) == 20
    assert shown.suggestions("Find a chain", "%") == []
    form = setting.finds("Find a team", "Team 117")
    assert "Name: [Team 117]" in form.text


def test_names_are_never_obeyed(setting: SettingUp) -> None:
    name = "<!channel> & *all*"
    setting.leads(setting.team(name, "bob"), setting.chain(name, persons(setting.user("bob"))))
    blocks = str(setting.home("bob", "Any page to").view.blocks)
    assert "<!channel>" not in blocks
    assert "&lt;!channel&gt; &amp;" in blocks


def test_a_newcomer_is_looked_up(setting: SettingUp) -> None:
    setting.stage.forget("dave")
    assert "You do not belong to a team." in setting.home("dave").text
    assert setting.stage.id("dave") in setting.stage.known_slack_ids()


def test_people_of_other_workspaces_see_nothing(setting: SettingUp) -> None:
    setting.team("SRE", "stella")
    shown = setting.home("stella", "other workspaces").text
    assert "People of other workspaces cannot use Tocsin here." in shown
    assert "SRE" not in shown


def test_a_role_given_here_counts_more_than_slacks(setting: SettingUp) -> None:
    setting.stage.change("bob", lambda user: setattr(user, "given_role", Role.ADMIN))
    setting.stage.change("alice", lambda user: setattr(user, "given_role", Role.VIEWER))
    assert "[New team]" in setting.home("bob").text
    shown = setting.home("alice").text
    assert "[New team]" not in shown
    assert "ask bob." in shown


def test_the_messages_tab_changes_nothing(setting: SettingUp) -> None:
    person = setting.stage.box.person("alice")
    person.open_home("messages")
    setting.stage.settle()
    assert person.home() is None


@pytest.mark.parametrize("button", ["New team", "New chain", "Edit"])
def test_somebody_who_is_no_admin_any_more(setting: SettingUp, button: str) -> None:
    setting.team("SRE")
    shown = setting.home("alice")
    setting.stage.change("alice", lambda user: setattr(user, "given_role", Role.EDITOR))
    told = shown.press(button).modal()
    assert "Only admins can change teams and chains. Nothing was changed." in told.text


def test_a_team_deleted_meanwhile(setting: SettingUp) -> None:
    team = setting.team("SRE")
    shown = setting.home("alice")
    setting.deletes(team)
    assert "This team does not exist any more." in shown.press("Edit").modal().text
    setting.waits("alice", "There is no team yet.")


def test_a_chain_deleted_meanwhile(setting: SettingUp) -> None:
    chain = setting.chain("Calm", persons(setting.user("bob")))
    shown = setting.home("alice")
    setting.deletes_chain(chain)
    told = shown.act(shown.find(ids.EDIT_CHAIN), {}).modal().text
    assert "This escalation chain does not exist any more." in told
    setting.waits("alice", "Escalation chains (0)")


def test_slack_opens_no_form(setting: SettingUp) -> None:
    shown = setting.home("alice")
    setting.stage.box.faults.add("views.open", error="internal_error", count=2)
    shown.press("New team")
    alice = setting.stage.box.person("alice")
    said = alice.message(channel="@tocsin", containing="Slack did not open the form.")
    assert "Nothing was changed." in alice.reads(said)


def test_what_is_suggested_to_others(setting: SettingUp) -> None:
    setting.team("SRE")
    shown = setting.home("alice")
    setting.stage.change("alice", lambda user: setattr(user, "given_role", Role.NONE))
    assert shown.suggestions("Find a team", "S") == []
    assert shown.find(ids.FIND_TEAM).type == "external_select"


def test_what_is_suggested_to_people_of_other_workspaces(setting: SettingUp) -> None:
    setting.team("SRE")
    shown = setting.home("alice")
    setting.stage.change("alice", lambda user: setattr(user, "slack_team_id", "TELSEWHERE"))
    assert shown.suggestions("Find a team", "S") == []


def test_a_search_that_fails_is_told_nobody_at_each_letter(setting: SettingUp) -> None:
    shown = setting.home("alice")
    with setting.without_teams():
        assert shown.suggestions("Find a team", "S") == []
    assert setting.stage.box.person("alice").dm_with_bot() == []
