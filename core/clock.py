"""The one clock, and how fast the engine's minutes pass on it."""

from datetime import UTC, datetime, timedelta

MOMENT = timedelta(microseconds=1)


class _Clock:
    offset = timedelta(0)
    held: datetime | None = None
    speed = 1.0


_clock = _Clock()


def now() -> datetime:
    """The present, aware and in UTC."""
    if _clock.held is not None:
        _clock.held += MOMENT
        return _clock.held
    return datetime.now(UTC) + _clock.offset


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
    _clock.speed = 1.0


def set_speed(speed: float) -> None:
    """Let `speed` of the engine's seconds pass in each real one."""
    _clock.speed = speed


def speed() -> float:
    return _clock.speed


def scaled(wait: timedelta) -> timedelta:
    """How long a wait or a silence takes in real time.

    Leases, time-outs, back-off and Retry-After are promises to machines and are
    never scaled.
    """
    return wait / _clock.speed
