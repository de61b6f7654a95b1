"""Whether Slack's Web API answers at all, and since when it does not."""

import threading
from collections.abc import Callable
from time import monotonic

ALONE = 60.0  # seconds without an answer, before /health turns red
RECENT = 90.0  # seconds; the engine asks again each minute while there is something to say


class Reach:
    """Thread-safe; `clock` gives monotonic seconds.  A refusal is an answer too."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._since: float | None = None
        self._last = 0.0

    def failed(self) -> None:
        """It could not be reached, was silent, or had an error of its own."""
        with self._lock:
            self._last = self._clock()
            if self._since is None:
                self._since = self._last

    def answered(self) -> None:
        with self._lock:
            self._since = None

    @property
    def problem(self) -> str | None:
        """Why somebody should look; None also when nobody has asked lately."""
        with self._lock:
            if self._since is None or self._clock() - self._last > RECENT:
                return None
            silent = self._clock() - self._since
            return f"Slack has not answered for {int(silent)} s." if silent >= ALONE else None
