"""A scheduler that runs by itself: ways to wait for what it does."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from core.models import AlertGroup, User
from tests.core.world import World

SOON = 30.0  # seconds; nothing takes that long unless it is broken
LONG = 300.0  # seconds; nor that long where several processes start


def until(true: Callable[[], Any], timeout: float = SOON) -> None:
    end = monotonic() + timeout
    pause = threading.Event()
    while not true():
        assert monotonic() < end, "it did not happen"
        pause.wait(0.005)


def has_sent(world: World, count: int) -> bool:
    return len(world.slack.addresses) == count


def is_told(world: World, group: AlertGroup) -> bool:
    """Whether the thread has caught up with the log."""
    posted = [message for message in world.board.messages if message.story.id == group.id]
    return bool(posted) and len(posted[-1].thread) == len(world.log(group))


def escalate(world: World, *people: User) -> AlertGroup:
    return world.escalate(to=people, drain=False)
