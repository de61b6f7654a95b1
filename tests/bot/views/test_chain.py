"""What the steps of a chain do, in words."""

import pytest

from bot.views.chain import LINE_LENGTH, NO_NAME, in_words, outcome, step_in_words
from bot.views.fitting import size
from bot.views.text import escape
from core.outlook import Outlook, StepOutlook
from tests.bot.views.steps import (
    ALERTS,
    HOURS,
    NO_HOURS,
    NO_NUMBER,
    ON_CALL,
    REPEAT,
    RESOLVE,
    WEBHOOK,
    any_channel,
    channel,
    group,
    no_wait,
    people,
    team,
    unreached,
    unread,
    wait,
)

LONG = "<Somebody & Family>" * 20


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([], ""),
        (
            [
                people("Ana", important=True),
                wait(5),
                team("SRE", 12),
                wait(10),
                channel("#sre", 31),
            ],
            (
                "now Ana (important) · 5 min · team SRE (12 people) · 10 min · "
                "everybody in #sre (31 people)"
            ),
        ),
        ([wait(5), people("Ana")], "in 5 min Ana"),
        ([wait(5), wait(60), people("Ana"), wait(2)], "in 1 h 5 min Ana · 2 min"),
        ([wait(5)], "5 min"),
        ([people("Ana"), people("Bob", "Cem")], "now Ana · Bob and Cem"),
        ([people("Ana", "Bob", "Cem", turns=True)], "now one of Ana, Bob, Cem in turn"),
        ([people("Ana", turns=True)], "now Ana"),
        ([people(*"ABCDEFGH")], "now A, B, C, D, E and 3 others"),
        ([people(*"ABCDEF", turns=True)], "now one of A, B, C, D, E and 1 other in turn"),
        (
            [people(), people(turns=True)],
            "now nobody (nobody is chosen) · nobody (nobody is chosen)",
        ),
        ([team("SRE", 1, important=True)], "now team SRE (1 person, important)"),
        ([team("SRE", 0)], "now team SRE (nobody in it)"),
        ([team(None, 0)], "now a team that was deleted (nobody in it)"),
        ([group("sre", 1_200)], "now user group @sre (1,200 people)"),
        ([group(None, 0)], "now a user group that is gone (nobody in it)"),
        ([channel(None, 0)], "now everybody in the team's Slack channel (none is set)"),
        ([unread("#sre")], "now everybody in #sre (not counted yet)"),
        (
            [any_channel("#sre", 5)],
            "now everybody in the team's Slack channel (up to 5 people)",
        ),
        (
            [any_channel("#sre", 5, is_counted=False)],
            "now everybody in the team's Slack channel (not counted yet)",
        ),
        ([any_channel("#sre", 0)], "now everybody in the team's Slack channel (nobody in it)"),
        ([team("Web team", 2)], "now the Web team (2 people)"),
        ([team("Team Blue", 2)], "now Team Blue (2 people)"),
        ([team(NO_NAME, 2)], "now this team (2 people)"),
        ([RESOLVE], "now it is resolved"),
        ([wait(5), RESOLVE], "in 5 min it is resolved"),
        ([team("SRE", 0), no_wait(5), people("A")], "now team SRE (nobody in it) · A"),
        ([people("A"), wait(5), REPEAT], "now A · 5 min · then again, up to 5 times"),
        ([HOURS, people("A")], "when it is 08:00 to 18:00 UTC · A"),
        ([people("A"), wait(60), RESOLVE], "now A · 1 h · then it is resolved"),
        (
            [NO_HOURS, people("A"), wait(5), NO_NUMBER, wait(2), people("B")],
            (
                "certain hours (not filled in: passed over) · now A · "
                "several alerts (not filled in: passed over) · 7 min · B"
            ),
        ),
        (
            [people("A"), ALERTS, unreached(people("B"))],
            (
                "now A · only after more than 3 alerts in 10 min · "
                "(1 more step does not run for a page by hand)"
            ),
        ),
        (
            [ALERTS, unreached(people("B")), unreached(wait(5))],
            (
                "only after more than 3 alerts in 10 min · "
                "(2 more steps do not run for a page by hand)"
            ),
        ),
        (
            [ON_CALL, WEBHOOK],
            (
                "now whoever is on call by a schedule (cannot be used yet, important) · "
                "a webhook (cannot be used yet)"
            ),
        ),
    ],
)
def test_in_words(steps: list[StepOutlook], said: str) -> None:
    assert in_words(steps) == said


