"""Where alert groups belong: the integrations, direct paging among them."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from core.models import DIRECT_PAGING, IMPORTANT_TERM, Integration, Route, RoutingType, Team

INTEGRATION: Any = Integration.__table__  # type: ignore[attr-defined]
# The one for no team, which is there for good.
NO_TEAM = select(Integration).where(col(Integration.pages_for) == "")


def direct_paging(session: Session, team: Team | None) -> Integration:
    """That of a team, or the one for no team.  Made now, if it was not made with the team."""
    rows = select(Integration).where(col(Integration.pages_for) == (team.id if team else ""))
    found = session.scalars(rows).one_or_none()
    if found is None:
        make_direct_paging(session, team)
        found = session.scalars(rows).one()
    return found


def is_for_important(route: Route) -> bool:
    """Whether this is the built-in route for pages by hand that were called important."""
    return route.routing_type is RoutingType.JINJA2 and route.routing_regex == IMPORTANT_TERM


def make_direct_paging(session: Session, team: Team | None) -> None:
    """The team's direct paging integration with its two routes, neither of them configured."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = Integration(
        type=DIRECT_PAGING,
        name=_name(team),
        team_id=team.id if team else None,
        pages_for=team.id if team else "",
    )
    made = session.execute(
        insert(INTEGRATION)
        .values(**new.model_dump())
        .on_conflict_do_nothing()
        .returning(INTEGRATION.c.id)
    ).first()
    if made is None:  # another process has just made it, with its routes
        return
    session.add(
        Route(
            integration_id=new.id,
            routing_type=RoutingType.JINJA2,
            routing_regex=IMPORTANT_TERM,
        )
    )
    session.add(Route(integration_id=new.id, is_default=True))
    session.flush()


def rename_direct_paging(session: Session, team: Team) -> None:
    """Its name follows the team's."""
    session.execute(
        update(Integration).where(col(Integration.pages_for) == team.id).values(name=_name(team))
    )


def organization_id(session: Session) -> str | None:
    """The id of the one organization that there is.  None until `make_direct_paging` was called.

    It has the letters of what every installation has once and keeps: its direct paging
    integration for no team.
    """
    found = session.scalars(NO_TEAM).one_or_none()
    return f"O{found.id.removeprefix('C')}" if found else None


def _name(team: Team | None) -> str:
    return f"Direct paging ({team.name} team)" if team else "Direct paging (No team)"
