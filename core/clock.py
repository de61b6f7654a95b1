"""The one clock, and how the plan's minutes pass on it."""

from datetime import UTC, datetime, timedelta

from core.course import Course

MOMENT = timedelta(microseconds=1)
REAL_TIME = Course.steady(1.0)


class _Clock:
    offset = timedelta(0)
    held: datetime | None = None
    course = REAL_TIME


_clock = _Clock()


def now() -> datetime:
    """The present, aware and in UTC."""
    if _clock.held is not None:
        _clock.held += MOMENT
        return _clock.held
    return datetime.now(UTC) + _clock.offset


def after(start: datetime, wait: timedelta) -> datetime:
    """When a wait or a silence that began at `start` ends.

    Leases, time-outs, back-off and Retry-After are promises to machines: they take the
    time they say, whatever the course.
    """
    return _clock.course.after(start, wait)


def expected(at: datetime) -> datetime:
    """`at` as people are told it, also while the plan's time stands still."""
    return _clock.course.expected(at, now())


def course() -> Course:
    """How the plan's time has run so far, and runs on."""
    return _clock.course


def follow(course: Course) -> None:
    """Let the plan's time run so from now on.  Waits that were written down stay as they are."""
    _clock.course = course


def set_speed(speed: float) -> None:
    """Let `speed` of the plan's seconds pass in each real one, as if it had never been else."""
    _clock.course = REAL_TIME if speed == 1 else Course.steady(speed, now())


def speed() -> float:
    """How many of the plan's seconds pass in a real one; 0 while they stand still."""
    return _clock.course.speed


def forward(by: timedelta) -> None:
    """Move the clock ahead.  Tests use it in place of waiting."""
    if _clock.held is not None:
        _clock.held += by
    _clock.offset += by


def hold() -> None:
    """Let time pass by `forward` only; each look takes a moment, so that order shows."""
    _clock.held = now()


def reset() -> None:
    """Back to real time at normal speed."""
    _clock.offset = timedelta(0)
    _clock.held = None
    _clock.course = REAL_TIME
