"""How a responder stands, and how an alert stands, in words."""

from bot.views.chain_log import voice
from bot.views.fitting import called, shorten
from bot.views.message import named
from bot.views.text import WAYS, escape, local, slack_moment, slack_time, zone
from core import chain_words
from core.models import DeliveryOutcome, Outcome, State
from core.story import Attempt, Next, Responder, Story

MOST_ATTEMPTS = 4  # of one responder; the newest are shown
REASON_LENGTH = 80


def state(story: Story) -> str:
    """Who has it, or that nobody has; `Acknowledged by Carol today 14:02`."""
    who, since = _holder(story), slack_moment(story.since)
    if story.state is State.ACKNOWLEDGED:
        return f"*Acknowledged* by {who} {since}: {who} has it."
    if story.state is State.RESOLVED:
        return f"*Resolved* by {who} {since}."
    if story.state is State.SILENCED:
        until = story.silenced_until
        return f"*Silenced* by {who} {f'until {slack_moment(until)}' if until else 'for ever'}."
    if any(each.outcome is None for each in story.responders):
        return "*Firing*: nobody has answered yet."
    if story.team is not None and story.team.heard_only_in and not story.responders:
        channel, is_refused = story.team.heard_only_in, story.refusal is not None
        return f"*Firing*. {chain_words.heard_in(channel, voice({}), is_refused=is_refused)}"
    if story.chain is not None and story.chain.may_page:
        if not story.chain.step:
            return "*Firing*: nobody has answered yet."
        so_far = "answered, and nobody is called now" if story.responders else "been called yet"
        return f"*Firing*: nobody has {so_far}. The escalation chain goes on."
    if story.responders or story.chain is not None:
        return "*Firing*: nobody has answered, and nobody is being paged any more."
    return "*Firing*: nobody has answered yet."


def chain(story: Story) -> str:
    """How far the escalation chain has come, while it matters; else nothing."""
    found = story.chain
    if found is None or story.state is not State.FIRING:
        return ""  # it is stopped, and starts from its first step if this burns again
    start = "*Escalation chain*:"
    if found.ending is not None:
        return f"{start} all its steps have run."
    if found.is_held:
        return f"{start} held at step {found.step} of {found.steps} until more alerts come."
    if not found.step:
        return f"{start} starts ({found.steps} step{'s' if found.steps > 1 else ''})."
    # With the day: it may wait for the hours of tomorrow.
    when = f", goes on {slack_moment(found.next_at)}" if found.next_at else ""
    return f"{start} step {found.step} of {found.steps}{when}."


def paged_team(story: Story) -> str:
    """`Team: SRE, important`; nothing if no team was paged."""
    if story.team is None:
        return ""
    return f"Team: {called(story.team.name)}{', important' if story.team.important else ''}"


def _holder(story: Story) -> str:
    """Who acknowledged, silenced or resolved it."""
    if story.holder is not None:
        return called(story.holder.name)
    is_by_chain = story.state is State.RESOLVED and story.chain is not None
    return "the escalation chain" if is_by_chain else "somebody"


def state_in_brief(story: Story) -> str:
    """The same for a push banner: no markup, no times; escaped."""
    who = _holder(story)
    return {
        State.ACKNOWLEDGED: f"Acknowledged by {who}",
        State.SILENCED: f"Silenced by {who}",
        State.RESOLVED: f"Resolved by {who}",
    }.get(story.state, "Firing")


def removed(story: Story) -> str:
    """Who removed its text, or the alert itself; no markup."""
    who = called(story.removed_by.name) if story.removed_by else "somebody"
    if story.is_deleted:
        return f"Deleted by {who}."
    return f"Wiped by {who}: its text was removed."


def banner(brief: str, story: Story) -> str:
    """The essential in one line: how it stands and what it is about; escaped."""
    if story.is_wiped or story.is_deleted:
        return removed(story)
    return f"{brief}: {escape(named(story.title))}"


def responder(one: Responder, story: Story) -> str:
    """`*Bob*: being paged by important rules. Slack sent 14:02, e-mail at 14:07`."""
    parts = [_attempt(each, one) for each in one.attempts[-MOST_ATTEMPTS:]]
    if one.next is not None:
        parts.append(upcoming(one.next))
    sent = ", ".join(part for part in parts if part)
    name, how = called(one.person.name), _outcome(one, story)
    return f"*{name}*: {how}. {sent[0].upper()}{sent[1:]}." if sent else f"*{name}*: {how}."


def upcoming(next_: Next) -> str:
    """What comes next if they do not answer."""
    if next_.way is None:
        return f"waiting for an answer until {slack_time(next_.at)}"
    return f"{WAYS[next_.way]} at {slack_time(next_.at)}"


def _outcome(one: Responder, story: Story) -> str:
    rules = "important rules" if one.important else "default rules"
    is_holder = story.holder is not None and story.holder.id == one.person.id
    if one.outcome is None:
        return f"being paged by {rules}"
    if one.outcome is Outcome.ANSWERED:
        if story.state is State.FIRING:  # it was given back since
            return "answered before"
        return "has it" if is_holder and story.state is State.ACKNOWLEDGED else "answered"
    if one.outcome is Outcome.EXHAUSTED:
        reached = any(each.outcome is DeliveryOutcome.SENT for each in one.attempts)
        return "no answer" if reached else "nothing could reach them"
    return {
        Outcome.DECLINED: "can't",
        Outcome.UNPAGED: "removed",
        Outcome.STOPPED: "not paged any more",
    }[one.outcome]


def _attempt(attempt: Attempt, one: Responder) -> str:
    way = WAYS[attempt.way]
    reason = escape(shorten(attempt.reason or "", REASON_LENGTH)).rstrip(".")
    if attempt.outcome is DeliveryOutcome.SENT:
        return f"{way} sent {slack_time(attempt.at)}{_paused(attempt, one)}"
    if attempt.outcome is DeliveryOutcome.FAILED:
        return f"{way} failed ({reason})" if reason else f"{way} failed"
    if attempt.outcome is None:
        return f"{way} is being tried again ({reason})" if reason else f"{way} is on its way"
    return ""  # stopped before it went out


def _paused(attempt: Attempt, one: Responder) -> str:
    if attempt.paused_until is None:
        return ""
    there = local(attempt.paused_until, zone(one.person.timezone))
    return f" (notifications paused until {there} there)"
