"""The platform's rate limits: calls per minute by tier, and one message per second and channel."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from time import monotonic

from sandbox.shapes import Json


class Tier(Enum):
    """Calls a minute that are let through; the whole minute's worth may come at once."""

    ONE = 1
    TWO = 20
    THREE = 50
    FOUR = 100
    SPECIAL = 600


# One message per second and channel, with a small burst, and several hundred a minute in all.
POST_PER_SECOND = 1.0
POST_BURST = 4.0
POST_PER_MINUTE = 300.0


@dataclass
class Bucket:
    """Tokens that come back with time; a call takes one."""

    size: float
    per_second: float
    clock: Callable[[], float] = monotonic
    level: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = self.size
        self.at = self.clock()

    def take(self) -> float:
        """Seconds to wait before there is one; 0 when there was and it is taken."""
        now = self.clock()
        self.level = min(self.size, self.level + (now - self.at) * self.per_second)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class Limits:
    def __init__(self, *, enabled: bool, clock: Callable[[], float] = monotonic) -> None:
        self.enabled = enabled
        self.clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def wait(self, method: str, tier: Tier, arguments: Json) -> float:
        """Seconds the caller has to wait; 0 when the call may go through."""
        if not self.enabled:
            return 0.0
        if method != "chat.postMessage":
            return self._bucket(method, "", tier.value, tier.value / 60).take()
        channel = str(arguments.get("channel"))
        waits = (
            self._bucket(method, channel, POST_BURST, POST_PER_SECOND).take(),
            self._bucket(method, "", POST_PER_MINUTE, POST_PER_MINUTE / 60).take(),
        )
        return max(waits)

    def reset(self) -> None:
        self._buckets.clear()

    def _bucket(self, method: str, part: str, size: float, per_second: float) -> Bucket:
        return self._buckets.setdefault((method, part), Bucket(size, per_second, self.clock))