def test_names_from_right_to_left_turn_no_numbers() -> None:
    assert in_words([team("שבת", 4)]) == "now team \u2068שבת\u2069 (4 people)"


def test_a_long_chain_is_cut_visibly() -> None:
    told = in_words([people(*[LONG] * 9), wait(5)] * 50)
    assert size(escape(told)) <= LINE_LENGTH
    shown = told.count(" · ")
    assert told.endswith(f" · … and {100 - shown} more")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (people("Ana", "Bob", important=True), "Notify Ana and Bob (important)"),
        (people("Ana", "Bob", turns=True), "Notify one of Ana, Bob in turn"),
        (team("SRE", 3), "Notify team SRE (3 people)"),
        (channel("#sre", 31), "Notify everybody in #sre (31 people)"),
        (ON_CALL, "Notify whoever is on call by a schedule (cannot be used yet, important)"),
        (wait(5), "Wait 5 min"),
        (no_wait(5), "Wait 5 min (not now: nobody is called before it)"),
        (HOURS, "Wait until it is 08:00 to 18:00 UTC"),
        (ALERTS, "Go on only after more than 3 alerts in 10 min"),
        (NO_HOURS, "Wait for certain hours (not filled in: passed over)"),
        (NO_NUMBER, "Go on only after several alerts (not filled in: passed over)"),
        (REPEAT, "Start again from the first step, up to 5 times"),
        (RESOLVE, "Resolve the alert group"),
        (WEBHOOK, "Call a webhook (cannot be used yet)"),
        (unreached(people("Ana")), "Notify Ana (does not run for a page by hand)"),
    ],
)
def test_step_in_words(step: StepOutlook, said: str) -> None:
    assert step_in_words(step) == said


def going(*steps: StepOutlook) -> Outlook:
    return Outlook(steps, calls=True, chain="SRE", slack_channel="C1", slack_channel_name="#sre")


@pytest.mark.parametrize(
    ("outlook", "said"),
    [
        (going(people("Ana", "Bob")), "A page to SRE will call Ana and Bob at once."),
        (going(wait(5), people("Ana")), "A page to SRE will call Ana in 5 min."),
        (
            going(team("SRE", 0), people("Ana"), team("Ops", 3), wait(5), people("Bob")),
            "A page to SRE will call Ana and team Ops (3 people) at once.",
        ),
        (
            going(team("SRE", 0), no_wait(5), people("Ana")),
            "A page to SRE will call Ana at once.",
        ),
        (going(HOURS, people("Ana")), "A page to SRE will call Ana when it is 08:00 to 18:00 UTC."),
        (
            going(NO_HOURS, people("Ana"), NO_NUMBER, people("Bob")),
            "A page to SRE will call Ana and Bob at once.",
        ),
        (
            going(wait(5), HOURS, people("Ana", "Bob", turns=True)),
            (
                "A page to SRE will call one of Ana, Bob in turn in 5 min when it is "
                "08:00 to 18:00 UTC."
            ),
        ),
        (
            Outlook(slack_channel="C1", slack_channel_name="#sre"),
            "Nobody is called: only #sre hears of it.",
        ),
        (
            Outlook((team("SRE", 0),)),
            (
                "Nobody hears of a page to SRE: its chain calls nobody now. Choose members for "
                "team SRE."
            ),
        ),
        (
            Outlook((people(), wait(5)), chain="Day"),
            "Nobody hears of a page to SRE: its chain calls nobody now.",
        ),
        (
            Outlook(chain="Day"),
            "Nobody hears of a page to SRE: its chain calls nobody now.",
        ),
        (
            Outlook(),
            (
                "Nobody hears of a page to SRE: it needs a chain that calls somebody, or a Slack "
                "channel."
            ),
        ),
    ],
)
def test_outcome(outlook: Outlook, said: str) -> None:
    assert outcome(outlook, "SRE", important=False) == said


def test_an_important_page() -> None:
    told = outcome(going(people("Ana", "Bob", important=True)), "SRE", important=True)
    assert told == "An important page to SRE will call Ana and Bob at once."
