"""What is sent about the steps of escalation chains, and the step that is meant."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema
from sqlmodel import Session, col, select

from api import fields
from api.fields import Body, wrong
from api.ordering import ManualOrder, Position
from api.people import AnyTeam, Known
from core import chain_step, chains, people
from core.errors import Gone
from core.models import ChainStep, EscalationChain, PolicyType, User, UserGroup

UNKNOWN = "Object does not exist"
DECLARE = "declare_incident"
NO_DECLARING = "declare_incident is not supported: it needs another product."
NO_SEVERITY = "Only declare_incident has a severity, and that is not supported."
BAD_TIME = "Time has wrong format. Use one of these formats instead: hh:mm:ssZ."
# The fields of a step by the API's words for them; `persons` has two words.
WORDS: Mapping[str, str] = {
    "duration": "duration",
    "important": "important",
    "group_to_notify": "user_group_id",
    "notify_on_call_from_schedule": "schedule_id",
    "action_to_trigger": "webhook_id",
    "notify_if_time_from": "time_from",
    "notify_if_time_to": "time_to",
    "num_alerts_in_window": "num_alerts",
    "num_minutes_in_window": "num_minutes",
}
# Either word does for both types; what is said by the second one counts if both are there.
PERSONS = ("persons_to_notify", "persons_to_notify_next_each_time")


class There(Known):
    """What a request refers to, looked up as its fields are checked.

    `kept` are ids of people whom the step names already: whoever left can be sent back, or a
    client that reads a step and writes it again could not change it.
    """

    def __init__(self, session: Session, *, kept: Collection[str] = ()) -> None:
        super().__init__(session, ())
        self.kept = kept

    def strangers(self, ids: list[str]) -> list[str]:
        """Those that are not ids of active people, nor named already."""
        rows = people.ACTIVE.where(col(User.id).in_(ids)).with_only_columns(col(User.id))
        known = set(self.session.scalars(rows)) if ids else set()
        return [each for each in ids if each not in known and each not in self.kept]

    def chain(self, said: str) -> EscalationChain | None:
        """The chain with this id; nobody else changes its steps until the transaction ends."""
        try:
            return chains.hold(self.session, said)
        except Gone:
            return None

    def group(self, said: str) -> UserGroup | None:
        """The user group with this id, ours or Slack's."""
        rows = select(UserGroup).where(
            (col(UserGroup.id) == said) | (col(UserGroup.slack_id) == said),
            col(UserGroup.gone_at).is_(None),
        )
        return self.session.scalars(rows).one_or_none()


def _type(value: Any) -> PolicyType:
    said = fields.text(value)
    if said == DECLARE:
        raise wrong(NO_DECLARING)
    if said not in set(PolicyType):
        raise wrong(f'"{said[:50]}" is not a valid choice.')
    return PolicyType(said)


