"""What is said about a chain that may not do what somebody expects of it."""

import pytest

from bot.views.chain_warnings import warnings
from core.outlook import StepOutlook
from tests.bot.views.steps import (
    ALERTS,
    ANY_ALERT,
    NO_HOURS,
    NO_NUMBER,
    ON_CALL,
    REPEAT,
    RESOLVE,
    WEBHOOK,
    any_channel,
    channel,
    group,
    people,
    team,
    unreached,
    unread,
    wait,
)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([people("Ana"), wait(5), team("SRE", 3), REPEAT], []),
        ([], ["This chain calls nobody."]),
        ([wait(5)], ["This chain calls nobody."]),
        (
            [people("Ana"), team("SRE", 0), team(None, 0), group("sre", 0), group(None, 0)],
            [
                "Step 2 calls nobody now: team SRE has no members. It is passed over.",
                "Step 3 calls nobody now: its team was deleted. It is passed over.",
                "Step 4 calls nobody now: user group @sre is empty. It is passed over.",
                "Step 5 calls nobody now: its user group was removed in Slack. It is passed over.",
            ],
        ),
        (
            [people("Ana"), channel("#sre", 0), channel(None, 0), people()],
            [
                "Step 2 calls nobody now: Tocsin knows nobody in #sre. It is passed over.",
                (
                    "Step 3 calls nobody now: no team with a Slack channel uses this chain. "
                    "It is passed over."
                ),
                "Step 4 calls nobody now: nobody is chosen who can be paged. It is passed over.",
            ],
        ),
        (
            [people("Ana"), team("Empty team", 0)],
            ["Step 2 calls nobody now: the Empty team has no members. It is passed over."],
        ),
        (
            [people("Ana"), RESOLVE, *[unreached(wait(5))] * 3],
            [
                "Steps 3 to 5 never run: step 2 resolves the alert group.",
                (
                    "Step 2 resolves the alert group at once, so whoever step 1 calls never "
                    "hears of it: add a wait."
                ),
            ],
        ),
        (
            [unread("#sre")],
            ["Step 1: Tocsin has not read yet who is in #sre. It takes some seconds."],
        ),
        (
            [any_channel("#sre", 0, is_counted=False)],
            [
                (
                    "Step 1: Tocsin has not read yet who is in the team's Slack channel. "
                    "It takes some seconds."
                )
            ],
        ),
        (
            [people("Ana"), any_channel("#sre", 0)],
            [
                (
                    "Step 2 calls nobody now: Tocsin knows nobody in the team's Slack channel. "
                    "It is passed over."
                )
            ],
        ),
        (
            [people("Ana"), ON_CALL, WEBHOOK],
            [
                "Step 2: schedules cannot be used yet. It is passed over.",
                "Step 3: webhooks cannot be used yet. It is passed over.",
            ],
        ),
        (
            [people("Ana"), ALERTS, unreached(wait(5)), unreached(people("Bob"))],
            [
                (
                    "Steps 3 and 4 never run for a page by hand: step 2 waits for more than 3 "
                    "alerts in 10 min, and a page by hand has one."
                )
            ],
        ),
        (
            [people("Ana"), wait(5), ANY_ALERT, unreached(people("Bob"))],
            [
                (
                    "Step 4 never runs for a page by hand: step 3 waits for more than 0 alerts in "
                    "1 min, and by then the one alert of a page by hand is older than that."
                )
            ],
        ),
        (
            [ALERTS, unreached(people("Bob"))],
            [
                "This chain calls nobody.",
                (
                    "Step 2 never runs for a page by hand: step 1 waits for more than 3 alerts in "
                    "10 min, and a page by hand has one."
                ),
            ],
        ),
        (
            [people("Ana"), wait(5), RESOLVE, unreached(wait(5))],
            ["Step 4 never runs: step 3 resolves the alert group."],
        ),
        (
            [people("Ana"), wait(5), people("Bob"), WEBHOOK, RESOLVE],
            [
                "Step 4: webhooks cannot be used yet. It is passed over.",
                (
                    "Step 5 resolves the alert group at once, so whoever step 3 calls never "
                    "hears of it: add a wait."
                ),
            ],
        ),
        (
            [people("Ana"), NO_HOURS, NO_NUMBER, RESOLVE],
            [
                "Step 2: its hours are not filled in. It is passed over.",
                "Step 3: its numbers are not filled in. It is passed over.",
                (
                    "Step 4 resolves the alert group at once, so whoever step 1 calls never "
                    "hears of it: add a wait."
                ),
            ],
        ),
        (
            [people("Ana"), REPEAT],
            ["Step 2 starts again at once, as nothing before it waits: add a wait."],
        ),
    ],
)
def test_warnings(steps: list[StepOutlook], said: list[str]) -> None:
    assert warnings(steps) == said
