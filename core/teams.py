"""Teams and their members: made, named, and deleted but kept."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from core import clock, integrations, turns
from core.errors import Gone, Invalid
from core.models import Team, TeamMember, User
from core.reports import is_storable
from core.turns import Turn

NAME_LENGTH = 100
LIVING = select(Team).where(col(Team.deleted_at).is_(None)).order_by(col(Team.number))

TEAM_MEMBER: Any = TeamMember.__table__  # type: ignore[attr-defined]


def make(session: Session, name: str) -> Team:
    """A new team without members, and its direct paging integration.  Raises Invalid."""
    turns.take(session, Turn.TEAMS)
    team = Team(name=_checked(session, name))
    session.add(team)
    session.flush()
    integrations.make_direct_paging(session, team)
    return team


def hold(session: Session, team_id: str) -> Team:
    """The team as it is now, held until the transaction ends.  Raises Gone."""
    rows = LIVING.where(Team.id == team_id).with_for_update(key_share=True)
    team = session.scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if team is None:
        raise Gone("This team does not exist any more.")
    return team


def rename(session: Session, team_id: str, name: str) -> Team:
    """Raises Gone, and Invalid for a name that another team has."""
    turns.take(session, Turn.TEAMS)
    team = hold(session, team_id)
    team.name = _checked(session, name, team=team)
    session.flush()
    integrations.rename_direct_paging(session, team)
    return team


def delete_it(session: Session, team_id: str) -> None:
    """Nobody belongs to it any more, and its name is free; alert groups still refer to it.

    Raises Gone.
    """
    team = hold(session, team_id)
    team.deleted_at = clock.now()
    session.execute(delete(TeamMember).where(col(TeamMember.team_id) == team.id))
    integrations.lose_team(session, team)


def add_member(session: Session, team_id: str, user: User) -> bool:
    """Whether they are new in the team.  Raises Gone."""
    team = hold(session, team_id)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(TEAM_MEMBER).values(team_id=team.id, user_id=user.id)
    added = session.execute(new.on_conflict_do_nothing().returning(TEAM_MEMBER.c.user_id))
    return added.first() is not None


def remove_member(session: Session, team_id: str, user_id: str) -> None:
    """Raises Gone, also for somebody who does not belong to it."""
    team = hold(session, team_id)
    member = session.get(TeamMember, (team.id, user_id))
    if member is None:
        raise Gone("This person does not belong to the team.")
    session.delete(member)


def _checked(session: Session, name: str, *, team: Team | None = None) -> str:
    """The name without white space around it.  Raises Invalid if it cannot be the team's."""
    name = name.strip()
    if not name:
        raise Invalid("Give the team a name.", field="name")
    if len(name) > NAME_LENGTH:
        raise Invalid(f"The name has more than {NAME_LENGTH} characters.", field="name")
    if not is_storable(name):
        raise Invalid("The name holds a character that cannot be stored.", field="name")
    other = session.scalars(LIVING.where(Team.name == name)).one_or_none()
    if other is not None and (team is None or other.id != team.id):
        raise Invalid(f"There is a team called {name} already.", field="name")
    return name
