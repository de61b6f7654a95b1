"""Fields that say where something goes in an ordered list."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from api import fields
from api.errors import Fault
from api.fields import Flag
from core import positions

BAD_POSITION = "Invalid value for position field"
TOO_LONG = 10**5_000  # more digits than are read as a number


def _position(value: Any) -> int:
    found = fields.whole(value, least=-TOO_LONG, most=TOO_LONG)
    if not positions.END <= found <= positions.LAST:
        raise Fault(400, BAD_POSITION)
    return found


Position = Annotated[
    int | None,
    BeforeValidator(_position),
    Field(description="Those there and after it make room; -1 is the end of the list."),
    WithJsonSchema({"type": "integer", "minimum": positions.END, "maximum": positions.LAST}),
]
ManualOrder = Annotated[
    Flag, Field(description="Change places with the one at `position` instead.")
]
