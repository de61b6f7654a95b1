"""A frozen picture of an alert group, to be shown after the session is closed.  Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.chain_standing import ChainStanding, PagedTeam
from core.models import DeliveryOutcome, Event, Outcome, RuleType, State, Step


@dataclass(frozen=True)
class Person:
    """Somebody in the story."""

    id: str
    name: str
    slack_user_id: str | None
    timezone: str


@dataclass(frozen=True)
class Attempt:
    """One notification of a page's present run."""

    way: RuleType
    outcome: DeliveryOutcome | None  # None: on its way, or being tried again
    at: datetime  # when it went out, else when it was made
    reason: str | None = None
    paused_until: datetime | None = None


@dataclass(frozen=True)
class Next:
    """What comes next for somebody who does not answer."""

    at: datetime
    way: RuleType | None  # None: then they count as not having answered


@dataclass(frozen=True)
class Responder:
    """Somebody who was paged, and how that stands."""

    page_id: str
    person: Person
    paged_by: Person
    important: bool
    outcome: Outcome | None  # None: being paged
    steps: tuple[Step, ...]
    attempts: tuple[Attempt, ...]
    next: Next | None
    ended_at: datetime | None
    by_chain: bool = False  # rather than by a person


@dataclass(frozen=True)
class Line:
    """One log record.  `detail` holds what `log.record` was given for the event."""

    id: int
    event: Event
    at: datetime
    by: Person | None
    user: Person | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class Story:
    """An alert group with everybody and everything that belongs to it.

    `link` leads to the alert message and may be shown to everybody only when
    `is_public`.
    """

    id: str
    title: str
    message: str
    state: State
    author: Person
    created_at: datetime
    holder: Person | None  # who acknowledged, silenced or resolved it
    since: datetime  # when it came into this state
    silenced_until: datetime | None
    responders: tuple[Responder, ...]
    link: str | None = None
    is_public: bool = False
    slack_channel: str | None = None  # where the alert message is
    ts: str | None = None
    refusal: str | None = None  # why it is not where it was asked for
    source_url: str | None = None
    is_wiped: bool = False  # title and message are empty
    is_deleted: bool = False
    removed_by: Person | None = None  # who wiped or deleted it
    team: PagedTeam | None = None
    chain: ChainStanding | None = None

    def responder(self, page_id: str | None) -> Responder | None:
        return next((r for r in self.responders if r.page_id == page_id), None)

    def link_for(self, person: Person | None) -> str | None:
        """The link, if this reader can open it."""
        mine = person is not None and person.id == self.author.id
        return self.link if self.is_public or mine else None
