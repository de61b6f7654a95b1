"""A database without escalation chains gets them, and goes back with its rows."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from core import migrations
from core.db import Database
from tests import postgres
from tests.core.matching import in_no_hurry
from tests.core.teams import CHANNEL, Teams, group, in_turn, persons
from tests.core.test_migrated_rows import shape
from tests.core.world import World

BEFORE = "0002"
# All that the release before this one knows; anything else would stop its engine.
KINDS = {"page", "unsilence"}
PLACES = {"asked", "default", "author"}
NEW_EVENTS = {"chain_started", "stepped", "chain_ended"}


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database as the release before this one left it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        server = request.getfixturevalue("postgres_server")
        name = f"tocsin_chains_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        url = postgres.create(server, name)
    database = Database(url)
    migrations.upgrade(database, BEFORE)
    yield database
    database.close()
    if request.param == "postgresql":
        postgres.drop(server, name)


def downgrade(database: Database) -> None:
    with database.transaction(patience=60, loose=True) as session:
        config = migrations.configuration()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, BEFORE)


def read(database: Database, query: str) -> list[Any]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(query))]


def test_down_with_chains_that_run_and_up_again(old: Database) -> None:
    before = shape(old)
    migrations.upgrade(old)
    world, matcher = World(old), in_no_hurry()
    teams = Teams(world, matcher)
    ana, bob = world.user("ana", "sms", 5, "phone"), world.user("bob", "sms", 5, "phone")
    room, oncall = teams.channel("sre", ana, bob), teams.group("oncall", bob)
    sre = teams.make("SRE", ana, bob)
    steps = (persons(ana), in_turn(ana, bob), 5, group(oncall), CHANNEL)
    teams.leads(sre, teams.chain("calm", *steps), channel=room)
    about = teams.page(sre)
    fresh = teams.opened(sre).group  # its alert message is not there yet
    world.forward(seconds=5)
    downgrade(old)
    assert shape(old) == before
    assert {kind for (kind,) in read(old, "SELECT kind FROM timer")} <= KINDS
    assert {place for (place,) in read(old, "SELECT place FROM post") if place} <= PLACES
    events = {event for (event,) in read(old, "SELECT event FROM log_record")}
    assert "opened" in events
    assert not events & NEW_EVENTS
    [(posted, channel)] = read(
        old,
        f"SELECT place, slack_channel FROM post WHERE kind = 'alert' "
        f"AND alert_group_id = '{about.id}'",
    )
    assert (posted, channel) == ("default", room.id)
    running = read(old, "SELECT alert_group_id FROM page WHERE outcome IS NULL")
    assert about.id in {id_ for (id_,) in running}
    migrations.upgrade(old)
    assert world.state(about) == world.state(fresh)
    world.forward(minutes=6)
    assert sorted(world.phone.addresses)[0] == "phone:ana"  # who was being paged still is
    assert teams.events(about)[-1] != "chain_ended"
    teams.leads(sre, teams.chain("calm", persons(bob)))
    third = teams.page(sre)
    assert teams.paged(third) == {"bob": "running"}
    matcher.stop()


def test_an_empty_database_goes_down_and_up(old: Database) -> None:
    before = shape(old)
    migrations.upgrade(old)
    after = shape(old)
    downgrade(old)
    assert shape(old) == before
    migrations.upgrade(old)
    assert shape(old) == after
