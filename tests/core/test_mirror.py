"""Channels, user groups and their members as rows: said again, at once, and in any order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from core import clock, mirror
from core.db import Database
from core.errors import Invalid
from core.mirror import SeenChannel, SeenGroup
from core.models import SlackChannel, UserGroup
from tests.core.teams import CHANNEL, Teams
from tests.core.teams import group as everybody_in

OPS = SeenChannel("C1", "ops")
SRE = SeenGroup("S1", "Site reliability", "sre")


def channel(db: Database, slack_id: str = "C1") -> SlackChannel:
    with db.reading() as session:
        return session.get_one(SlackChannel, slack_id)


def group(db: Database, slack_id: str = "S1") -> UserGroup:
    with db.reading() as session:
        return session.scalars(select(UserGroup).where(UserGroup.slack_id == slack_id)).one()


def do(db: Database, change: Callable[[Session], object]) -> None:
    with db.transaction() as session:
        change(session)


def test_a_channel_said_twice_is_one(database: Database) -> None:
    do(database, lambda session: mirror.keep_channels(session, [OPS, SeenChannel("C1", "ops2")]))
    do(database, lambda session: mirror.keep_channels(session, [OPS]))
    with database.reading() as session:
        assert mirror.channels(session) == {"C1": OPS}
    do(database, lambda session: mirror.keep_channels(session, []))


def test_what_is_gone_has_been_gone_since_it_was_first_so(database: Database) -> None:
    do(database, lambda session: mirror.keep_channels(session, [OPS]))
    do(database, lambda session: mirror.note_read(session, ["C1"], clock.now()))
    do(database, lambda session: mirror.lose_channels(session, ["C1", "C2"]))
    since = channel(database).gone_at
    assert since is not None
    clock.forward(timedelta(hours=1))
    do(database, lambda session: mirror.lose_channels(session, ["C1"]))
    archived = SeenChannel("C1", "ops", is_gone=True)
    do(database, lambda session: mirror.keep_channels(session, [archived]))
    assert channel(database).gone_at == since
    do(database, lambda session: mirror.keep_channels(session, [OPS]))
    back = channel(database)
    assert (back.gone_at, back.members_read_at) == (None, None)


def test_a_new_name_changes_nothing_else(database: Database) -> None:
    private = SeenChannel("C1", "board", is_private=True)
    do(database, lambda session: mirror.keep_channels(session, [private]))
    do(database, lambda session: mirror.note_read(session, ["C1"], clock.now()))
    before = channel(database)
    do(database, lambda session: mirror.rename_channel(session, SeenChannel("C1", "directors")))
    after = channel(database)
    assert (after.name, after.is_private) == ("directors", True)
    assert after.members_read_at == before.members_read_at
    do(database, lambda session: mirror.rename_channel(session, SeenChannel("C2", "new")))
    assert channel(database, "C2").name == "new"


def test_a_renamed_group_stays_the_same_one(database: Database) -> None:
    do(database, lambda session: mirror.keep_groups(session, [SRE]))
    before = group(database)
    renamed = SeenGroup("S1", "Reliability", "rel", is_gone=True)
    do(database, lambda session: mirror.keep_groups(session, [renamed]))
    after = group(database)
    assert (after.id, after.created_at) == (before.id, before.created_at)
    assert (after.name, after.handle) == ("Reliability", "rel")
    assert after.gone_at is not None
    do(database, lambda session: mirror.keep_groups(session, [SRE]))
    assert group(database).gone_at is None
    do(database, lambda session: mirror.lose_groups(session, ["S1"]))
    assert group(database).gone_at is not None


def test_names_too_long_for_us_are_cut(database: Database) -> None:
    long = "x" * 300
    do(database, lambda session: mirror.keep_channels(session, [SeenChannel("C1", long)]))
    do(database, lambda session: mirror.keep_groups(session, [SeenGroup("S1", long, long)]))
    assert len(channel(database).name) == 100
    assert len(group(database).name) == 255
    assert len(group(database).handle) == 100


@pytest.mark.parametrize("again", [1, 2])
def test_members_who_come_and_go_may_be_said_again(database: Database, again: int) -> None:
    do(database, lambda session: mirror.keep_channels(session, [OPS]))
    do(database, lambda session: mirror.keep_groups(session, [SRE]))
    for _ in range(again):
        do(database, lambda session: mirror.change_members(session, "C1", joined=["U2", "U1"]))
        do(database, lambda session: mirror.change_group_members(session, "S1", joined=["U1"]))
    for _ in range(again):
        do(database, lambda session: mirror.change_members(session, "C1", left=["U1", "U9"]))
        do(database, lambda session: mirror.set_group_members(session, "S1", {"U3", "U4"}))
    with database.reading() as session:
        assert mirror.members(session, "C1") == {"U2"}
        assert mirror.group_members(session) == {"S1": {"U3", "U4"}}


def test_what_we_do_not_know_has_no_members(database: Database) -> None:
    do(database, lambda session: mirror.change_members(session, "C9", joined=["U1"]))
    do(database, lambda session: mirror.change_group_members(session, "S9", joined=["U1"]))
    do(database, lambda session: mirror.set_group_members(session, "S9", {"U1"}))
    with database.reading() as session:
        assert mirror.members(session, "C9") == set()
        assert mirror.group_members(session) == {}


def test_many_tell_of_the_same_at_once(postgresql: Database) -> None:
    channels = [SeenChannel(f"C{number}", f"room-{number}") for number in range(40)]
    groups = [SeenGroup(f"S{number}", "Team", f"team{number}") for number in range(40)]
    people = [f"U{number}" for number in range(40)]
    start = Barrier(6)

    def tell(number: int) -> None:
        order = slice(None, None, -1 if number % 2 else 1)
        start.wait()
        for _ in range(5):
            do(postgresql, lambda session: mirror.keep_channels(session, channels[order]))
            do(postgresql, lambda session: mirror.keep_groups(session, groups[order]))
            do(
                postgresql,
                lambda session: mirror.change_members(session, "C1", joined=people[order]),
            )
            do(postgresql, lambda session: mirror.set_group_members(session, "S1", people[order]))

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(tell, range(6))) == [None] * 6
    with postgresql.reading() as session:
        assert set(mirror.channels(session).values()) == set(channels)
        assert set(mirror.groups(session).values()) == set(groups)
        assert mirror.members(session, "C1") == set(people)
        assert mirror.group_members(session) == {"S1": set(people)}


def test_steps_read_what_was_mirrored(teams: Teams) -> None:
    world = teams.world
    db, alice = world.db, world.alice
    bob, carol = world.user("bob", "sms"), world.user("carol", "phone")
    stranger = "U0STRANGER"
    do(db, lambda session: mirror.keep_channels(session, [OPS]))
    do(db, lambda session: mirror.keep_groups(session, [SRE]))
    joined = [bob.slack_user_id or "", stranger]
    do(db, lambda session: mirror.change_members(session, "C1", joined=joined))
    do(db, lambda session: mirror.set_group_members(session, "S1", {carol.slack_user_id or ""}))
    team = teams.make("SRE", alice)
    chain = teams.chain("everybody", CHANNEL, everybody_in(group(db)))
    teams.leads(team, chain, channel=channel(db))
    assert set(teams.paged(teams.page(team))) == {bob.name, carol.name}
    do(db, lambda session: mirror.lose_channels(session, ["C1"]))
    do(db, lambda session: mirror.lose_groups(session, ["S1"]))
    with pytest.raises(Invalid, match="SRE cannot be paged"):
        teams.page(team)
