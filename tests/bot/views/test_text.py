"""Spans of time as they are written in Slack."""

from datetime import timedelta

import pytest

from bot.views.chain import in_words, step_in_words
from bot.views.text import length
from core.models import ChainStep, PolicyType
from core.outlook import StepOutlook


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (90, "1 min 30 s"),
        (300, "5 min"),
        (3_600, "1 h"),
        (3_601, "1 h 1 s"),
        (5_400, "1 h 30 min"),
        (5_445, "1 h 30 min 45 s"),
        (86_400, "24 h"),
    ],
)
def test_length(seconds: int, said: str) -> None:
    assert length(timedelta(seconds=seconds)) == said


def test_a_wait_of_a_minute_and_a_half() -> None:
    wait = StepOutlook(ChainStep(PolicyType.WAIT, duration=90))
    assert step_in_words(wait) == "Wait 1 min 30 s"
    assert in_words([wait]) == "1 min 30 s"
