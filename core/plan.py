"""Who will be reached, how and when.  Pure; the preview and the page share it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.models import RuleType, Step, User
from core.people import Addresses
from core.rules import Rules

FALLBACK_WAIT = 300  # seconds between Slack and e-mail in the organization's fallback
ANSWER_TIME = timedelta(minutes=5)  # after the last notice, before a page counts as unanswered


class Source(StrEnum):
    """Which list a plan was made from (P1)."""

    IMPORTANT = "important"
    DEFAULT = "default"
    FALLBACK = "fallback"


class Problem(StrEnum):
    """Why a step cannot be delivered."""

    NOT_CONFIGURED = "not_configured"  # this way is not set up here
    NO_CONTACT = "no_contact"  # we have no address of theirs for it


class Fate(StrEnum):
    """What became of one step of a plan."""

    OPEN = "open"  # it got through, or still may
    FAILED = "failed"
    PAUSED = "paused"  # it is there, but Slack does not make a sound


@dataclass(frozen=True)
class Plan:
    """What a page will do.  `fallback` runs once if everything in `steps` fails."""

    steps: tuple[Step, ...]
    source: Source
    fallback: tuple[Step, ...] = ()
    reachable: bool = True  # whether at least one step can be delivered


@dataclass(frozen=True)
class Stage:
    """One notification as it is expected: `after` the page was made, unless it has a problem."""

    way: RuleType
    after: timedelta
    problem: Problem | None = None
    paused_until: datetime | None = None


def make(rules: Rules, has: Addresses, ways: Collection[RuleType], *, important: bool) -> Plan:
    """The plan for one person: the list asked for, or what stands in for it (P1).

    `has` are their addresses, `ways` what this installation can deliver.
    """
    fallback = [Step(RuleType.SLACK)]
    if RuleType.EMAIL in ways:
        fallback += [Step(RuleType.WAIT, FALLBACK_WAIT), Step(RuleType.EMAIL)]
    choices = [(rules.important, Source.IMPORTANT)] if important else []
    choices.append((rules.default, Source.DEFAULT))
    for steps, source in choices:
        if any(not step.is_wait and problem(step.type, has, ways) is None for step in steps):
            return Plan(steps, source, tuple(fallback))
    reachable = any(not step.is_wait and problem(step.type, has, ways) is None for step in fallback)
    return Plan(tuple(fallback), Source.FALLBACK, reachable=reachable)


def problem(way: RuleType, has: Addresses, ways: Collection[RuleType]) -> Problem | None:
    """Why this way of reaching somebody cannot work, if it cannot."""
    if way not in ways:
        return Problem.NOT_CONFIGURED
    if way not in has:
        return Problem.NO_CONTACT
    return None


def outlook(
    steps: Sequence[Step],
    user: User,
    has: Addresses,
    ways: Collection[RuleType],
    *,
    at: datetime,
) -> list[Stage]:
    """What will happen if the page is made `at`, and nobody answers."""
    stages: dict[int, Stage] = {}
    after = timedelta(0)
    for index, step in enumerate(steps):
        if step.is_wait:
            if not skips_wait(steps, index, lambda i: _fate(stages[i])):
                after += step.wait
            continue
        paused = user.paused_until(at + after) if step.type is RuleType.SLACK else None
        trouble = problem(step.type, has, ways)
        stages[index] = Stage(step.type, after, trouble, None if trouble else paused)
    return list(stages.values())


def skips_wait(steps: Sequence[Step], index: int, fate: Callable[[int], Fate]) -> bool:
    """Whether the wait at `index` is pointless, because nothing before it got through (P6).

    `fate` tells of a step's index how it went.  The steps that count are those since
    the last wait.  A wait that nothing came before is kept.  So is one with nothing
    but Slack after it, if Slack is what holds notices back: the same message twice at
    once helps nobody.
    """
    block: list[int] = []
    for before in range(index - 1, -1, -1):
        if not steps[before].is_wait:
            block.append(before)
        elif block:
            break
    fates = {fate(step) for step in block}
    if not fates or Fate.OPEN in fates:
        return False
    if Fate.PAUSED in fates:
        return any(step.type not in {RuleType.SLACK, RuleType.WAIT} for step in steps[index:])
    return True


def _fate(stage: Stage) -> Fate:
    if stage.problem:
        return Fate.FAILED
    return Fate.PAUSED if stage.paused_until else Fate.OPEN
