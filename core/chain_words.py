"""What pages of teams and steps of escalation chains did, in sentences.  Pure.

A thread in Slack and the log over HTTP say the same; a `Voice` is how each writes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.models import PolicyType

Detail = Mapping[str, Any]
EVERYBODY_IN = "everybody in "


@dataclass(frozen=True)
class Voice:
    """How to write for one kind of reader.

    `typed` takes what people wrote, such as names; `people` takes ids of users and
    returns nothing if it knows none of them.
    """

    typed: Callable[[str], str]
    strong: Callable[[str], str]
    moment: Callable[[datetime], str]
    people: Callable[[list[str]], str]


def team_called(name: str) -> str:
    """`the SRE team`, `the Web Team`, `Team Blue`; the name as it is shown."""
    if name.lower().startswith("team "):
        return name
    return f"the {name}" if name.lower().endswith("team") else f"the {name} team"


def mentioned(detail: Detail) -> list[str]:
    """The ids of all users that a step's record speaks of."""
    return [id_ for key in ("paged", "raised", "already", "off") for id_ in _ids(detail, key)]


def calls_channel(detail: Detail, slack_channel: str | None) -> bool:
    """Whether the step calls everybody in this very Slack channel, and has not done so yet."""
    is_here = slack_channel is not None and detail.get("channel_id") == slack_channel
    return is_here and _type(detail) is PolicyType.NOTIFY_CHANNEL and not detail.get("called")


def opened(detail: Detail, by: str, voice: Voice, *, is_refused: bool = False) -> str:
    """The first line of the story; `by` as it is shown.

    `is_refused`: the team's Slack channel did not take the alert.
    """
    team = _text(detail, "team")
    if not team:
        return f"{by} asked for help."
    important = " (important)" if detail.get("important") else ""
    said = f"{by} paged {team_called(voice.typed(team))}{important}."
    channel = _text(detail, "heard_only_in")
    if not channel:
        return said
    besides = bool(detail.get("people"))
    return f"{said} {heard_in(channel, voice, is_refused=is_refused, besides=besides)}"


def heard_in(channel: str, voice: Voice, *, is_refused: bool = False, besides: bool = False) -> str:
    """What to say when a team's route calls nobody: at best this Slack channel hears of it.

    `besides`: people were paged together with the team.
    """
    where = voice.typed(channel)
    nobody = "Nobody else is called" if besides else "Nobody is called"
    if is_refused:
        return f"{voice.strong(f'{nobody}, and {where} does not hear of this')}: page someone."
    if besides:
        return f"{nobody}: {where} hears of this."
    return voice.strong(f"{nobody}: only {where} hears of this.")


def started(detail: Detail, voice: Voice) -> str:
    name, count = _text(detail, "chain"), _number(detail, "steps")
    chain = f'Escalation chain "{voice.typed(name)}"' if name else "The escalation chain"
    if detail.get("again"):
        return f"{chain} starts again from its first step."
    steps = f" ({count} step{'s' if count > 1 else ''})" if count else ""
    return f"{chain} starts{steps}."


def ended(detail: Detail, voice: Voice) -> str:
    return "The escalation chain has run to its end."


def stepped(detail: Detail, voice: Voice) -> str:
    """What one step did."""
    step, type_ = _step(detail), _type(detail)
    if _text(detail, "skipped"):
        return _skipped(detail, voice)
    if type_ is not None and type_.notifies:
        return _notified(detail, type_, voice)
    if type_ is PolicyType.IF_TIME:
        until = _moment(detail, "until")
        when = f"until {voice.moment(until)} (its hours)" if until else "for its hours"
        return f"{step} waits {when}."
    if type_ is PolicyType.IF_ALERTS:
        more_than, minutes = _number(detail, "more_than"), _number(detail, "minutes")
        alerts = f"more than {more_than} alert{'s' if more_than != 1 else ''} in {minutes} min"
        return f"{step} waits for {alerts}. Nothing happens until then."
    if type_ is PolicyType.REPEAT:
        repeat, most = _number(detail, "repeat"), _number(detail, "most")
        count = f" (repeat {repeat} of {most})" if repeat and most else ""
        return f"{step}: the chain starts again from step 1{count}."
    if type_ is PolicyType.RESOLVE:
        return f"{step} resolves this."
    return f"{step} has run."