def _persons(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    said = [] if value is None else fields.items(value)
    if len(said) > chain_step.MOST_PERSONS:
        raise wrong(f"{len(said)} people are too many: {chain_step.MOST_PERSONS} at most.")
    ids = list(dict.fromkeys(fields.text(each) for each in said))
    strangers = info.context.strangers(ids) if isinstance(info.context, There) else []
    if strangers:
        raise wrong(f"User {strangers[0][:50]} does not exist")
    return tuple(ids)


def _chain(said: str, info: ValidationInfo) -> Any:
    if not isinstance(info.context, There):
        return said
    found = info.context.chain(said)
    if found is None:
        raise wrong(UNKNOWN)
    return found


def _group(value: Any, info: ValidationInfo) -> str | None:
    if value in (None, ""):
        return None
    said = fields.text(value)
    if not isinstance(info.context, There):
        return said
    found = info.context.group(said)
    if found is None:
        raise wrong(UNKNOWN)
    return found.id


def _nothing_yet(value: Any) -> None:
    """Schedules and webhooks do not exist yet, so no id is that of one."""
    if value not in (None, ""):
        raise wrong(UNKNOWN)


def _time(value: Any) -> str | None:
    if value in (None, ""):
        return None
    said = fields.text(value)
    if not chain_step.is_time(said):
        raise wrong(BAD_TIME)
    return said


def _severity(value: Any) -> None:
    if value not in (None, ""):
        raise wrong(NO_SEVERITY)


def _number(least: int, most: int) -> Any:
    return BeforeValidator(
        fields.optional(lambda value: fields.whole(value, least=least, most=most))
    )


def _numbers(least: int, most: int) -> Any:
    return WithJsonSchema({"type": ["integer", "null"], "minimum": least, "maximum": most})


_TEXT = WithJsonSchema({"type": ["string", "null"]})
_NONE = WithJsonSchema({"type": ["string", "null"], "maxLength": 0})
_TIME = WithJsonSchema(
    {"type": ["string", "null"], "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"}
)
_IDS = WithJsonSchema(
    {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": chain_step.MOST_PERSONS}
)
_TYPES = {"type": ["string", "null"], "enum": [*(each.value for each in PolicyType), None]}


class StepChange(Body):
    """What is different from now on; whatever is left out stays.

    A field that the step's type has no use for is checked and then ignored.
    """

    type: Annotated[
        PolicyType | None,
        BeforeValidator(fields.optional(_type)),
        WithJsonSchema(_TYPES),
        Field(description="What the step does; null leaves it as it is."),
    ] = None
    duration: Annotated[
        int | None,
        _number(chain_step.SHORTEST, chain_step.LONGEST),
        _numbers(chain_step.SHORTEST, chain_step.LONGEST),
        Field(description="For `wait`: seconds; without them it waits 300."),
    ] = None
    # None is for what was not sent: a default would have generated clients send it.
    important: Annotated[
        bool | None,
        BeforeValidator(fields.flag),
        WithJsonSchema({"type": "boolean"}),
        Field(description="By the important rules of those who are notified."),
    ] = None
    persons_to_notify: Annotated[
        tuple[str, ...] | None,
        BeforeValidator(_persons),
        _IDS,
        Field(description="For `notify_persons`: public ids of users."),
    ] = None
    persons_to_notify_next_each_time: Annotated[
        tuple[str, ...] | None,
        BeforeValidator(_persons),
        _IDS,
        Field(
            description="For `notify_person_next_each_time`: public ids of users, in turn. "
            "`persons_to_notify` does as well."
        ),
    ] = None
    team_to_notify: Annotated[
        AnyTeam, Field(description="For `notify_team_members`: a team's id.")
    ] = None
    group_to_notify: Annotated[
        str | None,
        BeforeValidator(_group),
        _TEXT,
        Field(description="For `notify_user_group`: a user group's id; Slack's does as well."),
    ] = None
    notify_on_call_from_schedule: Annotated[
        None,
        BeforeValidator(_nothing_yet),
        _NONE,
        Field(description="A schedule's id. There are no schedules yet, so only null."),
    ] = None
    action_to_trigger: Annotated[
        None,
        BeforeValidator(_nothing_yet),
        _NONE,
        Field(description="An outgoing webhook's id. There are none yet, so only null."),
    ] = None
    notify_if_time_from: Annotated[
        str | None,
        BeforeValidator(_time),
        _TIME,
        Field(description="For `notify_if_time_from_to`: `09:00:00Z`, in UTC."),
    ] = None
    notify_if_time_to: Annotated[
        str | None,
        BeforeValidator(_time),
        _TIME,
        Field(description="For `notify_if_time_from_to`; it may be on the next day."),
    ] = None
    num_alerts_in_window: Annotated[
        int | None,
        _number(0, fields.LARGEST),
        _numbers(0, fields.LARGEST),
        Field(description="For `notify_if_num_alerts_in_window`: goes on after more alerts."),
    ] = None
    num_minutes_in_window: Annotated[
        int | None,
        _number(1, chain_step.MOST_MINUTES),
        _numbers(1, chain_step.MOST_MINUTES),
        Field(description="For `notify_if_num_alerts_in_window`: in so many minutes."),
    ] = None
    severity: Annotated[
        None,
        BeforeValidator(_severity),
        _NONE,
        Field(description="Not supported: only null."),
    ] = None
    position: Position = None
    manual_order: ManualOrder = False


class NewStep(StepChange):
    """A step for a chain."""

    escalation_chain_id: Annotated[
        Any,
        BeforeValidator(fields.text),
        AfterValidator(_chain),
        WithJsonSchema({"type": "string", "minLength": 1}),
        Field(description="Whose step it is: a chain's id."),
    ]
    type: Annotated[
        PolicyType,
        BeforeValidator(_type),
        WithJsonSchema({"type": "string", "enum": [each.value for each in PolicyType]}),
        Field(description="What the step does."),
    ]


def meant(asked: StepChange, *, now: ChainStep | None = None) -> ChainStep:
    """The step that is asked for; `now` is the one that it changes."""
    kind = asked.type or (now.type if now else None)
    if kind is None:
        raise ValueError("a new step has a type")
    sent = asked.model_fields_set
    changed = {field: getattr(asked, word) for word, field in WORDS.items() if word in sent}
    if "team_to_notify" in sent:
        changed["team_id"] = asked.team_to_notify.id if asked.team_to_notify else None
    said = [getattr(asked, word) for word in PERSONS if word in sent]
    if said:
        changed["persons"] = next(filter(None, reversed(said)), ())
    return replace(now or ChainStep(kind), type=kind, **changed)
