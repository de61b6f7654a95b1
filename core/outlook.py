"""What a page of a team would do as things are now: the route it takes, and its chain's steps."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from core import chains, direct_paging, people, plan, routing, rules
from core.audiences import Audiences, Member, reached, waits_for_nobody
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

Run = tuple[str, str | None]  # a chain's id, and the Slack channel of the route that starts it


@dataclass(frozen=True)
class StepOutlook:
    """One step, and whom it would page now: of a round robin, all whose turn may come.

    `target` is the name of the team, the handle of the user group or the name of the
    Slack channel that is meant.  A step that is not `is_reached` never runs after a
    page by hand.  Of one that is not `is_counted` nobody knows yet whom it would page:
    Slack was not asked who is in the channel.  One that `varies` calls another Slack
    channel on another route; this is about the one with most people.  A wait that is
    `skipped` would only put off the first call.
    """

    step: ChainStep
    members: tuple[Member, ...] = ()
    target: str | None = None
    is_reached: bool = True
    is_counted: bool = True
    varies: bool = False
    skipped: bool = False

    @property
    def is_unset(self) -> bool:
        return self.step.is_unset

    @property
    def finds(self) -> bool:
        """Whether anybody hears of it: those it pages, or a Slack channel as a whole."""
        is_mention = self.step.type is PolicyType.NOTIFY_CHANNEL and self.target is not None
        return is_mention or bool(self.members)


@dataclass(frozen=True)
class Outlook:
    """Where a page of a team would go.  `calls`: whether its chain pages anybody."""

    steps: tuple[StepOutlook, ...] = ()
    calls: bool = False
    chain: str | None = None  # its name
    slack_channel: str | None = None  # Slack's id
    slack_channel_name: str | None = None  # as everybody may read it: `#sre`

    @property
    def has_chain(self) -> bool:
        """Also one that is not made yet, and so has steps but no name."""
        return self.chain is not None or bool(self.steps)

    @property
    def is_heard(self) -> bool:
        return self.calls or self.slack_channel is not None


def of_team(
    session: Session, team: Team | None, *, important: bool, verdicts: Verdicts | None = None
) -> Outlook:
    """Routes of the team's own that nobody has judged are taken not to match."""
    key = team.id if team else ""
    return _of(session, [(key, important)], verdicts or {})[key, important]


def of_teams(session: Session, teams: Iterable[Team]) -> dict[tuple[str, bool], Outlook]:
    """What normal and important pages of these teams would do, by id and whether important.

    It takes as many queries for a hundred teams as for one.
    """
    return _of(session, [(team.id, important) for team in teams for important in (False, True)], {})


def of_chain(
    session: Session, chain_id: str, *, slack_channel: str | None = None
) -> tuple[StepOutlook, ...]:
    """The chain's steps, run for a route that posts to this Slack channel."""
    return of_chains(session, [(chain_id, slack_channel)])[chain_id, slack_channel]


def of_chains(session: Session, runs: Collection[Run]) -> dict[Run, tuple[StepOutlook, ...]]:
    """The steps of several chains, each run for a route that posts to its Slack channel."""
    steps = chains.steps(session, {chain_id for chain_id, _ in runs})
    every = [step for each in steps.values() for step in each]
    surroundings = _Surroundings.read(session, every, {channel for _, channel in runs if channel})
    return {run: surroundings.of(steps[run[0]], run[1]) for run in runs}


def of_steps(
    session: Session, steps: Sequence[ChainStep], slack_channel: str | None = None
) -> tuple[StepOutlook, ...]:
    """The same for steps that are not stored yet."""
    channels = {slack_channel} if slack_channel else set()
    return _Surroundings.read(session, steps, channels).of(steps, slack_channel)


def opens_at(steps: Sequence[StepOutlook], at: datetime) -> datetime | None:
    """When the hours begin for which these steps wait before they first page anybody.

    They start `at` this time.  None if they page somebody without that, or nobody.
    """
    now, opens = at, None
    for each in steps:
        if not each.is_reached:
            return None
        if each.members:
            return opens
        if each.step.type is PolicyType.WAIT and not each.skipped:
            now += each.step.wait
        elif each.step.type is PolicyType.IF_TIME and not each.is_unset:
            begins = each.step.opens_at(now)
            if begins > now:
                now = opens = begins
    return None


