"""alert_groups/{id}/acknowledge and its like: what can be done to an alert group."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlmodel import Session

from api import fields
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.fields import Body
from api.resource import Resource
from core import alert_groups, lifecycle
from core.models import AlertGroup, Role, State, User

resource = Resource("alert_groups", "Alert groups")

LONGEST = int(lifecycle.LONGEST.total_seconds())
# In which states each of them is refused, in the order in which clients know it.
REFUSED_FOR = {
    "acknowledge": ("acknowledged", "resolved"),
    "unacknowledge": ("unacknowledged", "resolved"),
    "resolve": ("resolved",),
    "unresolve": ("unresolved",),
    "silence": ("resolved", "acknowledged"),
    "unsilence": ("unsilenced", "resolved", "acknowledged"),
}

Act = Callable[[Session, AlertGroup, User], str | None]


class Silence(Body):
    """For how long."""

    model_config = ConfigDict(json_schema_extra={"required": ["delay"]})

    delay: Annotated[
        Any,
        WithJsonSchema({"type": "integer", "minimum": -1, "maximum": LONGEST, "not": {"const": 0}}),
        Field(description="Seconds from now, ten years at most; -1 is for ever."),
    ] = None


@resource.post("{id}/acknowledge", role=Role.EDITOR, refusals={404: NOT_FOUND})
def acknowledge(call: Call) -> None:
    """Acknowledge an alert group

    You have it: everybody's pages stop.  If somebody else has it and you are being
    paged for it, your own page stops and they keep it.
    """
    _do(
        call, "acknowledge", lambda session, group, by: lifecycle.acknowledge(session, group, by=by)
    )


@resource.post("{id}/unacknowledge", role=Role.EDITOR, refusals={404: NOT_FOUND})
def unacknowledge(call: Call) -> None:
    """Unacknowledge an alert group

    Nobody has it any more: everybody who was paged is paged again, from their first
    step.
    """
    _do(
        call,
        "unacknowledge",
        lambda session, group, by: lifecycle.unacknowledge(session, group, by=by),
    )


@resource.post("{id}/resolve", role=Role.EDITOR, refusals={404: NOT_FOUND})
def resolve(call: Call) -> None:
    """Resolve an alert group

    It is over: every page stops, and nobody can be paged for it any more.
    """
    _do(call, "resolve", lambda session, group, by: lifecycle.resolve(session, group, by=by))


@resource.post("{id}/unresolve", role=Role.EDITOR, refusals={404: NOT_FOUND})
def unresolve(call: Call) -> None:
    """Unresolve an alert group

    It is not over: everybody who was paged is paged again, from their first step.  A
    wiped alert group stays resolved.
    """
    _do(call, "unresolve", lambda session, group, by: lifecycle.unresolve(session, group, by=by))


@resource.post(
    "{id}/silence",
    role=Role.EDITOR,
    body=Silence,
    example={"delay": 3600},
    refusals={404: NOT_FOUND},
)
def silence(call: Call) -> None:
    """Silence an alert group

    Every page stops until the silence ends; then everybody who was paged is paged
    again.  One that is silenced already gets the new end.
    """

    def act(session: Session, group: AlertGroup, by: User) -> str | None:
        return lifecycle.silence(session, group, by=by, seconds=seconds, anew=True)

    with call.reading() as session:  # 404 before what is wrong with the delay
        alert_groups.find(session, call.ids["id"])
    seconds = _delay(call.parse(Silence).delay)
    _do(call, "silence", act)


@resource.post("{id}/unsilence", role=Role.EDITOR, refusals={404: NOT_FOUND})
def unsilence(call: Call) -> None:
    """Unsilence an alert group

    Everybody who was paged is paged again, from their first step.
    """
    _do(call, "unsilence", lambda session, group, by: lifecycle.unsilence(session, group, by=by))


def _do(call: Call, verb: str, act: Act) -> None:
    with call.transaction() as session:
        group = alert_groups.lock(session, call.ids["id"])
        by = call.user
        said = refusal(group, verb)
        joins = verb == "acknowledge" and lifecycle.may_join(session, group, by)
        if said is not None and not joins:
            raise Fault(400, said)
        act(session, group, by)


def refusal(group: AlertGroup, verb: str) -> str | None:
    """Why this cannot be done to the group as it is, in the words that clients know.

    What was acknowledged when it was resolved counts as both.
    """
    is_resolved = group.state is State.RESOLVED
    is_acknowledged = group.state is State.ACKNOWLEDGED or (
        is_resolved and group.acknowledged_at is not None
    )
    holds = {
        "resolved" if is_resolved else "unresolved",
        "acknowledged" if is_acknowledged else "unacknowledged",
        "silenced" if group.state is State.SILENCED else "unsilenced",
    }
    for adjective in REFUSED_FOR[verb]:
        if adjective in holds:
            article = "an" if adjective[0] in "au" else "a"
            return f"Can't {verb} {article} {adjective} alert group"
    return None


def _delay(value: Any) -> int:
    """Seconds.  Raises Fault."""
    if value is None:
        raise Fault(400, "delay is required")
    try:
        seconds = fields.whole(value, least=-1, most=LONGEST)
    except PydanticCustomError:
        seconds = 0
    if seconds == 0:
        raise Fault(400, "invalid delay value")
    return seconds
