"""Channels and user groups change, and apps that asked for it are told."""

import pytest

from sandbox import groups
from sandbox.shapes import Json, NotPossible
from tests.workspace import workspace


class Hearing:
    """A workspace nobody runs, and the events it would send."""

    def __init__(self) -> None:
        self.box = workspace()
        self.events: list[Json] = []
        self.box.workspace.on_event = lambda _kind, event: self.events.append(event)

    def heard(self) -> list[str]:
        """The kinds since the last time."""
        kinds = [str(event["type"]) for event in self.events]
        self.events.clear()
        return kinds


@pytest.fixture
def hearing() -> Hearing:
    return Hearing()


def test_a_public_channel(hearing: Hearing) -> None:
    admin = hearing.box.admin
    made = admin.add_channel("checkout", "alice")
    admin.rename("checkout", "payments")
    assert hearing.events[-1]["channel"]["id"] == made.id
    assert hearing.events[-1]["channel"]["name"] == "payments"
    admin.archive("payments")
    assert hearing.events[-1]["channel"] == made.id
    admin.unarchive("payments")
    admin.delete("payments")
    assert hearing.heard() == [
        "channel_created",
        "channel_rename",
        "channel_archive",
        "channel_unarchive",
        "channel_deleted",
    ]
    with pytest.raises(NotPossible, match="no channel is called"):
        admin.rename("payments", "again")


def test_a_private_channel_is_only_told_of_while_the_bot_is_in_it(hearing: Hearing) -> None:
    admin = hearing.box.admin
    admin.add_channel("board", "alice", private=True)
    admin.rename("board", "directors")
    assert hearing.heard() == []
    admin.put_in("tocsin", "directors")
    admin.rename("directors", "board")
    admin.archive("board")
    admin.unarchive("board")
    admin.take_out("tocsin", "board")
    admin.rename("board", "directors")
    assert hearing.heard() == [
        "member_joined_channel",
        "group_rename",
        "group_archive",
        "group_unarchive",
        "member_left_channel",
        "group_left",
    ]


def test_a_user_group(hearing: Hearing) -> None:
    workspace = hearing.box.workspace
    hearing.box.admin.add_group("sre", "alice", "bob")
    assert hearing.events[-1]["subteam"]["user_count"] == 2
    groups.change(workspace, "sre", new_handle="rel", name="Reliability")
    assert hearing.events[-1]["subteam"]["handle"] == "rel"
    groups.change(workspace, "rel", disabled=True)
    assert hearing.events[-1]["subteam"]["date_delete"] > 0
    groups.set_members(workspace, "@rel", "bob", "carol")
    changed = hearing.events[-1]
    assert changed["added_users"] == [hearing.box.person("carol").id]
    assert changed["removed_users"] == [hearing.box.person("alice").id]
    assert hearing.heard() == [
        "subteam_created",
        "subteam_updated",
        "subteam_updated",
        "subteam_updated",
        "subteam_members_changed",
    ]
    with pytest.raises(NotPossible, match="no user group is called"):
        groups.change(workspace, "sre", disabled=True)


def test_of_a_large_group_only_the_number_is_told(hearing: Hearing) -> None:
    names = [person.name for person in hearing.box.admin.add_people(groups.MOST_SHOWN + 1)]
    hearing.box.admin.add_group("everybody", *names)
    told = hearing.events[-1]["subteam"]
    assert told["user_count"] == len(names)
    assert "users" not in told
