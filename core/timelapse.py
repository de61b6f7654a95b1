"""Makes the plan's time run faster, stand still or leap while pages run, for trying Tocsin out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from threading import Lock

from sqlmodel import Session, col, select

from core import alert_groups, clock, queue
from core.course import Course
from core.db import Database
from core.errors import Invalid
from core.models import Escalation, Page, RuleType, Step, Timer, TimerKind, User

SLOWEST, FASTEST = 0.1, 3600.0
ONE_STEP = timedelta(seconds=1)  # of the plan: what comes so close together counts as one step
WORDS = {RuleType.EMAIL: "e-mail", RuleType.SLACK: "Slack"}

Waiting = Sequence[Timer]


@dataclass(frozen=True)
class Lapse:
    """How the time stands.  `now` is what messages say, `next_in` is the plan's time.

    `next_what` is empty if nothing waits.
    """

    now: datetime
    speed: float  # when it runs
    paused: bool
    next_in: timedelta | None = None
    next_what: str = ""


class Timelapse:
    """Each change moves everything that waits, so that as much of its wait is left as before.

    There must be one of it at most.  Deliveries and posts are never moved: a retry, a
    lease and what a server asks for pass in real time.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._speed = clock.speed()
        self._changing = Lock()

    def look(self) -> Lapse:
        with self._changing, self._db.reading() as session:
            course, now = clock.course(), clock.now()
            lapse = Lapse(now, self._speed, course.speed == 0)
            first = next(iter(_waiting(session, now)), None)
            if first is None or first.due_at is None:
                return lapse
            left = course.plan(first.due_at) - course.plan(now)
            return Lapse(now, lapse.speed, lapse.paused, left, _what(session, first))

    def set_speed(self, speed: float) -> None:
        """Also while it is paused: it resumes at this speed then.  Raises Invalid."""
        if not SLOWEST <= speed <= FASTEST:
            raise Invalid(f"The speed can be {SLOWEST:g} to {FASTEST:g}.", field="speed")
        with self._changing:
            if clock.speed():
                self._change(lambda course, now, _: course.changed(now, speed))
            self._speed = speed

    def pause(self) -> None:
        """What is due goes out; nothing else becomes due."""
        with self._changing:
            if clock.speed():
                self._change(lambda course, now, _: course.changed(now, 0))

    def resume(self) -> None:
        with self._changing:
            if not clock.speed():
                self._change(lambda course, now, _: course.changed(now, self._speed))

    def jump(self) -> None:
        """To the next step, if anything waits; a time that stands still stands still there."""
        with self._changing:
            self._change(_to_the_next_step)

    def _change(self, new: Callable[[Course, datetime, Waiting], Course]) -> None:
        """Put another course in force, and move what waits onto it.

        Whoever writes a wait down works it out inside its transaction.  On SQLite there
        is one transaction at a time, and this one lasts, for this process, until the new
        course is in force: so every wait is either there to be moved or worked out by the
        new course.  Should the commit fail, neither the rows nor the course have changed.
        On PostgreSQL a wait that is written at this very moment could keep to the old
        course; the sandbox, the only place where this is used, runs on SQLite.
        """
        with self._db.transaction() as session:
            groups = {timer.alert_group_id for timer in _waiting(session, clock.now())}
            held = alert_groups.lock_all(session, groups)
            course, now = clock.course(), clock.now()
            waiting = _waiting(session, now, lock=True)
            changed = new(course, now, waiting)

            def moved(at: datetime) -> datetime:
                return changed.real(course.plan(at))

            for timer in waiting:
                timer.due_at = moved(timer.due_at) if timer.due_at else None
            for group in held.values():
                if group.silenced_until is not None and group.silenced_until > now:
                    group.silenced_until = moved(group.silenced_until)
            queue.make_due(session)
            session.commit()  # here, where no other writer of this process can come between
            clock.follow(changed)


def _to_the_next_step(course: Course, now: datetime, waiting: Waiting) -> Course:
    if not waiting or waiting[0].due_at is None:
        return course
    return course.leapt(now, course.plan(waiting[0].due_at) + ONE_STEP)


def _waiting(session: Session, now: datetime, *, lock: bool = False) -> Waiting:
    """The timers that wait for their time, the first one first.

    A timer under a lease is being handled: its `due_at` is the end of the lease.
    """
    timers = (
        select(Timer)
        .where(col(Timer.due_at) > now, col(Timer.lease).is_(None))
        .order_by(col(Timer.due_at), col(Timer.id))
        .execution_options(populate_existing=True)
    )
    return session.scalars(timers.with_for_update() if lock else timers).all()


def _what(session: Session, timer: Timer) -> str:
    """What happens when it is due if nobody does anything: `bob: e-mail`."""
    if timer.kind is TimerKind.UNSILENCE:
        return "silence ends"
    if timer.kind is TimerKind.ESCALATION:
        chain = session.get_one(Escalation, timer.subject_id)
        step, steps = chain.next_step + 1, len(chain.steps)
        ends = step > steps
        return "escalation chain ends" if ends else f"escalation chain: step {step} of {steps}"
    page = session.get_one(Page, timer.subject_id)
    left = page.steps[page.next_step :]
    name = session.get_one(User, page.user_id).name
    if all(step.is_wait for step in left):
        return f"{name}: no answer, page ends"
    ways = [_word(step) for step in takewhile(lambda step: not step.is_wait, left)]
    return f"{name}: {', '.join(ways) or 'the next wait begins'}"


def _word(step: Step) -> str:
    return WORDS.get(step.type, step.type.value.removeprefix("notify_by_").replace("_", " "))
