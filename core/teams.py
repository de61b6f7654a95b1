"""Teams and their members: made, named, and deleted but kept."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from core import clock, integrations, turns
from core.errors import Gone, Invalid
from core.models import Team, TeamMember, User
from core.reports import name_for
from core.rows import inserting
from core.turns import Turn

NAME_LENGTH = 100
NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")
LIVING = select(Team).where(col(Team.deleted_at).is_(None)).order_by(col(Team.number))
NAMES = select(Team.id, Team.name).where(col(Team.deleted_at).is_(None))

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


def hold_all(session: Session) -> None:
    """Every team, one after the other in order of their ids."""
    rows = select(Team.id).where(col(Team.deleted_at).is_(None)).order_by(col(Team.id))
    session.execute(rows.with_for_update(key_share=True))


def find(session: Session, team_id: str) -> Team | None:
    """The team, unless it was deleted."""
    return session.scalars(LIVING.where(Team.id == team_id)).one_or_none()


def handle(name: str) -> str:
    """What a team is called by after an @: `Site Reliability` is `site-reliability`."""
    return NEITHER_LETTER_NOR_DIGIT.sub("-", name.casefold()).strip("-")


def named(session: Session, names: Iterable[str]) -> dict[str, list[Team]]:
    """The teams that have these names or handles, however they are written.

    One whose very name it is goes before those that only have such a handle.
    """
    wanted = dict.fromkeys(names)
    living = session.scalars(LIVING).all() if wanted else []
    by_name, by_handle = defaultdict(list), defaultdict(list)
    for team in living:
        by_name[team.name.casefold()].append(team)
        by_handle[handle(team.name)].append(team)
    return {
        each: by_name.get(each.strip().casefold())
        or (by_handle.get(handle(each), []) if handle(each) else [])
        for each in wanted
    }


def like(session: Session, typed: str) -> list[tuple[str, str]]:
    """Id and name of the teams whose name or handle contains this, those first that begin so."""
    needle = typed.strip().removeprefix("@").casefold()
    found = []
    for id_, name in session.execute(NAMES):
        names = (name.casefold(), handle(name))
        if any(needle in each for each in names):
            begins = any(each.startswith(needle) for each in names)
            found.append((not begins, names[0], id_, name))
    return [(id_, name) for _, _, id_, name in sorted(found)]


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
    return user.id in add_members(session, team_id, [user.id])


def add_members(session: Session, team_id: str, user_ids: Iterable[str]) -> set[str]:
    """Those of these people who are new in the team.  Raises Gone."""
    team = hold(session, team_id)
    new = inserting(session, TEAM_MEMBER).on_conflict_do_nothing()
    added = new.returning(TEAM_MEMBER.c.user_id)
    values = [{"team_id": team.id, "user_id": id_} for id_ in sorted(set(user_ids))]
    return set(session.scalars(added, values)) if values else set()


def remove_member(session: Session, team_id: str, user_id: str) -> None:
    """Raises Gone, also for somebody who does not belong to it."""
    if not remove_members(session, team_id, [user_id]):
        raise Gone("This person does not belong to the team.")


def remove_members(session: Session, team_id: str, user_ids: Iterable[str]) -> set[str]:
    """Those of these people who belonged to the team until now.  Raises Gone."""
    team = hold(session, team_id)
    mine = (TEAM_MEMBER.c.team_id == team.id, TEAM_MEMBER.c.user_id.in_(sorted(set(user_ids))))
    return set(session.scalars(delete(TEAM_MEMBER).where(*mine).returning(TEAM_MEMBER.c.user_id)))


def _checked(session: Session, name: str, *, team: Team | None = None) -> str:
    """The name without white space around it.  Raises Invalid if it cannot be the team's."""
    name = name_for("team", name, longest=NAME_LENGTH)
    other = session.scalars(LIVING.where(Team.name == name)).one_or_none()
    if other is not None and (team is None or other.id != team.id):
        raise Invalid(f"There is a team called {name} already.", field="name")
    return name
