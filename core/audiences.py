"""Whom the steps of an escalation chain reach, as things are now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import BindParameter, Executable, bindparam
from sqlmodel import Session, col, select

from core import rows
from core.models import (
    ChainStep,
    PolicyType,
    SlackChannel,
    SlackChannelMember,
    Team,
    TeamMember,
    User,
    UserGroup,
    UserGroupMember,
)


class Member(NamedTuple):
    """Somebody active."""

    id: str
    name: str


_ACTIVE = (col(User.is_active), col(User.is_bot).is_(False))
_WANTED: BindParameter[list[str]] = bindparam("wanted", expanding=True)
_ORDER = (col(User.username), col(User.id))
PERSONS = select(User.id, User.id, User.name).where(col(User.id).in_(_WANTED), *_ACTIVE)
TEAMS = (
    select(TeamMember.team_id, User.id, User.name)
    .join(User, col(User.id) == TeamMember.user_id)
    .join(Team, col(Team.id) == TeamMember.team_id)
    .where(col(TeamMember.team_id).in_(_WANTED), col(Team.deleted_at).is_(None), *_ACTIVE)
    .order_by(*_ORDER)
)
GROUPS = (
    select(UserGroupMember.user_group_id, User.id, User.name)
    .join(User, col(User.slack_user_id) == UserGroupMember.slack_user_id)
    .join(UserGroup, col(UserGroup.id) == UserGroupMember.user_group_id)
    .where(col(UserGroupMember.user_group_id).in_(_WANTED))
    .where(col(UserGroup.gone_at).is_(None), *_ACTIVE)
    .order_by(*_ORDER)
)
# Those in which there is anybody at all.
PEOPLED_GROUPS = (
    select(UserGroupMember.user_group_id)
    .join(User, col(User.slack_user_id) == UserGroupMember.slack_user_id)
    .join(UserGroup, col(UserGroup.id) == UserGroupMember.user_group_id)
    .where(col(UserGroup.gone_at).is_(None), *_ACTIVE)
    .distinct()
)
CHANNELS = (
    select(SlackChannelMember.slack_channel_id, User.id, User.name)
    .join(User, col(User.slack_user_id) == SlackChannelMember.slack_user_id)
    .join(SlackChannel, col(SlackChannel.id) == SlackChannelMember.slack_channel_id)
    .where(col(SlackChannelMember.slack_channel_id).in_(_WANTED))
    .where(col(SlackChannel.gone_at).is_(None), *_ACTIVE)
    .order_by(*_ORDER)
)


@dataclass
class Audiences:
    """Everybody whom some steps may reach, read with one query a kind of step."""

    persons: dict[str, list[Member]] = field(default_factory=dict)
    teams: dict[str, list[Member]] = field(default_factory=dict)
    groups: dict[str, list[Member]] = field(default_factory=dict)
    channels: dict[str, list[Member]] = field(default_factory=dict)

    @classmethod
    def read(
        cls, session: Session, steps: Iterable[ChainStep], channels: Collection[str] = ()
    ) -> "Audiences":
        """`channels` are the Slack channels of the routes that lead to these steps."""
        known = list(steps)
        whole = any(step.type is PolicyType.NOTIFY_CHANNEL for step in known)
        return cls(
            persons=_read(session, PERSONS, {id_ for step in known for id_ in step.persons}),
            teams=_read(session, TEAMS, {step.team_id for step in known if step.team_id}),
            groups=_read(
                session, GROUPS, {step.user_group_id for step in known if step.user_group_id}
            ),
            channels=_read(session, CHANNELS, set(channels) if whole else set()),
        )

    def of(self, step: ChainStep, channel: str | None = None) -> Sequence[Member]:
        """Whom this step may page: of a round robin everybody whose turn may come.

        `channel` is the Slack channel of the route.
        """
        match step.type:
            case PolicyType.NOTIFY_PERSONS | PolicyType.NOTIFY_NEXT:
                return [one for id_ in step.persons for one in self.persons.get(id_, ())]
            case PolicyType.NOTIFY_TEAM:
                return self.teams.get(step.team_id or "", ())
            case PolicyType.NOTIFY_USER_GROUP:
                return self.groups.get(step.user_group_id or "", ())
            case PolicyType.NOTIFY_CHANNEL:
                return self.channels.get(channel or "", ())
            case _:
                return ()

    def call_somebody(self, steps: Sequence[ChainStep], channel: str | None = None) -> bool:
        """Whether these steps page anybody at all for a group that has one alert."""
        return any(self.of(step, channel) for step in _lasting(reached(steps)))


def reached(steps: Sequence[ChainStep]) -> Sequence[ChainStep]:
    """The steps that ever run for a group that has one alert, as a page by hand makes it.

    `notify_if_num_alerts_in_window` lets a chain go on only after more than so many
    alerts; a limit of none lets the one pass, unless the waits before have made it too old.
    """
    waited = timedelta()
    for index, step in enumerate(steps):
        if step.type is PolicyType.WAIT:
            waited += step.wait
        elif step.type is PolicyType.RESOLVE or not _may_pass(step, waited):
            return steps[: index + 1]
        elif step.type is PolicyType.IF_TIME and not step.is_unset:
            waited += timedelta(days=1)  # at the most
    return steps


def waits_for_nobody(steps: Sequence[ChainStep], found: Sequence[bool], index: int) -> bool:
    """Whether the wait at this index would only put off the first call of the chain.

    So it is when every step before it that is there to call people finds nobody, and one after
    it does, with nothing but waits in between.  `found`: whether each step finds somebody.
    """
    if any(found[:index]) or not any(step.type.notifies for step in steps[:index]):
        return False
    for step, finds in zip(steps[index + 1 :], found[index + 1 :], strict=True):
        if finds:
            return True
        if not (step.type.notifies or step.type is PolicyType.WAIT or step.is_unset):
            return False
    return False


def _may_pass(step: ChainStep, waited: timedelta) -> bool:
    """Whether a chain ever gets past this step with the one alert of so long ago."""
    if step.type is not PolicyType.IF_ALERTS or step.is_unset:
        return True
    return not step.num_alerts and waited < timedelta(minutes=step.num_minutes or 0)


def _lasting(steps: Sequence[ChainStep]) -> Sequence[ChainStep]:
    """Without those after which it may be resolved at once: their pages end before they begin.

    Hours are no pause: inside of them the chain goes on in the same moment.
    """
    if not steps or steps[-1].type is not PolicyType.RESOLVE:
        return steps
    pauses = [step.type is PolicyType.WAIT for step in steps]
    for index in range(len(steps) - 1, -1, -1):
        again = steps[index].type is PolicyType.REPEAT and any(pauses[:index])
        if pauses[index] or again:
            return steps[:index]
    return ()


def _read(session: Session, query: Executable, wanted: Collection[str]) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    if wanted:
        for key, id_, name in rows.read(session, query, wanted=list(wanted)):
            found.setdefault(key, []).append(Member(id_, name))
    return found
