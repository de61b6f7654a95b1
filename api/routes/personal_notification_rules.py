"""personal_notification_rules/: how each person is notified, in which order."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
)
from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, SQLModel

from api import fields
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.fields import Body, Flag, wrong
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from core import rule_lists
from core.models import DURATIONS, RULE_TYPES, Role, RuleType, User

USER_NOT_FOUND = "User not found."  # in a filter
NO_USER = "User does not exist"  # in a body
NOT_BOOL = "Important is not bool"
NO_TYPE = "Type is required"
BAD_TYPE = "Invalid type"
NO_DURATION = "Duration can't be set"
BAD_DURATION = "Invalid duration format"
BAD_POSITION = "Invalid value for position field"
TOO_LONG = 10**5_000  # more digits than are read as a number
CLOCK = re.compile(r"[0-9]+:[0-9]{2}:[0-9]{2}")

resource = Resource("personal_notification_rules", "Personal notification rules")

_rule = SQLModel.metadata.tables["personal_notification_rule"].c
_user = SQLModel.metadata.tables["user"].c
_known = _user.is_active & ~_user.is_bot
USER = select(_user.id).where(_user.id == bindparam("user_id"), _known)
# Columns rather than objects: this is what clients ask for most.
ROWS = select(
    _rule.id, _rule.user_id, _rule.position, _rule.important, _rule.type, _rule.duration
).order_by(_rule.user_id, _rule.important, _rule.position)
_of_user = ROWS.join(_user.id.table, _user.id == _rule.user_id).where(
    _rule.user_id == bindparam("user_id"), _known
)
_is_important = _rule.important == bindparam("important")
LISTS: dict[tuple[bool, bool], Select[Any]] = {  # by which filters are there
    (False, False): ROWS,
    (True, False): _of_user,
    (False, True): ROWS.where(_is_important),
    (True, True): _of_user.where(_is_important),
}
ONE = ROWS.order_by(None).where(_rule.id == bindparam("id"))


def _as_integer(schema: dict[str, Any]) -> None:
    """The field is left out rather than null."""
    schema.pop("default")


class RuleShape(BaseModel):
    """A personal notification rule."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    user_id: str
    position: int = Field(description="From 0 up; the others may have gaps between them.")
    important: bool = Field(description="In which of the user's two lists it is.")
    type: str
    duration: Annotated[
        int | None,
        Field(
            description="Seconds; there for `wait` only.",
            exclude_if=lambda value: value is None,
            json_schema_extra=_as_integer,
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


def _position(value: Any) -> int:
    found = fields.whole(value, least=-TOO_LONG, most=TOO_LONG)
    if not rule_lists.END <= found <= rule_lists.LAST:
        raise Fault(400, BAD_POSITION)
    return found


class RuleChange(Body):
    """What is different from now on; whatever is left out stays."""

    type: Annotated[
        str | None,
        BeforeValidator(fields.text),
        WithJsonSchema({"type": "string", "enum": [way.value for way in RuleType]}),
    ] = None
    duration: Annotated[
        int | None,
        BeforeValidator(_duration),
        Field(description="Seconds, for `wait` only; 300 unless said otherwise."),
        WithJsonSchema({"type": "integer", "enum": list(DURATIONS)}),
    ] = None
    position: Annotated[
        int | None,
        BeforeValidator(_position),
        Field(description="The rules there and after it make room; -1 is the end of the list."),
        WithJsonSchema(
            {"type": "integer", "minimum": rule_lists.END, "maximum": rule_lists.LAST},
        ),
    ] = None
    manual_order: Annotated[
        Flag, Field(description="Change places with the rule at `position` instead.")
    ] = False


class NewRule(RuleChange):
    """A rule for one of a user's two lists."""

    model_config = ConfigDict(json_schema_extra={"required": ["user_id", "type"]})

    user_id: Annotated[
        str, BeforeValidator(_user_id), WithJsonSchema({"type": "string", "minLength": 1})
    ]
    important: Annotated[
        Flag, Field(description="For the list that is used when a page is important.")
    ] = False


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[RuleShape],
    filters=(
        Filter("user_id", "Rules of this user.", example="U4DNY931HHJS5"),
        Filter(
            "important",
            "Rules of the important lists, or of the default lists.",
            {"type": "string", "enum": ["true", "false"]},
        ),
        *PAGES,
    ),
    refusals={400: f"{USER_NOT_FOUND} {NOT_BOOL}."},
)
def list_them(call: Call) -> Page[RuleShape]:
    """List personal notification rules

    By user, the default list before the important one, and by position.
    """
    query = call.query
    user_id, important = query.get("user_id"), query.get("important")
    if important not in (None, "true", "false"):
        raise Fault(400, NOT_BOOL)
    rows = LISTS[user_id is not None, important is not None]
    given = {"user_id": user_id, "important": important == "true"}
    with call.reading() as session:
        found = paginate(call, session, rows, _shapes, given=given)
        if user_id is not None and not found.count:
            _check_known(session, user_id)
    return found


@resource.post(
    "",
    role=Role.VIEWER,
    body=NewRule,
    answer=RuleShape,
    status=201,
    example={"user_id": "U4DNY931HHJS5", "type": "notify_by_sms"},
)
def create(call: Call) -> RuleShape:
    """Create a personal notification rule

    At the end of the user's default or important list, or at `position`, where the
    others make room.  Only admins may do this for somebody else.  A list holds up to
    100 rules.
    """
    _check_own(call)
    asked = call.parse(NewRule, context=_context(call))
    with call.transaction() as session:
        user = session.get(User, asked.user_id)
        if user is None or user.is_bot or not user.is_active:
            raise Fault(400, NO_USER)
        rule = rule_lists.insert(
            session,
            user,
            _type(asked),
            duration=asked.duration,
            important=asked.important,
            position=rule_lists.END if asked.position is None else asked.position,
            swap=asked.manual_order,
        )
        return RuleShape.model_validate(rule)


@resource.get("{id}", role=Role.VIEWER, answer=RuleShape, refusals={404: NOT_FOUND})
def get(call: Call) -> RuleShape:
    """Get a personal notification rule"""
    with call.reading() as session:
        found = session.execute(ONE, {"id": call.ids["id"]}).first()
    if found is None:
        raise Fault(404, NOT_FOUND)
    return RuleShape.model_validate(found)


@resource.put(
    "{id}",
    role=Role.VIEWER,
    body=RuleChange,
    answer=RuleShape,
    example={"type": "wait", "duration": 900, "position": 0},
    refusals={404: NOT_FOUND},
)
def update(call: Call) -> RuleShape:
    """Update a personal notification rule

    Whatever is not sent stays, except that `wait` without a duration waits 300
    seconds.  The user and the list cannot be changed.  Only admins may change the
    rules of somebody else.
    """
    with call.transaction() as session:
        rule = rule_lists.hold(session, call.ids["id"])
        call.check_own(rule.user_id)
        asked = call.parse(RuleChange, context=_context(call))
        sent = asked.model_fields_set
        if "type" in sent or "duration" in sent:
            type_ = _type(asked, now=rule.type)
            rule_lists.change(rule, type_, duration=asked.duration)
        if asked.position is not None:
            rule_lists.move(session, rule, asked.position, swap=asked.manual_order)
        return RuleShape.model_validate(rule)


@resource.delete("{id}", role=Role.VIEWER, status=204, refusals={404: NOT_FOUND})
def delete(call: Call) -> None:
    """Delete a personal notification rule

    The others keep their positions.  Only admins may delete the rules of somebody else.
    """
    with call.transaction() as session:
        rule = rule_lists.hold(session, call.ids["id"])
        call.check_own(rule.user_id)
        rule_lists.delete(session, rule)


def _shapes(rows: Sequence[Any]) -> list[RuleShape]:
    return [RuleShape.model_validate(row) for row in rows]


def _check_known(session: Session, user_id: str) -> None:
    if session.execute(USER, {"user_id": user_id}).first() is None:
        raise Fault(400, USER_NOT_FOUND)


def _check_own(call: Call) -> None:
    """Before anything else that was sent is looked at.  Raises Fault."""
    said = call.data.get("user_id") if isinstance(call.data, dict) else None
    if isinstance(said, str) and said.strip():
        call.check_own(said.strip())


def _context(call: Call) -> Mapping[str, bool]:
    kind = call.headers.get("content-type", "")
    return {"is_form": kind.lower().startswith("application/x-www-form-urlencoded")}


def _type(asked: RuleChange, *, now: str | None = None) -> RuleType:
    """What the rule shall do; `now` if that does not change.  Raises Fault."""
    found = asked.type or now
    if found is None:
        raise Fault(400, {"type": NO_TYPE})
    if found not in RULE_TYPES:
        raise Fault(400, {"type": BAD_TYPE})
    if asked.duration is not None and found != RuleType.WAIT:
        raise Fault(400, {"duration": NO_DURATION})
    return RuleType(found)
