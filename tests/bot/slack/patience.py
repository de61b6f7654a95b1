"""Waiting without losing time."""

from datetime import timedelta

from bot.link import Stopping


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
