"""A small world to tell stories in: people with phones, a chat, and a clock that can be moved."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from core import alert_groups, clock, lifecycle, paging, people, reports, rules, telling
from core.db import Database
from core.models import (
    AlertGroup,
    Delivery,
    Outcome,
    Page,
    Purpose,
    RuleType,
    State,
    User,
)
from core.outbox import Outbox
from core.pages import Effect
from core.paging import Origin
from core.posts import Posts
from core.story import Story
from tests.core.asking import asked_once, responders
from tests.core.driven import Driven
from tests.core.fakes import Board, Phone
from tests.core.words import step_word, tell

INCIDENTS = "C1INCIDENTS"
DEFAULT = "C2DEFAULT"


class World(Driven):
    """The engine with fakes only where a phone would ring or Slack would show something."""

    def __init__(self, database: Database, *, default_channel: str | None = DEFAULT) -> None:
        self.db = database
        self.sms = Phone(RuleType.SMS)
        self.phone = Phone(RuleType.PHONE_CALL)
        self.email = Phone(RuleType.EMAIL)
        self.slack = Phone(RuleType.SLACK)
        self.board = Board()
        self.channels = {x.way: x for x in (self.slack, self.sms, self.phone, self.email)}
        self.outbox = Outbox(database, self.channels)
        self.posts = Posts(database, self.board, default_channel=default_channel)
        clock.hold()
        self.alice = self.user("alice")

    def user(
        self, name: str, *steps: str | int | timedelta, lacks: Iterable[str] = (), **facts: Any
    ) -> User:
        """Somebody with default rules (ways, and minutes to wait) and every address but some."""
        user = User(
            name=name,
            username=name,
            slack_user_id=f"U{name.upper()}",
            email=f"{name}@example.com",
        )
        for fact, value in facts.items():
            setattr(user, fact, value)
        missing = set(lacks)
        if "slack" in missing:
            user.slack_user_id = None
        if "email" in missing:
            user.email = None
        with self.db.transaction() as session:
            session.add(user)
            session.flush()
            for word, way in (("sms", RuleType.SMS), ("phone", RuleType.PHONE_CALL)):
                if word not in missing:
                    people.set_address(session, user, way, f"{word}:{name}")
        self.rules(user, *steps)
        return user

    def rules(self, user: User, *steps: str | int | timedelta, important: bool = False) -> None:
        text = ", ".join(step_word(step) for step in steps)
        with self.db.transaction() as session:
            rules.replace(session, user, rules.parse(text), important=important)

    def change(self, user: User, **facts: Any) -> None:
        with self.db.transaction() as session:
            found = session.get_one(User, user.id)
            for fact, value in facts.items():
                setattr(found, fact, value)

    def unplug(self, *phones: Phone) -> None:
        """This installation has no such channel."""
        for phone in phones:
            del self.channels[phone.way]

    def escalate(
        self,
        message: str = "db down",
        *,
        to: Iterable[User],
        important: Iterable[User] = (),
        by: User | None = None,
        origin: Origin | None = Origin(INCIDENTS, response_url=None),  # noqa: B008  it is frozen
        key: str | None = None,
        drain: bool = True,
    ) -> AlertGroup:
        with self.db.transaction() as session:
            wanted = responders(session, to, important)
            group = paging.escalate(
                session,
                reports.typed(message),
                wanted,
                by=by or self.alice,
                ways=self.outbox.ways,
                origin=origin,
                asked=asked_once(key, message, wanted),
            ).group
        if drain:
            self.drain()
        return group

    def page(
        self,
        group: AlertGroup,
        *users: User,
        by: User | None = None,
        important: Iterable[User] = (),
        key: str | None = None,
    ) -> dict[str, Effect]:
        """Page more people; what that did, by name."""
        with self.db.transaction() as session:
            wanted = responders(session, users, important)
            held = alert_groups.lock(session, group.id)
            effects = paging.page(
                session,
                held,
                wanted,
                by=by or self.alice,
                ways=self.outbox.ways,
                asked=asked_once(key, group.id, wanted),
            )
        self.drain()
        return {responder.user.name: effects[responder.user.id] for responder in wanted}

    def unpage(self, group: AlertGroup, user: User, by: User | None = None) -> bool:
        with self.db.transaction() as session:
            held = alert_groups.lock(session, group.id)
            changed = paging.unpage(session, held, user, by=by or self.alice)
        self.drain()
        return changed

    def ack(self, group: AlertGroup, by: User, *, drain: bool = True) -> str | None:
        return self._act(lifecycle.acknowledge, group, by, drain=drain)

    def unack(self, group: AlertGroup, by: User, *, drain: bool = True) -> str | None:
        return self._act(lifecycle.unacknowledge, group, by, drain=drain)

    def silence(
        self,
        group: AlertGroup,
        by: User,
        seconds: int = lifecycle.FOREVER,
        *,
        drain: bool = True,
    ) -> str | None:
        return self._act(lifecycle.silence, group, by, drain=drain, seconds=seconds)

    def unsilence(self, group: AlertGroup, by: User, *, drain: bool = True) -> str | None:
        return self._act(lifecycle.unsilence, group, by, drain=drain)

    def resolve(self, group: AlertGroup, by: User, *, drain: bool = True) -> str | None:
        return self._act(lifecycle.resolve, group, by, drain=drain)

    def unresolve(self, group: AlertGroup, by: User) -> str | None:
        return self._act(lifecycle.unresolve, group, by)

    def decline(self, group: AlertGroup, by: User) -> str | None:
        return self._act(lifecycle.decline, group, by)

    def _act(
        self, action: Any, group: AlertGroup, by: User, *, drain: bool = True, **how: Any
    ) -> str | None:
        with self.db.transaction() as session:
            held = alert_groups.lock(session, group.id)
            said: str | None = action(session, held, by=by, **how)
        if drain:
            self.drain()
        return said

    def read(self, group: AlertGroup) -> AlertGroup:
        with self.db.reading() as session:
            return session.get_one(AlertGroup, group.id)

    def state(self, group: AlertGroup) -> State:
        return self.read(group).state

    def page_of(self, group: AlertGroup, user: User) -> Page:
        with self.db.reading() as session:
            page = alert_groups.page_of(session, group, user)
        assert page is not None
        return page

    def outcome(self, group: AlertGroup, user: User) -> Outcome | None:
        return self.page_of(group, user).outcome

    def story(self, group: AlertGroup) -> Story:
        with self.db.reading() as session:
            return telling.tell(session, session.get_one(AlertGroup, group.id))

    def log(self, group: AlertGroup) -> list[str]:
        """What happened, a line each: `sent ana sms`, `acknowledged by ana`."""
        with self.db.reading() as session:
            held = session.get_one(AlertGroup, group.id)
            return [tell(line) for line in telling.lines_after(session, held, 0, limit=10_000)]

    def thread(self, group: AlertGroup) -> list[str]:
        """What the thread under the alert message says, in the same words."""
        self.forward(seconds=3)  # lines are gathered a moment before they are posted
        return [tell(line) for line in self.board.message(group.id).thread]

    def shown(self, group: AlertGroup) -> Story:
        """The alert message as people see it."""
        self.forward(seconds=3)
        return self.board.message(group.id).story

    def deliveries(self, group: AlertGroup) -> list[Delivery]:
        with self.db.reading() as session:
            return list(
                session.scalars(
                    select(Delivery)
                    .where(Delivery.alert_group_id == group.id, Delivery.purpose == Purpose.PAGE)
                    .order_by(col(Delivery.id))
                )
            )

    def session(self) -> Any:
        return self.db.transaction()
