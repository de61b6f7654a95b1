"""personal_notification_rules/: how each person is notified, in which order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, SQLModel

from api import rules
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from api.rules import NewRule, RuleChange, RuleShape
from core import positions, rule_lists
from core.models import Role, User

USER_NOT_FOUND = "User not found."  # in a filter
NOT_BOOL = "Important is not bool"

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
    asked = call.parse(NewRule, context=rules.context(call))
    with call.transaction() as session:
        user = session.get(User, asked.user_id)
        if user is None or user.is_bot or not user.is_active:
            raise Fault(400, rules.NO_USER)
        rule = rule_lists.insert(
            session,
            user,
            rules.type_of(asked),
            duration=asked.duration,
            important=asked.important,
            position=positions.END if asked.position is None else asked.position,
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
    return _shapes([found])[0]


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
        asked = call.parse(RuleChange, context=rules.context(call))
        sent = asked.model_fields_set
        if "type" in sent or "duration" in sent:
            type_ = rules.type_of(asked, now=rule.type)
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
    """Rows of ROWS."""
    return [
        RuleShape(
            id=id_,
            user_id=user_id,
            position=position,
            important=important,
            type=type_,
            duration=duration,
        )
        for id_, user_id, position, important, type_, duration in rows
    ]


def _check_known(session: Session, user_id: str) -> None:
    if session.execute(USER, {"user_id": user_id}).first() is None:
        raise Fault(400, USER_NOT_FOUND)


def _check_own(call: Call) -> None:
    """Before anything else that was sent is looked at.  Raises Fault."""
    said = call.data.get("user_id") if isinstance(call.data, dict) else None
    if isinstance(said, str) and said.strip():
        call.check_own(said.strip())
