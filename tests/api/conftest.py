"""The API on real sockets, on a real database."""

from collections.abc import Iterator

import pytest

from core.db import Database
from tests.api.service import Service
from tests.core.world import World


@pytest.fixture
def service(database: Database) -> Iterator[Service]:
    """On each kind of database: for what the database has a part in."""
    service = Service(World(database))
    yield service
    service.close()


@pytest.fixture
def small(sqlite: Database) -> Iterator[Service]:
    """On SQLite alone: for what is the same on both."""
    service = Service(World(sqlite))
    yield service
    service.close()
