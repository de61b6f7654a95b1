"""When a chain first calls somebody, if it waits for certain hours."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.audiences import Member
from core.models import ChainStep, PolicyType
from core.outlook import StepOutlook, opens_at

NIGHT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
ANA = StepOutlook(ChainStep(PolicyType.NOTIFY_PERSONS, persons=("U1",)), (Member("U1", "Ana"),))
NOBODY = StepOutlook(ChainStep(PolicyType.NOTIFY_PERSONS))
HALF = StepOutlook(ChainStep(PolicyType.IF_TIME, time_from="08:00:00Z"))
UNSET = StepOutlook(ChainStep(PolicyType.IF_TIME))


def hours(begins: int, ends: int) -> StepOutlook:
    begin, end = (f"{hour:02}:00:00Z" for hour in (begins, ends))
    return StepOutlook(ChainStep(PolicyType.IF_TIME, time_from=begin, time_to=end))


def wait(hours: int) -> StepOutlook:
    return StepOutlook(ChainStep(PolicyType.WAIT, duration=3600 * hours))


@pytest.mark.parametrize(
    ("steps", "hour"),
    [
        ([], None),
        ([ANA], None),
        ([ANA, hours(8, 18)], None),
        ([hours(2, 4), ANA], None),
        ([UNSET, ANA], None),
        ([HALF, ANA], None),
        ([HALF, hours(8, 18), ANA], 8),
        ([hours(8, 18)], None),
        ([hours(8, 18), NOBODY], None),
        ([hours(8, 18), ANA], 8),
        ([NOBODY, wait(1), hours(8, 18), ANA], 8),
        ([wait(6), hours(8, 18), ANA], None),
        ([NOBODY, replace(wait(6), skipped=True), ANA, hours(8, 18), ANA], None),
        ([NOBODY, replace(wait(6), skipped=True), hours(8, 18), ANA], 8),
        ([hours(8, 18), wait(1), hours(12, 14), ANA], 12),
        ([hours(2, 4), wait(2), hours(8, 18), ANA], 8),
    ],
)
def test_nobody_is_called_before(steps: list[StepOutlook], hour: int | None) -> None:
    assert opens_at(steps, NIGHT) == (hour and NIGHT.replace(hour=hour))


@pytest.mark.parametrize(
    ("step", "unset"),
    [
        (UNSET.step, True),
        (HALF.step, True),
        (hours(0, 0).step, False),
        (ChainStep(PolicyType.IF_ALERTS), True),
        (ChainStep(PolicyType.IF_ALERTS, num_alerts=2), True),
        (ChainStep(PolicyType.IF_ALERTS, num_minutes=5), True),
        (ChainStep(PolicyType.IF_ALERTS, num_alerts=0, num_minutes=5), False),
        (ChainStep(PolicyType.WAIT), False),
    ],
)
def test_conditions_that_were_never_filled_in(step: ChainStep, unset: bool) -> None:
    assert StepOutlook(step).is_unset is unset


def test_not_before_tomorrow() -> None:
    assert opens_at([hours(1, 2), ANA], NIGHT) == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_a_step_that_never_runs_calls_nobody() -> None:
    never = StepOutlook(ANA.step, ANA.members, is_reached=False)
    assert opens_at([hours(8, 18), never], NIGHT) is None
