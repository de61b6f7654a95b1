"""A team's form and our rows: read into the form, foreseen as it stands, written on submit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from bot import ids
from bot.views.fitting import called
from bot.views.team_form import NEW, Choices, Drawing, TeamForm
from core import (
    chains,
    direct_paging,
    integrations,
    outlook,
    people,
    routes,
    routing,
    teams,
)
from core.audiences import Member
from core.errors import Gone, Invalid
from core.models import (
    ChainStep,
    EscalationChain,
    PolicyType,
    Route,
    SlackChannel,
    Team,
    TeamMember,
    User,
)
from core.outlook import Outlook, StepOutlook
from core.routing import Branch

CHAIN_GONE = "This escalation chain does not exist any more. Choose another one."
OTHER_ROUTES = (
    "This team has other routes too, which were made over the API. What is said here holds for "
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
EMPTY = Choices()


def read(session: Session, team_id: str) -> TeamForm:
    """The form of a team as it is now.  Raises Gone."""
    team = find(session, team_id)
    important, default = _routes(session, team)
    rows = (
        select(User.slack_user_id)
        .join(TeamMember, col(TeamMember.user_id) == User.id)
        .where(TeamMember.team_id == team.id, col(User.is_active), col(User.is_bot).is_(False))
        .order_by(col(User.username))
    )
    now = Choices(
        name=team.name,
        people=tuple(id_ for id_ in session.scalars(rows) if id_),
        slack_channel=_heard_in(default),
        chain=default.escalation_chain_id if default else None,
        important_chain=important.escalation_chain_id if important else None,
    )
    return TeamForm(team.id, was=now, now=now)


def find(session: Session, team_id: str) -> Team:
    """Raises Gone."""
    team = session.get(Team, team_id)
    if team is None or team.deleted_at is not None:
        raise Gone("This team does not exist any more.")
    return team


def draw(session: Session, form: TeamForm) -> Drawing:
    """What the form shows as it stands.  Raises Gone."""
    team = find(session, form.team_id) if form.team_id else None
    found = routes_of(session, team) if team else []
    important = next((route for route in found if integrations.is_for_important(route)), None)
    branches = _branches(session, form, found)
    default = _outlook(session, form, branches, important=False)
    urgent = _outlook(session, form, branches, important=True)
    notes = _lost_channel(session, form)
    if default.calls != urgent.calls:
        notes.append(NOBODY_CALLED.format("important" if default.calls else "normal"))
    if len(found) > 1 + (important is not None):
        notes.append(OTHER_ROUTES)
    if important and _heard_in(important) != _heard_in(found[-1]):
        notes.append(TWO_CHANNELS)
    return Drawing(
        labels=_labels(session, form),
        default=default,
        important=urgent,
        has_important=team is None or important is not None,
        has_chains=session.scalars(select(EscalationChain.id).limit(1)).first() is not None,
        notes=tuple(notes),
    )


def _lost_channel(session: Session, form: TeamForm) -> list[str]:
    """That the Slack channel cannot be used any more; nothing if it can, or another is chosen."""
    is_kept = form.was.slack_channel and form.now.slack_channel == form.was.slack_channel
    channel = session.get(SlackChannel, form.was.slack_channel) if is_kept else None
    if channel is None or channel.gone_at is None:
        return []
    return [CHANNEL_GONE.format(called(channel.name))]


def save(session: Session, form: TeamForm, users: Mapping[str, User]) -> str | None:
    """Write what was changed in the form.  The id of a chain that was made for it, if one was.

    `users` are the people added, by Slack id.  Raises Gone, Invalid.
    """
    was, now = form.was, form.now
    if form.team_id is None:
        team = teams.make(session, now.name)
    elif now.name.strip() != was.name:
        team = teams.rename(session, form.team_id, now.name)
    else:
        team = teams.hold(session, form.team_id)
    for slack_id in form.added:
        teams.add_member(session, team.id, users[slack_id])
    for user in people.by_slack_ids(session, form.removed).values():
        if session.get(TeamMember, (team.id, user.id)):
            teams.remove_member(session, team.id, user.id)
    important, default = routes.of_team(session, team)
    for route in [default, important]:
        if route and now.slack_channel != was.slack_channel:
            routes.be_heard_in(session, route, now.slack_channel)
    made = None
    if now.chain != was.chain:
        made = _lead(session, team, default, now.chain, ids.DEFAULT_CHAIN_BLOCK)
    if important and now.important_chain != was.important_chain:
        chain_id = now.important_chain
        made = _lead(session, team, important, chain_id, ids.IMPORTANT_CHAIN_BLOCK) or made
    return made


def routes_of(session: Session, team: Team) -> Sequence[Route]:
    """The routes of its direct paging, the default one last; none if it was not made yet."""
    direct = direct_paging.of_teams(session, [team.id]).get(team.id)
    return routes.of_integration(session, direct.integration_id) if direct else []


def _lead(
    session: Session, team: Team, route: Route, chain_id: str | None, block_id: str
) -> str | None:
    """Have the route start this chain.  The id of the chain, if it was made for it."""
    important = block_id == ids.IMPORTANT_CHAIN_BLOCK
    made = None
    if chain_id == NEW:
        chain = chains.make(session, _free_name(session, team, important=important))
        chain.team_id = team.id
        step = ChainStep(PolicyType.NOTIFY_TEAM, team_id=team.id, important=important)
        chains.add(session, chain, step)
        made = chain_id = chain.id
    try:
        routes.lead_to(session, route, chain_id)
    except Invalid:
        raise Invalid(CHAIN_GONE, field=block_id) from None
    return made


def _free_name(session: Session, team: Team, *, important: bool) -> str:
    """The team's name, unless another chain has it."""
    wanted = (f"{team.name[:80]} (important)") if important else team.name[:90]
    like = col(EscalationChain.name).startswith(wanted, autoescape=True)
    taken = set(session.scalars(select(EscalationChain.name).where(like)))
    names = [wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _routes(session: Session, team: Team) -> tuple[Route | None, Route | None]:
    """As `routes.of_team`, without holding them or making what is not there."""
    found = routes_of(session, team)
    important = next((route for route in found if integrations.is_for_important(route)), None)
    return important, found[-1] if found else None


def _heard_in(route: Route | None) -> str | None:
    return route.slack_channel_id if route and route.slack_enabled else None


def _branches(session: Session, form: TeamForm, found: Sequence[Route]) -> list[Branch]:
    """The team's routes as they would be once the form is saved."""
    now = form.now
    if not found:  # not made yet: both
        return [
            Branch("", routing.IMPORTANT, now.important_chain, now.slack_channel),
            Branch("", None, now.chain, now.slack_channel),
        ]
    direct = direct_paging.of_teams(session, [form.team_id or ""])[form.team_id or ""]
    branches = []
    for branch in direct.branches:
        if branch.term in (routing.IMPORTANT, None):
            chain_id = now.chain if branch.term is None else now.important_chain
            branch = replace(branch, chain_id=chain_id)
            if now.slack_channel != form.was.slack_channel:
                branch = replace(branch, slack_channel=now.slack_channel)
        branches.append(branch)
    return branches


def _outlook(
    session: Session, form: TeamForm, branches: Sequence[Branch], *, important: bool
) -> Outlook:
    """What a page of the team would do once the form is saved."""
    steps = {branch: _steps(session, form, branch) for branch in branches}
    calling = [
        replace(branch, calls=any(each.members for each in steps[branch] if each.is_reached))
        for branch in branches
    ]
    taken = routing.choose(calling, {}, important=important)
    [own] = [branch for branch, same in zip(branches, calling, strict=True) if same is taken]
    channel = session.get(SlackChannel, taken.slack_channel) if taken.slack_channel else None
    chain = session.get(EscalationChain, taken.chain_id) if taken.chain_id else None
    return Outlook(
        steps=steps[own],
        calls=taken.calls,
        chain=chain.name if chain else None,
        slack_channel=taken.slack_channel,
        slack_channel_name=channel.shown if channel else None,
    )


def _steps(session: Session, form: TeamForm, branch: Branch) -> tuple[StepOutlook, ...]:
    """The steps of its chain, with the team's members as they are chosen in the form."""
    members = _members(session, form)
    if branch.chain_id == NEW:
        step = ChainStep(
            PolicyType.NOTIFY_TEAM, team_id="new", important=branch.term == routing.IMPORTANT
        )
        return (StepOutlook(step, members, form.now.name.strip() or "this team"),)
    if branch.chain_id is None:
        return ()
    found = outlook.of_chain(session, branch.chain_id, slack_channel=branch.slack_channel)
    return tuple(
        replace(each, members=members)
        if form.team_id and each.step.team_id == form.team_id
        else each
        for each in found
    )


def _members(session: Session, form: TeamForm) -> tuple[Member, ...]:
    found = people.by_slack_ids(session, form.now.people).values()
    active = [user for user in found if user.is_active and not user.is_bot]
    return tuple(Member(user.id, user.name) for user in sorted(active, key=lambda u: u.username))


def _labels(session: Session, form: TeamForm) -> dict[str, str]:
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
