"""Paging a team by /escalate, from the command to the rows, over real sockets."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core import clock
from core.models import ChainStep, Event, LogRecord, PolicyType, SlackChannel, User
from tests.bot.crew import Crew
from tests.bot.stage import Stage
from tests.core.teams import CHANNEL, members, persons


@pytest.fixture
def crew(stage: Stage) -> Crew:
    return Crew(stage)


def about(stage: Stage) -> dict[str, object]:
    """What the first line of the only alert group's story says."""
    with stage.db.reading() as session:
        rows = select(LogRecord).where(LogRecord.event == Event.OPENED)
        return session.scalars(rows).one().detail


def be_nowhere(user: User) -> None:
    user.email = user.slack_user_id = None


def test_choose_a_team_and_make_it_important(either_stage: Stage) -> None:
    stage, crew = either_stage, Crew(either_stage)
    crew.sre()
    modal = stage.box.person("alice").command("/escalate", "db is down").modal()
    assert "Important escalation" not in modal.text
    modal.choose("Team", "SRE")
    modal.wait_for("A page to SRE will call bob at once.")
    assert "SRE day: now bob · 5 min · team SRE (2 people)" in modal.text.replace("*", "")
    assert "The alert goes to #ops." in modal.text
    modal.choose("team_rules", "Important escalation")
    modal.wait_for("An important page to SRE will call carol at once.")
    assert "now carol (important)" in modal.text
    assert modal.submit().closed
    group = stage.group()
    assert group.message == "db is down"
    assert group.route_channel == stage.box.person("alice").channel("ops").id
    assert crew.chain_of(group) == "SRE urgent"
    assert about(stage)["team"] == "SRE"
    assert about(stage)["important"] is True


def test_no_team_after_all(stage: Stage, crew: Crew) -> None:
    crew.sre()
    modal = stage.box.person("alice").command("/escalate", "db is down").modal()
    modal.choose("Team", "SRE")
    modal.wait_for("will call bob")
    modal.choose("team_rules", "Important escalation")
    modal.wait_for("will call carol")
    modal.choose("Team")
    stage.box.wait(lambda: "will call" not in modal.text)
    assert "Important escalation" not in modal.text
    assert modal.submit().errors == {"People": "Choose a team, or at least one person."}
    modal.choose("People", "dave")
    assert modal.submit().closed
    assert stage.paged() == {"dave": False}
    assert crew.chain_of(stage.group()) is None


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("bob", "An admin can make one in Tocsin's Home tab."),
        ("alice", "Make one in Tocsin's Home tab: it needs an escalation chain that"),
    ],
)
def test_no_team_can_be_paged(stage: Stage, crew: Crew, name: str, hint: str) -> None:
    crew.team("Quiet", "bob")
    stage.change("alice", lambda user: setattr(user, "is_admin", True))
    stage.change("bob", lambda user: setattr(user, "is_admin", False))
    modal = stage.box.person(name).command("/escalate", "db is down").modal()
    assert f"No team can be paged yet. {hint}" in modal.text
    assert "Team" not in modal.labels
    assert "People" in modal.submit().errors
    modal.choose("People", "carol")
    modal.wait_for("Slack now")
    assert hint in modal.text
    assert modal.submit().closed


def test_suggestions(stage: Stage, crew: Crew) -> None:
    crew.sre()
    crew.team("Quiet SRE")
    bob = persons(crew.user("bob"))
    for name in ("Site Reliability", "Data (EU)", "My SRE", "x" * 100):
        crew.leads(crew.team(name), crew.chain(name, bob))
    modal = stage.box.person("alice").command("/escalate").modal()

    def offered(typed: str) -> list[str]:
        return [option["text"]["text"] for option in modal.suggestions("Team", typed)]

    assert offered("sr") == ["SRE", "My SRE"]
    assert offered("@site-rel") == ["Site Reliability"]
    assert offered("TE REL") == ["Site Reliability"]
    assert offered("data-eu") == ["Data (EU)"]
    assert offered("") == ["Data (EU)", "My SRE", "Site Reliability", "SRE", "x" * 74 + "…"]
    assert offered("quiet") == []
    [longest] = modal.suggestions("Team", "xxx")
    modal.set(modal.find("Team"), {"type": "external_select", "selected_option": longest})
    modal.fill("Message", "down")
    modal.wait_for("will call bob")
    assert modal.submit().closed


def test_only_a_channel(stage: Stage, crew: Crew) -> None:
    team = crew.team("Quiet")
    crew.leads(team, channel=crew.channel("ops"))
    alice = stage.box.person("alice")
    modal = alice.command("/escalate", "@quiet db is down", channel="incidents").modal()
    assert "Nobody is called: only #ops hears of it." in modal.text
    assert modal.submit().closed
    assert about(stage)["heard_only_in"] == "#ops"
    modal = alice.command("/escalate", "@quiet @bob db is down", channel="incidents").modal()
    assert "Nobody of Quiet is called: only #ops hears of it." in modal.text
    assert modal.submit().closed
    alice.message(
        channel="incidents", containing="Nobody of Quiet is called: only #ops hears of it."
    )


