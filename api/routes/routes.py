"""routes/: which alerts of an integration go which way."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from sqlalchemy import String, cast, select
from sqlmodel import Session, col

from api import channels, fields
from api.call import Call
from api.channels import ChainId, Places, PlacesAsked
from api.errors import NOT_FOUND, Fault
from api.fields import wrong
from api.ordering import ManualOrder, Position
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from core import integrations, routes
from core.errors import Conflict, Gone, Invalid
from core.matching import LONGEST_TERM, Term
from core.models import Integration, Role, Route, RoutingType

SIZE = 25  # routes in a page
NO_LABELS = "Routes by labels are not available here: use jinja2 or regex."
NO_INTEGRATION = {"integration_id": ["Object does not exist"]}
NO_TERM = "The default route takes what no other route does: it has no term of its own."
CHANGED = "Somebody else has just changed this route: send it again."

resource = Resource("routes", "Routes")

ROWS = (
    select(Route)
    .join(Integration, col(Integration.id) == col(Route.integration_id))
    .where(integrations.IS_THERE)
    .order_by(col(Route.integration_id), col(Route.is_default), col(Route.position))
)
FILTERS = {
    "integration_id": col(Route.integration_id),
    "routing_regex": col(Route.routing_regex),
    "routing_type": cast(col(Route.routing_type), String),  # any word: of others there are none
}


class RouteShape(Places):
    """Which alerts of an integration go which way."""

    id: str = Field(examples=["R8BQ4NMZK1TYC"])
    integration_id: str = Field(examples=["C7XK2WQ9LM4TR"])
    position: int = Field(description="From 0 up; the first route that matches wins.")
    routing_type: RoutingType
    routing_regex: str | None = Field(description="The term; null for the default route.")
    is_the_last_route: bool = Field(description="Whether it is the default route.")


def _routing_type(value: Any) -> RoutingType:
    said = fields.text(value)
    if said == "labels":
        raise wrong(NO_LABELS)
    if said not in set(RoutingType):
        raise wrong(f'"{said[:50]}" is not a valid choice.')
    return RoutingType(said)


ABOUT = (
    "The term: a regular expression that is searched for in the alert's JSON, or a Jinja "
    "template that comes out as `1`, `true` or `ok`."
)


def _routing_regex(value: Any) -> str:
    return fields.text(value, longest=LONGEST_TERM, trim=False)


class RouteChange(PlacesAsked):
    """What is different from now on; whatever is left out stays."""

    routing_type: Annotated[
        RoutingType,
        BeforeValidator(_routing_type),
        WithJsonSchema({"type": "string", "enum": [each.value for each in RoutingType]}),
        Field(description="What the term is."),
    ] = RoutingType.REGEX
    routing_regex: Annotated[
        str | None,
        BeforeValidator(lambda value: None if value in (None, "") else _routing_regex(value)),
        WithJsonSchema({"type": ["string", "null"], "maxLength": LONGEST_TERM}),
        Field(description=f"{ABOUT} Null for the default route, which has none."),
    ] = None
    position: Position = None
    manual_order: ManualOrder = False


class NewRoute(RouteChange):
    """A route to be."""

    integration_id: Annotated[
        str,
        BeforeValidator(fields.text),
        WithJsonSchema({"type": "string", "minLength": 1}),
        Field(description="Whose alerts take it: an integration's id."),
    ]
    escalation_chain_id: ChainId
    routing_regex: Annotated[
        str,
        BeforeValidator(_routing_regex),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_TERM}),
        Field(description=ABOUT),
    ]


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[RouteShape],
    filters=(
        Filter("integration_id", "Those of this integration.", example="C7XK2WQ9LM4TR"),
        Filter("routing_regex", "Exactly this term.", example="us-(east|west)"),
        Filter("routing_type", "Those whose term is of this type.", example="regex"),
        *PAGES,
    ),
)
def list_them(call: Call) -> Page[RouteShape]:
    """List routes

    By integration, and in order: the default route is the last one.
    """
    rows = ROWS
    for name, column in FILTERS.items():
        if said := call.query.get(name):
            rows = rows.where(column == said)
    with call.reading() as session:
        return paginate(call, session, rows, _shapes, size=SIZE)


@resource.post(
    "",
    role=Role.ADMIN,
    body=NewRoute,
    example={
        "integration_id": "C7XK2WQ9LM4TR",
        "escalation_chain_id": "FWDL7M6N6I9HE",
        "routing_regex": "us-(east|west)",
        "position": 0,
        "slack": {"channel_id": "C06EXAMPLE1", "enabled": True},
    },
    answer=RouteShape,
    status=201,
    refusals={400: "The term cannot be used, or something it refers to does not exist."},
)
def create(call: Call) -> RouteShape:
    """Create a route

    After the others and before the default one, or at `position`. An integration has up
    to 100 beside the default one.
    """
    asked = call.parse(NewRoute)
    _check(call, Term(asked.routing_type, asked.routing_regex))
    with call.transaction() as session:
        try:
            integration = integrations.hold(session, asked.integration_id)
        except Gone:
            raise Fault(400, NO_INTEGRATION) from None
        route = routes.add(
            session,
            integration,
            asked.routing_regex,
            routing_type=asked.routing_type,
        )
        _set_up(session, route, asked)
        return _shape(route)


@resource.get("{id}", role=Role.VIEWER, answer=RouteShape, refusals={404: NOT_FOUND})
def get(call: Call) -> RouteShape:
    """Get a route"""
    with call.reading() as session:
        return _shape(_known(call, session))


@resource.put(
    "{id}",
    role=Role.ADMIN,
    body=RouteChange,
    example={"routing_type": "jinja2", "routing_regex": "{{ payload.severity == 'high' }}"},
    answer=RouteShape,
    refusals={
        400: "The term cannot be used, or something it refers to does not exist.",
        404: NOT_FOUND,
    },
)
def update(call: Call) -> RouteShape:
    """Change a route

    Whatever is not sent stays, and the integration always does. The default route has
    no term and stays the last one.
    """
    asked = call.parse(RouteChange)
    with call.reading() as session:
        route = _known(call, session)
    checked = _wanted(route, asked)
    if checked is not None and checked != routes.term(route):
        _check(call, checked)
    with call.transaction() as session:
        route = routes.hold(session, call.ids["id"])
        wanted = _wanted(route, asked)
        if wanted not in (checked, routes.term(route)):
            raise Conflict(CHANGED)
        _set_up(session, route, asked)
        if wanted is not None:
            routes.decide_by(session, route, wanted)
        elif "routing_type" in asked.model_fields_set:
            # It decides nothing here, but whoever sends it reads it back, or sends it for ever.
            route.routing_type = asked.routing_type
        return _shape(route)


@resource.delete(
    "{id}",
    role=Role.ADMIN,
    status=204,
    refusals={400: f"{routes.LAST_STAYS}.", 404: NOT_FOUND},
)
def delete(call: Call) -> None:
    """Delete a route

    Its alert groups count as having taken the default route, which stays.
    """
    with call.transaction() as session:
        routes.delete_it(session, routes.hold(session, call.ids["id"]))


def _known(call: Call, session: Session) -> Route:
    """The route in the path.  Raises Fault."""
    found = session.scalars(ROWS.where(col(Route.id) == call.ids["id"])).first()
    if found is None:
        raise Fault(404, NOT_FOUND)
    return found


def _set_up(session: Session, route: Route, asked: RouteChange) -> None:
    """Have a route that is held be as it was asked to.  Raises Fault."""
    channels.change(session, route, asked)
    if asked.position is not None:
        routes.move(session, route, asked.position, swap=asked.manual_order)


def _wanted(route: Route, asked: RouteChange) -> Term | None:
    """The term that the route shall have; None for the default one.  Raises Fault."""
    sent, now = asked.model_fields_set, routes.term(route)
    if now is None:
        if asked.routing_regex is not None:
            raise Fault(400, {"routing_regex": [NO_TERM]})
        return None
    if "routing_regex" in sent and asked.routing_regex is None:
        raise Fault(400, {"routing_regex": [fields.NULL]})
    return Term(
        asked.routing_type if "routing_type" in sent else now.type,
        now.text if asked.routing_regex is None else asked.routing_regex,
    )


def _check(call: Call, term: Term) -> None:
    """Slow, so outside of transactions.  Raises Fault."""
    try:
        call.desk.matcher.check(term)
    except Invalid as error:
        raise Fault(400, {"non_field_errors": [str(error)]}) from None


def _shapes(rows: Sequence[Any]) -> list[RouteShape]:
    return [_shape(route) for (route,) in rows]


def _shape(route: Route) -> RouteShape:
    return RouteShape(
        id=route.id,
        integration_id=route.integration_id,
        position=route.position,
        routing_type=route.routing_type,
        routing_regex=route.routing_regex,
        is_the_last_route=route.is_default,
        **channels.shown(route),
    )
