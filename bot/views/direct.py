"""A page as a direct message to one responder, when it is sent and as it follows the state."""

from collections.abc import Sequence
from datetime import timedelta

from bot import ids
from bot.views import message, report, standing
from bot.views.fitting import called
from bot.views.message import Block, Message
from bot.views.text import WAYS, escape, length
from core.chain_words import team_called
from core.channels import Notice, who_calls
from core.models import Outcome, RuleType, State, Step
from core.story import Responder, Story


def page(notice: Notice, *, whole: str | None = None) -> Message:
    """What somebody is sent when they are paged; `whole`: where all of a long text is."""
    by = called(notice.caller)
    why = f"{_opening(notice, by)} {_follows(notice.plan, notice.step)}".rstrip()
    brief = _in_brief(by, notice.team, notice.by_chain)
    below = message.section(_with_link(why, notice.link))
    room = message.BLOCKS_LENGTH - message.length_of([below])
    return Message(
        text=f"{brief}: {escape(message.named(notice.title))}",
        blocks=[
            *report.show(notice, whole=whole, room=room),
            below,
            _buttons(notice.alert_group_id, notice.title),
        ],
        plain=message.plain(
            _with_link(f"{why} Answer in the alert's thread or to {by}.", notice.link),
            *report.plain(notice, whole=whole),
        ),
    )


def follow(story: Story, page_id: str, *, whole: str | None = None) -> Message:
    """The same message as things stand now."""
    if story.is_deleted:
        gone = f"{standing.removed(story)} There is nothing left to do."
        return Message(text=gone, blocks=[message.section(gone)], plain=gone)
    one = story.responder(page_id)
    stands, answerable = _standing(story, one)
    link = story.link_for(one.person if one else None)
    buttons = [_buttons(story.id, story.title)] if answerable else []
    said = _with_link(stands, link)
    below = message.section(said)
    if story.is_wiped:
        gone = standing.removed(story)
        top, told = [message.section(gone)], [gone]
    else:
        room = message.BLOCKS_LENGTH - message.length_of([below])
        top = report.show(story, whole=whole, room=room)
        told = report.plain(story, whole=whole)
    return Message(
        text=standing.banner(_brief(story, one), story),
        blocks=[*top, below, *buttons],
        plain=message.plain(said, *told),
    )


def _opening(notice: Notice, by: str) -> str:
    """Who paged them, and why this reaches them now."""
    rules = "important rules" if notice.important else "default rules"
    done = notice.plan[: notice.step]
    if any(step.type is RuleType.SLACK for step in done):
        calls = _calls(by, notice.team, notice.by_chain)
        return f"*Still no answer*: this is a repeat. {calls} by your {rules}."
    steps = [at for at, step in enumerate(notice.plan) if not step.is_wait]
    which = ""
    if len(steps) > 1 and notice.step in steps:
        # An escalation chain counts its steps too.
        which = f" This is step {steps.index(notice.step) + 1} of {len(steps)} of these rules."
    calls = _calls(by, notice.team, notice.by_chain, again=notice.run > 1)
    return f"{calls} by your {rules}.{which}"


def _calls(by: str, team: str | None, by_chain: bool, *, again: bool = False) -> str:
    """Who paged them, and how that came to them."""
    shown = called(team) if team is not None else None
    return who_calls(by, shown, by_chain=by_chain, again=again)


def _in_brief(by: str, team: str | None, by_chain: bool) -> str:
    """The same for a push banner."""
    if not by_chain:
        return f"{by} paged you"
    return f"{by} paged {team_called(called(team))}" if team else f"{by} asked for help"


def _follows(plan: Sequence[Step], at: int) -> str:
    """`E-mail follows in 5 min unless you answer.`"""
    wait = timedelta(0)
    for step in plan[at + 1 :]:
        if step.is_wait:
            wait += step.wait
            continue
        way = WAYS[step.type]
        when = f"in {length(wait)}" if wait else "at once"
        return f"{way[0].upper()}{way[1:]} follows {when} unless you answer."
    return ""


def _standing(story: Story, one: Responder | None) -> tuple[str, bool]:
    """How it stands for this reader, and whether there is still something to answer."""
    stands = standing.state(story)
    if one is None:
        return stands, False
    calls = _calls(called(one.paged_by.name), _team(story), one.by_chain)
    if one.outcome is None:  # also on a group that somebody holds, if it was paged onto that
        rules = "important rules" if one.important else "default rules"
        told = f"{calls} by your {rules}."
        if one.next is not None and one.next.way is not None:
            told += f" If you do not answer: {standing.upcoming(one.next)}."
        return told if story.state is State.FIRING else f"{stands} {told}", True
    if one.outcome is Outcome.EXHAUSTED and story.state is State.FIRING:
        return f"{calls}, and you have not answered. {stands}", True
    if story.state is State.RESOLVED:
        return f"{stands} There is nothing left to do.", False
    if one.outcome is Outcome.ANSWERED:
        mine = story.holder is not None and story.holder.id == one.person.id
        if story.state is State.ACKNOWLEDGED and mine:
            return "*You have it.* Nobody else is paged for it any more.", False
        before = " before" if story.state is State.FIRING else ""  # it was given back since
        return f"*You answered{before}.* {stands}", False
    if one.outcome is Outcome.DECLINED:
        return f"*You said that you can't.* {stands}", False
    if one.outcome is Outcome.UNPAGED:
        return f"*You were taken off this.* {stands}", False
    return f"{stands} You are not paged any more.", False


def _brief(story: Story, one: Responder | None) -> str:
    if one is not None and one.outcome is None:
        return _in_brief(called(one.paged_by.name), _team(story), one.by_chain)
    if one is not None and one.outcome is Outcome.DECLINED:
        return "You said that you can't"
    if one is not None and one.outcome is Outcome.UNPAGED:
        return "You were taken off"
    return standing.state_in_brief(story)


def _team(story: Story) -> str | None:
    return story.team.name if story.team is not None else None


def _with_link(told: str, link: str | None) -> str:
    return f"{told}\n{message.link(link, 'Open the alert')}" if link else told


def _buttons(alert_group_id: str, title: str) -> Block:
    return message.actions(
        message.button(
            "Acknowledge", ids.ACKNOWLEDGE, alert_group_id, about=title, style="primary"
        ),
        message.button("I can't", ids.DECLINE, alert_group_id, about=title),
    )
