"""Drives the engine by hand: what is due runs now, and the clock moves when a test says so."""

from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from core import clock, engine
from core.db import Database
from core.models import Delivery, Post, PostKind, RuleType, Timer
from core.outbox import Outbox
from core.posts import Posts
from core.receipts import Job
from tests.core.fakes import Phone

ENDLESS = 300  # rounds without the clock moving; more means that work makes itself due


class Driven:
    """An engine without a scheduler: nothing happens between two calls."""

    db: Database
    channels: dict[RuleType, Phone]
    outbox: Outbox
    posts: Posts

    def forward(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass: whatever becomes due on the way happens at its own moment."""
        end = clock.now() + timedelta(hours=hours, minutes=minutes, seconds=seconds)
        self.drain()
        while (due := self.next_due()) is not None and due <= end:
            clock.forward(max(due - clock.now(), timedelta(0)))
            self.drain()
        clock.forward(max(end - clock.now(), timedelta(0)))
        self.drain()

    def skip(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass while the engine sleeps."""
        clock.forward(timedelta(minutes=minutes, seconds=seconds))

    def next_due(self) -> datetime | None:
        """When the engine has something to do next."""
        with self.db.reading() as session:
            times = [
                session.scalar(select(func.min(col(model.due_at))))
                for model in (Timer, Delivery, Post)
            ]
        return min((at for at in times if at is not None), default=None)

    def drain(self) -> None:
        """Everything that is due now, as the scheduler does it, one thing after the other."""
        for _ in range(ENDLESS):
            if not self.step():
                return
        raise AssertionError("the engine never comes to rest")

    def step(self) -> int:
        """One round; how much was done.  Slack is quick here: links are there before mails go."""
        done = 0
        with self.db.reading() as session:
            timers_are_due = engine.is_due(session)
        if timers_are_due:
            done += sum(engine.run_due_timers(self.db, self.outbox.ways))
        with self.db.reading() as session:
            posts_are_due = self.posts.is_due(session)
        if posts_are_due:
            for post in self.posts.claim(self.posts.seats):
                self.posts.publish(post)
                done += 1
        with self.db.reading() as session:
            due = self.outbox.due_channels(session)
        if due - self.channels.keys():
            self.outbox.close_unconfigured()
            done += 1
        free = {way: self.channels[way].seats for way in due & self.channels.keys()}
        for delivery in self.outbox.claim(free) if free else ():
            self.outbox.deliver(delivery)
            done += 1
        return done

    def take(self, phone: Phone) -> Job:
        """The next notice for this phone, claimed and on its way: not sent, not finished."""
        if (waiting := self.posts.claim(1)) and waiting[0].post.kind is PostKind.ALERT:
            self.posts.publish(waiting[0])  # the link
        [job] = self.outbox.claim({phone.way: 1})
        return job
