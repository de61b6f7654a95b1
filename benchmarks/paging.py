"""How fast a page gets from the submit to its channels, and what waiting work costs."""

import statistics
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import col

from core import clock, migrations, paging, reports
from core.channels import Notice
from core.channels.publisher import Published
from core.db import Database
from core.models import AlertGroup, Purpose, RuleType, Timer, TimerKind, User
from core.outbox import Outbox
from core.pages import Responder
from core.posts import Posts
from core.scheduler import Scheduler
from core.story import Line, Story

SEATS = 32
SUBMITTERS = 20  # as many threads as the bot has for what people do
PAUSE = 0.2  # seconds between pages one at a time
LONG = 30.0  # seconds after which a figure counts as never


@dataclass
class RecordingChannel:
    """Takes a while, and notes when each notice was handed to it."""

    takes: float
    seats: int = SEATS
    handed: list[tuple[str, float]] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def send(self, notice: Notice) -> dict[str, Any]:
        if notice.purpose is Purpose.PAGE:
            with self.arrived:
                self.handed.append((notice.alert_group_id, perf_counter()))
                self.arrived.notify_all()
        sleep(self.takes)
        return {"slack_channel": f"D{notice.delivery_id}", "ts": f"{notice.delivery_id}.0"}

    def wait(self, count: int) -> None:
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.handed) >= count, LONG):
                raise TimeoutError(f"{len(self.handed)} of {count} were handed over")


@dataclass
class QuickPublisher:
    """Slack's side of the posts, answering in 50 ms."""

    takes: float = 0.05
    seats: int = 8

    def post_alert(self, story: Story, slack_channel: str) -> Published:
        sleep(self.takes)
        return Published(slack_channel, f"{story.id}.0", "https://example.com/p")

    def update_alert(self, _story: Story, _slack_channel: str, _ts: str) -> str | None:
        sleep(self.takes)
        return None

    def post_lines(
        self, _story: Story, lines: Sequence[Line], _slack_channel: str, _ts: str
    ) -> int:
        sleep(self.takes)
        return lines[-1].id

    def update_direct(self, _story: Story, _page: str, _slack_channel: str, _ts: str) -> None:
        sleep(self.takes)

    def is_public(self, _slack_channel: str) -> bool:
        return True


@dataclass
class Rig:
    """A database on disk with people in it, and an engine running on it."""

    db: Database
    channel: RecordingChannel
    scheduler: Scheduler
    users: list[User]

    def submit(self, people: int) -> tuple[AlertGroup, float]:
        """Page that many people; the group, and the seconds until it was committed."""
        begin = perf_counter()
        with self.db.transaction() as session:
            group = paging.escalate(
                session,
                reports.typed("db is down\nreplica 2 does not answer"),
                [Responder(user) for user in self.users[1 : people + 1]],
                by=self.users[0],
                ways={RuleType.SLACK},
                origin=paging.Origin("C0123456789"),
            ).group
        return group, perf_counter() - begin


@contextmanager
def rig(folder: Path, *, takes: float, people: int = 5) -> Iterator[Rig]:
    db = Database(f"sqlite:///{folder / 'bench.db'}", threads=SEATS + SUBMITTERS + 10)
    migrations.upgrade(db)
    with db.transaction() as session:
        users = [
            User(slack_user_id=f"U{n}", name=f"Person {n}", email=f"{n}@example.com")
            for n in range(people)
        ]
        session.add_all(users)
    channel = RecordingChannel(takes)
    scheduler = Scheduler(
        db,
        Outbox(db, {RuleType.SLACK: channel}),
        Posts(db, QuickPublisher(max(takes, 0.05))),
        {RuleType.SLACK: SEATS},
    )
    scheduler.start()
    try:
        yield Rig(db, channel, scheduler, users)
    finally:
        scheduler.stop()
        db.close()


def idle(folder: Path, rounds: int = 100, people: int = 4) -> dict[str, float]:
    """One page at a time, in seconds; the posts of those before are still under way."""
    commits, handovers = [], []
    with rig(folder, takes=0.05) as bench:
        for number in range(rounds + 1):
            sleep(PAUSE)
            before = perf_counter()
            _, took = bench.submit(people)
            bench.channel.wait(number * people + 1)
            if number:  # the first one fills the caches
                commits.append(took)
                handovers.append(bench.channel.handed[number * people][1] - before - took)
            bench.channel.wait((number + 1) * people)
    return {
        "submit to commit, p50": statistics.median(commits),
        "commit to channel, p50": statistics.median(handovers),
        "commit to channel, p99": statistics.quantiles(handovers, n=100)[98],
    }


def burst(folder: Path, pages: int = 100, people: int = 4) -> dict[str, float]:
    """Everybody pages at once: seconds from the first submit until all are handed over."""
    with rig(folder, takes=0.05, people=people + 1) as bench:
        begin = perf_counter()
        with ThreadPoolExecutor(SUBMITTERS) as submitters:
            for future in [submitters.submit(bench.submit, people) for _ in range(pages)]:
                future.result()
        bench.channel.wait(pages * people)
        return {"burst": bench.channel.handed[-1][1] - begin}


def waiting(folder: Path, timers: int = 100_000) -> dict[str, float]:
    """What that many waiting timers cost a tick, and how soon one that falls due is seen."""
    with rig(folder, takes=0.0) as bench:
        group, _ = bench.submit(1)
        bench.channel.wait(1)
        later = clock.now() + timedelta(days=1)
        with bench.db.transaction() as session:
            rows = [
                {
                    "kind": TimerKind.UNSILENCE,
                    "subject_id": f"I{number}",
                    "alert_group_id": group.id,
                    "due_at": later,
                    "attempts": 0,
                }
                for number in range(timers)
            ]
            session.execute(insert(Timer), rows)
        sleep(1.5)  # whatever the insert woke is over
        ticks = []
        for _ in range(50):
            begin = perf_counter()
            bench.scheduler.look()
            ticks.append(perf_counter() - begin)
        with bench.db.transaction() as session:  # nobody nudges: as another process would
            session.execute(
                update(Timer)
                .where(col(Timer.subject_id) == "I7")
                .values(due_at=clock.now(), lease=None)
            )
        begin = perf_counter()
        while perf_counter() - begin < LONG:
            with bench.db.reading() as session:
                if session.query(Timer).filter_by(subject_id="I7").one().due_at is None:
                    break
            sleep(0.005)
    return {
        "tick": statistics.median(ticks),
        "due to picked up": perf_counter() - begin,
    }