def _notified(detail: Detail, type_: PolicyType, voice: Voice) -> str:
    step, rules = _step(detail), "important rules" if detail.get("important") else "default rules"
    aim, who = _aim(detail, voice), _who(detail, "paged", voice)
    raised = _who(detail, "raised", voice)
    of = f" ({aim})" if aim else ""
    if who:
        turn = ", whose turn it is" if type_ is PolicyType.NOTIFY_NEXT else ""
        told = f"{step} pages {f'{aim}: ' if aim else ''}{who}{turn} ({rules})."
        told += f" Raised to important rules: {raised}." if raised else ""
    elif raised:
        told = f"{step} raises {raised} to important rules{of}."
    else:
        told = f"{step} pages nobody new{of}."
    if already := _who(detail, "already", voice):
        told += f" Already being paged: {already}."
    if off := _who(detail, "off", voice):
        told += f" Left alone, as they cannot help or were taken off: {off}."
    if unreachable := _who(detail, "unreachable", voice):
        nothing = voice.strong(f"Nothing can reach {unreachable}")
        told += f" {nothing}: phone, or page someone else."
    return told


def _skipped(detail: Detail, voice: Voice) -> str:
    step, type_ = _step(detail), _type(detail)
    why = voice.typed(_text(detail, "skipped"))
    if type_ is PolicyType.WAIT:
        told = f"{step} does not wait: {why}."
    elif type_ is not None and not type_.notifies:
        told = f"{step} is passed over: {why}."
    elif type_ is PolicyType.NOTIFY_ON_CALL:
        told = f"{voice.strong(f'{step} pages nobody')}: {why}."
    else:
        aim = None if detail.get("unread") else _aim(detail, voice)
        why = f"nobody in {aim.removeprefix(EVERYBODY_IN)} can be paged" if aim else why
        told = f"{voice.strong(f'{step} found nobody')}: {why}."
    goes_on = _number(detail, "step") < _number(detail, "of")
    return f"{told} Going on." if goes_on else told


def _aim(detail: Detail, voice: Voice) -> str:
    """Whom the step is for, if that is not just people."""
    if team := _text(detail, "team"):
        return team_called(voice.typed(team))
    if group := _text(detail, "group"):
        return f"the user group @{voice.typed(group)}"
    if channel := _text(detail, "channel"):
        return f"{EVERYBODY_IN}{voice.typed(channel)}"
    return ""


def _who(detail: Detail, key: str, voice: Voice) -> str:
    ids = _ids(detail, key)
    if not ids:
        return ""
    return voice.people(ids) or (f"{len(ids)} people" if len(ids) > 1 else "somebody")


def _step(detail: Detail) -> str:
    step, of = _number(detail, "step"), _number(detail, "of")
    return f"Step {step} of {of}" if step and of else "A step of the escalation chain"


def _type(detail: Detail) -> PolicyType | None:
    try:
        return PolicyType(_text(detail, "type"))
    except ValueError:
        return None


def _text(detail: Detail, key: str) -> str:
    value = detail.get(key)
    return value.strip() if isinstance(value, str) else ""


def _number(detail: Detail, key: str) -> int:
    value = detail.get(key)
    return value if isinstance(value, int) else 0


def _ids(detail: Detail, key: str) -> list[str]:
    value = detail.get(key)
    return [id_ for id_ in value if isinstance(id_, str)] if isinstance(value, list) else []


def _moment(detail: Detail, key: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(detail, key))
    except ValueError:
        return None
    return found if found.tzinfo else None
