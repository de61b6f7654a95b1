"""How the plan's time runs against real time: at some speed, which may change, pause and leap."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = timedelta(days=1_000)  # what waits while the time stands still is due so much later


@dataclass(frozen=True)
class Leg:
    """From `start` on, which is `plan` in the plan's time, it runs at `speed`; 0 stands still."""

    start: datetime
    plan: datetime
    speed: float


@dataclass(frozen=True)
class Course:
    """The legs so far, in order.  The first also counts for what was before it.

    Nobody knows when a time that stands still will go on.  What is to come then is `FAR`
    away, in the right order, and the way back from there is exact.
    """

    legs: tuple[Leg, ...]

    @classmethod
    def steady(cls, speed: float, at: datetime = EPOCH) -> "Course":
        """One speed for ever; the plan's time and real time are the same `at` that moment."""
        return cls((Leg(at, at, speed),))

    @property
    def speed(self) -> float:
        return self.legs[-1].speed

    def after(self, start: datetime, wait: timedelta) -> datetime:
        """When a wait that began at `start` ends."""
        last = self.legs[-1]
        if last.speed and (start >= last.start or len(self.legs) == 1):
            return start + wait / last.speed
        return self.real(self.plan(start) + wait)

    def plan(self, at: datetime) -> datetime:
        """The plan's time at a moment of real time."""
        index = max(bisect_right(self.legs, at, key=lambda leg: leg.start) - 1, 0)
        leg = self.legs[index]
        if leg.speed:
            return leg.plan + (at - leg.start) * leg.speed
        return leg.plan + max(at - leg.start - FAR, timedelta(0))

    def real(self, plan: datetime) -> datetime:
        """The first moment of real time at which the plan's time is there, or past it."""
        for leg, next_ in zip(self.legs, self.legs[1:], strict=False):
            at = _reached(leg, plan)
            if at is not None and at < next_.start:
                return self._not_before(leg, at)
        last = self.legs[-1]
        at = _reached(last, plan)
        return self._not_before(last, at or last.start + FAR + (plan - last.plan))

    def expected(self, at: datetime, now: datetime) -> datetime:
        """`at` as people are told it: as if a time that stands still went on at once."""
        far = self.legs[-1].start + FAR
        return now + (at - far) if self.speed == 0 and at >= far else at

    def changed(self, at: datetime, speed: float) -> "Course":
        """This course, but from `at` on at another speed."""
        return self._and_then(at, self.plan(at), speed)

    def leapt(self, at: datetime, to: datetime) -> "Course":
        """This course, but `at` that moment the plan's time leaps to `to`, if that is ahead."""
        return self._and_then(at, max(self.plan(at), to), self.speed)

    def _and_then(self, at: datetime, plan: datetime, speed: float) -> "Course":
        return Course((*self.legs, Leg(max(at, self.legs[-1].start), plan, speed)))

    def _not_before(self, leg: Leg, at: datetime) -> datetime:
        """A leap begins a leg: what it passed over is reached when the leg begins."""
        return at if leg is self.legs[0] else max(at, leg.start)


def _reached(leg: Leg, plan: datetime) -> datetime | None:
    """When this leg, if it never ended, would come to the plan's time; None if it never does."""
    if leg.speed:
        return leg.start + (plan - leg.plan) / leg.speed
    return leg.start if plan <= leg.plan else None
