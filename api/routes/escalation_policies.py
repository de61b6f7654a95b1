"""escalation_policies/: the steps of escalation chains."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema
from sqlalchemy import Select
from sqlmodel import Session, col, select

from api import steps
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from api.steps import NewStep, StepChange, There
from core import chains, positions
from core.models import EscalationChain, EscalationPolicy, PolicyType, Role, Team, UserGroup

resource = Resource("escalation_policies", "Escalation policies")

# What is gone is none: a team or a user group that somebody deleted.
_policy: Select[*tuple[Any, ...]] = (
    select(EscalationPolicy, Team.id, UserGroup.id)
    .outerjoin(Team, (col(Team.id) == EscalationPolicy.team_id) & col(Team.deleted_at).is_(None))
    .outerjoin(
        UserGroup,
        (col(UserGroup.id) == EscalationPolicy.user_group_id) & col(UserGroup.gone_at).is_(None),
    )
    .execution_options(populate_existing=True)
)
ROWS = _policy.join(
    EscalationChain, col(EscalationChain.id) == EscalationPolicy.escalation_chain_id
).order_by(col(EscalationChain.created_at), col(EscalationChain.id), col(EscalationPolicy.position))

ABSENT: Any = object()


def _absent() -> Any:
    return ABSENT


def _only(about: str) -> Any:
    """A key that is there only for the types that have a use for it."""
    return Field(
        default_factory=_absent, exclude_if=lambda value: value is ABSENT, description=about
    )


_Number = Annotated[int | None, WithJsonSchema({"type": ["integer", "null"]})]
_Text = Annotated[str | None, WithJsonSchema({"type": ["string", "null"]})]


class EscalationPolicyShape(BaseModel):
    """A step of an escalation chain, with the keys that its type has a use for."""

    id: str = Field(examples=["E3GA6SJETWWJS"])
    escalation_chain_id: str
    position: int = Field(description="From 0 up; the others may have gaps between them.")
    type: PolicyType
    duration: _Number = _only("Seconds; null waits 300.")
    important: bool = _only("By the important rules of those who are notified.")
    persons_to_notify: list[str] = _only("Public ids of users.")
    persons_to_notify_next_each_time: list[str] = _only("Public ids of users, in turn.")
    team_to_notify: _Text = _only("A team's id; null also after it is deleted.")
    group_to_notify: _Text = _only("A user group's id; null also after it is deleted.")
    notify_on_call_from_schedule: _Text = _only("A schedule's id.")
    action_to_trigger: _Text = _only("An outgoing webhook's id.")
    notify_if_time_from: _Text = _only("`09:00:00Z`, in UTC.")
    notify_if_time_to: _Text = _only("`17:00:00Z`, in UTC.")
    num_alerts_in_window: _Number = _only("Goes on after more alerts than these.")
    num_minutes_in_window: _Number = _only("In so many minutes.")


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[EscalationPolicyShape],
    filters=(
        Filter("escalation_chain_id", "The steps of this chain.", example="FWDL7M6N6I9HE"),
        *PAGES,
    ),
)
def list_them(call: Call) -> Page[EscalationPolicyShape]:
    """List escalation policies

    By chain, the oldest first, and by position. A chain that does not exist has none.
    """
    rows = ROWS
    if chain_id := call.query.get("escalation_chain_id"):
        rows = rows.where(col(EscalationPolicy.escalation_chain_id) == chain_id)
    with call.reading() as session:
        return paginate(call, session, rows, _shapes)


@resource.post(
    "",
    role=Role.ADMIN,
    body=NewStep,
    example={
        "escalation_chain_id": "FWDL7M6N6I9HE",
        "type": "notify_persons",
        "persons_to_notify": ["U4DNY931HHJS5"],
        "important": True,
        "position": 0,
    },
    answer=EscalationPolicyShape,
    status=201,
    refusals={400: "Something is missing, out of bounds or unknown, or the chain is full."},
)
def create(call: Call) -> EscalationPolicyShape:
    """Create an escalation policy

    At the end of the chain, or at `position`, where the others make room. Where the
    chain is running already it goes on without the new step.
    """
    with call.transaction() as session:
        asked = call.parse(NewStep, context=There(session))
        policy = chains.add(
            session,
            asked.escalation_chain_id,
            steps.meant(asked),
            position=positions.END if asked.position is None else asked.position,
            swap=asked.manual_order,
        )
        return _one(session, policy.id)


@resource.get("{id}", role=Role.VIEWER, answer=EscalationPolicyShape, refusals={404: NOT_FOUND})
def get(call: Call) -> EscalationPolicyShape:
    """Get an escalation policy"""
    with call.reading() as session:
        return _one(session, call.ids["id"])


@resource.put(
    "{id}",
    role=Role.ADMIN,
    body=StepChange,
    example={"type": "wait", "duration": 600, "position": 0},
    answer=EscalationPolicyShape,
    refusals={400: "Something is out of bounds or unknown.", 404: NOT_FOUND},
)
def update(call: Call) -> EscalationPolicyShape:
    """Change an escalation policy

    Whatever is not sent stays, except that another type drops what it has no use for.
    The chain cannot be changed. Where it is running already it goes on as it was.
    """
    with call.transaction() as session:
        policy = chains.hold_policy(session, call.ids["id"])
        asked = call.parse(StepChange, context=There(session, kept=policy.persons))
        chains.change(session, policy, steps.meant(asked, now=policy.step))
        if asked.position is not None:
            chains.move(session, policy, asked.position, swap=asked.manual_order)
        return _one(session, policy.id)


@resource.delete("{id}", role=Role.ADMIN, status=204, refusals={404: NOT_FOUND})
def delete(call: Call) -> None:
    """Delete an escalation policy

    The others keep their positions.
    """
    with call.transaction() as session:
        chains.remove(session, chains.hold_policy(session, call.ids["id"]))


def _one(session: Session, policy_id: str) -> EscalationPolicyShape:
    """Raises Fault."""
    found = session.execute(_policy.where(col(EscalationPolicy.id) == policy_id)).all()
    if not found:
        raise Fault(404, NOT_FOUND)
    return _shapes(found)[0]


def _shapes(rows: Sequence[Any]) -> list[EscalationPolicyShape]:
    """Rows of a step with the ids of its team and its user group, where these are there."""
    return [
        EscalationPolicyShape(
            id=policy.id,
            escalation_chain_id=policy.escalation_chain_id,
            position=policy.position,
            type=policy.type,
            **_keys(policy, team_id, group_id),
        )
        for policy, team_id, group_id in rows
    ]


def _keys(policy: EscalationPolicy, team_id: str | None, group_id: str | None) -> dict[str, Any]:
    """What is told beside of what every step has."""
    own: Mapping[PolicyType, Mapping[str, Any]] = {
        PolicyType.WAIT: {"duration": policy.duration},
        PolicyType.NOTIFY_PERSONS: {"persons_to_notify": policy.persons},
        PolicyType.NOTIFY_NEXT: {"persons_to_notify_next_each_time": policy.persons},
        PolicyType.NOTIFY_TEAM: {"team_to_notify": team_id},
        PolicyType.NOTIFY_ON_CALL: {"notify_on_call_from_schedule": policy.schedule_id},
        PolicyType.NOTIFY_USER_GROUP: {"group_to_notify": group_id},
        PolicyType.TRIGGER_WEBHOOK: {"action_to_trigger": policy.webhook_id},
        PolicyType.IF_TIME: {
            "notify_if_time_from": policy.time_from,
            "notify_if_time_to": policy.time_to,
        },
        PolicyType.IF_ALERTS: {
            "num_alerts_in_window": policy.num_alerts,
            "num_minutes_in_window": policy.num_minutes,
        },
    }
    more = {"important": policy.important} if policy.type.may_be_important else {}
    return dict(own.get(policy.type, {})) | more
