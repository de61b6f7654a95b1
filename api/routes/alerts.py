"""alerts/: what came in, word for word."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, func, or_, select, type_coerce
from sqlmodel import col

from api import shapes
from api.call import Call
from api.errors import Fault
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from api.shapes import AlertShape
from core.models import Alert, AlertGroup, Role

resource = Resource("alerts", "Alerts")

LONGEST = 1_000  # characters to search for

# Few are deleted: to leave those out is quicker than to look at the group of each alert.
_deleted = select(col(AlertGroup.id)).where(col(AlertGroup.deleted_at).is_not(None))
SHOWN = col(Alert.alert_group_id).not_in(_deleted)
NEWEST: Select[*tuple[Any, ...]] = (
    select(Alert).where(SHOWN).order_by(col(Alert.created_at).desc(), col(Alert.id).desc())
)
COUNT: Select[*tuple[Any, ...]] = select(func.count()).select_from(Alert).where(SHOWN)
FILTERS = (
    Filter("id", "Only this one.", example="AA74DN7T4JQB6"),
    Filter("alert_group_id", "Those of this alert group.", example="I5UVFYJ8BK4LW"),
    Filter(
        "search",
        "Those whose payload, as text, holds these words in a row; in capitals or not.",
        {"type": "string", "maxLength": LONGEST},
        example="timeout",
    ),
)


@resource.get("", role=Role.VIEWER, answer=Page[AlertShape], filters=(*FILTERS, *PAGES))
def list_them(call: Call) -> Page[AlertShape]:
    """List alerts

    Newest first.  A page by hand has made exactly one.
    """
    wanted = _wanted(call)
    with call.reading() as session:
        return paginate(call, session, NEWEST.where(*wanted), _shape, counted=COUNT.where(*wanted))


def _shape(rows: Sequence[Any]) -> list[AlertShape]:
    return [shapes.alert(row) for (row,) in rows]


def _wanted(call: Call) -> list[ColumnElement[bool]]:
    """What the filters say.  Raises Fault."""
    asked = {key: value for key, value in call.query.items() if value}
    wanted: list[ColumnElement[bool]] = [
        col(getattr(Alert, name)) == asked[name]
        for name in ("id", "alert_group_id")
        if name in asked
    ]
    said = asked.get("search")
    if said is not None:
        if len(said) > LONGEST:
            too_long = f"Ensure this value has at most {LONGEST} characters."
            raise Fault(400, {"search": [too_long]})
        # As it stands in the payload's text, or as a person reads it there.
        both = {said, json.dumps(said, ensure_ascii=False)[1:-1]}
        text = type_coerce(col(Alert.payload), Text)
        wanted.append(or_(*(text.icontains(each, autoescape=True) for each in sorted(both))))
    return wanted
