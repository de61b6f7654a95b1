"""A team's form and our rows: read into the form, and written on submit."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from bot import ids
from bot.views.team_form import NEW, NO_TEAM, Choices, TeamForm
from core import chains, direct_paging, integrations, people, routes, teams
from core.errors import Gone, Invalid
from core.models import ChainStep, EscalationChain, PolicyType, Route, Team, TeamMember, User

CHAIN_GONE = "This escalation chain does not exist any more. Choose another one."
EMPTY = Choices()


def read(session: Session, team_id: str) -> TeamForm:
    """The form of a team as it is now, or of pages without a team.  Raises Gone."""
    team = find(session, team_id)
    found = routes_of(session, team)
    important, default = important_of(found), found[-1] if found else None
    now = Choices(
        name=team.name if team else "",
        people=_members(session, team) if team else (),
        slack_channel=heard_in(default),
        chain=default.escalation_chain_id if default else None,
        important_chain=important.escalation_chain_id if important else None,
    )
    return TeamForm(team_id, was=now, now=now)


def find(session: Session, team_id: str) -> Team | None:
    """The team of a form that is not for a new one; None for no team.  Raises Gone."""
    if team_id == NO_TEAM:
        return None
    team = session.get(Team, team_id)
    if team is None or team.deleted_at is not None:
        raise Gone("This team does not exist any more.")
    return team


def routes_of(session: Session, team: Team | None) -> Sequence[Route]:
    """The routes of its direct paging, the default one last; none if it was not made yet."""
    key = team.id if team else ""
    direct = direct_paging.of_teams(session, [key]).get(key)
    return routes.of_integration(session, direct.integration_id) if direct else []


def important_of(found: Sequence[Route]) -> Route | None:
    """The built-in route for important pages, which may have been deleted over the API."""
    return next((route for route in found if integrations.is_for_important(route)), None)


def heard_in(route: Route | None) -> str | None:
    """Slack's id of the channel that hears of what takes this route."""
    return route.slack_channel_id if route and route.slack_enabled else None


def save(session: Session, form: TeamForm, users: Mapping[str, User]) -> list[str]:
    """Write what was changed in the form.  The ids of the chains that were made for it.

    That for normal pages comes first.  `users` are the people added, by Slack id.
    Raises Gone, Invalid.
    """
    was, now = form.was, form.now
    team = None if form.team_id == NO_TEAM else _saved(session, form, users)
    important, default = routes.of_team(session, team)
    for route in [default, important]:
        if route and now.slack_channel != was.slack_channel:
            routes.be_heard_in(session, route, now.slack_channel)
    made: list[str | None] = []
    if now.chain != was.chain:
        made.append(_lead(session, team, default, now.chain, ids.DEFAULT_CHAIN_BLOCK))
    if important and now.important_chain != was.important_chain:
        chain_id = now.important_chain
        made.append(_lead(session, team, important, chain_id, ids.IMPORTANT_CHAIN_BLOCK))
    return [chain_id for chain_id in made if chain_id]


def _saved(session: Session, form: TeamForm, users: Mapping[str, User]) -> Team:
    """The team with the name and the members that the form gives it."""
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
    return team


def _lead(
    session: Session, team: Team | None, route: Route, chain_id: str | None, block_id: str
) -> str | None:
    """Have the route start this chain.  The id of the chain, if it was made for it."""
    important = block_id == ids.IMPORTANT_CHAIN_BLOCK
    made = None
    if chain_id == NEW and team is not None:
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


def _members(session: Session, team: Team) -> tuple[str, ...]:
    """Slack's ids of those who can be paged."""
    rows = (
        select(User.slack_user_id)
        .join(TeamMember, col(TeamMember.user_id) == User.id)
        .where(TeamMember.team_id == team.id, col(User.is_active), col(User.is_bot).is_(False))
        .order_by(col(User.username))
    )
    return tuple(id_ for id_ in session.scalars(rows) if id_)
