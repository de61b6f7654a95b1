"""The team in the /escalate form: suggested, found by name, and what paging it comes to."""

from collections.abc import Collection, Mapping, Sequence

from slack_bolt import App
from sqlmodel import Session, col, select

from bot import ids
from bot.interaction import Interaction
from bot.listeners.desk import Desk, guarded
from bot.listeners.lookup import check_is_ours
from bot.views import team_choice
from bot.views.command import Named
from bot.views.fitting import NAME_LENGTH, shorten
from bot.views.team_choice import TeamChoice, TeamProspect
from core import clock, direct_paging, outlook, people, routing, teams
from core.direct_paging import DirectPaging
from core.errors import Invalid
from core.models import Role, RuleType, Team, User, UserGroup

SPARE = 25  # teams looked into at first beside those asked for
NOBODY_HEARS = (
    "{} cannot be paged yet: it needs an escalation chain that calls somebody, or a Slack channel. "
    "An admin sets that in Tocsin's Home tab."
)
NOT_CHOSEN = "{} Or choose people below."
CHOSEN = "{} Choose another team, or clear the field and choose people."
GONE = "{} does not exist any more."
UNKNOWN = "No team is called @{}: it stays in the message. Choose a team or people below."
SEVERAL = "{} teams are called @{}: choose one below."
NONE_OF_SEVERAL = (
    "{} teams are called @{}, and none of them can be paged yet. Choose another team or people "
    "below."
)


def register(app: App, desk: Desk) -> None:
    app.options(ids.TEAM_SELECT)(guarded(desk, suggest))


def suggest(interaction: Interaction, desk: Desk) -> None:
    """Answer what somebody typed into the team's field."""
    typed = str(interaction.body.get("value") or "")
    with desk.db.reading() as session:
        check_is_ours(session, interaction, people.find_slack(session, interaction.user_id))
        found = contactable(session, typed, most=team_choice.MOST_SUGGESTIONS)
    options = team_choice.suggestions(found)
    interaction.acknowledge(options=options)


def contactable(session: Session, typed: str = "", *, most: int) -> list[tuple[str, str]]:
    """Id and name of teams that can be paged whose name or handle contains what was typed.

    Only as many are looked into as it takes to find enough, in two rounds.
    """
    like = teams.like(session, typed)
    found: list[tuple[str, str]] = []
    for some in (like[: most + SPARE], like[most + SPARE :]):
        if some and len(found) < most:
            ways = direct_paging.of_teams(session, [id_ for id_, _ in some])
            found += [each for each in some if each[0] in ways and ways[each[0]].is_contactable]
    return found[:most]


def hint(session: Session, author: User | None) -> str:
    """What to say instead of offering teams; empty where one can be paged."""
    if contactable(session, most=1):
        return ""
    is_admin = author is not None and author.role.covers(Role.ADMIN)
    return team_choice.HINT_FOR_ADMINS if is_admin else team_choice.HINT


def handles(session: Session, group_ids: tuple[str, ...]) -> dict[str, str]:
    """The handles of these user groups, by Slack's id."""
    if not group_ids:
        return {}
    rows = select(UserGroup.slack_id, UserGroup.handle).where(
        col(UserGroup.slack_id).in_(group_ids)
    )
    return dict(iter(session.execute(rows)))


def named(session: Session, said: Mapping[str, str], groups: Mapping[str, str]) -> dict[str, Named]:
    """What these names stand for; `groups` are handles of user groups by Slack's id."""
    names = {
        key: groups.get(key.removeprefix("^"), name) if key.startswith("^") else name
        for key, name in said.items()
    }
    found = teams.named(session, names.values())
    return {key: _named(session, name, found[name]) for key, name in names.items()}


def _named(session: Session, name: str, found: Sequence[Team]) -> Named:
    able = direct_paging.contactable(session, found) if len(found) > 1 else []
    possible = able or found  # as the menu offers them
    meant = [team for team in possible if team.name == name.strip()] or possible
    if len(meant) > 1:
        told = SEVERAL if able else NONE_OF_SEVERAL
        return Named(problem=told.format(len(meant), name))
    for team in meant:
        problem = _problem(team, _direct(session, team))
        if problem:
            return Named(problem=NOT_CHOSEN.format(problem))
        return Named(TeamChoice(team.id, team.name))
    return Named(problem=UNKNOWN.format(name))


def prospect(
    session: Session, choice: TeamChoice | None, ways: Collection[RuleType]
) -> TeamProspect | None:
    """What paging the team comes to, as things are now; `ways` are the channels set up here.

    Without a team: what that does beside paging the people, None if it is nothing.
    """
    team = teams.find(session, choice.id) if choice else None
    if choice and team is None:
        return TeamProspect(problem=CHOSEN.format(GONE.format(choice.name)))
    direct = _direct(session, team)
    if team is None and not direct.is_contactable:
        return None
    if team and (problem := _problem(team, direct)):
        return TeamProspect(problem=CHOSEN.format(problem))
    important = choice is not None and choice.important
    found = outlook.of_team(session, team, important=important)
    return TeamProspect(
        found,
        unreachable=tuple(outlook.unreachable(session, found.steps, ways)),
        may_differ=bool(routing.unjudged(direct.branches, {})),
        opens_at=outlook.opens_at(found.steps, clock.expected(clock.now())),
    )


def chosen(session: Session, choice: TeamChoice | None) -> Team | None:
    """The team to page.  Raises Invalid if it was deleted, or nobody would hear of it."""
    if choice is None:
        return None
    team = teams.find(session, choice.id)
    if team is None:
        raise Invalid(CHOSEN.format(GONE.format(choice.name)), field="team")
    if problem := _problem(team, _direct(session, team)):
        raise Invalid(CHOSEN.format(problem), field="team")
    return team


def _direct(session: Session, team: Team | None) -> DirectPaging:
    """The team's, or that for no team; without any way to go, if it was not made yet."""
    key = team.id if team else ""
    return direct_paging.of_teams(session, [key]).get(key, DirectPaging("", ()))


def _problem(team: Team, direct: DirectPaging) -> str | None:
    """Why the team cannot be paged."""
    return None if direct.is_contactable else NOBODY_HEARS.format(shorten(team.name, NAME_LENGTH))
