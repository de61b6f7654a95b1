"""Admins set a team up from the Home tab, over real sockets."""

from collections.abc import Iterator

import pytest

from core.models import PolicyType, Role
from sandbox.modals import Modal
from tests.bot.setting_up import SettingUp
from tests.bot.stage import Stage
from tests.core.teams import members, persons


@pytest.fixture
def alice(stage: Stage) -> SettingUp:
    """Alice is an admin."""
    return SettingUp(stage)


def test_a_newcomer_makes_a_team_and_gives_it_a_chain(alice: SettingUp) -> None:
    alice.channel("incidents")
    form = alice.presses("New team")
    assert form.text.count("Nobody hears of a page to this team") == 1
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


def test_the_form_of_a_team_as_it_is(alice: SettingUp) -> None:
    team = alice.team("SRE", "bob", "carol")
    alice.leads(team, alice.chain("Day", persons(alice.user("bob"))), channel=alice.channel("ops"))
    form = alice.finds("Find a team", "SRE")
    assert "Name: [SRE]" in form.text
    assert "[@bob, @carol]" in form.text
    assert "Slack channel: [#ops]" in form.text
    assert "Chain for a normal page: [Day]" in form.text
    assert "Chain for an important page: [No chain]" in form.text
    assert "Any page to SRE, important or not, will call bob at once." in form.text
    assert form.submit().closed
    assert alice.members("SRE") == ["bob", "carol"]


def test_members_are_foreseen_before_they_are_saved(alice: SettingUp) -> None:
    team = alice.team("SRE", "bob")
    alice.leads(team, alice.chain("All", members(team)))
    form = alice.finds("Find a team", "SRE")
    form.choose("Members", "bob", "carol", "dave")
    form.wait_for("will call team SRE (3 people) at once")
    form.choose("Members")
    form.wait_for("Nobody hears of a page to SRE: its chain calls nobody now.")
    assert "Choose members for team SRE." in form.text
    assert alice.members("SRE") == ["bob"]
    form.choose("Members", "dave")
    assert form.submit().closed
    assert alice.members("SRE") == ["dave"]


def test_two_admins_at_once_do_not_undo_each_other(alice: SettingUp) -> None:
    team = alice.team("SRE", "bob")
    day, night = alice.chain("Day", 5), alice.chain("Night", 5)
    alice.stage.change("carol", lambda user: setattr(user, "given_role", Role.ADMIN))
    first, second = alice.finds("Find a team", "SRE"), alice.presses("Edit", by="carol")
    first.choose("Members", "bob", "dave")
    first.choose("Chain for a normal page", "Day")
    second.fill("Name", "Platform")
    second.choose("Members", "carol")
    second.choose("Chain for an important page", "Night")
    assert first.submit().closed
    assert second.submit().closed
    assert alice.members("Platform") == ["carol", "dave"]
    assert alice.leading(team) == (day.id, night.id)


def test_a_new_team_is_taken_back_when_its_chain_is_gone(alice: SettingUp) -> None:
    day = alice.chain("Day", 5)
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    form.choose("Members", "bob")
    form.choose("Chain for an important page", "Day")
    alice.deletes_chain(day)
    gone = "This escalation chain does not exist any more. Choose another one."
    assert form.submit().errors == {"Chain for an important page": gone}
    assert alice.team_names() == []
    form.choose("Chain for an important page", "No chain")
    assert form.submit().closed
    assert alice.members("SRE") == ["bob"]


def openings(alice: SettingUp) -> Iterator[Modal]:
    """The form of a new team, then that of one that is there."""
    yield alice.presses("New team")
    yield alice.finds("Find a team", "SRE")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Taken", "There is a team called Taken already."),
        (" ", "Give the team a name."),
    ],
)
def test_names_that_cannot_be(alice: SettingUp, typed: str, said: str) -> None:
    alice.team("Taken")
    alice.team("SRE")
    for form in openings(alice):
        form.fill("Name", typed)
        assert form.submit().errors == {"Name": said}
    assert alice.team_names() == ["Taken", "SRE"]


def test_a_name_longer_than_the_client_lets_through(alice: SettingUp) -> None:
    form = alice.presses("New team")
    form.fill("Name", "x" * 101)
    assert form.submit().errors == {"Name": "Please enter at most 100 characters."}
    told = form.submit_stale(form.view).errors
    assert told == {"Name": "The name has more than 100 characters."}
    assert alice.team_names() == []


def test_a_team_deleted_by_somebody_else(alice: SettingUp) -> None:
    team = alice.team("SRE", "bob")
    form = alice.finds("Find a team", "SRE")
    alice.deletes(team)
    assert form.submit().errors == {"Name": "This team does not exist any more."}
    told = form.press("Delete this team").modal()
    assert "This team does not exist any more." in told.text


def test_deleting_a_team(alice: SettingUp) -> None:
    team = alice.team("SRE", "alice")
    alice.chain("Day", members(team))
    form = alice.finds("Find a team", "SRE")
    asked = form.find("Delete this team").element["confirm"]
    assert asked["title"]["text"] == "Delete the team SRE?"
    assert "Its chains stay" in asked["text"]["text"]
    form.press("Delete this team")
    form.wait_for("The team was deleted. Nobody can page it any more.")
    alice.waits("alice", "All teams (0)")
    assert alice.chain_names() == ["Day"]


