"""APScheduler as the alarm clock: a tick each second, a nudge after commits, threads to send with.

It holds no state that matters: everything is in the database, and this only looks.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from time import monotonic, sleep
from uuid import UUID

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.background import BackgroundScheduler

from core import db, engine, queue
from core.db import Database
from core.models import Delivery, Post, Purpose, RuleType
from core.outbox import Outbox
from core.posts import Posts
from core.workers import Lane

logger = logging.getLogger(__name__)

TICK = 1  # second between looks when nobody nudges
# Seconds between looks while everybody nudges, as long as the last one took: those who page
# want to get on too, but nobody's page waits long for it.
BREATH, LONGEST_BREATH = 0.01, 0.1
FEW = 2  # posts under way at once while pages keep coming: those go first (P13)


class Scheduler:
    """Runs the engine of this process.  Any number of processes may run one each."""

    def __init__(
        self, database: Database, outbox: Outbox, posts: Posts | None, seats: dict[RuleType, int]
    ) -> None:
        """`seats` per channel; without `posts` nothing is shown in Slack."""
        self._db = database
        self._outbox = outbox
        self._posts = posts
        self._lanes = {way: Lane(way.value, n, self.nudge) for way, n in seats.items()}
        self._post_lane = Lane("posts", posts.seats, self.nudge) if posts else None
        self._nudged = threading.Event()
        self._stopping = False
        self._ticking = threading.Lock()
        self._database_is_away = False
        self._jobs = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        # A nudge while a tick runs is no news: the tick goes round again.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        # Two: a nudge that comes when a tick has looked for the last time starts the next,
        # which waits for the first to end.
        self._jobs.add_job(self._tick, "interval", seconds=TICK, id="tick", max_instances=2)
        self._jobs.add_job(self._renew, "interval", seconds=queue.RENEW_EVERY.total_seconds())
        self._jobs.start()
        self._db.on_due = self.nudge
        self._nudged.clear()
        self.nudge()

    def every(self, seconds: float, work: Callable[[], None], name: str) -> None:
        """Also do this regularly, first after `seconds`."""
        self._jobs.add_job(work, "interval", seconds=seconds, id=name)

    def nudge(self) -> None:
        """There is work now: do not wait for the next tick."""
        if self._nudged.is_set():
            return  # a look is about to begin, and will see it
        self._nudged.set()
        if self._stopping:
            return
        with suppress(JobLookupError, SchedulerNotRunningError):  # before the start, after the end
            self._jobs.modify_job("tick", next_run_time=datetime.now(UTC))

    def pause(self) -> None:
        """Start nothing new; what runs goes on, and keeps its lease."""
        self._stopping = True
        with self._ticking:  # the tick that runs now is the last to start anything
            if self._jobs.running and self._jobs.get_job("tick"):
                self._jobs.remove_job("tick")

    def stop(self, timeout: float = 10.0) -> None:
        """Start nothing new, let what runs end within `timeout` seconds, hand back the rest."""
        self.pause()
        deadline = datetime.now(UTC).timestamp() + timeout
        for lane in self._all_lanes():
            lane.wait_idle(max(deadline - datetime.now(UTC).timestamp(), 0))
        if self._jobs.running:
            self._jobs.shutdown(wait=True)
        for model, lanes in self._by_model():
            left = _held(lanes)
            if left:
                logger.warning("%s sends did not end in time and will be repeated", len(left))
                with suppress(*db.UNAVAILABLE), self._db.transaction() as session:
                    queue.release(session, model, left)
        for lane in self._all_lanes():
            lane.close()

    def _tick(self) -> None:
        """Look until nobody has nudged meanwhile."""
        with self._ticking:
            while not self._stopping:
                self._nudged.clear()
                begun = monotonic()
                try:
                    self.look()
                except Exception as error:  # noqa: BLE001  the clock must live, come what may
                    self._complain(error)
                    return
                if self._database_is_away:
                    logger.warning("the database answers again")
                    self._database_is_away = False
                if not self._nudged.is_set():
                    return
                sleep(min(max(BREATH, monotonic() - begun), LONGEST_BREATH))

    def look(self) -> None:
        """One pass: handle what is due, give what is to be sent to free seats."""
        with self._db.reading() as session:
            timers_are_due = engine.is_due(session)
        if timers_are_due:
            for _ in engine.run_due_timers(self._db, self._outbox.ways):
                self._dispatch()
        self._dispatch()

    def _dispatch(self) -> None:
        """Give what is due to free seats, pages first."""
        with self._db.reading() as session:
            due = self._outbox.due_channels(session)
            posts_are_due = self._posts is not None and self._posts.is_due(session)
        if due - self._lanes.keys():
            self._outbox.close_unconfigured()
        free = {way: lane.free for way, lane in self._lanes.items() if way in due and lane.free}
        busy = [row for lane in self._lanes.values() for row in lane.rows]
        for way in free:  # a seat that becomes free from here on is not lost
            self._lanes[way].has_more = True
        jobs = self._outbox.claim(free, busy) if free else []
        for job in jobs:
            lane = self._lanes[job.delivery.channel]
            _start(lane, job.delivery, partial(self._outbox.deliver, job))
        for way, seats in free.items():
            self._lanes[way].has_more = sum(x.delivery.channel is way for x in jobs) >= seats
        if posts_are_due:
            self._dispatch_posts(few=any(job.delivery.purpose is Purpose.PAGE for job in jobs))

    def _dispatch_posts(self, *, few: bool) -> None:
        if self._posts is None or self._post_lane is None:
            return
        lane = self._post_lane
        lane.has_more = True
        seats, busy = lane.free, lane.rows
        if few:
            seats = min(seats, FEW - len(busy))
        if seats > 0:
            jobs = self._posts.claim(seats, busy)
            for job in jobs:
                _start(lane, job.post, partial(self._posts.publish, job))
            lane.has_more = len(jobs) >= seats

    def _renew(self) -> None:
        held = [(model, _held(lanes)) for model, lanes in self._by_model()]
        if not any(rows for _, rows in held):
            return
        try:
            with self._db.transaction() as session:
                for model, rows in held:
                    queue.renew(session, model, rows)
        except Exception as error:  # noqa: BLE001  next time, or the lease ends and the work is done again
            self._complain(error)

    def _by_model(self) -> list[tuple[type[Delivery] | type[Post], list[Lane]]]:
        return [
            (Delivery, list(self._lanes.values())),
            (Post, [self._post_lane] if self._post_lane else []),
        ]

    def _all_lanes(self) -> list[Lane]:
        return [lane for _, lanes in self._by_model() for lane in lanes]

    def _complain(self, error: Exception) -> None:
        if not db.is_unavailable(error):
            logger.exception("tick failed, next one in %s s", TICK)
        elif not self._database_is_away:
            self._database_is_away = True
            logger.error("the database does not answer (%s); trying each second", db.reason(error))


def _held(lanes: list[Lane]) -> dict[int, UUID]:
    return {row: lease for lane in lanes for row, lease in lane.held.items()}


def _start(lane: Lane, row: Delivery | Post, work: Callable[[], None]) -> None:
    if row.id is None or row.lease is None:
        raise ValueError("only a claimed row can be worked on")
    lane.start(row.id, row.lease, work)
