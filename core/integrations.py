"""Where alert groups belong: the direct paging integrations, and which of their routes is taken."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from core import rows
from core.errors import Invalid
from core.models import DIRECT_PAGING, IMPORTANT_TERM, Integration, Route, RoutingType, Team

INTEGRATION: Any = Integration.__table__  # type: ignore[attr-defined]
ROUTES = (
    select(Route.integration_id, Route.id, Route.is_default)
    .join(Integration, col(Integration.id) == Route.integration_id)
    .where(col(Integration.pages_for) == bindparam("team"))
    .order_by(col(Route.is_default), col(Route.position))
)
# The one for no team, which is there for good.
NO_TEAM = select(Integration).where(col(Integration.pages_for) == "")


@dataclass(frozen=True)
class Direction:
    """Where an alert came in, and which route it takes from there."""

    integration_id: str
    route_id: str


def direct_paging(session: Session, team: Team | None, *, important: bool = False) -> Direction:
    """Where a page by hand belongs.  Made at the first page, if it was not made with the team."""
    key = {"team": team.id if team else ""}
    routes = rows.read(session, ROUTES, **key).all()
    if not routes:
        make_direct_paging(session, team)
        routes = rows.read(session, ROUTES, **key).all()
    for integration_id, route_id, is_default in routes:
        if important or is_default:
            return Direction(integration_id, route_id)
    raise LookupError("a direct paging integration without a default route")


def check_contactable(session: Session, team: Team) -> None:
    """Raises Invalid unless somebody would hear of a page of this team.

    Routes have neither chains nor chat channels yet, so nobody would, whatever the team.
    """
    raise Invalid(
        f"{team.name} cannot be paged: connect an escalation chain or a Slack channel to "
        "the team's direct paging integration, or page its members as users.",
        field="team",
    )


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
