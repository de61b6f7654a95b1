"""Waiting without losing time."""

import threading
from datetime import timedelta

from bot.link import Stopping
from sandbox.workspace import PATIENCE


def wait_ended() -> None:
    """Until no thread of a connection that was told to stop asks or writes down anything."""
    for thread in threading.enumerate():
        if thread.name.startswith("slack-"):
            thread.join(PATIENCE)


class Patience:
    """Waits on a clock of its own, and remembers how long."""

    def __init__(self, most: int = 20) -> None:
        self.waits: list[timedelta] = []
        self._most = most

    def clock(self) -> float:
        return 1000 + sum(wait.total_seconds() for wait in self.waits)

    def __call__(self, pause: timedelta) -> None:
        self.waits.append(pause)
        if len(self.waits) > self._most:
            raise Stopping
