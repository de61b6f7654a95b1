"""Seats: how much is under way at once, and what happens to work that hangs."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest

from core import queue, workers
from core.workers import Lane

SOON = 30.0  # seconds; nothing here takes that long unless it is broken


@pytest.fixture
def freed() -> threading.Semaphore:
    return threading.Semaphore(0)


@pytest.fixture
def lane(freed: threading.Semaphore) -> Iterator[Lane]:
    made = Lane("sms", 2, freed.release)
    yield made
    made.close()


class Work:
    """Runs until it is let go."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.go = threading.Event()

    def __call__(self) -> None:
        self.began.set()
        assert self.go.wait(SOON)


def _start(lane: Lane, row: int) -> Work:
    work = Work()
    lane.start(row, uuid4(), work)
    assert work.began.wait(SOON)
    return work


def test_seats_are_taken_and_freed_and_the_first_free_one_is_announced(
    lane: Lane, freed: threading.Semaphore
) -> None:
    assert lane.free == 2
    a, b = _start(lane, 1), _start(lane, 2)
    assert lane.free == 0
    assert sorted(lane.rows) == [1, 2]
    assert set(lane.held) == {1, 2}
    a.go.set()
    assert freed.acquire(timeout=SOON)
    assert lane.free == 1
    assert lane.rows == [2]
    b.go.set()
    assert lane.wait_idle(SOON)
    assert not freed.acquire(blocking=False)  # there was a free seat already
    assert lane.held == {}


def test_every_seat_that_becomes_free_is_announced_while_work_waits(
    lane: Lane, freed: threading.Semaphore
) -> None:
    """Two seats free at nearly the same moment: whoever refills the first must hear of both."""
    lane.has_more = True
    a = _start(lane, 1)
    assert lane.free == 1
    a.go.set()
    assert freed.acquire(timeout=SOON)


def test_work_that_fails_frees_its_seat(
    lane: Lane, freed: threading.Semaphore, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    def lose() -> None:
        raise queue.LeaseLost("Delivery 7")

    lane.start(1, uuid4(), fail)
    lane.start(2, uuid4(), lose)
    assert lane.wait_idle(SOON)
    assert lane.free == 2
    assert "row 1 will be tried again" in caplog.text
    assert "lease lost" in caplog.text


def test_late_work_loses_its_seat_and_its_lease_to_a_spare_one(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "DEADLINE", 0.05)
    pause = threading.Event()
    late = [_start(lane, 1), _start(lane, 2)]
    pause.wait(0.1)
    assert lane.free == 2  # spare seats hold the late ones
    assert lane.rows == []
    assert lane.held == {}  # so the leases end, and somebody tries again
    late += [_start(lane, 1), _start(lane, 2)]
    pause.wait(0.1)
    assert lane.free == 0  # no spare seat is left: this channel is dead
    for work in late:
        work.go.set()
    assert lane.wait_idle(SOON)
    assert lane.free == 2


def test_waiting_for_the_end_has_an_end(lane: Lane) -> None:
    work = _start(lane, 1)
    assert not lane.wait_idle(0.05)
    work.go.set()
    assert lane.wait_idle(SOON)
