"""Channels, user groups and who is in them change, as Slack tells it."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, select

from core import mirror, routes
from core.mirror import SeenChannel
from core.models import SlackChannel, UserGroup, Workspace
from sandbox import groups
from sandbox.shapes import Json
from tests.bot.conftest import fresh
from tests.bot.stage import Stage
from tests.bot.wire import staged

BOT = "tocsin"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A workspace of our own: channels and user groups that tests make stay there."""
    with staged(tmp_path_factory.mktemp("rooms")) as found:
        yield found


@pytest.fixture
def stage(own: Stage) -> Iterator[Stage]:
    """Everybody known, and no channel yet."""
    yield from fresh(own)


class Told:
    """Does something in the workspace and waits until we have heard of it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.workspace = stage.box.workspace
        self.admin = stage.box.admin

    def of(self, count: int, do: Callable[[], object]) -> None:
        """So many events."""
        before = self.events()
        do()
        self.stage.box.wait(lambda: self.events() >= before + count)
        self.stage.settle()

    def events(self) -> int:
        return sum(each.kind == "events_api" for each in list(self.workspace.delivered))

    def event(self, **event: object) -> None:
        """An event that the sandbox would not send like this."""
        payload: Json = {
            "type": "event_callback",
            "team_id": self.workspace.team_id,
            "event_id": "Ev1",
            "event": event,
        }
        assert self.stage.box.deliver("events_api", payload).failure is None
        self.stage.settle()

    def known(self, name: str, *, read: bool = False) -> str:
        """A channel as the last reading found it; its id.  `read`: with its members."""
        where = self.workspace.find_channel(name)
        with self.stage.db.transaction() as session:
            seen = SeenChannel(where.id, where.name, is_private=where.kind == "private")
            mirror.keep_channels(session, [seen])
            if read:
                _, default = routes.of_team(session, None)
                routes.be_heard_in(session, default, where.id)
                mirror.change_members(session, where.id, joined=where.members)
        return where.id

    def channel(self, channel_id: str) -> SlackChannel | None:
        with self.stage.db.reading() as session:
            return session.get(SlackChannel, channel_id)

    def is_open(self, channel_id: str) -> bool:
        with self.stage.db.reading() as session:
            return mirror.is_open(session, channel_id)

    def members(self, channel_id: str) -> set[str]:
        with self.stage.db.reading() as session:
            return self.named(mirror.members(session, channel_id))

    def named(self, slack_ids: set[str]) -> set[str]:
        return {self.workspace.users[each].name for each in slack_ids}

    def group(self, slack_id: str) -> tuple[str, bool, set[str]]:
        """Its handle, whether it is there, and who is in it."""
        with self.stage.db.reading() as session:
            found = self.row(session, slack_id)
            members = self.named(mirror.group_members(session).get(slack_id, set()))
            return found.handle, found.gone_at is None, members

    def row(self, session: Session, slack_id: str) -> UserGroup:
        return session.scalars(select(UserGroup).where(UserGroup.slack_id == slack_id)).one()


@pytest.fixture
def told(stage: Stage) -> Told:
    with stage.db.transaction() as session:
        workspace = session.get_one(Workspace, stage.box.workspace.team_id)
        workspace.bot_user_id = stage.box.workspace.bot.id
    return Told(stage)


def test_a_channel_lives_and_dies(told: Told) -> None:
    told.of(1, lambda: told.admin.add_channel("checkout", "alice"))
    channel_id = told.workspace.find_channel("checkout").id
    assert told.is_open(channel_id)
    told.of(1, lambda: told.admin.rename("checkout", "payments"))
    found = told.channel(channel_id)
    assert found is not None
    assert (found.name, found.is_private) == ("payments", False)
    told.of(1, lambda: told.admin.archive("payments"))
    assert not told.is_open(channel_id)
    told.of(1, lambda: told.admin.unarchive("payments"))
    assert told.is_open(channel_id)
    told.of(1, lambda: told.admin.delete("payments"))
    assert not told.is_open(channel_id)


def test_the_bot_is_invited_to_a_private_channel_and_taken_out(told: Told) -> None:
    where = told.admin.add_channel("board", "alice", private=True).id
    told.of(1, lambda: told.admin.put_in(BOT, "board"))
    found = told.channel(where)
    assert found is not None
    assert (found.name, found.is_private, found.gone_at) == ("board", True, None)
    told.of(1, lambda: told.admin.rename("board", "directors"))
    renamed = told.channel(where)
    assert renamed is not None
    assert (renamed.name, renamed.is_private) == ("directors", True)
    told.of(2, lambda: told.admin.take_out(BOT, "directors"))
    assert not told.is_open(where)
    told.of(1, lambda: told.admin.put_in(BOT, "directors"))
    assert told.is_open(where)
    for event in (
        {"type": "group_left", "channel": where},
        {"type": "member_left_channel", "channel": where, "user": told.workspace.bot.id},
    ):
        told.known("directors")
        assert told.is_open(where)
        told.event(**event)
        assert not told.is_open(where)


def test_a_public_channel_that_the_bot_leaves_is_still_seen(told: Told) -> None:
    incidents = told.known("incidents")
    told.of(1, lambda: told.admin.take_out(BOT, "incidents"))
    assert told.is_open(incidents)
    told.of(1, lambda: told.admin.put_in(BOT, "incidents"))
    assert told.is_open(incidents)


def test_a_channel_of_which_we_never_heard_is_opened(told: Told) -> None:
    where = told.workspace.find_channel("old-war-room").id
    told.of(1, lambda: told.admin.unarchive("old-war-room"))
    found = told.channel(where)
    assert found is not None
    assert found.name == "old-war-room"
    told.of(1, lambda: told.admin.archive("old-war-room"))
    assert not told.is_open(where)


def test_people_come_and_go_where_a_route_posts(told: Told) -> None:
    incidents, general = told.known("incidents", read=True), told.known("general")
    before = told.members(incidents)
    told.of(2, lambda: [told.admin.add_person(name) for name in ("nina", "omar")])
    told.of(2, lambda: [told.admin.put_in(name, "incidents") for name in ("nina", "omar")])
    assert told.members(incidents) == before | {"nina", "omar"}
    told.of(1, lambda: told.admin.put_in("nina", "general"))
    assert told.members(general) == set()
    told.of(2, lambda: [told.admin.take_out(name, "incidents") for name in ("nina", "omar")])
    assert told.members(incidents) == before
    told.of(1, lambda: told.admin.take_out("nina", "general"))


def test_a_user_group_is_made_renamed_filled_and_disabled(told: Told) -> None:
    told.of(1, lambda: told.admin.add_group("net", "bob"))
    slack_id = groups.find(told.workspace, "net")["id"]
    assert told.group(slack_id) == ("net", True, {"bob"})
    told.of(1, lambda: groups.change(told.workspace, "net", new_handle="network"))
    assert told.group(slack_id) == ("network", True, {"bob"})
    told.of(2, lambda: groups.set_members(told.workspace, "network", "carol", "dave"))
    assert told.group(slack_id) == ("network", True, {"carol", "dave"})
    told.of(1, lambda: groups.change(told.workspace, "network", disabled=True))
    assert told.group(slack_id)[1] is False
    told.of(1, lambda: groups.change(told.workspace, "network", disabled=False))
    assert told.group(slack_id) == ("network", True, {"carol", "dave"})


def test_members_of_a_group_change_again_and_again(told: Told) -> None:
    told.of(1, lambda: told.admin.add_group("web", "bob", "carol"))
    slack_id = groups.find(told.workspace, "web")["id"]
    change = {
        "type": "subteam_members_changed",
        "subteam_id": slack_id,
        "added_users": [told.stage.id("dave")],
        "added_users_count": 1,
        "removed_users": [told.stage.id("bob")],
        "removed_users_count": 1,
    }
    for _ in range(2):  # events come again
        told.event(**change)
        assert told.group(slack_id)[2] == {"carol", "dave"}
    told.event(**{**change, "subteam_id": "S0NOBODY"})
    told.event(**{**change, "added_users_count": 900})  # which it does not name: Slack is asked
    assert told.group(slack_id)[2] == {"bob", "carol"}


def test_a_group_too_large_to_be_told_is_asked_for(told: Told) -> None:
    names = [person.name for person in told.admin.add_people(501)]
    told.of(1, lambda: told.admin.add_group("crowd", *names))
    slack_id = groups.find(told.workspace, "crowd")["id"]
    assert told.group(slack_id)[2] == set(names)


def test_events_that_make_no_sense(told: Told) -> None:
    incidents = told.known("incidents")
    for event in (
        {"type": "channel_created", "channel": {}},
        {"type": "channel_rename", "channel": "C1"},
        {"type": "channel_archive"},
        {"type": "channel_unarchive", "channel": "C0NOWHERE"},
        {"type": "member_joined_channel", "channel": "C0NOWHERE", "user": "U1"},
        {"type": "member_left_channel", "channel": "C0NOWHERE", "user": "U1"},
        {"type": "subteam_updated", "subteam": {"handle": "sre"}},
        {"type": "subteam_members_changed", "subteam_id": "S1", "added_users": None},
    ):
        told.event(**event)
    with told.stage.db.reading() as session:
        assert set(mirror.channels(session)) == {incidents}
        assert mirror.groups(session) == {}
