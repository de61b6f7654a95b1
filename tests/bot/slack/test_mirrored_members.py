"""User groups, and who is in them and in the channels that routes post to, kept as rows."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from core import clock
from core.channels import ChannelError
from core.db import Database
from sandbox import groups
from tests.bot.slack.rooms import Rooms
from tests.workspace import workspace


@pytest.fixture
def rooms(database: Database) -> Iterator[Rooms]:
    with workspace() as box:
        box.admin.add_group("sre", "bob", "carol")
        found = Rooms(box, database)
        found.mirror.read_channels()
        yield found


@pytest.fixture
def small(sqlite: Database) -> Iterator[Rooms]:
    with workspace() as box:
        found = Rooms(box, sqlite)
        found.mirror.read_channels()
        yield found


def test_groups_are_kept_as_they_are(rooms: Rooms) -> None:
    workspace = rooms.box.workspace
    rooms.box.admin.add_group("dba", "dave")
    rooms.mirror.read_groups()
    assert rooms.groups() == {"sre": {"bob", "carol"}, "dba": {"dave"}}
    before = rooms.group("sre")
    groups.change(workspace, "sre", new_handle="reliability", name="Reliability")
    groups.set_members(workspace, "reliability", "carol", "alice")
    groups.change(workspace, "dba", disabled=True)
    rooms.mirror.read_groups()
    after = rooms.group("reliability")
    assert (after.id, after.name) == (before.id, "Reliability")
    assert rooms.groups()["reliability"] == {"carol", "alice"}
    gone_at = rooms.group("dba").gone_at
    assert gone_at is not None
    rooms.mirror.read_groups()
    assert rooms.group("dba").gone_at == gone_at
    groups.change(workspace, "dba", disabled=False)
    rooms.mirror.read_groups()
    assert rooms.group("dba").gone_at is None
    with workspace.editing():
        workspace.groups.clear()
    rooms.mirror.read_groups()
    assert rooms.group("dba").gone_at is not None
    assert rooms.groups() == {"reliability": {"carol", "alice"}, "dba": {"dave"}}


def test_of_large_groups_everybody_is_asked_for(small: Rooms) -> None:
    crowd = [person.name for person in small.box.admin.add_people(700)]
    small.box.admin.add_group("everybody", *crowd)
    small.box.admin.add_group("sre", "bob")
    small.mirror.read_groups()
    assert small.groups() == {"everybody": set(crowd), "sre": {"bob"}}
    assert len(small.asked("usergroups.users.list")) == 1


def test_a_plan_without_user_groups_is_said_once(
    small: Rooms, caplog: pytest.LogCaptureFixture
) -> None:
    small.box.admin.add_group("sre", "bob")
    small.mirror.read_groups()
    fault = small.box.faults.add("usergroups.list", error="paid_teams_only")
    with caplog.at_level(logging.WARNING):
        small.mirror.read_groups()
        small.mirror.read_groups()
    assert caplog.text.count("cannot read user groups") == 1
    [note] = small.mirror.notes
    assert note == "Tocsin cannot read user groups: This Slack plan does not allow it."
    assert small.group("sre").gone_at is None
    small.box.faults.remove(fault)
    small.mirror.read_groups()
    assert not small.mirror.notes


def test_members_are_read_where_a_route_posts(rooms: Rooms) -> None:
    rooms.mirror.read_members()
    assert rooms.asked("conversations.members") == []
    rooms.lead_to("ops")
    rooms.mirror.read_members()
    assert rooms.members("ops") == {"alice", "bob", "carol"}
    assert rooms.members("incidents") == set()
    rooms.mirror.read_members()
    assert len(rooms.asked("conversations.members")) == 1


def test_members_are_read_again_after_an_hour_and_at_the_next_start(small: Rooms) -> None:
    small.lead_to("ops")
    small.mirror.read_members()
    small.box.admin.put_in("dave", "ops")
    small.box.admin.take_out("bob", "ops")
    clock.forward(timedelta(minutes=59))
    small.mirror.read_members()
    assert small.members("ops") == {"alice", "bob", "carol"}
    clock.forward(timedelta(minutes=2))
    small.mirror.read_members()
    assert small.members("ops") == {"alice", "carol", "dave"}
    small.box.admin.take_out("dave", "ops")
    small.process().read_members()
    assert small.members("ops") == {"alice", "carol"}


def test_a_large_channel_is_read_page_by_page(small: Rooms) -> None:
    small.box.admin.add_people(1_200, channel="ops")
    small.lead_to("ops")
    small.mirror.read_members()
    assert len(small.members("ops")) == 3 + 1_200
    assert len(small.asked("conversations.members")) == 3


def test_a_route_that_comes_back_finds_who_is_there_now(small: Rooms) -> None:
    small.lead_to("ops")
    small.mirror.read_members()
    small.lead_to(None)
    small.mirror.read_members()
    assert small.members("ops") == {"alice", "bob", "carol"}  # a page may still be under way
    small.box.admin.take_out("bob", "ops")
    small.lead_to("ops")
    small.mirror.read_members()
    assert small.members("ops") == {"alice", "carol"}


def test_a_channel_that_is_back_is_asked_anew(small: Rooms) -> None:
    small.lead_to("ops")
    small.mirror.read_members()
    small.box.admin.archive("ops")
    small.mirror.read_channels()
    small.mirror.read_members()
    assert small.members("ops") == {"alice", "bob", "carol"}
    assert len(small.asked("conversations.members")) == 1
    small.box.admin.take_out("bob", "ops")
    small.box.admin.unarchive("ops")
    small.mirror.read_channels()
    small.mirror.read_members()
    assert small.members("ops") == {"alice", "carol"}


@pytest.mark.parametrize("error", ["channel_not_found", "missing_scope"])
def test_what_slack_will_not_say_is_not_asked_again_at_once(small: Rooms, error: str) -> None:
    small.lead_to("ops")
    fault = small.box.faults.add("conversations.members", error=error)
    small.mirror.read_members()
    small.mirror.read_members()
    assert len(small.asked("conversations.members")) == 1
    small.box.faults.remove(fault)
    clock.forward(timedelta(minutes=61))
    small.mirror.read_members()
    assert small.members("ops") == {"alice", "bob", "carol"}


def test_trouble_with_one_page_keeps_who_was_there(small: Rooms) -> None:
    small.box.admin.add_people(600, channel="ops")
    small.lead_to("ops")
    small.mirror.read_members()
    small.box.workspace.journal.clear()
    small.box.admin.take_out("alice", "ops")
    small.when_asked(
        "conversations.members",
        lambda: small.box.faults.add("conversations.members", error="fetch_members_failed"),
    )
    clock.forward(timedelta(minutes=61))
    with pytest.raises(ChannelError):
        small.mirror.read_members()
    assert len(small.members("ops")) == 603
    small.box.faults.clear()
    small.mirror.read_members()
    assert len(small.members("ops")) == 602
    assert "alice" not in small.members("ops")