def test_a_chain_that_waits_for_its_hours(stage: Stage, crew: Crew) -> None:
    """Whoever pages outside of them reads when the first person is called."""
    now = clock.now()
    begins, ends = now + timedelta(hours=2), now + timedelta(hours=4)
    hours = ChainStep(
        PolicyType.IF_TIME, time_from=f"{begins:%H}:00:00Z", time_to=f"{ends:%H}:00:00Z"
    )
    crew.leads(crew.team("SRE"), crew.chain("Day", hours, persons(crew.user("bob"))))
    modal = stage.box.person("alice").command("/escalate", "@sre db is down").modal()
    opens = begins.replace(minute=0, second=0, microsecond=0)
    assert f"*The chain calls nobody before <!date^{int(opens.timestamp())}^" in str(
        modal.view.body
    )


@pytest.mark.parametrize(
    ("channel", "where"),
    [
        ("general", "The alert goes where you typed /escalate.\n"),
        ("secret-room", "or to your direct messages with Tocsin if it is not in there.\n"),
        ("@bob", "The alert goes to your direct messages with Tocsin.\n"),
    ],
)
def test_where_the_alert_goes(stage: Stage, crew: Crew, channel: str, where: str) -> None:
    """Tocsin cannot post everywhere, so the form does not promise it."""
    team = crew.team("SRE", "bob")
    crew.leads(team, crew.chain("all", members(team)))
    alice = stage.box.person("alice")
    assert where in alice.command("/escalate", "@sre db is down", channel=channel).modal().text
    crew.leads(None, crew.chain("nights", persons(crew.user("dave"))))
    assert where in alice.command("/escalate", "@bob db is down", channel=channel).modal().text


def test_the_name_of_a_private_channel_is_not_told(stage: Stage, crew: Crew) -> None:
    team = crew.team("Quiet")
    crew.leads(team, channel=crew.channel("ops", private=True))
    alice = stage.box.person("alice")
    modal = alice.command("/escalate", "@quiet db is down", channel="incidents").modal()
    assert "Nobody is called: only a private channel hears of it." in modal.text
    assert modal.submit().closed
    assert about(stage)["heard_only_in"] == "a private channel"
    crew.leads(team, crew.chain("all", CHANNEL), channel=crew.channel("incidents", "bob"))
    crew.make_private("incidents")
    modal = alice.command("/escalate", "@quiet db is down", channel="incidents").modal()
    assert "now everybody in a private channel (1 person)" in modal.text
    assert "incidents" not in modal.text


def test_who_of_the_team_cannot_be_reached_is_named(stage: Stage, crew: Crew) -> None:
    team = crew.team("SRE", "bob", "carol")
    crew.leads(team, crew.chain("day", members(team)))
    stage.change("carol", be_nowhere)
    modal = stage.box.person("alice").command("/escalate", "@sre db is down").modal()
    assert "Nothing can reach bob" not in modal.text.replace("*", "")
    assert "Nothing can reach carol." in modal.text.replace("*", "")


def test_everybody_in_the_channel_is_a_number(stage: Stage, crew: Crew) -> None:
    team = crew.team("Loud")
    channel = crew.channel("ops", "bob", "carol", "dave")
    crew.leads(team, crew.chain("All", CHANNEL), channel=channel)
    modal = stage.box.person("alice").command("/escalate", "@loud db is down").modal()
    assert "will call everybody in #ops (3 people) at once." in modal.text


def test_a_chain_that_starts_without_a_team(stage: Stage, crew: Crew) -> None:
    alice = stage.box.person("alice")
    assert "Without a team" not in alice.command("/escalate", "db is down").modal().text
    crew.leads(
        None,
        crew.chain("Duty", persons(crew.user("carol")), 5, persons(crew.user("dave"))),
        channel=crew.channel("ops"),
    )
    modal = alice.command("/escalate", "@bob db is down").modal()
    told = "Without a team, a chain starts too. Chain Duty: now carol · 5 min · dave"
    assert told in modal.text.replace("*", "")
    assert "The alert goes to #ops." in modal.text
    assert modal.submit().closed
    group = stage.group()
    assert crew.chain_of(group) == "Duty"
    assert group.route_channel == alice.channel("ops").id


def test_a_channel_that_hears_of_pages_without_a_team(stage: Stage, crew: Crew) -> None:
    crew.sre()
    with stage.db.reading() as session:
        ops = session.scalars(select(SlackChannel)).one()
    crew.leads(None, channel=ops)
    modal = stage.box.person("alice").command("/escalate", "@bob db is down").modal()
    assert "The alert goes to #ops." in modal.text
    assert "Without a team" not in modal.text
    modal.choose("Team", "SRE")
    modal.wait_for("A page to SRE will call bob at once.")
    assert modal.text.count("The alert goes to") == 1
