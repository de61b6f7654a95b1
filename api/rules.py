"""What is sent and answered about personal notification rules."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema

from api import fields
from api.call import Call
from api.errors import Fault
from api.fields import Body, Flag, wrong
from api.ordering import ManualOrder, Position
from core.models import DURATIONS, RULE_TYPES, RuleType

NO_USER = "User does not exist"
NO_TYPE = "Type is required"
BAD_TYPE = "Invalid type"
NO_DURATION = "Duration can't be set"
BAD_DURATION = "Invalid duration format"
CLOCK = re.compile(r"[0-9]+:[0-9]{2}:[0-9]{2}")


class RuleShape(BaseModel):
    """A personal notification rule."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    user_id: str
    position: int = Field(description="From 0 up; the others may have gaps between them.")
    important: bool = Field(description="In which of the user's two lists it is.")
    type: str = Field(description="How to notify, or `wait`.")
    duration: Annotated[
        int | None,
        Field(
            description="Seconds; there for `wait` only.",
            exclude_if=lambda value: value is None,
        ),
        WithJsonSchema({"type": "integer"}),
    ] = None


def _user_id(value: Any) -> str:
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
        raise Fault(400, NO_USER)
    return fields.text(value)


def _duration(value: Any, info: ValidationInfo) -> int:
    """One of the waits there are.  Raises Fault and PydanticCustomError."""
    if value is None:
        raise wrong(fields.NULL)
    is_form = bool(info.context and info.context["is_form"])
    if isinstance(value, str) and is_form and re.fullmatch("[0-9]{1,9}", value):
        value = int(value)  # a form has no other way to say a number
    if isinstance(value, str) and CLOCK.fullmatch(value):
        raise wrong(f'"{value}" is not a valid choice.')
    try:
        if isinstance(value, bool | str):
            raise TypeError
        written = timedelta(seconds=value)
    except (TypeError, OverflowError):
        raise Fault(400, BAD_DURATION) from None
    if value not in DURATIONS:
        raise wrong(f'"{written}" is not a valid choice.')
    return int(value)


class RuleChange(Body):
    """What is different from now on; whatever is left out stays."""

    type: Annotated[
        str | None,
        BeforeValidator(fields.text),
        Field(description="How to notify, or `wait`. Of use where that way is set up."),
        WithJsonSchema({"type": "string", "enum": [way.value for way in RuleType]}),
    ] = None
    duration: Annotated[
        int | None,
        BeforeValidator(_duration),
        Field(description="Seconds, for `wait` only; 300 unless said otherwise."),
        WithJsonSchema({"type": "integer", "enum": list(DURATIONS)}),
    ] = None
    position: Position = None
    manual_order: ManualOrder = False


class NewRule(RuleChange):
    """A rule for one of a user's two lists."""

    model_config = ConfigDict(json_schema_extra={"required": ["user_id", "type"]})

    user_id: Annotated[
        str,
        BeforeValidator(_user_id),
        Field(description="Whose rule it is: a public id."),
        WithJsonSchema({"type": "string", "minLength": 1}),
    ]
    important: Annotated[
        Flag, Field(description="For the list that is used when a page is important.")
    ] = False


def context(call: Call) -> Mapping[str, bool]:
    """What the fields have to know about the request."""
    kind = call.headers.get("content-type", "")
    return {"is_form": kind.lower().startswith("application/x-www-form-urlencoded")}


def type_of(asked: RuleChange, *, now: str | None = None) -> RuleType:
    """What the rule shall do; `now` if that does not change.  Raises Fault."""
    found = asked.type or now
    if found is None:
        raise Fault(400, {"type": NO_TYPE})
    if asked.type is not None and asked.type not in RULE_TYPES:
        raise Fault(400, {"type": BAD_TYPE})
    if asked.duration is not None and found != RuleType.WAIT:
        raise Fault(400, {"duration": NO_DURATION})
    return RuleType(found)
