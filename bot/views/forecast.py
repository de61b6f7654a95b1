"""What will happen to somebody who is paged, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from bot.views.fitting import NAME_LENGTH, shorten
from bot.views.text import WAYS, escape, length, local
from core.models import RuleType
from core.plan import Problem, Source, Stage

NIGHT_BEGINS, NIGHT_ENDS = 22, 7  # hours there
MAX_STAGES = 8  # of a long list; the rest is counted


class Standing(Enum):
    """Whether somebody can be paged, and why not."""

    PERSON = auto()
    NEW = auto()  # not in our database yet
    BOT = auto()
    DEACTIVATED = auto()
    STRANGER = auto()  # of another workspace
    GONE = auto()  # neither in our database nor in Slack


@dataclass(frozen=True)
class Prospect:
    """What paging somebody by their default or important rules comes to.

    `is_empty`: the list asked for has no steps, nor has any before the one that runs.
    `passed_over` are the stages of those lists that cannot be delivered.
    """

    source: Source
    is_empty: bool
    reachable: bool
    stages: tuple[Stage, ...]
    passed_over: tuple[Stage, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be paged.  `name` is None when we do not know them."""

    slack_user_id: str
    name: str | None
    zone: ZoneInfo
    standing: Standing
    default: Prospect | None = None
    important: Prospect | None = None

    @property
    def can_be_paged(self) -> bool:
        return self.standing in {Standing.PERSON, Standing.NEW}

    @property
    def lacks_important(self) -> bool:
        """Whether an important page runs other rules, since they have none that work."""
        return self.important is not None and self.important.source is not Source.IMPORTANT

    @property
    def short_name(self) -> str:
        return shorten(self.name, NAME_LENGTH) if self.name else "This person"


UNPAGEABLE = {
    Standing.BOT: "{} is a bot and cannot be paged.",
    Standing.DEACTIVATED: "{} is deactivated and cannot be paged.",
    Standing.STRANGER: "{} belongs to another workspace and cannot be paged.",
    Standing.GONE: "{} is not in this workspace any more and cannot be paged.",
}


def unpageable(candidate: Candidate) -> str | None:
    """Why this person cannot be paged, in plain text."""
    sentence = UNPAGEABLE.get(candidate.standing)
    return sentence.format(candidate.short_name) if sentence else None


def foresee(candidate: Candidate, *, important: bool, at: datetime) -> str:
    """Everything to know before paging somebody `at` this time, as mrkdwn."""
    refusal = unpageable(candidate)
    if refusal:
        return escape(f"{refusal} Take them out above.")
    prospect = candidate.important if important else candidate.default
    if prospect is None:
        return "New here: Tocsin will look them up when you press Page."
    clock = f"{local(at, candidate.zone)} there" + (", night" if is_night(at, candidate) else "")
    sentences = [*_instead(prospect, important=important), *_stages(prospect, candidate, at)]
    return escape(f"{clock}. " + " ".join(sentences))


def is_night(at: datetime, candidate: Candidate) -> bool:
    hour = at.astimezone(candidate.zone).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


def _instead(prospect: Prospect, *, important: bool) -> list[str]:
    """Which list stands in for the one asked for, if another does."""
    asked = Source.IMPORTANT if important else Source.DEFAULT
    if prospect.source is asked or not prospect.reachable:
        return []
    if prospect.source is Source.DEFAULT:
        why = "No important rules" if prospect.is_empty else "Their important rules cannot work"
        return [f"{why}: their default rules run."]
    if prospect.is_empty:
        return ["No rules of their own."]
    return ["Their own rules cannot work here: the standard ones run."]


def _stages(prospect: Prospect, candidate: Candidate, at: datetime) -> list[str]:
    problems = _problems([*prospect.passed_over, *prospect.stages])
    if not prospect.reachable:
        return [f"Nothing can reach {candidate.short_name}.", *problems]
    works = [stage for stage in prospect.stages if stage.problem is None]
    each = [_stage(stage, candidate.zone, at) for stage in works[:MAX_STAGES]]
    shown = _capital(", ".join(each))
    more = len(works) - MAX_STAGES
    sentences = [f"{shown}, {more} more." if more > 0 else f"{shown}."]
    if all(stage.way is RuleType.SLACK and stage.paused_until for stage in works):
        sentences.append(f"That is all there is: {candidate.short_name} may not notice.")
    return sentences + problems


def _stage(stage: Stage, zone: ZoneInfo, at: datetime) -> str:
    when = f"in {length(stage.after)}" if stage.after else "now"
    told = f"{WAYS[stage.way]} {when}"
    if stage.paused_until is None:
        return told
    ends = local(stage.paused_until, zone)
    if stage.paused_until - at > timedelta(hours=20):
        ends = f"{stage.paused_until.astimezone(zone):%a} {ends}"
    return f"{told} (notifications paused until {ends} there)"


def _problems(stages: Sequence[Stage]) -> list[str]:
    found = dict.fromkeys((stage.way, stage.problem) for stage in stages if stage.problem)
    return [
        f"{_capital(WAYS[way])} is not set up here."
        if problem is Problem.NOT_CONFIGURED
        else f"No address for {WAYS[way]} is known."
        for way, problem in found
    ]


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]
