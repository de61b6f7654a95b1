"""The answers of the real peer, replayed; where we decided otherwise, what we answer instead."""

from collections.abc import Mapping

import pytest

from core import clock
from core.db import Database
from tests.api.departures import DEPARTURES
from tests.api.replay import Case, Outcome, Player, cases
from tests.conftest import empty
from tests.core.world import World

CASES = cases()


def play(database: Database) -> Mapping[str, Outcome]:
    """Everything, in the order of the files: one case builds on another."""
    empty(database)
    player = Player(World(database))
    try:
        return player.play()
    finally:
        player.close()
        clock.reset()


@pytest.fixture(scope="module")
def outcomes(kept_sqlite: Database) -> Mapping[str, Outcome]:
    return play(kept_sqlite)


def complaint(case: Case, outcome: Outcome) -> str | None:
    """How the answer is neither the recorded one nor the one we decided on."""
    problems = outcome.problems
    if case.id in DEPARTURES:
        stale = [] if problems else ["this is as recorded, and no departure any more"]
        problems = outcome.departed + stale
    return f"{case.id}: {problems}; {outcome.told}" if problems else None


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_recorded_case(case: Case, outcomes: Mapping[str, Outcome]) -> None:
    assert complaint(case, outcomes[case.id]) is None


def test_all_of_them_on_postgresql(postgresql: Database) -> None:
    outcomes = play(postgresql)
    complaints = [complaint(case, outcomes[case.id]) for case in CASES]
    assert [each for each in complaints if each is not None] == []


def test_every_departure_is_of_a_recorded_case_and_says_why() -> None:
    assert DEPARTURES.keys() <= {case.id for case in CASES}
    assert all(len(departure.why) > 20 for departure in DEPARTURES.values())


def test_every_recorded_file_of_the_paging_family_is_here() -> None:
    names = {case.file[:2] for case in CASES}
    assert names == {f"{number:02}" for number in range(1, 28)}