def test_the_slack_channel_is_for_both_routes(alice: SettingUp) -> None:
    team = alice.team("SRE", "bob")
    alice.channel("incidents")
    alice.leads(team, channel=alice.channel("ops"), important=True)
    form = alice.finds("Find a team", "SRE")
    assert "Important pages are posted in another Slack channel now." in form.text
    assert "Any page to SRE, important or not, calls nobody: only #ops hears of it." in form.text
    form.choose("Slack channel", "#incidents")
    form.wait_for("only #incidents hears of it")
    assert form.submit().closed
    assert alice.heard_in(team) == ["incidents", "incidents"]


def test_a_chain_for_important_pages_alone(alice: SettingUp) -> None:
    alice.channel("incidents")
    alice.chain("Alarm", persons(alice.user("dave")))
    form = alice.presses("New team")
    form.choose("Slack channel", "#incidents")
    form.choose("Chain for an important page", "Alarm")
    form.wait_for("Choose a chain for normal pages too:")


def test_private_channels_are_listed_for_their_members_only(alice: SettingUp) -> None:
    alice.private_channel("war-room", "alice")
    alice.private_channel("payroll", "bob")
    form = alice.presses("New team")
    assert "/invite @tocsin there" in form.text
    offered = [each["text"]["text"] for each in form.suggestions("Slack channel", "")]
    assert offered == ["No Slack channel", "#war-room"]


def test_a_channel_that_is_gone_when_it_is_saved(alice: SettingUp) -> None:
    channel = alice.channel("incidents")
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    form.choose("Slack channel", "#incidents")
    form.wait_for("only #incidents hears of it")
    alice.loses(channel)
    [told] = form.submit().errors.items()
    assert told == (
        "Slack channel",
        "Tocsin does not see this Slack channel. If it is private, invite the bot there.",
    )
    assert alice.team_names() == []


def test_a_channel_that_was_archived_is_said(alice: SettingUp) -> None:
    team, channel = alice.team("SRE", "bob"), alice.channel("ops")
    alice.leads(team, alice.chain("Day", persons(alice.user("bob"))), channel=channel)
    alice.loses(channel)
    form = alice.finds("Find a team", "SRE")
    assert "#ops was archived or deleted, or Tocsin was taken out of it." in form.text
    alice.channel("incidents")
    form.choose("Slack channel", "#incidents")
    form.wait_for("#incidents hears of it")
    assert "#ops was archived" not in form.text


def test_the_route_for_important_pages_was_deleted(alice: SettingUp) -> None:
    team = alice.team("SRE", "bob")
    alice.forgets_important(team)
    form = alice.finds("Find a team", "SRE")
    assert "The route for important pages was deleted over the API" in form.text
    assert "Chain for an important page" not in form.labels
    form.choose("Chain for a normal page", "A new chain that calls the whole team")
    form.wait_for("Any page to SRE, important or not, will call team SRE (1 person) at once.")
    assert form.submit().updated is not None
    assert alice.chain_names() == ["SRE"]


def test_routes_of_the_teams_own_are_said(alice: SettingUp) -> None:
    team = alice.team("SRE", "bob")
    alice.routes_by(team, "database", alice.chain("Data", persons(alice.user("carol"))))
    form = alice.finds("Find a team", "SRE")
    assert "There are other routes too, which were made over the API." in form.text


def test_two_new_chains_at_once(alice: SettingUp) -> None:
    alice.chain("SRE")
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    form.choose("Members", "bob")
    for menu in ("Chain for a normal page", "Chain for an important page"):
        form.choose(menu, "A new chain that calls the whole team")
    assert form.submit().updated is not None
    assert "This is its new chain for normal pages" in form.text
    assert "The other one, SRE (important), is for important pages" in form.text
    assert "Name: [SRE 2]" in form.text
    assert alice.chain_names() == ["SRE", "SRE (important)", "SRE 2"]
    assert [step.important for step in alice.steps("SRE (important)")] == [True]


def test_newcomers_become_members(alice: SettingUp) -> None:
    alice.stage.forget("dave")
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    form.choose("Members", "dave")
    assert form.submit().closed
    assert alice.members("SRE") == ["dave"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tocsin", "tocsin is a bot and cannot be paged."),
        ("stella", "stella belongs to another workspace and cannot be paged."),
    ],
)
def test_who_cannot_be_a_member(alice: SettingUp, name: str, said: str) -> None:
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    form.choose("Members", "bob", name)
    assert form.submit().errors == {"Members": said}
    assert alice.team_names() == []


def test_no_admin_any_more(alice: SettingUp) -> None:
    alice.team("SRE")
    form = alice.finds("Find a team", "SRE")
    form.fill("Name", "Mine")
    alice.stage.change("alice", lambda user: setattr(user, "given_role", Role.EDITOR))
    [told] = form.submit().errors.values()
    assert told.startswith("Only admins can change teams and chains. Nothing was changed.")
    assert "Only admins" in form.press("Delete this team").modal().text
    assert alice.team_names() == ["SRE"]


def test_the_database_does_not_answer(alice: SettingUp) -> None:
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    with alice.stage.locked_database():
        said = form.submit().errors
    assert said == {"Name": "Not done: the database does not answer. Try again."}
    assert form.submit().closed
    assert alice.team_names() == ["SRE"]
