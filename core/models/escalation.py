"""Escalation chains: what happens to an alert group step by step until somebody answers."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Dialect, UniqueConstraint
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from core import clock, ids
from core.models.columns import choice


class PolicyType(StrEnum):
    """The public API's words for what a step of a chain does."""

    WAIT = "wait"
    NOTIFY_PERSONS = "notify_persons"
    NOTIFY_NEXT = "notify_person_next_each_time"
    NOTIFY_TEAM = "notify_team_members"
    NOTIFY_ON_CALL = "notify_on_call_from_schedule"
    NOTIFY_USER_GROUP = "notify_user_group"
    NOTIFY_CHANNEL = "notify_whole_channel"
    IF_TIME = "notify_if_time_from_to"
    IF_ALERTS = "notify_if_num_alerts_in_window"
    REPEAT = "repeat_escalation"
    RESOLVE = "resolve"
    TRIGGER_WEBHOOK = "trigger_webhook"

    @property
    def notifies(self) -> bool:
        """Whether it is there to page people."""
        return self in NOTIFYING

    @property
    def may_be_important(self) -> bool:
        return self.notifies and self is not PolicyType.NOTIFY_CHANNEL


NOTIFYING = frozenset(
    {
        PolicyType.NOTIFY_PERSONS,
        PolicyType.NOTIFY_NEXT,
        PolicyType.NOTIFY_TEAM,
        PolicyType.NOTIFY_ON_CALL,
        PolicyType.NOTIFY_USER_GROUP,
        PolicyType.NOTIFY_CHANNEL,
    }
)
DEFAULT_WAIT = 300  # seconds of a wait without a duration
MOST_REPEATS = 5


@dataclass(frozen=True)
class ChainStep:
    """One step of a chain; what its type has no use for is empty.

    `persons` are user ids in order, the times `HH:MM:SSZ`, `duration` seconds.
    """

    type: PolicyType
    policy_id: str = ""  # the row it was copied from
    duration: int | None = None
    important: bool = False
    persons: tuple[str, ...] = ()
    team_id: str | None = None
    user_group_id: str | None = None
    schedule_id: str | None = None
    webhook_id: str | None = None
    time_from: str | None = None
    time_to: str | None = None
    num_alerts: int | None = None
    num_minutes: int | None = None

    @property
    def wait(self) -> timedelta:
        return timedelta(seconds=self.duration or DEFAULT_WAIT)

    @property
    def is_unset(self) -> bool:
        """Whether it is a condition that was never filled in: chains pass over it."""
        if self.type is PolicyType.IF_TIME:
            return not (self.time_from and self.time_to)
        return self.type is PolicyType.IF_ALERTS and None in (self.num_alerts, self.num_minutes)

    def opens_at(self, at: datetime) -> datetime:
        """When the chain may go on after `at`: at once inside the hours of this step (UTC)."""
        begins, ends = _clock(self.time_from), _clock(self.time_to)
        now = at.timetz()
        inside = begins <= now <= ends if begins <= ends else now >= begins or now <= ends
        if inside:
            return at
        today = datetime.combine(at.date(), begins)
        return today if today > at else today + timedelta(days=1)

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value not in (None, (), "")}

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> "ChainStep":
        known = {each.name for each in fields(cls)}
        facts = {key: value for key, value in item.items() if key in known}
        persons = tuple(facts.pop("persons", ()))
        return cls(**facts | {"type": PolicyType(item["type"]), "persons": persons})


class Steps(TypeDecorator[list[ChainStep]]):
    """The steps of a chain as a JSON array.  Assign a new list to change it."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: list[ChainStep] | None, dialect: Dialect) -> Any:
        return [step.as_json() for step in value or []]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[ChainStep]:
        return [ChainStep.from_json(item) for item in value or []]


class EscalationChain(SQLModel, table=True):
    """Named steps that routes send alert groups to.  Deleting one leaves running copies alone."""

    __tablename__ = "escalation_chain"

    id: str = Field(default_factory=ids.maker("F"), primary_key=True, max_length=20)
    name: str = Field(max_length=100, unique=True)
    team_id: str | None = Field(default=None, foreign_key="team.id", max_length=20)
    created_at: datetime = Field(default_factory=clock.now)


class EscalationPolicy(SQLModel, table=True):
    """One step of a chain, in the API's word."""

    __tablename__ = "escalation_policy"
    __table_args__ = (UniqueConstraint("escalation_chain_id", "position"),)

    id: str = Field(default_factory=ids.maker("E"), primary_key=True, max_length=20)
    escalation_chain_id: str = Field(
        foreign_key="escalation_chain.id", index=True, max_length=20, ondelete="CASCADE"
    )
    position: int = 0
    type: PolicyType = Field(sa_type=choice(PolicyType))
    duration: int | None = None  # seconds, for `wait` only
    important: bool = False
    persons: list[str] = Field(default_factory=list, sa_type=JSON)
    team_id: str | None = Field(default=None, max_length=20)
    user_group_id: str | None = Field(default=None, max_length=20)
    schedule_id: str | None = Field(default=None, max_length=20)
    webhook_id: str | None = Field(default=None, max_length=20)
    time_from: str | None = Field(default=None, max_length=9)
    time_to: str | None = Field(default=None, max_length=9)
    num_alerts: int | None = None
    num_minutes: int | None = None
    # Round robin: whose turn it was last, over all alert groups.
    last_notified_id: str | None = Field(default=None, max_length=20)

    @property
    def step(self) -> ChainStep:
        return ChainStep(
            type=self.type,
            policy_id=self.id,
            duration=self.duration,
            important=self.important,
            persons=tuple(self.persons),
            team_id=self.team_id,
            user_group_id=self.user_group_id,
            schedule_id=self.schedule_id,
            webhook_id=self.webhook_id,
            time_from=self.time_from,
            time_to=self.time_to,
            num_alerts=self.num_alerts,
            num_minutes=self.num_minutes,
        )


class Ending(StrEnum):
    """How an escalation ended."""

    FINISHED = "finished"  # every step has run
    STOPPED = "stopped"  # the group was acknowledged, silenced or resolved


class Escalation(SQLModel, table=True):
    """A chain that runs for an alert group, as it was when it started (P2)."""

    alert_group_id: str = Field(foreign_key="alert_group.id", primary_key=True, max_length=20)
    chain_id: str = Field(max_length=20, index=True)  # which may be deleted meanwhile
    chain_name: str = Field(max_length=100)
    steps: list[ChainStep] = Field(sa_type=Steps)
    next_step: int = 0
    repeats: int = 0  # how often it went back to the start
    is_held: bool = False  # at a step that waits for more alerts, without an alarm
    ending: Ending | None = Field(default=None, sa_type=choice(Ending))
    started_at: datetime = Field(default_factory=clock.now)
    ended_at: datetime | None = None

    @property
    def runs(self) -> bool:
        """Whether it will still do something by itself."""
        return self.ending is None and not self.is_held

    @property
    def may_page(self) -> bool:
        """Whether it will come by itself to a step that is there to page people."""
        for step in self.steps[self.next_step :] if self.runs else ():
            if step.type.notifies:
                return True
            if step.type is PolicyType.RESOLVE:
                return False
            if step.type is PolicyType.REPEAT and self.repeats < MOST_REPEATS:
                return any(each.type.notifies for each in self.steps)
        return False


def _clock(written: str | None) -> time:
    found = time.fromisoformat(written or "00:00:00Z")
    return found if found.tzinfo else time.fromisoformat(f"{written}Z")
