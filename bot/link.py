"""How the link to Slack stands, and how long to wait before trying again."""

import logging
import threading
from datetime import datetime, timedelta

from core import clock

logger = logging.getLogger(__name__)

BACK_OFF = (1, 2, 5, 10, 30, 60)  # seconds before the 2nd, 3rd ... attempt; the last repeats
ALONE = timedelta(seconds=60)  # without a connection, before /health turns red


class Stopping(Exception):
    """The process ends; so does whatever was waited for."""


class Link:
    """Whether we are connected, since when, and why not; one thread writes, others read."""

    def __init__(self) -> None:
        self.connected = False
        self.since: datetime = clock.now()
        self.trouble: str | None = None  # what went wrong last
        self.stopping = threading.Event()

    @property
    def problem(self) -> str | None:
        """Why somebody should look."""
        alone = clock.now() - self.since
        if self.connected or alone < ALONE:
            return None
        because = f": {self.trouble}" if self.trouble else "."
        return f"No connection to Slack for {int(alone.total_seconds())} s{because}"

    def turn(self, *, connected: bool) -> None:
        if connected != self.connected:
            self.connected, self.since = connected, clock.now()
            logger.info("Slack is %s", "connected" if connected else "not connected")

    def wait(self, pause: timedelta) -> None:
        """Pause.  Raises Stopping at once when the process ends."""
        if self.stopping.wait(pause.total_seconds()):
            raise Stopping


def back_off(attempts: int) -> float:
    """Seconds to wait after this many attempts."""
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
