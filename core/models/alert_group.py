"""Alert groups, who is paged for them, and what has happened to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel, col

from core import clock, ids
from core.models.columns import Plan, choice
from core.models.rule import Step
from core.models.user import User

TITLE_LENGTH = 500
MESSAGE_SIZE = 64 * 1024  # bytes
SOURCE_URL_LENGTH = 2_000


class State(StrEnum):
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    RESOLVED = "resolved"


class AlertGroup(SQLModel, table=True):
    """What is wrong, who said so, and who has it."""

    __tablename__ = "alert_group"

    id: str = Field(default_factory=ids.maker("I"), primary_key=True, max_length=20)
    integration_id: str = Field(foreign_key="integration.id", max_length=20)
    route_id: str = Field(foreign_key="route.id", max_length=20)
    title: str
    message: str = Field(default="", sa_type=Text)
    source_url: str | None = None  # where it is about: an issue, a dashboard
    author_id: str = Field(foreign_key="user.id", index=True, max_length=20)
    created_at: datetime = Field(default_factory=clock.now, index=True)

    state: State = Field(default=State.FIRING, sa_type=choice(State))
    acknowledged_at: datetime | None = None
    acknowledged_by_id: str | None = Field(default=None, foreign_key="user.id", max_length=20)
    silenced_at: datetime | None = None
    silenced_by_id: str | None = Field(default=None, foreign_key="user.id", max_length=20)
    silenced_until: datetime | None = None  # None while silenced: for ever
    resolved_at: datetime | None = None
    resolved_by_id: str | None = Field(default=None, foreign_key="user.id", max_length=20)
    wiped_at: datetime | None = None  # its texts were blanked for good
    deleted_at: datetime | None = None  # as wiped, and not shown any more

    # The Slack channel of the route it took, as it was then.
    route_channel: str | None = Field(default=None, max_length=20)
    # Where it was asked for in Slack.
    slack_channel: str | None = Field(default=None, max_length=20)
    slack_channel_is_private: bool = False
    response_url: str | None = None  # answers the author privately, for 30 minutes

    author: User = Relationship(
        sa_relationship_kwargs={"foreign_keys": "AlertGroup.author_id", "lazy": "raise"}
    )


# Whatever is listed is counted too: without looking at the rows, whose texts may be long.
_LISTED = (col(AlertGroup.deleted_at), col(AlertGroup.created_at), col(AlertGroup.id))
Index("alert_group_list", *_LISTED, col(AlertGroup.state))
Index("alert_group_of_integration", col(AlertGroup.integration_id), *_LISTED)
Index("alert_group_of_route", col(AlertGroup.route_id), *_LISTED)


class Outcome(StrEnum):
    """How a page ended."""

    ANSWERED = "answered"  # they acknowledged
    DECLINED = "declined"  # they said they cannot
    UNPAGED = "unpaged"  # somebody took them off
    STOPPED = "stopped"  # the group was acknowledged by another, silenced or resolved
    EXHAUSTED = "exhausted"  # every step has run, nobody answered


class Page(SQLModel, table=True):
    """One user asked to look at one alert group; remembers how far their plan has run."""

    __table_args__ = (UniqueConstraint("alert_group_id", "user_id"),)

    id: str = Field(default_factory=ids.maker("P"), primary_key=True, max_length=20)
    alert_group_id: str = Field(foreign_key="alert_group.id", index=True, max_length=20)
    user_id: str = Field(foreign_key="user.id", index=True, max_length=20)
    paged_by_id: str = Field(foreign_key="user.id", max_length=20)
    important: bool = False
    by_chain: bool = False  # made by a step of an escalation chain, and by nobody since
    plan: list[Step] = Field(sa_type=Plan)  # fixed when the page is made (P2)
    fallback: list[Step] = Field(default_factory=list, sa_type=Plan)  # if all of that fails (P1)
    fell_back: bool = False
    run: int = 1  # raised at each restart; work of an older run does nothing
    next_step: int = 0
    outcome: Outcome | None = Field(default=None, sa_type=choice(Outcome))
    started_at: datetime = Field(default_factory=clock.now)
    ended_at: datetime | None = None

    alert_group: AlertGroup = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    user: User = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Page.user_id", "lazy": "raise"}
    )

    @property
    def wanted(self) -> bool:
        """Whether this person is still to be notified."""
        return self.outcome is None

    @property
    def steps(self) -> list[Step]:
        """What runs: the plan, and after it the fallback once that was needed."""
        return self.plan + self.fallback if self.fell_back else self.plan

    @property
    def is_through(self) -> bool:
        """Whether nothing is left to start.  Waits at the end of a plan wait for nothing."""
        return all(step.is_wait for step in self.steps[self.next_step :])


class Event(StrEnum):
    """What a log record tells."""

    OPENED = "opened"
    CHAIN_STARTED = "chain_started"
    STEPPED = "stepped"  # a step of the chain ran
    CHAIN_ENDED = "chain_ended"
    PAGED = "paged"
    RAISED = "raised"  # default to important while it ran
    RESTARTED = "restarted"
    UNPAGED = "unpaged"
    DECLINED = "declined"
    SENT = "sent"
    FAILED = "failed"
    FELL_BACK = "fell_back"
    UNREACHABLE = "unreachable"
    EXHAUSTED = "exhausted"
    UNANSWERED = "unanswered"  # no page is left running
    ACKNOWLEDGED = "acknowledged"
    JOINED = "joined"
    UNACKNOWLEDGED = "unacknowledged"
    SILENCED = "silenced"
    UNSILENCED = "unsilenced"
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    NOTED = "noted"  # somebody wrote a resolution note
    WIPED = "wiped"
    DELETED = "deleted"


class LogRecord(SQLModel, table=True):
    """One line of an alert group's story.  `id` gives the order within a group."""

    __tablename__ = "log_record"

    id: int | None = Field(default=None, primary_key=True)
    alert_group_id: str = Field(foreign_key="alert_group.id", max_length=20)
    event: Event = Field(sa_type=choice(Event))
    at: datetime = Field(default_factory=clock.now)
    by_id: str | None = Field(default=None, foreign_key="user.id", max_length=20)
    user_id: str | None = Field(default=None, foreign_key="user.id", max_length=20)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


Index("log_record_story", col(LogRecord.alert_group_id), col(LogRecord.id))
