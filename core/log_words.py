"""What a log record says, as a plain sentence for people who read it outside Slack.  Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core import chain_words
from core.chain_words import Voice
from core.models import Event, RuleType
from core.story import Line, Person

WAYS = {
    RuleType.SLACK: "Slack message",
    RuleType.SMS: "SMS",
    RuleType.PHONE_CALL: "phone call",
    RuleType.TELEGRAM: "Telegram message",
    RuleType.EMAIL: "e-mail",
    RuleType.MOBILE_APP: "app notification",
    RuleType.MOBILE_APP_CRITICAL: "critical app notification",
    RuleType.WEBHOOK: "webhook",
    RuleType.MSTEAMS: "Microsoft Teams message",
}


@dataclass(frozen=True)
class _Told:
    """A line with the names of everybody it may mention."""

    line: Line
    people: Mapping[str, Person]

    @property
    def by(self) -> str:
        return self.line.by.name if self.line.by else "Somebody"

    @property
    def user(self) -> str:
        return self.line.user.name if self.line.user else "somebody"

    def text(self, key: str) -> str:
        value = self.line.detail.get(key)
        return value.strip() if isinstance(value, str) else ""

    def listed(self, ids: list[str]) -> str:
        """The names of those that are known."""
        names = [self.people[id_].name for id_ in ids if id_ in self.people]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

    @property
    def voice(self) -> Voice:
        return Voice(
            typed=lambda said: said,
            strong=lambda said: said,
            moment=lambda at: f"{at.astimezone(UTC):%d %b %H:%M} UTC",
            people=self.listed,
        )

    @property
    def way(self) -> str:
        """How somebody was notified, as the beginning of a sentence."""
        try:
            said = WAYS[RuleType(self.text("way"))]
        except (KeyError, ValueError):
            said = "message"
        return said[0].upper() + said[1:]


def sentence(line: Line, people: Mapping[str, Person]) -> str:
    """What happened.  `people` are by their ids: those that `mentioned` names."""
    return SENTENCES[line.event](_Told(line, people))


def mentioned(detail: Mapping[str, Any]) -> list[str]:
    """The ids of the users that a record's detail speaks of."""
    return [*_stopped_ids(detail), *chain_words.mentioned(detail)]


def _stopped_ids(detail: Mapping[str, Any]) -> list[str]:
    stopped = detail.get("stopped")
    return [id_ for id_ in stopped if isinstance(id_, str)] if isinstance(stopped, list) else []


def _page(told: _Told, start: str) -> str:
    if told.line.detail.get("reachable") is False:
        return f"{start}. Nothing can reach {told.user}."
    asked = "important" if told.line.detail.get("important") else "default"
    source = told.text("source") or asked
    plan = told.text("plan")
    rules = "no rules of theirs work" if source == "fallback" else f"{source} rules"
    return f"{start} ({rules}: {plan})." if plan else f"{start} ({rules})."


def _sent(told: _Told) -> str:
    late = " It was on its way already." if told.line.detail.get("late") else ""
    return f"{told.way} sent to {told.user}{_paused(told)}.{late}"


def _paused(told: _Told) -> str:
    try:
        until = datetime.fromisoformat(told.text("paused_until")).astimezone(UTC)
    except ValueError:
        return ""
    return f" (notifications paused until {until:%d %b %H:%M} UTC)"


def _failed(told: _Told) -> str:
    reason = told.text("reason").rstrip(".")
    why = f": {reason}." if reason else "."
    if told.line.detail.get("trying"):
        return f"{told.way} to {told.user} is not getting through{why} It is tried again."
    return f"{told.way} to {told.user} failed{why}"


def _stopped(told: _Told) -> str:
    """Whose pages this ended."""
    ids = [id_ for id_ in _stopped_ids(told.line.detail) if id_ in told.people]
    if not ids:
        return ""
    return f" {'The pages' if len(ids) > 1 else 'The page'} of {told.listed(ids)} stopped."


def _length(seconds: int) -> str:
    """`45 s`, `1 h 30 min`, `2 d`."""
    rest, parts = seconds, []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, rest = divmod(rest, size)
        parts += [f"{count} {unit}"] if count else []
    return " ".join(parts)


def _silenced(told: _Told) -> str:
    seconds = told.line.detail.get("seconds")
    span = "for ever"
    if isinstance(seconds, int) and seconds > 0:
        span = f"for {_length(seconds)}"
    return f"{told.by} silenced it {span}.{_stopped(told)}"


def _noted(told: _Told) -> str:
    which = f"a note of {told.user}" if told.line.user else "a note"
    change = told.text("change")
    if change == "deleted":
        return f"{told.by} deleted {which}."
    does = f"{told.by} changed {which}" if change == "changed" else f"{told.by} wrote a note"
    text = told.text("text")
    return f"{does}: {text}" if text else f"{does}."


SENTENCES: Mapping[Event, Callable[[_Told], str]] = {
    Event.OPENED: lambda told: chain_words.opened(told.line.detail, told.by, told.voice),
    Event.CHAIN_STARTED: lambda told: chain_words.started(told.line.detail, told.voice),
    Event.STEPPED: lambda told: chain_words.stepped(told.line.detail, told.voice),
    Event.CHAIN_ENDED: lambda told: chain_words.ended(told.line.detail, told.voice),
    Event.PAGED: lambda told: _page(told, f"{told.by} paged {told.user}"),
    Event.RAISED: lambda told: _page(told, f"{told.by} raised the page of {told.user}"),
    Event.RESTARTED: lambda told: f"The page of {told.user} starts again from its first step.",
    Event.UNPAGED: lambda told: f"{told.by} took {told.user} off.",
    Event.DECLINED: lambda told: f"{told.by} cannot help.",
    Event.SENT: _sent,
    Event.FAILED: _failed,
    Event.FELL_BACK: lambda told: (
        f"Nothing in the rules of {told.user} got through. "
        f"Tried instead: {told.text('plan') or 'slack'}."
    ),
    Event.UNREACHABLE: lambda told: f"Nothing could reach {told.user}.",
    Event.EXHAUSTED: lambda told: f"No answer from {told.user}: every step of their rules has run.",
    Event.UNANSWERED: lambda told: "Nobody has answered, and nobody is being paged any more.",
    Event.ACKNOWLEDGED: lambda told: f"{told.by} acknowledged it.{_stopped(told)}",
    Event.JOINED: lambda told: f"{told.by} is on it too.",
    Event.UNACKNOWLEDGED: lambda told: f"{told.by} unacknowledged it: nobody has it any more.",
    Event.SILENCED: _silenced,
    Event.UNSILENCED: lambda told: (
        f"{told.by} ended the silence." if told.line.by else "The silence is over."
    ),
    Event.RESOLVED: lambda told: (
        f"{told.by if told.line.by else 'The escalation chain'} resolved it.{_stopped(told)}"
    ),
    Event.UNRESOLVED: lambda told: f"{told.by} unresolved it: it is firing again.",
    Event.NOTED: _noted,
    Event.WIPED: lambda told: f"{told.by} wiped it: its texts are gone.",
    Event.DELETED: lambda told: f"{told.by} deleted it.",
}
