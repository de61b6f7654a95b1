"""Run an alert group's escalation chain: its steps up to the next wait."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from core import (
    alert_groups,
    authors,
    chains,
    clock,
    lifecycle,
    log,
    pages,
    running_chains,
    timers,
)
from core.audiences import Audiences, Member, waits_for_nobody
from core.errors import Gone
from core.models import (
    MOST_REPEATS,
    Alert,
    AlertGroup,
    ChainStep,
    Ending,
    Escalation,
    EscalationPolicy,
    Event,
    Page,
    PolicyType,
    RuleType,
    SlackChannel,
    State,
    Team,
    TimerKind,
    User,
    UserGroup,
)
from core.pages import Effect, Paged

NOT_YET = {
    PolicyType.NOTIFY_ON_CALL: "schedules cannot be used yet",
    PolicyType.TRIGGER_WEBHOOK: "outgoing webhooks cannot be used yet",
}


@dataclass
class _Run:
    """The chain of one group while its steps run; `before` are the pages by user id."""

    session: Session
    group: AlertGroup
    chain: Escalation
    ways: Collection[RuleType]
    audiences: Audiences
    before: dict[str, Page]

    def record(self, **detail: Any) -> None:
        """Tell what the present step did."""
        at, step = self.chain.next_step, self.chain.steps[self.chain.next_step]
        said: dict[str, Any] = {
            "step": at + 1,
            "of": len(self.chain.steps),
            "type": step.type.value,
        }
        log.record(self.session, self.group, Event.STEPPED, **said, **detail)


def advance(session: Session, group: AlertGroup, ways: Collection[RuleType]) -> None:
    """Run every step that is due; the caller holds the group's lock.

    `ways` are the channels set up here.
    """
    chain = running_chains.of(session, group)
    if chain is None or chain.ending is not None or group.state is not State.FIRING:
        return
    # Once is enough: what is left of it may only wait, and resolve.
    was_told = chain.next_step > 0 and alert_groups.is_unanswered(session, group)
    channels = [group.route_channel] if group.route_channel else []
    run = _Run(
        session=session,
        group=group,
        chain=chain,
        ways=ways,
        audiences=Audiences.read(session, chain.steps, channels),
        before={page.user_id: page for page in alert_groups.pages(session, group)},
    )
    while chain.next_step < len(chain.steps):
        due = _step(run, chain.steps[chain.next_step])
        if chain.ending is not None or chain.is_held:
            break
        if due is not None:
            timers.put(session, TimerKind.ESCALATION, group.id, group.id, due)
            break
    else:
        _finish(run)
    log.show(session, group)
    if not was_told:
        authors.check_unanswered(session, group)


def _step(run: _Run, step: ChainStep) -> datetime | None:
    """Do one step and move on to the next; when that one may run, if not at once."""
    chain, due = run.chain, None
    if step.type.notifies or step.type in NOT_YET:
        _notify(run, step)
    elif step.type is PolicyType.WAIT and _waits_for_nobody(run):
        run.record(skipped="the chain calls nobody yet")
    elif step.type is PolicyType.WAIT:
        due = clock.after(clock.now(), step.wait)
    elif step.type is PolicyType.IF_TIME:
        due = _until_open(run, step)
    elif step.type is PolicyType.IF_ALERTS:
        chain.is_held = not _enough_alerts(run, step)
        if chain.is_held:
            run.record(more_than=step.num_alerts or 0, minutes=step.num_minutes or 0)
            return None
    elif step.type is PolicyType.RESOLVE:
        run.record()
        chain.next_step += 1
        lifecycle.resolve(run.session, run.group, by=None)
        return None
    elif step.type is PolicyType.REPEAT and chain.repeats < MOST_REPEATS:
        chain.repeats += 1
        run.record(repeat=chain.repeats, most=MOST_REPEATS)
        chain.next_step = 0
        return None
    chain.next_step += 1
    return due


def _waits_for_nobody(run: _Run) -> bool:
    """Whether the chain calls nobody yet: the steps so far found nobody, and the next would.

    Whoever was paged by hand is called without the chain, as previews cannot know.
    """
    if any(page.wanted and page.by_chain for page in run.before.values()):
        return False

    def finds(step: ChainStep) -> bool:
        members = run.audiences.of(step, run.group.route_channel)
        willing = any(not pages.is_off(run.before.get(each.id)) for each in members)
        return willing or _channel(run, step) is not None

    steps = run.chain.steps
    return waits_for_nobody(steps, [finds(step) for step in steps], run.chain.next_step)


def _until_open(run: _Run, step: ChainStep) -> datetime | None:
    """When the hours of this step begin; None inside of them, or if there are none."""
    if step.is_unset:
        run.record(skipped="no hours are set")
        return None
    now = clock.now()
    at = clock.expected(now)
    opens = step.opens_at(at)
    if opens <= at:
        return None
    run.record(until=opens.isoformat())
    return clock.after(now, opens - at)


def _enough_alerts(run: _Run, step: ChainStep) -> bool:
    """Whether there were more alerts than this step's limit, in its minutes of the plan."""
    if step.num_alerts is None or step.num_minutes is None:
        run.record(skipped="no number of alerts is set")
        return True
    course = clock.course()
    since = course.real(course.plan(clock.now()) - timedelta(minutes=step.num_minutes))
    recent = select(func.count()).where(
        col(Alert.alert_group_id) == run.group.id, col(Alert.created_at) > since
    )
    return (run.session.scalar(recent) or 0) > step.num_alerts


