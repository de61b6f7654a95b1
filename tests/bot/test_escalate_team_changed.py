"""Paging a team that has changed meanwhile, twice, by its own routes, and among hundreds."""

import dataclasses

import pytest

from tests.bot.crew import Crew
from tests.bot.stage import Stage
from tests.core.teams import persons
from tests.counting import queries


@pytest.fixture
def crew(stage: Stage) -> Crew:
    return Crew(stage)


def test_deleted_or_changed_meanwhile(stage: Stage, crew: Crew) -> None:
    team = crew.sre()
    modal = stage.box.person("alice").command("/escalate", "@sre @bob db is down").modal()
    crew.leads(team)
    crew.leads(team, important=True)
    refused = modal.submit().errors["Team"]
    assert refused.startswith("SRE cannot be paged yet: it needs")
    assert refused.endswith("Choose another team, or clear the field and choose people.")
    modal.choose("team_rules", "Important escalation")
    modal.wait_for("SRE cannot be paged")
    crew.deletes(team)
    assert modal.submit().errors == {
        "Team": (
            "SRE does not exist any more. Choose another team, or clear the field and choose "
            "people."
        )
    }
    modal.fill("Message", "db is still down")
    modal.choose("Team")
    stage.box.wait(lambda: "cannot be paged" not in modal.text)
    assert modal.submit().closed
    assert stage.group().message == "db is still down"
    assert stage.paged() == {"bob": False}


def test_the_same_submit_twice(stage: Stage, crew: Crew) -> None:
    team = crew.sre()
    modal = stage.box.person("alice").command("/escalate", "@sre! db is down").modal()
    view = modal.view
    first, second = modal.submit_twice()
    assert first.closed
    assert second.closed
    crew.deletes(team)
    assert modal.submit_stale(view).errors == {}  # it was carried out
    assert crew.chain_of(stage.group()) == "SRE urgent"


def test_with_another_team_it_is_another_request(stage: Stage, crew: Crew) -> None:
    crew.sre()
    modal = stage.box.person("alice").command("/escalate", "@sre db is down").modal()
    before = modal.view
    assert modal.submit().closed
    values = dict(before.values)
    values["team_rules", "team_important"] = {"selected_options": [{}]}
    changed = dataclasses.replace(before, values=values)
    assert modal.submit_stale(changed).errors == {
        "Message": "This form was already sent, with other content."
    }


def test_routes_of_the_teams_own(stage: Stage, crew: Crew) -> None:
    team = crew.sre()
    crew.routes_by(team, "database", crew.chain("Databases", persons(crew.user("dave"))))
    alice = stage.box.person("alice")
    modal = alice.command("/escalate", "@sre the database is down").modal()
    assert "There are routes that depend on the text" in modal.text
    assert modal.submit().closed
    assert crew.chain_of(stage.group()) == "Databases"


def test_slow_terms_never_lose_a_page(stage: Stage, crew: Crew) -> None:
    team = crew.sre()
    endless = crew.chain("Endless", persons(crew.user("dave")))
    for n in range(7):  # each of which is given up after a fifth of a second
        crew.routes_by(team, f"(a|a?)+{n}$", endless)
    modal = stage.box.person("alice").command("/escalate", "@sre " + "a" * 60).modal()
    assert modal.submit().closed
    assert crew.chain_of(stage.group()) == "SRE day"


def test_hundreds_of_teams_and_thousands_of_people(stage: Stage, crew: Crew) -> None:
    crew.sre()
    alice = stage.box.person("alice")

    def asked() -> list[int]:
        """How many queries opening, suggesting and choosing take."""
        with queries(stage.db) as opening:
            modal = alice.command("/escalate", "@sre db is down").modal()
            stage.settle()
        with queries(stage.db) as suggesting:
            found = modal.suggestions("Team", "")
            stage.settle()
        assert found
        with queries(stage.db) as choosing:
            modal.choose("Team", "SRE")
            stage.settle()
        modal.close()
        return [len(opening), len(suggesting), len(choosing)]

    before = asked()
    crew.crowd(teams=500, people=3_000)
    assert asked() == before
    modal = alice.command("/escalate").modal()
    assert len(modal.suggestions("Team", "")) == 100
    assert [each["text"]["text"] for each in modal.suggestions("Team", "team 499")] == ["Team 499"]
