"""What a connection reads by itself: channels, user groups, and members where they are wanted."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.connection import Connection
from core.config import exactly
from core.db import Database
from sandbox import Sandbox
from tests.bot.slack.patience import wait_ended
from tests.bot.slack.rooms import Rooms, manifest_without
from tests.workspace import workspace


@contextmanager
def connected(box: Sandbox, db: Database) -> Iterator[Connection]:
    """Without sockets: Slack would call us."""
    settings = exactly(slack_bot_token=box.bot_token, slack_api_url=box.api_url)
    connection = Connection(settings, None, db, soon=0.05)
    connection.start()
    try:
        yield connection
    finally:
        connection.stop()
        wait_ended()


@pytest.fixture
def rooms(sqlite: Database) -> Iterator[Rooms]:
    with workspace() as box:
        box.admin.add_group("sre", "bob")
        yield Rooms(box, sqlite)


def eventually(predicate: Callable[[], object]) -> None:
    """For rows, of which nobody tells when they are there."""
    for _ in range(2000):
        if predicate():
            return
        threading.Event().wait(0.01)
    raise AssertionError("did not happen within 20 s")


def test_everything_is_read_at_the_start(rooms: Rooms) -> None:
    with connected(rooms.box, rooms.db) as connection:
        eventually(lambda: "ops" in rooms.names() and rooms.groups() == {"sre": {"bob"}})
        assert connection.health().notes == ()


def test_a_route_that_gets_a_channel_has_its_members_soon(rooms: Rooms) -> None:
    with connected(rooms.box, rooms.db):
        eventually(lambda: rooms.is_open("ops"))
        assert rooms.members("ops") == set()
        rooms.lead_to("ops")
        eventually(lambda: rooms.members("ops") == {"alice", "bob", "carol"})
        rooms.lead_to("incidents")
        eventually(lambda: "dave" in rooms.members("incidents"))


def test_missing_scopes_are_noted_and_the_rest_is_read(sqlite: Database, tmp_path: Path) -> None:
    path = manifest_without(tmp_path, "usergroups:read", "subteam_")
    with workspace(path) as box, connected(box, sqlite) as connection:
        rooms = Rooms(box, sqlite)
        eventually(lambda: "ops" in rooms.names() and connection.health().notes)
        [note] = connection.health().notes
        assert note == (
            "Slack refuses SLACK_BOT_TOKEN: it lacks a scope: compare manifest.yml and install "
            "the app again (usergroups.list)."
        )
        assert connection.health().problem is None
        assert len(rooms.asked("usergroups.list")) == 1