def _notify(run: _Run, step: ChainStep) -> None:
    """Page whom the step reaches now; whom it does not, and why, is told in the thread."""
    members = run.audiences.of(step, run.group.route_channel)
    if step.type is PolicyType.NOTIFY_NEXT:
        members = _in_turn(run, step, members)
    detail: dict[str, Any] = _aim(run, step) | {"important": step.important}
    if not members:
        run.record(**detail, **_why_nobody(run, step))
        return
    ids = {member.id for member in members}
    found = run.session.scalars(select(User).where(col(User.id).in_(ids))).all()
    users = {user.id: user for user in found}
    decided = pages.page_by_chain(
        run.session,
        run.group,
        [users[member.id] for member in members if member.id in users],
        run.before,
        important=step.important,
        ways=run.ways,
    )
    detail |= _effects(decided.paged)
    run.record(**detail)
    decided.start(run.session, run.group)
    run.before |= {page.user_id: page for page, _, _ in decided.started}


def _in_turn(run: _Run, step: ChainStep, members: Sequence[Member]) -> list[Member]:
    """Whose turn it is in a round robin over all alert groups.

    The chain is held, so that two alerts at once do not get the same person.  Whoever
    was taken off this one, or said "I can't", is passed over.
    """
    policy = _held(run, step)
    last = policy.last_notified_id if policy else None
    order = list(step.persons)
    first = order.index(last) + 1 if last in order else 0
    turns = {id_: place for place, id_ in enumerate(order[first:] + order[:first])}
    willing = [each for each in members if not pages.is_off(run.before.get(each.id))]
    chosen = min(willing or members, key=lambda each: turns[each.id], default=None)
    if chosen is None:
        return []
    if policy is not None:
        policy.last_notified_id = chosen.id
    return [chosen]


def _held(run: _Run, step: ChainStep) -> EscalationPolicy | None:
    """The row of a step, for this transaction alone; None if it was deleted.

    Not the row itself is locked: admins hold the chain and then change its rows in any order.
    """
    try:
        chains.hold(run.session, run.chain.chain_id)
    except Gone:
        return None
    return run.session.get(EscalationPolicy, step.policy_id, populate_existing=True)


def _aim(run: _Run, step: ChainStep) -> dict[str, Any]:
    """Who is meant by the step, by the names they have now."""
    session = run.session
    if step.type is PolicyType.NOTIFY_TEAM and step.team_id:
        team = session.get(Team, step.team_id)
        return {"team": team.name} if team and team.deleted_at is None else {}
    if step.type is PolicyType.NOTIFY_USER_GROUP and step.user_group_id:
        group = session.get(UserGroup, step.user_group_id)
        return {"group": group.handle} if group and group.gone_at is None else {}
    channel = _channel(run, step)
    return {"channel": channel.shown, "channel_id": channel.id} if channel else {}


def _why_nobody(run: _Run, step: ChainStep) -> dict[str, Any]:
    """In words that can follow "nobody was paged: "; and whether it just is not known yet."""
    channel = _channel(run, step)
    if channel is not None and channel.members_read_at is None:
        said = f"Tocsin has not read yet who is in {channel.shown}"
        return {"skipped": said, "unread": True}
    words = {
        PolicyType.NOTIFY_PERSONS: "nobody is chosen who can be paged",
        PolicyType.NOTIFY_NEXT: "nobody is chosen who can be paged",
        PolicyType.NOTIFY_TEAM: "the team has no members, or was deleted",
        PolicyType.NOTIFY_USER_GROUP: "the user group is empty, or was removed in Slack",
        PolicyType.NOTIFY_CHANNEL: "the route has no Slack channel with people that Tocsin knows",
    }
    return {"skipped": NOT_YET.get(step.type) or words[step.type]}


def _channel(run: _Run, step: ChainStep) -> SlackChannel | None:
    """The Slack channel that the step calls as a whole; None if it calls none, or that is gone."""
    at = run.group.route_channel if step.type is PolicyType.NOTIFY_CHANNEL else None
    channel = run.session.get(SlackChannel, at) if at else None
    return channel if channel is not None and channel.gone_at is None else None


def _effects(paged: dict[str, Paged]) -> dict[str, list[str]]:
    """User ids by what became of them; empty lists are left out."""
    found: dict[str, list[str]] = {}
    for id_, each in paged.items():
        words = {
            Effect.STARTED: "paged",
            Effect.RAISED: "raised",
            Effect.NOTHING: "already",
            Effect.OFF: "off",
        }
        found.setdefault(words[each.effect], []).append(id_)
        if each.plan is not None and not each.plan.reachable:
            found.setdefault("unreachable", []).append(id_)
    return found


def _finish(run: _Run) -> None:
    run.chain.ending = Ending.FINISHED
    run.chain.ended_at = clock.now()
    log.record(run.session, run.group, Event.CHAIN_ENDED, chain=run.chain.chain_name)
