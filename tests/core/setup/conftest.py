"""An office that files are written for."""

import pytest

from core.db import Database
from tests.core.teams import Teams


@pytest.fixture
def office(teams: Teams) -> Teams:
    """The people of the sandbox, #sre, #incidents and @sre."""
    bob, carol, _ = (teams.world.user(name) for name in ("bob", "carol", "dave"))
    teams.channel("sre", bob, carol)
    teams.channel("incidents")
    teams.group("sre", bob, carol)
    return teams


@pytest.fixture
def db(office: Teams) -> Database:
    return office.world.db
