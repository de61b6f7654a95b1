"""Trouble a test orders: slow answers, errors, cut connections, nonsense."""

import random
import threading
from dataclasses import dataclass
from typing import Literal

Drop = Literal["before", "after"]


@dataclass
class Fault:
    """What goes wrong; `left` counts down to nothing when it was given."""

    method: str
    delay: float = 0.0
    error: str | None = None
    status: int | None = None
    retry_after: int | None = None
    drop: Drop | None = None
    nonsense: bool = False
    probability: float = 1.0
    left: int | None = None


class Faults:
    def __init__(self, seed: int = 0) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        # Seeded, so that a run with probabilities can be repeated.
        self._random = random.Random(seed)  # noqa: S311 - chance, not a secret

    def add(
        self,
        method: str = "*",
        *,
        delay: float = 0.0,
        error: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        drop: Drop | None = None,
        nonsense: bool = False,
        probability: float = 1.0,
        count: int | None = None,
    ) -> Fault:
        """Make calls of a method (`*`: of every method) fail.

        `delay` is in seconds and can go with any of the others.  `drop="before"` cuts the
        connection without doing anything, `drop="after"` does what was asked and then cuts it.
        `retry_after` answers 429.  `count` ends the fault after so many calls.
        """
        fault = Fault(method, delay, error, status, retry_after, drop, nonsense, probability, count)
        with self._lock:
            self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take one fault away; nothing happens if it is gone already."""
        with self._lock:
            self._faults = [each for each in self._faults if each is not fault]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def strike(self, method: str) -> list[Fault]:
        """The faults that hit this call."""
        hits = []
        with self._lock:
            for fault in self._faults:
                if fault.method not in ("*", method) or fault.left == 0:
                    continue
                if self._random.random() >= fault.probability:
                    continue
                if fault.left is not None:
                    fault.left -= 1
                hits.append(fault)
        return hits
