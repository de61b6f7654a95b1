"""A team named after /escalate: which one is meant, and what is said if none is."""

import pytest

from tests.bot.crew import Crew
from tests.bot.stage import Stage
from tests.core.teams import members, persons


@pytest.fixture
def crew(stage: Stage) -> Crew:
    return Crew(stage)


@pytest.mark.parametrize(
    ("typed", "important", "people"),
    [
        ("@sre db is down", False, {}),
        ("@SRE: db is down", False, {}),
        ('@"sre" db is down', False, {}),
        ("@sre! db is down", True, {}),
        ("@bob @sre db is down", False, {"bob": False}),
        ("@sre @bob! db is down", False, {"bob": True}),
        ("@sre, @bob, @sre! db is down", True, {"bob": False}),
    ],
)
def test_a_team_by_name(
    stage: Stage, crew: Crew, typed: str, important: bool, people: dict[str, bool]
) -> None:
    crew.sre()
    modal = stage.box.person("alice").command("/escalate", typed).modal()
    called = "An important page to SRE will call carol" if important else "will call bob at once"
    assert called in modal.text
    assert modal.submit().closed
    assert stage.group().message == "db is down"
    assert stage.paged() == people
    assert crew.chain_of(stage.group()) == ("SRE urgent" if important else "SRE day")


@pytest.mark.parametrize("raw", ["<!subteam^S1|@sre>", "<!subteam^S1>", "<!subteam^S9|@sre>"])
def test_a_team_by_its_user_group(stage: Stage, crew: Crew, raw: str) -> None:
    crew.sre()
    crew.group("S1", "sre")
    modal = stage.types("alice", f"{raw} db is down").modal()
    assert modal.submit().closed
    assert crew.chain_of(stage.group()) == "SRE day"


def test_names_that_choose_no_team(stage: Stage, crew: Crew) -> None:
    crew.sre()
    crew.team("Quiet")
    crew.team("Web & Co")
    crew.team("web co")
    alice = stage.box.person("alice")
    modal = alice.command("/escalate", "@nosuch @bob db is down").modal()
    said = "No team is called @nosuch: it stays in the message. Choose a team or people below."
    assert said in modal.text
    assert modal.value("Message")["value"] == "@nosuch db is down"
    modal = alice.command("/escalate", "@web-co db is down").modal()
    assert (
        "2 teams are called @web-co, and none of them can be paged yet. Choose another team or "
        "people below."
    ) in modal.text
    assert modal.value("Message")["value"] == "@web-co db is down"
    modal = alice.command("/escalate", "@quiet db is down").modal()
    assert (
        "Quiet cannot be paged yet: it needs an escalation chain that calls somebody, or a Slack "
        "channel. An admin sets that in Tocsin's Home tab. Or choose people below."
    ) in modal.text
    assert modal.value("Team")["selected_option"] is None
    modal = alice.command("/escalate", "@sre @quiet @nosuch @sre db is down").modal()
    assert modal.value("Message")["value"] == "@quiet @nosuch db is down"
    assert "Quiet cannot be paged yet" in modal.text
    assert "will call bob at once" in modal.text


def test_two_teams_that_are_called_alike(stage: Stage, crew: Crew) -> None:
    """The one that can be paged is meant, or else the one that is spelled so."""
    crew.sre()
    small = crew.team("sre")
    alice = stage.box.person("alice")
    modal = alice.command("/escalate", "@sre db is down").modal()
    assert "A page to SRE will call bob at once." in modal.text
    assert "teams are called" not in modal.text
    duty = crew.chain("Duty", persons(crew.user("dave")))
    crew.leads(small, duty)
    modal = alice.command("/escalate", "@sre db is down").modal()
    assert "A page to sre will call dave at once." in modal.text
    modal = alice.command("/escalate", "@Sre db is down").modal()
    assert "2 teams are called @Sre: choose one below." in modal.text
    assert modal.value("Message")["value"] == "@Sre db is down"
    for name in ("Quiet", "quiet"):
        crew.team(name)
    modal = alice.command("/escalate", "@quiet db is down").modal()
    assert "quiet cannot be paged yet: it needs" in modal.text
    for name in ("Data (EU)", "Data EU"):
        crew.leads(crew.team(name), duty)
    modal = alice.command("/escalate", "@data-eu db is down").modal()
    assert "2 teams are called @data-eu: choose one below." in modal.text


def test_one_team_at_a_time(stage: Stage, crew: Crew) -> None:
    crew.sre()
    ops = crew.team("Ops", "dave")
    crew.leads(ops, crew.chain("Ops", members(ops)))
    modal = stage.box.person("alice").command("/escalate", "@ops @sre db is down").modal()
    assert "One team at a time can be paged: @sre stays in the message." in modal.text
    assert "A page to Ops will call team Ops (1 person) at once." in modal.text
    assert "The alert goes where you typed /escalate." in modal.text
