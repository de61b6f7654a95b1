"""Where alert groups belong: the integrations, direct paging among them."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from core import turns
from core.errors import Conflict, Gone, Invalid
from core.models import (
    DIRECT_PAGING,
    IMPORTANT_TERM,
    WEBHOOK,
    AlertGroup,
    Integration,
    Route,
    RoutingType,
    Team,
)
from core.rows import inserting
from core.turns import Turn

NAME_LENGTH = 150
INTEGRATION: Any = Integration.__table__  # type: ignore[attr-defined]
# Direct paging of a deleted team is kept for its alert groups alone.
IS_THERE = ~(
    select(Team.id)
    .where(col(Team.id) == col(Integration.pages_for), col(Team.deleted_at).is_not(None))
    .exists()
)
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
    new = Integration(
        type=DIRECT_PAGING,
        name=_name(team),
        team_id=team.id if team else None,
        pages_for=team.id if team else "",
    )
    made = session.execute(
        inserting(session, INTEGRATION)
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


def hold(session: Session, integration_id: str) -> Integration:
    """The integration as it is now; nobody else changes any routes.  Raises Gone."""
    # Routes of all integrations: whoever deletes a chain changes those that led there.
    turns.take(session, Turn.ROUTES)
    rows = select(Integration).where(Integration.id == integration_id, IS_THERE)
    found = session.scalars(
        rows.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Gone("This integration does not exist any more.")
    return found


def make_webhook(
    session: Session,
    name: str,
    *,
    team: Team | None = None,
    templates: Mapping[str, Any] | None = None,
) -> tuple[Integration, Route]:
    """An integration that alerts will come in by, and its default route.

    A team is held.  Raises Invalid for a name that another integration of the team has.
    """
    integration = Integration(
        type=WEBHOOK,
        name=_checked(session, name, team=team),
        team_id=team.id if team else None,
        token=secrets.token_urlsafe(24),
        templates=dict(templates or {}),
    )
    session.add(integration)
    session.flush()
    route = Route(integration_id=integration.id, is_default=True)
    session.add(route)
    session.flush()
    return integration, route


def name_it(session: Session, integration: Integration, name: str, *, team: Team | None) -> None:
    """Call an integration that is held this from now on, as one of this team, which is held.

    Raises Conflict for direct paging, which goes by its team; Invalid for a name that
    another integration of the team has.
    """
    team_id = team.id if team else None
    if (name, team_id) == (integration.name, integration.team_id):
        return
    if integration.type == DIRECT_PAGING:
        raise Conflict("A direct paging integration keeps its team and is named after it.")
    integration.name = _checked(session, name, team=team, integration=integration)
    integration.team_id = team_id
    session.flush()


def lose_team(session: Session, team: Team) -> None:
    """What came in for a deleted team comes in for no team."""
    mine = (col(Integration.team_id) == team.id, col(Integration.pages_for).is_(None))
    session.execute(update(Integration).where(*mine).values(team_id=None))


def delete_it(session: Session, integration: Integration) -> None:
    """Its routes go with it; it is held.  Raises Conflict for one that has to stay."""
    if integration.type == DIRECT_PAGING:
        raise Conflict("A direct paging integration belongs to its team and cannot be deleted.")
    groups = select(AlertGroup.id).where(AlertGroup.integration_id == integration.id)
    if session.scalars(groups.limit(1)).first() is not None:
        raise Conflict("Alert groups came in by this integration: it has to stay.")
    session.execute(delete(Route).where(col(Route.integration_id) == integration.id))
    session.delete(integration)
    session.flush()


def rename_direct_paging(session: Session, team: Team) -> None:
    """Its name follows the team's."""
    turns.take(session, Turn.ROUTES)  # as in `hold`: its routes may be changed next
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


def _checked(
    session: Session, name: str, *, team: Team | None, integration: Integration | None = None
) -> str:
    """The name, if no other integration of this team has it.  Raises Invalid."""
    turns.take(session, Turn.INTEGRATIONS)
    rows = select(Integration.id).where(
        Integration.name == name,
        col(Integration.team_id).is_not_distinct_from(team.id if team else None),
        IS_THERE,
    )
    if set(session.scalars(rows)) - {integration.id if integration else None}:
        raise Invalid(f"There is an integration called {name} already.", field="name")
    return name
