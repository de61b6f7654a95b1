"""What a team's form shows beside its inputs: what pages will do once it is saved as it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from bot.listeners.team_setup import find, heard_in, important_of, routes_of
from bot.views import crowd
from bot.views.chain import NO_NAME
from bot.views.crowd import Crowd
from bot.views.fitting import called
from bot.views.team_form import NEW, NO_TEAM, Drawing, TeamForm
from core import direct_paging, outlook, people, routing
from core.audiences import Member
from core.models import ChainStep, EscalationChain, PolicyType, Route, SlackChannel
from core.outlook import Outlook, StepOutlook
from core.routing import Branch

OTHER_ROUTES = (
    "There are other routes too, which were made over the API. What is said here holds for "
    "pages that none of them takes."
)
NOBODY_CALLED = (
    "*Choose a chain for {} pages too:* as it stands, they are only posted in the Slack "
    "channel, and call nobody."
)
TWO_CHANNELS = (
    "Important pages are posted in another Slack channel now. If you change the channel here, "
    "both go there."
)
CHANNEL_GONE = (
    "*Choose another Slack channel:* #{} was archived or deleted, or Tocsin was taken out of it. "
    "Nothing is posted there."
)


@dataclass(frozen=True)
class _Way:
    """A route as it would be once the form is saved, with the steps of its chain."""

    branch: Branch
    steps: tuple[StepOutlook, ...]
    is_changed: bool  # by this form

    @property
    def judged(self) -> Branch:
        """With whether it calls anybody."""
        return replace(
            self.branch, calls=any(each.members for each in self.steps if each.is_reached)
        )


def draw(session: Session, form: TeamForm) -> Drawing:
    """What the form shows as it stands.  Raises Gone."""
    found = _routes(session, form)
    important = important_of(found)
    ways = _ways(session, form, found)
    default = _outlook(session, ways, important=False)
    urgent = _outlook(session, ways, important=True)
    notes = _lost_channel(session, form)
    if default.calls != urgent.calls and form.team_id != NO_TEAM:
        notes.append(NOBODY_CALLED.format("important" if default.calls else "normal"))
    if len(found) > 1 + (important is not None):
        notes.append(OTHER_ROUTES)
    if important and heard_in(important) != heard_in(found[-1]):
        notes.append(TWO_CHANNELS)
    return Drawing(
        labels=_labels(session, form),
        default=default,
        important=urgent,
        has_important=not found or important is not None,
        has_chains=session.scalars(select(EscalationChain.id).limit(1)).first() is not None,
        crowd=_crowd(session, ways),
        notes=tuple(notes),
    )


def crowd_of(session: Session, form: TeamForm) -> Crowd:
    """The most people whom a chain that this form assigns calls as a whole Slack channel."""
    return _crowd(session, _ways(session, form, _routes(session, form)))


def _routes(session: Session, form: TeamForm) -> Sequence[Route]:
    """None for a team that is not made yet."""
    return routes_of(session, find(session, form.team_id)) if form.team_id else []


def _lost_channel(session: Session, form: TeamForm) -> list[str]:
    """That the Slack channel cannot be used any more; nothing if it can, or another is chosen."""
    is_kept = form.was.slack_channel and form.now.slack_channel == form.was.slack_channel
    channel = session.get(SlackChannel, form.was.slack_channel) if is_kept else None
    if channel is None or channel.gone_at is None:
        return []
    return [CHANNEL_GONE.format(called(channel.name))]


def _ways(session: Session, form: TeamForm, found: Sequence[Route]) -> list[_Way]:
    """The routes in order, as they would be once the form is saved."""
    branches = _branches(session, form, found)
    moves = form.now.slack_channel != form.was.slack_channel
    ways = []
    for branch in branches:
        is_changed = False
        if branch.term in (routing.IMPORTANT, None):
            important = branch.term is not None
            chain_id = form.now.chain_for(important=important)
            branch = replace(branch, chain_id=chain_id)
            if moves:
                branch = replace(branch, slack_channel=form.now.slack_channel)
            is_changed = moves or chain_id != form.was.chain_for(important=important)
        ways.append(_Way(branch, _steps(session, form, branch), is_changed))
    return ways


def _branches(session: Session, form: TeamForm, found: Sequence[Route]) -> Sequence[Branch]:
    if not found:  # not made yet: both
        channel = form.now.slack_channel
        return [Branch("", routing.IMPORTANT, None, channel), Branch("", None, None, channel)]
    key = "" if form.team_id == NO_TEAM else form.team_id or ""
    return direct_paging.of_teams(session, [key])[key].branches


def _outlook(session: Session, ways: Sequence[_Way], *, important: bool) -> Outlook:
    """What a page would do once the form is saved."""
    calling = [way.judged for way in ways]
    taken = routing.choose(calling, {}, important=important)
    [own] = [way for way, same in zip(ways, calling, strict=True) if same is taken]
    channel = session.get(SlackChannel, taken.slack_channel) if taken.slack_channel else None
    chain = session.get(EscalationChain, taken.chain_id) if taken.chain_id else None
    return Outlook(
        steps=own.steps,
        calls=taken.calls,
        chain=chain.name if chain else None,
        slack_channel=taken.slack_channel,
        slack_channel_name=channel.shown if channel else None,
    )


def _crowd(session: Session, ways: Sequence[_Way]) -> Crowd:
    """Of what this form changes: somebody agreed to the rest before."""
    largest = crowd.NOBODY
    for way in ways:
        at = way.branch.slack_channel
        whole = [each for each in way.steps if each.step.type is PolicyType.NOTIFY_CHANNEL]
        if not way.is_changed or not whole or at is None:
            continue
        channel = session.get(SlackChannel, at)
        largest = Crowd(
            slack_channel=at,
            people=max(largest.people, *(len(each.members) for each in whole)),
            is_counted=largest.is_counted
            and channel is not None
            and channel.members_read_at is not None,
        )
    return largest


def _steps(session: Session, form: TeamForm, branch: Branch) -> tuple[StepOutlook, ...]:
    """The steps of its chain, with the team's members as they are chosen in the form."""
    members = _members(session, form)
    if branch.chain_id == NEW:
        step = ChainStep(
            PolicyType.NOTIFY_TEAM, team_id="new", important=branch.term == routing.IMPORTANT
        )
        return (StepOutlook(step, members, form.now.name.strip() or NO_NAME),)
    if branch.chain_id is None:
        return ()
    found = outlook.of_chain(session, branch.chain_id, slack_channel=branch.slack_channel)
    return outlook.with_waits(
        replace(each, members=members)
        if form.team_id and each.step.team_id == form.team_id
        else each
        for each in found
    )


def _members(session: Session, form: TeamForm) -> tuple[Member, ...]:
    found = people.by_slack_ids(session, form.now.people).values()
    active = [user for user in found if user.is_active and not user.is_bot]
    return tuple(Member(user.id, user.name) for user in sorted(active, key=lambda u: u.username))


def _labels(session: Session, form: TeamForm) -> Mapping[str, str]:
    """Names for what the form was opened with."""
    wanted = [form.was.chain, form.was.important_chain]
    names = select(EscalationChain.id, EscalationChain.name).where(
        col(EscalationChain.id).in_([id_ for id_ in wanted if id_])
    )
    found = dict(iter(session.execute(names)))
    if form.was.slack_channel:
        channel = session.get(SlackChannel, form.was.slack_channel)
        if channel:
            found[channel.id] = channel.name
    return found
