"""alert_groups/: what is wrong and who has it."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema
from sqlalchemy import ColumnElement, Select, false, func, select
from sqlmodel import col

from api import shapes
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.fields import Body
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from api.shapes import AlertGroupShape
from core import alert_groups, wiping
from core.models import AlertGroup, Integration, Role, State

resource = Resource("alert_groups", "Alert groups")

STATES = {
    "new": State.FIRING,
    "acknowledged": State.ACKNOWLEDGED,
    "resolved": State.RESOLVED,
    "silenced": State.SILENCED,
}
MODES = {"wipe": wiping.wipe, "delete": wiping.delete}
MODE = {"type": "string", "enum": list(MODES)}
TIME = "%Y-%m-%dT%H:%M:%S"

# The ids alone, which an index holds in this order; the rows of a page come after.
NEWEST: Select[*tuple[Any, ...]] = (
    select(col(AlertGroup.id))
    .where(col(AlertGroup.deleted_at).is_(None))
    .order_by(col(AlertGroup.created_at).desc(), col(AlertGroup.id).desc())
)
COUNT: Select[*tuple[Any, ...]] = (
    select(func.count()).select_from(AlertGroup).where(col(AlertGroup.deleted_at).is_(None))
)

_AT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
FILTERS = (
    Filter("id", "Only this one.", example="I5UVFYJ8BK4LW"),
    Filter("route_id", "Those that took this route.", example="R2ALVJ5NEPM3F"),
    Filter("integration_id", "Those that came in here.", example="CPV1SHLN3G6CE"),
    Filter("team_id", 'Those of this team; "null" for those of no team.', example="null"),
    Filter(
        "state",
        '"new" is what the answer calls firing.',
        {"type": "string", "enum": ["", *STATES]},
        example="new",
    ),
    Filter(
        "started_at",
        "Those that began in between, in UTC: `from_to`.",
        {"type": "string", "pattern": f"^{_AT}_{_AT}$"},
        example="2026-03-01T00:00:00_2026-03-02T00:00:00",
    ),
    Filter(
        "label",
        "`key:value`, may be repeated. No alert group has labels yet, so nothing matches; "
        "what is not written like that is ignored.",
        example="severity:critical",
    ),
)


class Removal(Body):
    """What to do with it."""

    mode: Annotated[
        Any,
        WithJsonSchema(MODE | {"default": "wipe"}),
        Field(description="`wipe` blanks every text and keeps it in the list; `delete` hides it."),
    ] = "wipe"


@resource.get("", role=Role.VIEWER, answer=Page[AlertGroupShape], filters=(*FILTERS, *PAGES))
def list_them(call: Call) -> Page[AlertGroupShape]:
    """List alert groups

    Newest first.
    """
    wanted = _wanted(call)
    with call.reading() as session:
        return paginate(
            call,
            session,
            NEWEST.where(*wanted),
            lambda found: shapes.alert_groups(call, session, [id_ for (id_,) in found]),
            counted=COUNT.where(*wanted),
        )


@resource.get("{id}", role=Role.VIEWER, answer=AlertGroupShape, refusals={404: NOT_FOUND})
def get(call: Call) -> AlertGroupShape:
    """Get an alert group"""
    with call.reading() as session:
        found = shapes.one_alert_group(call, session, call.ids["id"])
    if found is None:
        raise Fault(404, NOT_FOUND)
    return found


@resource.delete(
    "{id}",
    role=Role.EDITOR,
    body=Removal,
    example={"mode": "wipe"},
    filters=(
        Filter("mode", "In place of the one in the body.", {"type": "string", "enum": list(MODES)}),
    ),
    status=204,
    refusals={404: NOT_FOUND},
)
def remove(call: Call) -> None:
    """Wipe or delete an alert group

    Either resolves it, so that every page stops, blanks title, message, link, payload
    and notes for good, and rewrites its messages in Slack.  Wiping again changes nothing.
    """
    with call.transaction() as session:
        group = alert_groups.lock(session, call.ids["id"])
        MODES[_mode(call)](session, group, by=call.user)


def _mode(call: Call) -> str:
    """Raises Fault."""
    if not isinstance(call.data, dict):
        raise Fault(400, "The body must be a dict with `mode`")
    mode = call.query.get("mode", call.parse(Removal).mode)
    if not isinstance(mode, str) or mode not in MODES:
        raise Fault(400, "Invalid mode")
    return mode


def _wanted(call: Call) -> list[ColumnElement[bool]]:
    """What the filters say, about columns of alert_group only.  Raises Fault."""
    asked = {key: value for key, value in call.query.items() if value}
    wanted: list[ColumnElement[bool]] = []
    for name in ("id", "route_id", "integration_id"):
        if name in asked:
            wanted.append(col(getattr(AlertGroup, name)) == asked[name])
    if "team_id" in asked:
        team = None if asked["team_id"] == "null" else asked["team_id"]
        theirs = select(col(Integration.id)).where(
            col(Integration.team_id).is_not_distinct_from(team)
        )
        wanted.append(col(AlertGroup.integration_id).in_(theirs))
    if "state" in asked:
        if asked["state"] not in STATES:
            said = f"Must be one of the following: {', '.join(STATES)}"
            raise Fault(400, {"state": said})
        wanted.append(col(AlertGroup.state) == STATES[asked["state"]])
    if "started_at" in asked:
        wanted.append(col(AlertGroup.created_at).between(*_range(asked["started_at"])))
    if any(_is_label(value) for key, value in call.queries if key == "label"):
        wanted.append(false())
    return wanted


def _range(said: str) -> tuple[datetime, datetime]:
    """Raises Fault."""
    try:
        begin, end = (datetime.strptime(at, TIME).replace(tzinfo=UTC) for at in said.split("_"))
    except ValueError:
        raise Fault(400, "Invalid range value") from None
    if begin > end:
        raise Fault(400, "Invalid range value")
    return begin, end


def _is_label(said: str) -> bool:
    key, _, value = said.partition(":")
    return bool(key and value and ":" not in value)
