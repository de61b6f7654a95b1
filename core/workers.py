"""Seats for work that takes its time: a lane for each channel, so that none delays another."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from core import queue

logger = logging.getLogger(__name__)

DEADLINE = queue.DEADLINE.total_seconds()


@dataclass(eq=False)
class _Seat:
    row: int
    lease: UUID
    since: float

    @property
    def is_late(self) -> bool:
        return monotonic() - self.since > DEADLINE


class Lane:
    """The seats of one channel, and what is being done in them.

    Work that has run past the deadline loses its lease, so somebody tries again; its
    thread cannot be killed, and keeps a spare seat until it comes back.  There are
    as many spare seats as seats: a channel where everything hangs runs out of both.
    """

    def __init__(self, name: str, seats: int, on_free: Callable[[], None]) -> None:
        """`on_free` is called when there is a seat again, and work may be waiting for it."""
        self.name = name
        self._seats = seats
        self._on_free = on_free
        self.has_more = False  # whether work may be waiting though not every seat is taken
        self._pool = ThreadPoolExecutor(2 * seats, thread_name_prefix=name)
        self._taken: set[_Seat] = set()
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)

    @property
    def free(self) -> int:
        """How much more may be started now."""
        with self._lock:
            return self._free()

    @property
    def rows(self) -> list[int]:
        """The rows somebody here is at, late ones left out: those may be tried anew."""
        with self._lock:
            return [seat.row for seat in self._taken if not seat.is_late]

    @property
    def held(self) -> dict[int, UUID]:
        """What is to be renewed: rows and their leases."""
        with self._lock:
            return {seat.row: seat.lease for seat in self._taken if not seat.is_late}

    def start(self, row: int, lease: UUID, work: Callable[[], None]) -> None:
        """Do this in a seat of its own."""
        seat = _Seat(row, lease, monotonic())
        with self._lock:
            self._taken.add(seat)
        self._pool.submit(self._run, seat, work)

    def wait_idle(self, timeout: float) -> bool:
        """Whether everything that runs has ended within `timeout` seconds."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._taken, timeout)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, seat: _Seat, work: Callable[[], None]) -> None:
        try:
            work()
        except queue.LeaseLost as lost:
            logger.warning("%s: lease lost, somebody else has it: %s", self.name, lost)
        except Exception:  # the lane must live; the row comes back when its lease ends
            logger.exception("%s: row %s will be tried again", self.name, seat.row)
        finally:
            with self._idle:
                is_waited_for = self.has_more or self._free() == 0
                self._taken.discard(seat)
                self._idle.notify_all()
            if is_waited_for:
                self._on_free()

    def _free(self) -> int:
        late = sum(seat.is_late for seat in self._taken)
        seats = self._seats - (len(self._taken) - late)
        threads = 2 * self._seats - len(self._taken)
        return max(min(seats, threads), 0)
