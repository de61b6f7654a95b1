"""The engine's work: timers to look at, deliveries to send, Slack posts to keep true."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from core import clock
from core.models.columns import choice
from core.models.rule import RuleType
from core.queue import Claimable


class TimerKind(StrEnum):
    PAGE = "page"  # subject: a page whose next steps are due
    UNSILENCE = "unsilence"  # subject: an alert group whose silence ends
    ESCALATION = "escalation"  # subject: an alert group whose chain goes on


class Timer(Claimable, table=True):
    """ "Look at this again at `due_at`".  It carries no arguments: the handler looks."""

    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    kind: TimerKind = Field(sa_type=choice(TimerKind))
    subject_id: str = Field(max_length=20)
    alert_group_id: str = Field(foreign_key="alert_group.id", index=True, max_length=20)


class Purpose(StrEnum):
    """Why somebody is told something."""

    PAGE = "page"
    POSTED = "posted"  # tells the author where the alert is
    UNANSWERED = "unanswered"  # tells the author that nobody is being paged any more


class DeliveryOutcome(StrEnum):
    SENT = "sent"
    FAILED = "failed"
    STOPPED = "stopped"  # not wanted any more before it went out


STUCK_AFTER = 4  # failed attempts (about 18 seconds) before other ways are tried beside it


class Delivery(Claimable, table=True):
    """One notice to one address: an outbox row before the send, a receipt after it."""

    __table_args__ = (UniqueConstraint("page_id", "run", "step", "address"),)

    alert_group_id: str = Field(foreign_key="alert_group.id", index=True, max_length=20)
    purpose: Purpose = Field(default=Purpose.PAGE, sa_type=choice(Purpose))
    user_id: str = Field(foreign_key="user.id", max_length=20)
    channel: RuleType = Field(sa_type=choice(RuleType))
    address: str
    page_id: str | None = Field(default=None, foreign_key="page.id", index=True, max_length=20)
    run: int = 0
    step: int = 0
    created_at: datetime = Field(default_factory=clock.now)
    paused_until: datetime | None = None  # their Slack holds notifications back until then
    outcome: DeliveryOutcome | None = Field(default=None, sa_type=choice(DeliveryOutcome))
    reason: str | None = None  # why it failed, or the last attempt did, in words
    sent_at: datetime | None = None
    receipt: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)

    @property
    def is_stuck(self) -> bool:
        """Whether it is not getting through, though it is still being tried."""
        return self.outcome is None and self.reason is not None and self.attempts >= STUCK_AFTER


class PostKind(StrEnum):
    ALERT = "alert"  # the alert message with its buttons
    THREAD = "thread"  # the log under it
    DIRECT = "direct"  # a responder's direct message, which follows the state too


class Place(StrEnum):
    """Where the alert message goes, in the order in which places are tried (P12)."""

    ROUTE = "route"  # the Slack channel of the route it took: the team's
    ASKED = "asked"  # where the command was typed
    DEFAULT = "default"  # TOCSIN_DEFAULT_CHANNEL
    AUTHOR = "author"  # a direct message with whoever asked


class Post(Claimable, table=True):
    """Something in Slack that is kept true to an alert group."""

    alert_group_id: str = Field(foreign_key="alert_group.id", index=True, max_length=20)
    kind: PostKind = Field(sa_type=choice(PostKind))
    revision: int = 1  # raised when there is something new to show, also while it is sent
    created_at: datetime = Field(default_factory=clock.now)
    slack_channel: str | None = Field(default=None, max_length=20)
    ts: str | None = None
    place: Place | None = Field(default=None, sa_type=choice(Place))
    is_public: bool = False  # for Place.DEFAULT: whether everybody may read that channel
    permalink: str | None = None
    page_id: str | None = Field(default=None, foreign_key="page.id", max_length=20)
    told_up_to: int = 0  # a thread: the last log record posted
    moves: int = 0  # how often the alert message had to be posted anew
    refusal: str | None = None  # why the place asked for could not be used
    problem: str | None = None  # why it was given up
