"""One step of a chain: every kind, and whom it calls, over real sockets."""

import pytest

from core.models import ChainStep, PolicyType
from tests.bot.setting_up import SettingUp, added, made
from tests.bot.stage import Stage
from tests.core.teams import CHANNEL


@pytest.fixture
def alice(stage: Stage) -> SettingUp:
    """Alice is an admin."""
    return SettingUp(stage)


def test_every_kind_of_step(alice: SettingUp) -> None:
    alice.team("SRE", "dave")
    alice.group("S1", "ops")
    form = made(alice)
    step = added(form, "Notify one of several people, in turn")
    step.wait_for("People")
    step.choose("People", "bob", "carol")
    assert step.submit().closed
    step = added(form, "Notify a team")
    step.wait_for("Team")
    step.choose("Team", "SRE")
    step.wait_for("Notify team SRE (1 person)")
    assert step.submit().closed
    step = added(form, "Notify a Slack user group")
    step.wait_for("User group")
    step.choose("User group", "@ops")
    assert step.submit().closed
    step = added(form, "Wait for certain hours")
    step.wait_for("From (UTC)")
    step.choose("From (UTC)", "22:30")
    step.choose("To (UTC)", "06:00")
    assert step.submit().closed
    step = added(form, "Go on only after several alerts")
    step.wait_for("what comes after this step never runs")
    step.fill("More alerts than", "3")
    step.fill("Within minutes", "15")
    assert step.submit().closed
    for kind in ("Notify everybody in the Slack channel", "Start again from the first step"):
        step = added(form, kind)
        step.wait_for("The Slack channel is that of" if "Slack" in kind else "up to 5 times")
        assert step.submit().closed
    step = added(form, "Resolve the alert group")
    step.wait_for("Nobody is called any more")
    assert step.submit().closed
    form.wait_for("8.* Resolve")
    found = alice.steps("Day")
    assert [step.type for step in found] == [
        PolicyType.NOTIFY_NEXT,
        PolicyType.NOTIFY_TEAM,
        PolicyType.NOTIFY_USER_GROUP,
        PolicyType.IF_TIME,
        PolicyType.IF_ALERTS,
        PolicyType.NOTIFY_CHANNEL,
        PolicyType.REPEAT,
        PolicyType.RESOLVE,
    ]
    assert (found[3].time_from, found[3].time_to) == ("22:30:00Z", "06:00:00Z")
    assert (found[4].num_alerts, found[4].num_minutes) == (3, 15)
    assert "Steps 6 to 8 never run for a page by hand: step 5 waits for" in form.text


def test_more_than_fifty_people(alice: SettingUp) -> None:
    workspace = alice.stage.box.workspace
    crowd = [f"crowd{n:02}" for n in range(50)]
    for name in crowd:
        workspace.add_user(name, name)
    alice.stage.meet()
    sre, few = alice.team("SRE"), alice.team("Few")
    day = alice.chain("Day")
    alice.leads(few, day, channel=alice.channel("incidents", "bob"))
    alice.leads(sre, day, channel=alice.channel("general", "bob", "carol", *crowd))
    form = alice.finds("Find a chain", "Day")
    step = added(form, "Notify everybody in the Slack channel")
    step.wait_for("Notify everybody in the team's Slack channel (up to 52 people)")
    assert step.submit().errors == {
        "That may be many people": "Please complete this required field."
    }
    step.choose("That may be many people", "Yes, notify all 52 people")
    assert step.submit().closed
    assert [each.type for each in alice.steps("Day")] == [PolicyType.NOTIFY_CHANNEL]


def test_a_channel_that_grows_while_the_form_is_open(alice: SettingUp) -> None:
    crowd = [f"crowd{n:02}" for n in range(51)]
    for name in crowd:
        alice.stage.box.workspace.add_user(name, name)
    alice.stage.meet()
    day = alice.chain("Day")
    step = added(alice.finds("Find a chain", "Day"), "Notify everybody in the Slack channel")
    step.wait_for("The Slack channel is that of")
    alice.leads(alice.team("SRE"), day, channel=alice.channel("general", *crowd))
    assert step.submit().updated is not None
    assert "Yes, notify all 51 people" in step.text
    assert alice.steps("Day") == []
    step.choose("That may be many people", "Yes, notify all 51 people")
    assert step.submit().closed
    assert alice.steps("Day") == [
        ChainStep(PolicyType.NOTIFY_CHANNEL, policy_id=alice.steps("Day")[0].policy_id)
    ]


def test_a_chain_that_is_given_to_a_larger_channel(alice: SettingUp) -> None:
    crowd = [f"crowd{n:02}" for n in range(52)]
    for name in crowd:
        alice.stage.box.workspace.add_user(name, name)
    alice.stage.meet()
    day = alice.chain("Day", CHANNEL)
    sre = alice.team("SRE")
    alice.leads(sre, day, channel=alice.channel("incidents", "bob"))
    alice.channel("general", *crowd[:51])
    form = alice.finds("Find a team", "SRE")
    assert "That may be many people" not in form.text
    form.choose("Slack channel", "#general")
    form.wait_for("Yes, notify all 51 people")
    assert form.submit().errors == {
        "That may be many people": "Please complete this required field."
    }
    form.choose("That may be many people", "Yes, notify all 51 people")
    alice.joins("general", crowd[51])
    assert form.submit().updated is not None
    form.choose("That may be many people", "Yes, notify all 52 people")
    assert form.submit().closed
    assert alice.heard_in(sre) == ["general", "general"]
    again = alice.finds("Find a team", "SRE")
    again.fill("Name", "Web")
    assert "That may be many people" not in again.text
    assert again.submit().closed


