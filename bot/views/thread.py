"""The story in the thread: one short line for each log record."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.views import chain_log
from bot.views.fitting import called, cut, listed, shorten, size
from bot.views.message import Message
from bot.views.text import WAYS, escape, length, local, mention, slack_time, zone
from core.models import Event, RuleType
from core.rules import WORDS
from core.story import Line, Story

POST_LENGTH = 3_500  # Slack advises at most 4,000 characters
REASON_LENGTH = 200
NOTE_LENGTH = 1_500  # of a note, escaped


def render(story: Story, lines: Sequence[Line]) -> tuple[Message, int]:
    """As many lines as fit in one post (at least one), and the id of the last of them.

    Only the line that nobody has answered mentions anybody, and that is the author:
    what a responder is notified of is up to their own rules.  A step that calls a whole
    channel is told in a post of its own, which the channel itself shows too: Slack does
    not promise that a mention in a thread is heard outside of it.
    """
    written: list[str] = []
    last = lines[0].id
    for line in lines:
        sentence = f"{slack_time(line.at)}  {sentence_for(line, story)}"
        is_loud = chain_log.calls_everybody(line, story)
        if written and (is_loud or size("\n".join([*written, sentence])) > POST_LENGTH):
            break
        written.append(sentence)
        last = line.id
        if is_loud:
            everybody = chain_log.to_everybody(story)
            return Message(f"{everybody}\n{sentence}", is_broadcast=True), last
    return Message("\n".join(written)), last


def sentence_for(line: Line, story: Story) -> str:
    """What happened, in words.  An event of a newer release is told by its name."""
    write = SENTENCES.get(line.event)
    if write is not None:
        return write(line, story)
    told = [str(line.event).replace("_", " ").capitalize()]
    told += [called(person.name) for person in (line.by, line.user) if person is not None]
    return f"{escape(told[0])} ({', '.join(told[1:])})." if told[1:] else f"{escape(told[0])}."


def _by(line: Line) -> str:
    return called(line.by.name) if line.by else "Somebody"


def _user(line: Line) -> str:
    return called(line.user.name) if line.user else "somebody"


def _text(line: Line, key: str) -> str:
    value = line.detail.get(key)
    return value if isinstance(value, str) else ""


def _paged(line: Line, story: Story) -> str:
    return _page(line, f"{_by(line)} paged {_user(line)}")


def _raised(line: Line, story: Story) -> str:
    return _page(line, f"{_by(line)} raised the page to {_user(line)}")


def _page(line: Line, who: str) -> str:
    asked = "important" if line.detail.get("important") else "default"
    source = _text(line, "source")
    if source not in {"important", "default", "fallback"}:
        source = asked
    plan = _plan(_text(line, "plan"))
    if line.detail.get("reachable") is False:
        return f"{who}. *Nothing can reach {_user(line)}*: phone, or page someone else."
    if source == "fallback":
        return f"{who} ({_user(line)} has no rules that work, so: {plan})."
    if source != asked:
        return f"{who} ({source} rules, as there are no {asked} ones that work: {plan})."
    return f"{who} ({source} rules: {plan})." if plan else f"{who} ({source} rules)."


def _plan(written: str) -> str:
    """`slack, wait 5m, email` as `Slack, e-mail after 5 min`."""
    told: list[str] = []
    waited = 0
    for step in (each.strip() for each in written.split(",") if each.strip()):
        if step.startswith("wait"):
            minutes = step.removeprefix("wait").strip().removesuffix("m")
            waited += int(minutes) if minutes.isdecimal() else 0
            continue
        way = WAYS[WORDS[step]] if step in WORDS else escape(step)
        told.append(f"{way} after {length(timedelta(minutes=waited))}" if waited else way)
        waited = 0
    return ", ".join(told)


def _way(line: Line) -> str:
    try:
        return WAYS[RuleType(_text(line, "way"))]
    except (KeyError, ValueError):
        return "message"


def _sent(line: Line, story: Story) -> str:
    way = _way(line)
    sent = f"{way} message sent to {_user(line)}" if way == "Slack" else f"{way} to {_user(line)}"
    late = " (it was already on its way)" if line.detail.get("late") else ""
    return f"{sent[0].upper()}{sent[1:]}{_paused(line)}{late}."


def _paused(line: Line) -> str:
    try:
        until = datetime.fromisoformat(_text(line, "paused_until"))
    except ValueError:
        return ""
    if until.tzinfo is None or line.user is None:
        return ""
    return f" (notifications paused until {local(until, zone(line.user.timezone))} there)"


def _failed(line: Line, story: Story) -> str:
    way = _way(line)
    start = f"{way[0].upper()}{way[1:]} to {_user(line)}"
    reason = escape(shorten(_text(line, "reason"), REASON_LENGTH)).rstrip(".")
    why = f": {reason}." if reason else "."
    if line.detail.get("trying"):
        skips = " and the next way now" if _skips_wait(line, story) else ""
        return f"{start} is not getting through{why} Trying it again{skips}."
    skips = " Trying the next way at once." if _skips_wait(line, story) else ""
    return f"{start} failed{why}{skips}"


def _skips_wait(line: Line, story: Story) -> bool:
    """Whether the failed way stood alone before a wait that another way comes after."""
    page = next((r for r in story.responders if line.user and r.person.id == line.user.id), None)
    if page is None or page.outcome is not None:
        return False
    ways = [step.type.value for step in page.steps]
    if ways.count(_text(line, "way")) != 1:
        return False
    after = page.steps[ways.index(_text(line, "way")) + 1 :]
    before = page.steps[: ways.index(_text(line, "way"))]
    alone = (not before or before[-1].is_wait) and bool(after) and after[0].is_wait
    return alone and any(not step.is_wait for step in after)


def _stopped(line: Line, story: Story) -> str:
    """Whose pages this ended."""
    stopped = line.detail.get("stopped")
    ids = stopped if isinstance(stopped, list) else []
    names = [each.person.name for each in story.responders if each.person.id in ids]
    if not names:
        return ""
    return f" {'Pages' if len(names) > 1 else 'The page'} to {listed(names)} stopped."


def _silenced(line: Line, story: Story) -> str:
    seconds = line.detail.get("seconds")
    span = "for ever"
    if isinstance(seconds, int) and seconds > 0:
        span = f"for {length(timedelta(seconds=seconds))}"
    return f"{_by(line)} silenced this {span}.{_stopped(line, story)}"


def _unsilenced(line: Line, story: Story) -> str:
    how = f"{_by(line)} ended the silence" if line.by else "The silence is over"
    return f"{how}: it is firing again."


def _resolved(line: Line, story: Story) -> str:
    by = _by(line) if line.by else "The escalation chain"
    return f"{by} resolved this.{_stopped(line, story)}"


def _unanswered(line: Line, story: Story) -> str:
    author = mention(story.author.slack_user_id, story.author.name)
    return f"*Nobody has answered.* {author}, page someone else: press *Responders* above."


def _noted(line: Line, story: Story) -> str:
    """What somebody noted: in the same line, or quoted below it."""
    change = _text(line, "change")
    which = f"a note of {_user(line)}'s" if line.user else "a note"
    if change == "deleted":
        return f"{_by(line)} deleted {which}."
    does = f"{_by(line)} changed {which}" if change == "changed" else f"{_by(line)} noted"
    text = _text(line, "text").strip()
    if not text:
        return f"{does}." if change == "changed" else f"{_by(line)} wrote a note."
    head = cut(text, NOTE_LENGTH, escape)
    written = escape(head)
    if more := len(text) - len(head):
        written += f" … cut here: {more:,} more character{'s' if more > 1 else ''}."
    if "\n" not in written:
        return f"{does}: {written}"
    return "\n".join([f"{does}:", *(f">{each}" for each in written.splitlines())])


SENTENCES: Mapping[Event, Callable[[Line, Story], str]] = {
    Event.PAGED: _paged,
    Event.RAISED: _raised,
    Event.RESTARTED: lambda line, story: f"{_user(line)} is paged again, from the first step.",
    Event.UNPAGED: lambda line, story: f"{_by(line)} took {_user(line)} off.",
    Event.DECLINED: lambda line, story: f"{_user(line)} can't.",
    Event.SENT: _sent,
    Event.FAILED: _failed,
    Event.FELL_BACK: lambda line, story: (
        f"Nothing in the rules of {_user(line)} got through. "
        f"Trying instead: {_plan(_text(line, 'plan')) or 'Slack'}."
    ),
    Event.UNREACHABLE: lambda line, story: (
        f"*Nothing could reach {_user(line)}*: phone, or page someone else."
    ),
    Event.EXHAUSTED: lambda line, story: (
        f"No answer from {_user(line)}: everything in the rules has run."
    ),
    Event.UNANSWERED: _unanswered,
    Event.ACKNOWLEDGED: lambda line, story: (
        f"{_by(line)} acknowledged: {_by(line)} has it.{_stopped(line, story)}"
    ),
    Event.JOINED: lambda line, story: f"{_by(line)} is on it too.",
    Event.UNACKNOWLEDGED: lambda line, story: (
        f"{_by(line)} unacknowledged: nobody has it any more."
    ),
    Event.SILENCED: _silenced,
    Event.UNSILENCED: _unsilenced,
    Event.RESOLVED: _resolved,
    Event.UNRESOLVED: lambda line, story: f"{_by(line)} unresolved this: it is firing again.",
    Event.NOTED: _noted,
    Event.WIPED: lambda line, story: f"{_by(line)} wiped this: its text was removed.",
    Event.DELETED: lambda line, story: f"{_by(line)} deleted this.",
    **chain_log.SENTENCES,
}
