"""Tokens: made, found, used and revoked."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core import access
from core.db import Database
from core.errors import Conflict, Gone, Invalid
from core.models import Role, User
from tests.core.running import LONG
from tests.core.world import World
from tests.patience import Patient


def make(world: World, user: User, name: str) -> str:
    with world.session() as session:
        return access.create(session, session.get_one(User, user.id), name)


def test_a_token_is_its_users_until_it_is_revoked(world: World) -> None:
    ana = world.user("ana", given_role=Role.VIEWER)
    secret = make(world, ana, " ci ")
    assert len(secret) == 64
    assert set(secret) <= set("0123456789abcdef")
    with world.session() as session:
        [token] = access.of(session, ana)
        assert (token.name, token.digest == secret) == ("ci", False)
        caller = access.find(session, secret)
        assert caller is not None
        assert (caller.user_id, caller.role, caller.is_active) == (ana.id, Role.VIEWER, True)
        assert access.find(session, secret[:-1] + "x") is None
    with world.session() as session:
        access.revoke(session, ana, "ci")
    with world.session() as session:
        assert access.find(session, secret) is None
        assert access.of(session, ana) == []
        with pytest.raises(Gone, match="alice has no token 'ci'"):
            access.revoke(session, world.alice, "ci")
        with pytest.raises(Gone, match="ana has no token 'ci'"):
            access.revoke(session, ana, "ci")


def test_a_token_follows_its_user(small_world: World) -> None:
    world = small_world
    ana = world.user("ana")
    secret = make(world, ana, "ci")
    facts: tuple[tuple[dict[str, object], Role, bool], ...] = (
        ({"is_admin": True}, Role.ADMIN, True),
        ({"given_role": Role.NONE}, Role.NONE, True),
        ({"given_role": None, "is_guest": True}, Role.VIEWER, True),
        ({"is_active": False}, Role.VIEWER, False),
        ({"is_active": True, "is_bot": True}, Role.VIEWER, False),
    )
    for changed, role, is_active in facts:
        world.change(ana, **changed)
        with world.session() as session:
            caller = access.find(session, secret)
        assert caller is not None
        assert (caller.role, caller.is_active) == (role, is_active)


def test_five_tokens_and_no_name_twice(world: World) -> None:
    ana = world.user("ana")
    for number in range(5):
        make(world, ana, f"ci {number}")
        with pytest.raises(Conflict, match="ana has"):
            make(world, ana, f" ci {number} ")
    with pytest.raises(Conflict, match="ana has 5 tokens already: revoke one of them first"):
        make(world, ana, "ci 5")
    make(world, world.alice, "ci 0")
    with world.session() as session:
        access.revoke(session, ana, " ci 3 ")
    make(world, ana, "ci 3")
    with world.session() as session:
        assert [token.name for token in access.of(session, ana)] == [
            "ci 0",
            "ci 1",
            "ci 2",
            "ci 4",
            "ci 3",
        ]
        named = [(user.name, token.name) for user, token in access.everybodys(session)]
    assert named[:2] == [("alice", "ci 0"), ("ana", "ci 0")]
    assert len(named) == 6


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "a\x1b[31m", "\udcff"])
def test_names_that_cannot_be(small_world: World, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        make(small_world, small_world.alice, name)
    assert caught.value.field == "name"
    make(small_world, small_world.alice, "x" * 100)


def _make_five(url: str, user_id: str, word: str) -> None:
    database = Patient(url)
    for number in range(5):
        try:
            with database.transaction() as session:
                access.create(session, session.get_one(User, user_id), f"{word} {number}")
        except Conflict:
            pass
    database.close()


def test_two_processes_at_once_make_five_tokens(database: Database) -> None:
    with database.transaction() as session:
        session.add(ana := User(name="ana", username="ana"))
    url = database.url.render_as_string(hide_password=False)
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_make_five, args=(url, ana.id, word)) for word in "ab"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(LONG)
    assert [process.exitcode for process in processes] == [0, 0]
    with database.reading() as session:
        assert len(access.of(session, ana)) == 5


def test_eight_threads_at_once_make_five_tokens_and_one_of_each_name(world: World) -> None:
    ana = world.user("ana")
    gate = threading.Barrier(8)

    def work(number: int) -> bool:
        gate.wait()
        try:
            make(world, ana, f"ci {number // 2}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(work, range(8)))
    assert made.count(True) == 4
    with world.session() as session:
        names = sorted(token.name for token in access.of(session, ana))
    assert names == ["ci 0", "ci 1", "ci 2", "ci 3"]


def test_the_last_use_is_noted(world: World) -> None:
    secret = make(world, world.alice, "ci")
    with world.session() as session:
        first = access.find(session, secret)
        assert first is not None
        assert not first.is_noted
        access.note_use(session, first.token_id)
    for seconds, is_noted in ((0, True), (58, True), (2, False)):
        world.skip(seconds=seconds)
        with world.session() as session:
            again = access.find(session, secret)
        assert again is not None
        assert again.is_noted is is_noted


@pytest.mark.parametrize("role", list(Role))
def test_a_role_covers_itself_and_those_below(role: Role) -> None:
    order = [Role.ADMIN, Role.EDITOR, Role.VIEWER, Role.NONE]
    assert [role.covers(other) for other in order] == [
        order.index(role) <= order.index(other) for other in order
    ]
