"""Teams: their names, their integrations, and what is left of those deleted."""

import threading
from collections.abc import Callable

import pytest
from sqlmodel import select

from core import direct_paging, teams
from core.db import Database
from core.errors import Gone, Invalid, TocsinError
from core.models import Integration, Team, TeamMember
from tests.core.world import World


def at_once(*works: Callable[[], object]) -> list[Exception]:
    """Do all of these at the same moment; what came of it."""
    gate, failed = threading.Barrier(len(works)), list[Exception]()

    def do(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failed.append(error)

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Give the team a name"),
        (" \t\n", "Give the team a name"),
        ("x" * 101, "more than 100 characters"),
        ("a\x00b", "cannot be stored"),
        ("\ud83d", "cannot be stored"),
        ("SRE", "There is a team called SRE already"),
        (" SRE\n", "There is a team called SRE already"),
    ],
)
def test_names_that_cannot_be(sqlite: Database, name: str, says: str) -> None:
    with sqlite.transaction() as session:
        teams.make(session, "SRE")
        other = teams.make(session, "x" * 100)
        with pytest.raises(Invalid, match=says) as caught:
            teams.make(session, name)
        assert caught.value.field == "name"
        with pytest.raises(Invalid, match=says):
            teams.rename(session, other.id, name)


def test_the_name_of_a_deleted_team_is_free(database: Database) -> None:
    numbers = []
    for _ in range(3):
        with database.transaction() as session:
            team = teams.make(session, "SRE")
            numbers.append(team.number)
            teams.delete_it(session, team.id)
    with database.transaction() as session:
        with pytest.raises(Gone):
            teams.hold(session, team.id)
        again = teams.make(session, "SRE")
        assert [*numbers, again.number] == [1, 2, 3, 4]
        assert [each.id for each in session.scalars(teams.LIVING)] == [again.id]


def test_a_team_has_its_integration_before_its_first_page(database: Database) -> None:
    with database.transaction() as session:
        team = teams.make(session, "SRE")
    with database.transaction() as session:
        mine, other = direct_paging.of(session, team), direct_paging.of(session, None)
    assert mine.integration_id != other.integration_id
    assert len({each.route_id for each in [*mine.branches, *other.branches]}) == 4
    with database.reading() as session:
        assert len(session.scalars(select(Integration)).all()) == 2


def test_one_name_for_two_who_are_renamed_at_once(database: Database) -> None:
    with database.transaction() as session:
        both = [teams.make(session, name) for name in ("a", "b")]

    def rename(team: Team) -> None:
        with database.transaction() as session:
            teams.rename(session, team.id, "SRE")

    failed = at_once(*(lambda team=team: rename(team) for team in both))
    assert [type(error) for error in failed] == [Invalid]
    with database.reading() as session:
        assert len(session.scalars(teams.LIVING.where(Team.name == "SRE")).all()) == 1


def test_nobody_joins_a_team_that_is_being_deleted(world: World) -> None:
    ana = world.user("ana")
    with world.session() as session:
        team = teams.make(session, "SRE")

    def join() -> None:
        with world.session() as session:
            teams.add_member(session, team.id, ana)

    def delete() -> None:
        with world.session() as session:
            teams.delete_it(session, team.id)

    failed = at_once(join, delete)
    assert all(isinstance(error, TocsinError) for error in failed)
    with world.session() as session, pytest.raises(Gone):
        teams.remove_member(session, team.id, ana.id)
    with world.db.reading() as session:
        assert session.scalars(select(TeamMember)).all() == []
