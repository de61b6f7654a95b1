"""The world on both databases, and on one where the database does not matter."""

import pytest

from core.db import Database
from tests.core.world import World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def small_world(sqlite: Database) -> World:
    return World(sqlite)
