"""Positions in the lists of rules: room is made, gaps stay, and nobody stands twice."""

import pytest

from core import positions, rule_lists, rules
from core.db import Database
from core.errors import Conflict, Gone, Invalid
from core.models import NotificationRule, RuleType, User
from tests.core.world import World

END, LAST = positions.END, positions.LAST


class Ana:
    """Somebody whose default list is edited, a transaction each time."""

    def __init__(self, world: World, *positions: int) -> None:
        self.world = world
        self.user = world.user("ana")
        self.names: dict[str, str] = {}
        for number, position in enumerate(positions):
            self.insert("abcdef"[number], position)

    def insert(
        self, name: str, position: int = END, *, swap: bool = False, important: bool = False
    ) -> int:
        with self.world.session() as session:
            user = session.get_one(User, self.user.id)
            rule = rule_lists.insert(
                session, user, RuleType.SMS, position=position, swap=swap, important=important
            )
            self.names[rule.id] = name
            return rule.position

    def move(self, name: str, position: int, *, swap: bool = False) -> int:
        with self.world.session() as session:
            rule = rule_lists.hold(session, self.id(name))
            rule_lists.move(session, rule, position, swap=swap)
            return rule.position

    def delete(self, name: str) -> None:
        with self.world.session() as session:
            rule_lists.delete(session, rule_lists.hold(session, self.id(name)))

    def positions(self) -> dict[str, int]:
        with self.world.db.reading() as session:
            found = {each: session.get(NotificationRule, each) for each in self.names}
            return {self.names[id_]: rule.position for id_, rule in found.items() if rule}

    def id(self, name: str) -> str:
        return next(id_ for id_, known in self.names.items() if known == name)


def test_a_new_rule_takes_its_place_and_the_others_make_room(world: World) -> None:
    ana = Ana(world, END, END, END)
    assert ana.insert("new", 1) == 1
    assert ana.positions() == {"a": 0, "new": 1, "b": 2, "c": 3}


def test_room_is_made_behind_a_gap_too(world: World) -> None:
    ana = Ana(world, END, 100)
    assert ana.insert("new", 50) == 50
    assert ana.positions() == {"a": 0, "new": 50, "b": 101}


def test_beyond_the_end_stays_beyond_the_end(world: World) -> None:
    ana = Ana(world, END, 100)
    assert ana.insert("next") == 101
    assert ana.insert("far", 2_000) == 2_000
    assert ana.positions() == {"a": 0, "b": 100, "next": 101, "far": 2_000}


def test_those_between_move_up_when_a_rule_moves_down(world: World) -> None:
    ana = Ana(world, END, END, END, END)
    assert ana.move("b", 3) == 3
    assert ana.positions() == {"a": 0, "c": 1, "d": 2, "b": 3}


def test_those_between_move_down_when_a_rule_moves_up(world: World) -> None:
    ana = Ana(world, END, END, END, END)
    assert ana.move("d", 1) == 1
    assert ana.positions() == {"a": 0, "d": 1, "b": 2, "c": 3}


def test_gaps_travel_with_what_is_moved_and_deleting_closes_none(world: World) -> None:
    ana = Ana(world, 0, 5, 9, 20)
    ana.move("a", 9)
    assert ana.positions() == {"b": 4, "c": 8, "a": 9, "d": 20}
    ana.delete("c")
    assert ana.positions() == {"b": 4, "a": 9, "d": 20}


def test_the_end_is_where_the_last_one_is(world: World) -> None:
    ana = Ana(world, 0, 1, 7)
    assert ana.move("a", END) == 7
    assert ana.positions() == {"b": 0, "c": 6, "a": 7}
    assert ana.move("a", END) == 7


def test_two_rules_change_places(world: World) -> None:
    ana = Ana(world, 0, 1, 7)
    assert ana.move("a", 7, swap=True) == 7
    assert ana.positions() == {"c": 0, "b": 1, "a": 7}
    assert ana.move("a", 3, swap=True) == 3  # where nobody is
    assert ana.insert("new", 1, swap=True) == 1
    assert ana.positions() == {"c": 0, "new": 1, "a": 3, "b": 4}
    assert ana.insert("last", END, swap=True) == 5


def test_the_lists_do_not_know_each_other(world: World) -> None:
    ana = Ana(world, END, END)
    assert ana.insert("urgent", 0, important=True) == 0
    assert ana.insert("more urgent", 0, important=True) == 0
    assert ana.positions() == {"a": 0, "b": 1, "urgent": 1, "more urgent": 0}


def test_the_last_position_there_is_can_be_used_but_not_passed(world: World) -> None:
    ana = Ana(world, 0, LAST)
    with pytest.raises(Invalid, match="move that one to a lower position first"):
        ana.insert("new")
    assert ana.move("a", LAST) == LAST
    assert ana.positions() == {"b": LAST - 1, "a": LAST}
    assert ana.move("a", 0) == 0
    assert ana.positions() == {"a": 0, "b": LAST}


def test_what_another_writer_did_meanwhile_is_seen(postgresql: Database) -> None:
    world = World(postgresql)
    ana = Ana(world, END, END)
    with world.session() as session:
        read = session.get_one(NotificationRule, ana.id("a"))
        ana.move("b", 0)
        assert read.position == 0
        assert rule_lists.hold(session, read.id).position == 1


def test_a_list_is_full_at_some_time(small_world: World) -> None:
    ana = Ana(small_world)
    with small_world.session() as session:
        user = session.get_one(User, ana.user.id)
        for _ in range(rule_lists.MOST):
            rule_lists.insert(session, user, RuleType.MOBILE_APP_CRITICAL)
    with pytest.raises(Conflict, match="100 rules in this list already"):
        ana.insert("one more")
    assert ana.insert("in the other list", important=True) == 0
    with small_world.db.reading() as session:
        steps = rules.of(session, [ana.user])[ana.user.id].default
    assert len(rules.write(steps)) < 3_000  # characters that a text in Slack may have


def test_a_wait_has_a_duration_and_nothing_else_does(small_world: World) -> None:
    ana = Ana(small_world)
    with small_world.session() as session:
        user = session.get_one(User, ana.user.id)
        wait = rule_lists.insert(session, user, RuleType.WAIT)
        assert wait.duration == 300
        rule_lists.change(wait, RuleType.WAIT, duration=60)
        assert wait.duration == 60
        rule_lists.change(wait, RuleType.EMAIL, duration=60)
        assert wait.type == RuleType.EMAIL
        assert wait.duration is None


def test_what_was_deleted_cannot_be_held(small_world: World) -> None:
    ana = Ana(small_world, END)
    ana.delete("a")
    with pytest.raises(Gone):
        ana.move("a", 3)
