"""Routes of integrations: made, changed, moved and deleted."""

from collections.abc import Sequence

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from core import chains, integrations, positions, turns
from core.errors import Conflict, Gone, Invalid
from core.matching import Term
from core.models import (
    AlertGroup,
    Integration,
    Route,
    RoutingType,
    SlackChannel,
    Team,
)
from core.positions import END
from core.turns import Turn

MOST = 100  # routes of an integration beside the default one
LAST_STAYS = "Unable to delete default filter"


def hold(session: Session, route_id: str) -> Route:
    """The route as it is now; nobody else changes its integration's routes.  Raises Gone."""
    integration_id = session.scalar(select(Route.integration_id).where(Route.id == route_id))
    if integration_id is not None:
        integrations.hold(session, integration_id)
        route = session.get(Route, route_id, populate_existing=True)
        if route is not None:
            return route
    raise Gone("This route does not exist any more.")


def of_integration(session: Session, integration_id: str) -> Sequence[Route]:
    """In order, the default one last."""
    return session.scalars(
        select(Route)
        .where(Route.integration_id == integration_id)
        .order_by(col(Route.is_default), col(Route.position))
        .execution_options(populate_existing=True)
    ).all()


def of_team(session: Session, team: Team | None) -> tuple[Route | None, Route]:
    """The routes for important and for all other pages by hand; None: somebody deleted it.

    Held, so that they can be changed.
    """
    integration = integrations.direct_paging(session, team)
    integrations.hold(session, integration.id)
    found = of_integration(session, integration.id)
    important = next((route for route in found if integrations.is_for_important(route)), None)
    return important, found[-1]


def add(
    session: Session,
    integration: Integration,
    term: str,
    *,
    routing_type: RoutingType = RoutingType.REGEX,
    position: int = END,
    swap: bool = False,
) -> Route:
    """A new route after the others, before the default one; the integration is held.

    The term has been checked (core.matching).  Raises Invalid, Conflict.
    """
    list_ = [col(Route.integration_id) == integration.id, col(Route.is_default).is_(False)]
    count = session.scalar(select(func.count()).select_from(Route).where(*list_)) or 0
    if count >= MOST:
        raise Conflict(f"There are {MOST} routes already: delete one of them first.")
    route = Route(
        integration_id=integration.id,
        position=positions.after_last(session, Route, list_),
        routing_type=routing_type,
        routing_regex=term,
    )
    session.add(route)
    session.flush()
    if position != END:
        positions.put(session, route, position, list_, swap=swap)
    return route


def move(session: Session, route: Route, position: int, *, swap: bool = False) -> None:
    """Put a route that is held elsewhere; the default one stays where it is."""
    if route.is_default:
        return
    list_ = [col(Route.integration_id) == route.integration_id, col(Route.is_default).is_(False)]
    positions.put(session, route, position, list_, swap=swap)


def term(route: Route) -> Term | None:
    """What decides whether it takes an alert; None for the default one, which takes the rest."""
    if route.is_default:
        return None
    return Term(route.routing_type, route.routing_regex or "")


def decide_by(session: Session, route: Route, wanted: Term) -> None:
    """Have a route that is held, and is not the default one, decide by a term that was checked."""
    route.routing_type, route.routing_regex = wanted.type, wanted.text
    session.flush()


def keep(session: Session, route_id: str, *, default_id: str) -> str:
    """This route, which nobody deletes until the transaction ends; the default one if it is gone.

    For whoever read it without holding its integration.
    """
    if route_id == default_id:  # which is there for good
        return default_id
    rows = select(Route.id).where(Route.id == route_id)
    return session.scalar(rows.with_for_update(read=True, key_share=True)) or default_id


def lead_to(session: Session, route: Route, chain_id: str | None) -> None:
    """Have a route that is held start this chain.  Raises Invalid if there is no such chain."""
    if chain_id is not None:
        # Names before chains: whoever does this may make or rename one in the same transaction.
        turns.take(session, Turn.CHAINS)
        if not chains.keep(session, chain_id):
            raise Invalid("There is no such escalation chain.", field="escalation_chain_id")
    route.escalation_chain_id = chain_id
    session.flush()


def be_heard_in(
    session: Session, route: Route, channel_id: str | None, *, enabled: bool = True
) -> None:
    """Have a route that is held post to this Slack channel.  Raises Invalid for an unknown one."""
    if channel_id is not None and channel_id != route.slack_channel_id:
        channel = session.get(SlackChannel, channel_id)
        if channel is None or channel.gone_at is not None:
            raise Invalid(
                "Tocsin does not see this Slack channel. If it is private, invite the bot there.",
                field="slack_channel",
            )
    route.slack_channel_id = channel_id
    route.slack_enabled = enabled
    session.flush()


def delete_it(session: Session, route: Route) -> None:
    """As `delete_them`."""
    delete_them(session, [route])


def delete_them(session: Session, gone: Sequence[Route]) -> None:
    """Alert groups that took them count as having taken the default ones; all are held.

    No chain is: whoever has one run holds the alert group and then wants the chain.
    Raises Conflict for default ones, which stay.
    """
    if any(route.is_default for route in gone):
        raise Conflict(LAST_STAYS)
    ids = [route.id for route in gone]
    # Whoever opens an alert group that takes one is waited for, so that none is missed.
    session.execute(select(Route.id).where(col(Route.id).in_(ids)).with_for_update())
    groups = select(AlertGroup.id).where(col(AlertGroup.route_id).in_(ids))
    # In the order in which everybody takes several.
    session.execute(groups.order_by(col(AlertGroup.id)).with_for_update(key_share=True))
    for route in gone:
        last = of_integration(session, route.integration_id)[-1]
        mine = col(AlertGroup.route_id) == route.id
        session.execute(update(AlertGroup).where(mine).values(route_id=last.id))
        session.delete(route)
    session.flush()