def with_waits(steps: Iterable[StepOutlook]) -> tuple[StepOutlook, ...]:
    """These steps, with the waits that will be passed over as they are now."""
    every = tuple(steps)
    plain, found = [each.step for each in every], [each.finds for each in every]
    return tuple(
        replace(
            each,
            skipped=each.step.type is PolicyType.WAIT and waits_for_nobody(plain, found, index),
        )
        for index, each in enumerate(every)
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


@dataclass(frozen=True)
class _Surroundings:
    """Whom steps may reach, and the names of what is meant by them."""

    audiences: Audiences
    names: Mapping[str, str]  # by id; without what was deleted
    uncounted: Collection[str]  # Slack channels of which nobody was asked who is in them

    @classmethod
    def read(
        cls, session: Session, steps: Sequence[ChainStep], channels: Collection[str]
    ) -> "_Surroundings":
        """`channels` are the Slack channels of the routes that lead to these steps."""
        found = _channels(session, channels)
        return cls(
            audiences=Audiences.read(session, steps, channels),
            names=_names(session, steps) | {each.id: each.shown for each in found},
            uncounted={each.id for each in found if each.members_read_at is None},
        )

    def of(self, steps: Sequence[ChainStep], slack_channel: str | None) -> tuple[StepOutlook, ...]:
        running = len(reached(steps))
        return with_waits(
            StepOutlook(
                step=step,
                members=tuple(self.audiences.of(step, slack_channel)),
                target=self.names.get(_meant(step, slack_channel) or ""),
                is_reached=index < running,
                is_counted=_meant(step, slack_channel) not in self.uncounted,
            )
            for index, step in enumerate(steps)
        )


def _of(
    session: Session, asked: Collection[tuple[str, bool]], verdicts: Verdicts
) -> dict[tuple[str, bool], Outlook]:
    """By id of a team ("" for none), and whether it is an important page."""
    direct = direct_paging.of_teams(session, {key for key, _ in asked})
    taken = {
        (key, important): routing.choose(direct[key].branches, verdicts, important=important)
        for key, important in asked
        if key in direct
    }
    steps = of_chains(
        session, {(b.chain_id, b.slack_channel) for b in taken.values() if b.chain_id}
    )
    chain_names = _chain_names(session, {chain_id for chain_id, _ in steps})
    heard_in = _channels(session, {b.slack_channel for b in taken.values() if b.slack_channel})
    channels = {each.id: each.shown for each in heard_in}
    found = dict.fromkeys(asked, Outlook())
    for each, branch in taken.items():
        found[each] = Outlook(
            steps=steps.get((branch.chain_id or "", branch.slack_channel), ()),
            calls=branch.calls,
            chain=chain_names.get(branch.chain_id or ""),
            slack_channel=branch.slack_channel,
            slack_channel_name=channels.get(branch.slack_channel or ""),
        )
    return found


def _chain_names(session: Session, ids: Collection[str]) -> dict[str, str]:
    if not ids:
        return {}
    rows = select(EscalationChain.id, EscalationChain.name).where(col(EscalationChain.id).in_(ids))
    return dict(iter(session.execute(rows)))


def _meant(step: ChainStep, slack_channel: str | None) -> str | None:
    if step.type is PolicyType.NOTIFY_CHANNEL:
        return slack_channel
    return step.team_id or step.user_group_id


def _names(session: Session, steps: Sequence[ChainStep]) -> dict[str, str]:
    """The teams and user groups that are meant by steps, by id; without what was deleted."""
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
    return found


def _channels(session: Session, ids: Collection[str]) -> Sequence[SlackChannel]:
    """These Slack channels, without those that are gone."""
    if not ids:
        return ()
    rows = select(SlackChannel).where(
        col(SlackChannel.id).in_(ids), col(SlackChannel.gone_at).is_(None)
    )
    return session.scalars(rows).all()
