"""Channels, read from Slack page by page and kept as rows."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.mirror import Mirror
from bot.slack import Slack
from core import mirror
from core.channels import ChannelError
from core.db import Database
from sandbox import Sandbox
from tests.bot.slack.canned import http, serving
from tests.bot.slack.rooms import Rooms, manifest_without
from tests.workspace import workspace

BOT = "tocsin"


@pytest.fixture
def rooms(database: Database) -> Iterator[Rooms]:
    with workspace() as box:
        yield Rooms(box, database)


@pytest.fixture
def many(sqlite: Database) -> Iterator[Rooms]:
    """More channels than one page holds."""
    with workspace() as box:
        add_channels(box, 250)
        yield Rooms(box, sqlite)


def add_channels(box: Sandbox, count: int) -> None:
    with box.workspace.editing():
        for number in range(count):
            box.workspace.add_channel(f"team-{number}")


@contextmanager
def writes(db: Database) -> Iterator[list[list[int]]]:
    """Of each transaction that writes: how many rows each of its statements was given."""
    transactions: list[list[int]] = []
    current: list[int] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _ctx: Any, many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            current.append(len(parameters) if many else 1)

    def ended(_connection: Any) -> None:
        if current:
            transactions.append(list(current))
            current.clear()

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.engine, "commit", ended)
    try:
        yield transactions
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.engine, "commit", ended)


def test_all_channels_that_we_see_are_kept(rooms: Rooms) -> None:
    rooms.box.admin.add_channel("war-room", "alice", BOT, private=True)
    rooms.mirror.read_channels()
    assert rooms.names() == {"general", "incidents", "ops", "shared-vendor", "war-room"}
    war_room, general = rooms.channel("war-room"), rooms.channel("general")
    assert war_room is not None
    assert war_room.is_private
    assert general is not None
    assert not general.is_private


def test_channels_that_change_are_kept_true(rooms: Rooms) -> None:
    admin = rooms.box.admin
    admin.add_channel("doomed", "alice")
    admin.add_channel("war-room", "alice", BOT, private=True)
    rooms.mirror.read_channels()
    ops = rooms.channel("ops")
    assert ops is not None
    doomed, war_room = rooms.id("doomed"), rooms.id("war-room")
    admin.rename("ops", "operations")
    admin.archive("incidents")
    admin.delete("doomed")
    admin.take_out(BOT, "war-room")
    rooms.mirror.read_channels()
    assert rooms.names() == {"general", "operations", "shared-vendor"}
    renamed = rooms.channel("operations")
    assert renamed is not None
    assert renamed.id == ops.id
    lost = rooms.channel("incidents")
    assert lost is not None
    assert lost.gone_at is not None
    assert not rooms.is_open(doomed)
    rooms.mirror.read_channels()
    assert rooms.channel("incidents") == lost  # it has been gone since then
    admin.unarchive("incidents")
    admin.put_in(BOT, "war-room")
    rooms.mirror.read_channels()
    assert rooms.is_open("incidents")
    assert rooms.is_open(war_room)


def test_a_channel_that_becomes_private_stays(rooms: Rooms) -> None:
    workspace = rooms.box.workspace
    rooms.mirror.read_channels()
    incidents = workspace.find_channel("incidents")
    workspace.save_channel(type(incidents)(**{**vars(incidents), "kind": "private"}))
    rooms.mirror.read_channels()
    found = rooms.channel("incidents")
    assert found is not None
    assert found.is_private
    assert found.gone_at is None


def test_a_list_that_breaks_off_makes_nothing_go(many: Rooms) -> None:
    many.mirror.read_channels()
    before = many.names()
    many.box.admin.archive("general")
    many.box.workspace.journal.clear()
    many.when_asked(
        "conversations.list",
        lambda: many.box.faults.add("conversations.list", error="fatal_error"),
    )
    with pytest.raises(ChannelError):
        many.mirror.read_channels()
    assert len(many.asked("conversations.list")) == 1 + 4
    assert many.names() == before
    many.box.faults.clear()
    many.mirror.read_channels()
    assert many.names() == before - {"general"}


def test_an_answer_without_a_list_makes_nothing_go(rooms: Rooms) -> None:
    rooms.mirror.read_channels()
    before = rooms.names()
    with serving(http(b'{"ok": true}')) as url:
        elsewhere = Mirror(Slack(rooms.box.bot_token, base_url=url), rooms.db, rooms.patience)
        with pytest.raises(ChannelError, match="makes no sense"):
            elsewhere.read_channels()
        with pytest.raises(ChannelError, match="makes no sense"):
            elsewhere.read_groups()
    assert rooms.names() == before


def test_a_rate_limit_in_the_middle_is_waited_for(many: Rooms) -> None:
    many.when_asked(
        "conversations.list",
        lambda: many.box.faults.add("conversations.list", retry_after=7, count=2),
    )
    many.mirror.read_channels()
    assert len(many.names()) == 250 + 4
    assert [wait.total_seconds() for wait in many.patience.waits] == [7, 7]


def test_without_the_scope_private_channels_stay_as_they_are(
    sqlite: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with workspace(manifest_without(tmp_path, "groups:read", "group_")) as box:
        box.admin.add_channel("war-room", "alice", BOT, private=True)
        rooms = Rooms(box, sqlite)
        with sqlite.transaction() as session:
            war_room = mirror.SeenChannel(rooms.id("war-room"), "war-room", is_private=True)
            mirror.keep_channels(session, [war_room, mirror.SeenChannel("C0LOST", "lost")])
        with caplog.at_level(logging.WARNING):
            rooms.mirror.read_channels()
            rooms.mirror.read_channels()
        assert rooms.is_open("war-room")
        assert rooms.names() == {"general", "incidents", "ops", "shared-vendor", "war-room"}
        assert caplog.text.count("cannot read private channels") == 1
        [lacking] = rooms.slack.token_state.lacking
        assert lacking.words.endswith("(conversations.list: private channels).")
        assert rooms.mirror.notes == ()  # said by the token's state
        assert rooms.patience.waits == []


def test_news_that_came_while_we_read_stay(many: Rooms) -> None:
    many.mirror.read_channels()
    many.box.workspace.journal.clear()

    def archived() -> None:
        """An event is faster than the list, of which the first page is on its way."""
        with many.db.transaction() as session:
            mirror.lose_channels(session, [many.id("general")])
            mirror.keep_channels(session, [mirror.SeenChannel("C0NEW", "brand-new")])

    many.when_asked("conversations.list", archived)
    many.mirror.read_channels()
    assert not many.is_open("general")
    assert many.is_open("C0NEW")


def test_thousands_of_channels_are_written_bit_by_bit(database: Database) -> None:
    with workspace() as box:
        add_channels(box, 3_000)
        rooms = Rooms(box, database)
        with writes(database) as first:
            rooms.mirror.read_channels()
        assert len(rooms.names()) == 3_004
        assert sum(map(sum, first)) == 3_004
        assert all(sum(rows) <= 200 for rows in first)
        with writes(database) as second:
            rooms.mirror.read_channels()
        assert second == []
        with box.workspace.editing():
            for number in range(1_000):
                del box.workspace.channels[rooms.id(f"team-{number}")]
        with writes(database) as third:
            rooms.mirror.read_channels()
        assert len(rooms.names()) == 2_004
        assert len(third) == 5


def test_two_processes_read_at_once(postgresql: Database) -> None:
    with workspace() as box:
        add_channels(box, 450)
        box.admin.add_group("sre", "bob", "carol")
        rooms = Rooms(box, postgresql)
        rooms.mirror.read_channels()
        for number in range(0, 450, 2):
            box.admin.rename(f"team-{number}", f"crew-{number}")
        with ThreadPoolExecutor(4) as pool:
            readers = [rooms.process() for _ in range(4)]
            done = [pool.submit(reader.read_channels) for reader in readers]
            done += [pool.submit(reader.read_groups) for reader in readers]
        assert [each.result() for each in done] == [None] * 8
        assert rooms.names() == {
            each.name
            for each in box.workspace.channels.values()
            if each.kind == "public" and not each.archived
        }
        assert rooms.groups() == {"sre": {"bob", "carol"}}
