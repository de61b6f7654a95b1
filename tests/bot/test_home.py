"""The Home tab, over real sockets."""

import pytest

from sandbox.modals import OpenView
from tests.bot.crew import Crew
from tests.bot.stage import Stage
from tests.core.teams import persons


@pytest.fixture
def crew(stage: Stage) -> Crew:
    return Crew(stage)


def home(stage: Stage, name: str, shows: str = "My teams") -> OpenView:
    """Somebody's Home tab, once it shows this."""
    person = stage.box.person(name)
    person.open_home()

    def is_shown() -> bool:
        shown = person.home()
        return shown is not None and shows in shown.text

    assert stage.box.workspace.wait(is_shown, 5), person.home() and person.home().text  # type: ignore[union-attr]
    found = person.home()
    assert found is not None
    return found


def test_a_newcomer_who_is_an_admin(stage: Stage) -> None:
    shown = home(stage, "alice").text
    assert "You do not belong to a team." in shown
    assert "All teams (0)" in shown
    assert "[New team]" in shown
    assert "[New chain]" in shown


def test_a_member_sees_what_a_page_does_and_whom_to_ask(stage: Stage, crew: Crew) -> None:
    sre = crew.team("SRE", "bob", "carol")
    crew.leads(sre, crew.chain("Day", persons(crew.user("carol")), 5, persons(crew.user("dave"))))
    crew.leads(sre, channel=crew.channel("incidents"), important=True)
    shown = home(stage, "bob").text
    assert "*SRE* (2 people)" in shown
    assert "A page to SRE will call carol at once. Chain Day: now carol · 5 min · dave." in shown
    assert "Nobody is called: only #incidents hears of it." in shown
    assert "Teams are changed by admins: ask alice." in shown
    assert "[Edit]" not in shown
    assert "All teams" not in shown
