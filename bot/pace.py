"""Keeps our calls within Slack's limits, and says who goes first when there is little room."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from time import monotonic


class Urgency(IntEnum):
    """The order when Slack is short (P13); what comes later leaves room for what comes first."""

    PAGE = 0  # pages, first posts, private answers
    ALERT = 1  # the alert message
    THREAD = 2
    DIRECT = 3  # edits of direct messages, and housekeeping


@dataclass(frozen=True)
class Rate:
    """A bucket's size and how fast it fills, and what each urgency leaves in it."""

    burst: float
    per_second: float
    leaves: tuple[float, float, float, float] = (0, 0, 0, 0)


POST = "chat.postMessage"
UPDATE = "chat.update"

# About one message a second and conversation, with a small burst.
CONVERSATION = Rate(burst=4, per_second=1, leaves=(0, 0, 1, 1))
# Slack allows "several hundred" posts a minute in all.  Pages never wait for this guess
# of ours (they only use it up, and Slack itself says when it is too much); the thread does.
POSTS = Rate(burst=60, per_second=4, leaves=(-1e9, -1e9, 20, 20))
# Burst and a minute's refill together are a minute's allowance, so no minute exceeds it.
METHODS = {
    UPDATE: Rate(burst=20, per_second=0.5, leaves=(0, 0, 0, 6)),  # 50 a minute
    "users.list": Rate(burst=5, per_second=0.25),  # 20 a minute
    "dnd.teamInfo": Rate(burst=5, per_second=0.25),
    "conversations.info": Rate(burst=20, per_second=0.5),
    "conversations.list": Rate(burst=5, per_second=0.25),
    "conversations.members": Rate(burst=20, per_second=1.3),  # 100 a minute
    "usergroups.list": Rate(burst=5, per_second=0.25),
    "usergroups.users.list": Rate(burst=5, per_second=0.25),
}
LONGEST_HINT = 60.0  # seconds
SWEEP_AT = 1_000  # buckets; full ones are forgotten then

Key = tuple[str, str | None]


class _Bucket:
    """Tokens that come back with time."""

    def __init__(self, rate: Rate, now: float) -> None:
        self.rate = rate
        self.level = rate.burst
        self.at = now
        self.promised = [0.0] * len(Urgency)  # when the last who was sent away may come back

    def wait(self, urgency: Urgency, now: float) -> float:
        """Seconds until there is a token for this urgency; takes nothing."""
        self.level = min(self.rate.burst, self.level + (now - self.at) * self.rate.per_second)
        self.at = now
        missing = 1 + self.rate.leaves[urgency] - self.level
        return max(missing / self.rate.per_second, 0.0) if missing > 1e-9 else 0.0

    def take(self) -> None:
        # A flood of pages overdraws it, but the debt must not outlive the flood for long.
        self.level = max(self.level - 1, -self.rate.burst)

    def queue(self, urgency: Urgency, now: float, wait: float) -> float:
        """Seconds for this one: those sent away come back one by one, not all at once."""
        turn = max(now + wait, self.promised[urgency] + 1 / self.rate.per_second)
        self.promised[urgency] = turn = min(turn, now + LONGEST_HINT)
        return turn - now


class Pace:
    """Thread-safe; `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[Key, _Bucket] = {}
        self._closed: dict[Key, float] = {}

    def take(self, method: str, conversation: str | None, urgency: Urgency) -> timedelta | None:
        """Go ahead (None), or how long to wait before asking again."""
        with self._lock:
            now = self._clock()
            closed = max(self._closed.get(key, 0.0) for key in _gates(method, conversation))
            if closed > now:
                return timedelta(seconds=closed - now)
            buckets = self._applying(method, conversation, now)
            waits = [(bucket.wait(urgency, now), bucket) for bucket in buckets]
            longest, slowest = max(waits, key=lambda each: each[0], default=(0.0, None))
            if slowest is not None and longest > 0:
                return timedelta(seconds=slowest.queue(urgency, now, longest))
            for bucket in buckets:
                bucket.take()
            return None

    def close(self, method: str, conversation: str | None, wait: timedelta) -> None:
        """Slack refused a call: make no more of them until then.

        It does not say whether posts are too many for one conversation or in all.  The
        conversation alone is closed first, so that one busy channel does not hold up
        pages elsewhere; a second one refused meanwhile closes them all.
        """
        with self._lock:
            now = self._clock()
            until = now + wait.total_seconds()
            self._closed = {key: end for key, end in self._closed.items() if end > now}
            several = any(
                closed == method and other not in {None, conversation}
                for closed, other in self._closed
            )
            if method != POST or several:
                conversation = None
            key = (method, conversation)
            self._closed[key] = max(until, self._closed.get(key, 0.0))

    def _applying(self, method: str, conversation: str | None, now: float) -> list[_Bucket]:
        if method == POST:
            return [
                self._bucket((POST, conversation), CONVERSATION, now),
                self._bucket((POST, None), POSTS, now),
            ]
        rate = METHODS.get(method)
        return [self._bucket((method, None), rate, now)] if rate else []

    def _bucket(self, key: Key, rate: Rate, now: float) -> _Bucket:
        if key not in self._buckets and len(self._buckets) >= SWEEP_AT:
            self._buckets = {
                each: bucket
                for each, bucket in self._buckets.items()
                if (now - bucket.at) * bucket.rate.per_second < bucket.rate.burst
            }
        return self._buckets.setdefault(key, _Bucket(rate, now))


def _gates(method: str, conversation: str | None) -> tuple[Key, Key]:
    return (method, None), (method, conversation)
