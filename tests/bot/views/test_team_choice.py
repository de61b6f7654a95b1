"""What a form says about the team chosen in it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.views.chain import BY_DEFAULT
from bot.views.fitting import SECTION_LENGTH, size
from bot.views.team_choice import (
    MAY_DIFFER,
    TeamChoice,
    TeamProspect,
    besides,
    no_team,
    option,
    rows,
    team_input,
)
from bot.views.text import slack_moment
from core.audiences import Member
from core.models import ChainStep, PolicyType
from core.outlook import Outlook, StepOutlook

ANA = StepOutlook(ChainStep(PolicyType.NOTIFY_PERSONS, persons=("U1",)), (Member("U1", "<Ana>"),))


def told(prospect: TeamProspect, *, important: bool = False) -> list[str]:
    """The lines about a team."""
    made = rows(TeamChoice("T1", "R&D", important), prospect)
    return str(made[-1]["text"]["text"]).split("\n")


@pytest.mark.parametrize(
    ("outlook", "lines"),
    [
        (
            Outlook((ANA,), True, "R&D day", "C1", "#r-and-d"),
            [
                "A page to R&amp;D will call &lt;Ana&gt; at once.",
                "Chain *R&amp;D day*: now &lt;Ana&gt;",
                "The alert goes to #r-and-d.",
            ],
        ),
        (
            Outlook((ANA,), True, "R&D day"),
            [
                "A page to R&amp;D will call &lt;Ana&gt; at once.",
                "Chain *R&amp;D day*: now &lt;Ana&gt;",
                "The alert goes where you typed /escalate.",
            ],
        ),
        (
            Outlook(slack_channel="C1", slack_channel_name="#r-and-d"),
            ["*Nobody is called: only #r-and-d hears of it.*"],
        ),
    ],
)
def test_what_will_happen(outlook: Outlook, lines: list[str]) -> None:
    assert told(TeamProspect(outlook)) == lines
    assert told(TeamProspect(outlook, may_differ=True)) == [*lines, MAY_DIFFER]


def test_nobody_is_called_before_some_hour() -> None:
    opens = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    calls = Outlook((ANA,), True, "R&D day", "C1", "#r-and-d")
    said = f"*The chain calls nobody before {slack_moment(opens)}.*"
    assert told(TeamProspect(calls, opens_at=opens))[1] == said
    assert said in str(besides(TeamProspect(calls, opens_at=opens)))


@pytest.mark.parametrize("length", [1, 9, 60, 200])
def test_all_of_it_fits_into_a_section(length: int) -> None:
    """However many steps, long names, and people whom nothing can reach."""
    name, opens = "&" + "x" * length, datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    step = StepOutlook(ANA.step, tuple(Member(f"U{n}", name) for n in range(5)))
    calls = Outlook((step,) * 200, True, "c" * 100, "C1", f"#{'d' * 80}")
    lost = ("y" * 100,) * 9
    prospect = TeamProspect(calls, unreachable=lost, may_differ=True, opens_at=opens)
    assert size("\n".join(told(prospect, important=True))) <= SECTION_LENGTH


def test_people_beside_a_team_that_calls_nobody() -> None:
    """They are called, so it is not true that nobody is."""
    heard = TeamProspect(Outlook(slack_channel="C1", slack_channel_name="#r-and-d"))
    [_, line] = rows(TeamChoice("T1", "R&D"), heard, with_people=True)
    said = "*Nobody of R&amp;D is called: only #r-and-d hears of it.*"
    assert line["text"]["text"] == said


def test_important() -> None:
    prospect = TeamProspect(Outlook((ANA,), True, "Urgent"))
    assert told(prospect, important=True)[0].startswith("An important page to R&amp;D will call")
    [ticked, _] = rows(TeamChoice("T1", "R&D", important=True), prospect)
    [blank, _] = rows(TeamChoice("T1", "R&D"), prospect)
    assert ticked["elements"][0]["initial_options"] == blank["elements"][0]["options"]
    assert "initial_options" not in blank["elements"][0]


def test_important_though_no_step_is() -> None:
    """Whoever ticks it expects important rules."""
    prospect = TeamProspect(Outlook((ANA,), True, "Urgent"))
    assert told(prospect, important=True)[1] == BY_DEFAULT
    assert BY_DEFAULT not in told(prospect)
    urgent = StepOutlook(replace(ANA.step, important=True), ANA.members)
    assert BY_DEFAULT not in told(TeamProspect(Outlook((ANA, urgent), True)), important=True)
    never = replace(urgent, is_reached=False)
    assert BY_DEFAULT in told(TeamProspect(Outlook((ANA, never), True)), important=True)
    empty = replace(urgent, members=())
    assert BY_DEFAULT in told(TeamProspect(Outlook((ANA, empty), True)), important=True)
    assert BY_DEFAULT not in told(TeamProspect(Outlook(slack_channel="C1")), important=True)


def test_a_team_that_cannot_be_paged() -> None:
    [line] = rows(TeamChoice("T1", "R&D"), TeamProspect(problem="R&D cannot be paged."))
    assert line["text"]["text"] == "R&amp;D cannot be paged."


def test_the_input() -> None:
    empty, filled = team_input(None), team_input(TeamChoice("T1", "R&D"))
    assert empty["optional"] is True
    assert "initial_option" not in empty["element"]
    assert filled["element"]["initial_option"] == option("T1", "R&D")
    assert len(option("T1", "x" * 100)["text"]["text"]) == 75
    assert no_team("None yet.")["elements"] == [{"type": "mrkdwn", "text": "None yet."}]
