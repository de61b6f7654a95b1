"""integrations/: where alerts come from; direct paging, and webhooks to be."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from sqlalchemy import select
from sqlmodel import Session, col

from api import channels, fields, templates
from api.call import Call
from api.channels import Places, PlacesAsked
from api.errors import NOT_FOUND, Fault
from api.fields import Body, wrong
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from api.templates import Templates, TemplatesAsked
from core import integrations, routes, teams
from core.errors import Gone
from core.models import DIRECT_PAGING, WEBHOOK, Integration, Role, Route, Team

NO_TEAM = {"team_id": ["Object does not exist"]}
NO_DIRECT_PAGING = "Direct paging integrations are made with their teams, and cannot be created."
NO_SUCH_TYPE = f"Integrations of this type cannot be made here. What can be made so far: {WEBHOOK}."
NO_LABELS = "Labels are not available here: leave this out, or send an empty list."

resource = Resource("integrations", "Integrations")

ROWS = (
    select(Integration, Route)
    .join(Route, (col(Route.integration_id) == col(Integration.id)) & col(Route.is_default))
    .where(integrations.IS_THERE)
    .order_by(col(Integration.created_at), col(Integration.id))
)


class DefaultRoute(Places):
    """The route of alerts that no other route takes."""

    id: str = Field(examples=["R2ALVJ5NEPM3F"])


class Heartbeat(BaseModel):
    """Where a sender would say that it is alive."""

    link: str


class IntegrationShape(BaseModel):
    """Where alerts come from."""

    id: str = Field(examples=["C7XK2WQ9LM4TR"])
    name: str = Field(examples=["Uptime checks"])
    description_short: None = None
    team_id: str | None
    link: str = Field(
        description="Where alerts are sent: whoever knows it can page people. Empty for direct "
        "paging, and for viewers."
    )
    inbound_email: None = None
    type: str = Field(examples=[WEBHOOK])
    default_route: DefaultRoute
    templates: Templates
    heartbeat: Heartbeat
    maintenance_mode: None = None
    maintenance_started_at: None = None
    maintenance_end_at: None = None


def _type(value: Any) -> str:
    said = fields.text(value)
    if said != WEBHOOK:
        raise wrong(NO_DIRECT_PAGING if said == DIRECT_PAGING else NO_SUCH_TYPE)
    return said


def _labels(value: Any) -> None:
    if value not in (None, []):
        raise wrong(NO_LABELS)


Name = Annotated[
    str,
    BeforeValidator(lambda value: fields.text(value, longest=integrations.NAME_LENGTH)),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": integrations.NAME_LENGTH}),
    Field(description="No other integration of the team has it.", examples=["Uptime checks"]),
]
TeamId = Annotated[
    str | None,
    BeforeValidator(lambda value: fields.optional(fields.text)(fields.no_team(value))),
    WithJsonSchema({"type": ["string", "null"]}),
    Field(description='Whose it is: a team\'s id; null, "" or "null" for nobody\'s.'),
]
Labels = Annotated[
    None,
    BeforeValidator(_labels),
    WithJsonSchema({"type": ["array", "null"], "items": {"type": "object"}, "maxItems": 0}),
    Field(description="Not available here: null or an empty list."),
]


class IntegrationChange(Body):
    """What is different from now on; whatever is left out stays."""

    name: Name = ""
    team_id: TeamId = None
    templates: Annotated[
        TemplatesAsked | None,
        Field(description="What alerts look like; null puts the defaults back."),
    ] = None
    default_route: Annotated[
        PlacesAsked | None,
        Field(description="Where alerts go that no other route takes. Its id stays."),
    ] = None
    labels: Labels = None
    dynamic_labels: Labels = None


class NewIntegration(IntegrationChange):
    """An integration to be."""

    type: Annotated[
        str,
        BeforeValidator(_type),
        WithJsonSchema({"type": "string", "enum": [WEBHOOK]}),
        Field(description="Who sends the alerts."),
    ]
    name: Name


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[IntegrationShape],
    filters=(
        Filter("name", "Exactly this name.", example="Uptime checks"),
        Filter("team_id", 'Those of this team; "null" for those of none.', example="null"),
        *PAGES,
    ),
)
def list_them(call: Call) -> Page[IntegrationShape]:
    """List integrations

    In the order in which they were made; direct paging of a deleted team is left out.
    """
    rows = ROWS
    if name := call.query.get("name"):
        rows = rows.where(col(Integration.name) == name)
    if team_id := call.query.get("team_id"):
        rows = rows.where(col(Integration.team_id).is_not_distinct_from(fields.no_team(team_id)))
    with call.reading() as session:
        is_whole = integrations.organization_id(session) is not None
    if not is_whole:  # nothing was paged here yet, but what pages lead to can be set up
        with call.transaction() as session:
            integrations.make_direct_paging(session, None)
    with call.reading() as session:
        return paginate(call, session, rows, lambda found: _shapes(call, found))


@resource.post(
    "",
    role=Role.ADMIN,
    body=NewIntegration,
    example={"type": WEBHOOK, "name": "Disk checks", "team_id": "T3HRAP3K3IKAP"},
    answer=IntegrationShape,
    status=201,
    refusals={400: "The type is not available, or the name is missing, too long or taken."},
)
def create(call: Call) -> IntegrationShape:
    """Create an integration

    With its default route. Alerts cannot be sent to its `link` yet.
    """
    asked = call.parse(NewIntegration)
    with call.transaction() as session:
        integration, route = integrations.make_webhook(
            session,
            asked.name,
            team=_held(session, asked.team_id),
            templates=templates.changed({}, asked.templates),
        )
        _lead(session, route, asked)
        return _shape(call, integration, route)


@resource.get("{id}", role=Role.VIEWER, answer=IntegrationShape, refusals={404: NOT_FOUND})
def get(call: Call) -> IntegrationShape:
    """Get an integration"""
    with call.reading() as session:
        found = session.execute(ROWS.where(col(Integration.id) == call.ids["id"])).first()
        if found is None:
            raise Fault(404, NOT_FOUND)
        return _shape(call, *found)


@resource.put(
    "{id}",
    role=Role.ADMIN,
    body=IntegrationChange,
    example={
        "name": "Disk and memory checks",
        "default_route": {
            "escalation_chain_id": "FWDL7M6N6I9HE",
            "slack": {"channel_id": "C06EXAMPLE1", "enabled": True},
        },
    },
    answer=IntegrationShape,
    refusals={
        400: "The name is too long or taken, or a direct paging integration would change it.",
        404: NOT_FOUND,
    },
)
def update(call: Call) -> IntegrationShape:
    """Change an integration

    Whatever is not sent stays, and the type always does. The name and the team of a
    direct paging integration cannot be changed.
    """
    asked = call.parse(IntegrationChange)
    sent = asked.model_fields_set
    with call.transaction() as session:
        team = _held(session, asked.team_id) if "team_id" in sent else None
        integration = integrations.hold(session, call.ids["id"])
        if "team_id" not in sent and integration.team_id is not None:
            team = session.get(Team, integration.team_id)
        name = asked.name if "name" in sent else integration.name
        integrations.name_it(session, integration, name, team=team)
        if "templates" in sent:
            integration.templates = templates.changed(integration.templates, asked.templates)
        route = routes.of_integration(session, integration.id)[-1]
        _lead(session, route, asked)
        return _shape(call, integration, route)


@resource.delete(
    "{id}",
    role=Role.ADMIN,
    status=204,
    refusals={400: "It is a direct paging integration.", 404: NOT_FOUND},
)
def delete(call: Call) -> None:
    """Delete an integration

    With its routes. A direct paging integration goes with its team.
    """
    with call.transaction() as session:
        integrations.delete_it(session, integrations.hold(session, call.ids["id"]))


def _held(session: Session, team_id: str | None) -> Team | None:
    """The living team, held.  Raises Fault."""
    try:
        return teams.hold(session, team_id) if team_id is not None else None
    except Gone:
        raise Fault(400, NO_TEAM) from None


def _lead(session: Session, route: Route, asked: IntegrationChange) -> None:
    """Raises Fault."""
    try:
        if asked.default_route is not None:
            channels.change(session, route, asked.default_route)
    except Fault as fault:
        raise Fault(fault.status, {"default_route": fault.content}) from None


def _shapes(call: Call, rows: Sequence[Any]) -> list[IntegrationShape]:
    """Rows of ROWS."""
    return [_shape(call, integration, route) for integration, route in rows]


def _shape(call: Call, integration: Integration, route: Route) -> IntegrationShape:
    link = ""
    if integration.token and call.caller.role.covers(Role.EDITOR):  # those who may page anyway
        link = f"{call.base}integrations/v1/{integration.type}/{integration.token}/"
    return IntegrationShape(
        id=integration.id,
        name=integration.name,
        team_id=integration.team_id,
        link=link,
        type=integration.type,
        default_route=DefaultRoute(id=route.id, **channels.shown(route)),
        templates=Templates.model_validate(integration.templates),
        heartbeat=Heartbeat(link=link and f"{link}heartbeat/"),
    )