def test_another_type_and_back(alice: SettingUp) -> None:
    step = added(made(alice), "Notify people")
    step.choose("People", "bob", "carol")
    step.wait_for("Notify bob and carol")
    step.choose("Important", "Use their important notification rules")
    step.choose("What it does", "Wait")
    step.wait_for("Minutes")
    step.choose("What it does", "Notify one of several people, in turn")
    step.wait_for("Notify one of bob, carol in turn (important)")
    assert step.submit().closed
    [saved] = alice.steps("Day")
    assert saved.persons == (alice.stage.key("bob"), alice.stage.key("carol"))
    assert saved.important


@pytest.mark.parametrize(
    ("kind", "shows"),
    [
        ("Wait", "Minutes"),
        ("Wait for certain hours", "From (UTC)"),
        ("Go on only after several alerts", "Within minutes"),
        ("Resolve the alert group", "Nobody is called any more"),
        ("Notify people", "People"),
    ],
)
def test_a_team_is_chosen_and_then_another_type(alice: SettingUp, kind: str, shows: str) -> None:
    """Nothing is said to be so now that nobody has set."""
    alice.team("SRE", "dave")
    step = added(made(alice), "Notify a team")
    step.wait_for("Team")
    step.choose("Team", "SRE")
    step.wait_for("Now:")
    step.choose("What it does", kind)
    step.wait_for(shows)
    assert "Now:" not in step.text.replace("*", "")


def test_a_window_of_days_that_was_made_over_the_api(alice: SettingUp) -> None:
    days = ChainStep(PolicyType.IF_ALERTS, num_alerts=3, num_minutes=2_880)
    alice.chain("Day", days)
    [made_there] = alice.steps("Day")
    form = alice.finds("Find a chain", "Day")
    opened = form.choose(f"step:{made_there.policy_id}", "Edit")
    assert opened is not None
    step = opened.modal()
    step.fill("More alerts than", "4")
    assert step.submit().closed
    [saved] = alice.steps("Day")
    assert (saved.num_alerts, saved.num_minutes) == (4, 2_880)


def test_newcomers_in_a_step(alice: SettingUp) -> None:
    alice.stage.forget("dave")
    step = added(made(alice), "Notify people")
    step.choose("People", "dave")
    step.wait_for("Notify dave")
    assert step.submit().closed
    assert alice.steps("Day")[0].persons == (alice.stage.key("dave"),)


def test_somebody_who_cannot_be_paged(alice: SettingUp) -> None:
    step = added(made(alice), "Notify people")
    alice.stage.change("bob", lambda user: setattr(user, "is_active", False))
    step.choose("People", "bob", "carol")
    step.wait_for("Notify carol")
    assert step.submit().errors == {"People": "bob is deactivated and cannot be paged."}


def test_a_channel_that_was_not_read_yet(alice: SettingUp) -> None:
    day = alice.chain("Day")
    alice.leads(alice.team("SRE"), day, channel=alice.unread_channel("general"))
    step = added(alice.finds("Find a chain", "Day"), "Notify everybody in the Slack channel")
    step.wait_for("Tocsin has not read yet who is in this Slack channel.")
    step.choose("That may be many people", "Yes, notify everybody, however many they are")
    assert step.submit().closed
    assert [each.type for each in alice.steps("Day")] == [PolicyType.NOTIFY_CHANNEL]


@pytest.mark.parametrize("typed", ["0", "0.9", "1441", "1e999999", "NaN", "five", "", "-5"])
def test_waits_that_cannot_be(alice: SettingUp, typed: str) -> None:
    step = added(made(alice), "Wait")
    step.wait_for("Minutes")
    step.fill("Minutes", typed)
    said = step.submit_stale(step.view).errors
    assert said == {"Minutes": "A wait takes 1 to 1440 minutes, which is a day."}
    step.fill("Minutes", "1.5")
    assert step.submit().closed
    assert [each.duration for each in alice.steps("Day")] == [90]


def test_hours_that_end_when_they_begin(alice: SettingUp) -> None:
    step = added(made(alice), "Wait for certain hours")
    step.wait_for("From (UTC)")
    step.choose("To (UTC)", "08:00")
    assert step.submit().errors == {"To (UTC)": "Choose two different times."}
    assert alice.steps("Day") == []


@pytest.mark.parametrize(
    ("kind", "field", "said"),
    [
        ("Notify people", "People", "Choose at least one person."),
        ("Notify a team", "Team", "Choose a team."),
        ("Notify a Slack user group", "User group", "Choose a user group."),
        ("Wait for certain hours", "From (UTC)", "Choose both times."),
        ("Go on only after several alerts", "More alerts than", "A whole number from 0 to 10,000."),
    ],
)
def test_steps_that_are_not_complete(alice: SettingUp, kind: str, field: str, said: str) -> None:
    step = added(made(alice), kind)
    step.wait_for(field)
    if field == "From (UTC)":
        step.choose(field)
    assert step.submit_stale(step.view).errors == {field: said}
    assert alice.steps("Day") == []
