"""The world on both databases, and on one where the database does not matter."""

from collections.abc import Callable, Iterator

import pytest

from core import clock
from core.db import Database
from core.scheduler import Scheduler
from tests.core.matching import in_no_hurry
from tests.core.running import SOON
from tests.core.teams import Teams
from tests.core.world import World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def teams(world: World) -> Iterator[Teams]:
    matcher = in_no_hurry()
    yield Teams(world, matcher)
    matcher.stop()


@pytest.fixture
def small_world(sqlite: Database) -> World:
    return World(sqlite)


@pytest.fixture
def fast(database: Database) -> World:
    """A world in real time."""
    world = World(database)
    clock.reset()
    return world


@pytest.fixture
def run(fast: World) -> Iterator[Callable[[], Scheduler]]:
    started: list[Scheduler] = []

    def start() -> Scheduler:
        seats = {way: channel.seats for way, channel in fast.channels.items()}
        scheduler = Scheduler(fast.db, fast.outbox, fast.posts, seats)
        scheduler.start()
        started.append(scheduler)
        return scheduler

    yield start
    for scheduler in started:
        scheduler.stop(SOON)  # what still ran then would run into the next test
