"""What a page of a team would do as things are now: the route it takes, and its chain's steps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core import chains, direct_paging, people, plan, routing, rules
from core.audiences import Audiences, Member, reached
from core.judging import Verdicts
from core.models import (
    ChainStep,
    EscalationChain,
    PolicyType,
    RuleType,
    SlackChannel,
    Team,
    User,
    UserGroup,
)


@dataclass(frozen=True)
class StepOutlook:
    """One step, and whom it would page now: of a round robin, all whose turn may come.

    `target` is the name of the team, the handle of the user group or the name of the
    Slack channel that is meant.  A step that is not `is_reached` never runs after a
    page by hand.
    """

    step: ChainStep
    members: tuple[Member, ...] = ()
    target: str | None = None
    is_reached: bool = True


@dataclass(frozen=True)
class Outlook:
    """Where a page of a team would go.  `calls`: whether its chain pages anybody."""

    steps: tuple[StepOutlook, ...] = ()
    calls: bool = False
    chain: str | None = None  # its name
    slack_channel: str | None = None  # Slack's id
    slack_channel_name: str | None = None

    @property
    def is_heard(self) -> bool:
        return self.calls or self.slack_channel is not None


def of_team(
    session: Session, team: Team | None, *, important: bool, verdicts: Verdicts | None = None
) -> Outlook:
    """Routes of the team's own that nobody has judged are taken not to match."""
    found = direct_paging.of_teams(session, [team.id if team else ""])
    if not found:
        return Outlook()
    [direct] = found.values()
    taken = routing.choose(direct.branches, verdicts or {}, important=important)
    channel = session.get(SlackChannel, taken.slack_channel) if taken.slack_channel else None
    chain = session.get(EscalationChain, taken.chain_id) if taken.chain_id else None
    return Outlook(
        steps=of_chain(session, chain.id, slack_channel=taken.slack_channel) if chain else (),
        calls=taken.calls,
        chain=chain.name if chain else None,
        slack_channel=taken.slack_channel,
        slack_channel_name=channel.name if channel else None,
    )


def of_chain(
    session: Session, chain_id: str, *, slack_channel: str | None = None
) -> tuple[StepOutlook, ...]:
    """The chain's steps, run for a route that posts to this Slack channel."""
    return of_steps(session, chains.steps(session, [chain_id])[chain_id], slack_channel)


def of_steps(
    session: Session, steps: Sequence[ChainStep], slack_channel: str | None = None
) -> tuple[StepOutlook, ...]:
    """The same for steps that are not stored yet."""
    audiences = Audiences.read(session, steps, [slack_channel] if slack_channel else [])
    names = _names(session, steps, slack_channel)
    running = len(reached(steps))
    return tuple(
        StepOutlook(
            step=step,
            members=tuple(audiences.of(step, slack_channel)),
            target=names.get(_meant(step, slack_channel) or ""),
            is_reached=index < running,
        )
        for index, step in enumerate(steps)
    )


def unreachable(
    session: Session, steps: Sequence[StepOutlook], ways: Collection[RuleType]
) -> list[str]:
    """The names of those whom these steps would page and nothing can reach (P1).

    `ways` are the channels set up here.  Whoever has Slack is reached there at least,
    so only the others are looked at.
    """
    asked: dict[str, bool] = {}  # by user id: whether by their important rules
    for each in steps:
        if each.is_reached:
            for member in each.members:
                asked[member.id] = asked.get(member.id, False) or each.step.important
    lacking = select(User).where(col(User.id).in_(asked)).order_by(col(User.name))
    if RuleType.SLACK in ways:
        lacking = lacking.where(col(User.slack_user_id).is_(None))
    users = session.scalars(lacking).all() if asked else []
    has, of = people.addresses(session, users), rules.of(session, users)
    return [
        user.name
        for user in users
        if not plan.make(of[user.id], has[user.id], ways, important=asked[user.id]).reachable
    ]


def _meant(step: ChainStep, slack_channel: str | None) -> str | None:
    if step.type is PolicyType.NOTIFY_CHANNEL:
        return slack_channel
    return step.team_id or step.user_group_id


def _names(
    session: Session, steps: Sequence[ChainStep], slack_channel: str | None
) -> dict[str, str]:
    """What is meant by steps, by id; without what was deleted."""
    found: dict[str, str] = {}
    teams = {step.team_id for step in steps if step.team_id}
    if teams:
        rows = select(Team.id, Team.name).where(
            col(Team.id).in_(teams), col(Team.deleted_at).is_(None)
        )
        found |= dict(iter(session.execute(rows)))
    groups = {step.user_group_id for step in steps if step.user_group_id}
    if groups:
        handles = select(UserGroup.id, UserGroup.handle).where(
            col(UserGroup.id).in_(groups), col(UserGroup.gone_at).is_(None)
        )
        found |= dict(iter(session.execute(handles)))
    channel = session.get(SlackChannel, slack_channel) if slack_channel else None
    if channel is not None and channel.gone_at is None:
        found[channel.id] = channel.name
    return found
