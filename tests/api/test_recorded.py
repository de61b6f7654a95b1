"""The answers of the real peer, replayed; where we decided otherwise, what we answer instead."""

from collections.abc import Iterator, Mapping

import pytest

from core import clock
from core.db import Database
from tests.api.departures import DEPARTURES
from tests.api.replay import Case, Outcome, Player, cases
from tests.conftest import empty
from tests.core.world import World

CASES = cases()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def outcomes(request: pytest.FixtureRequest) -> Iterator[Mapping[str, Outcome]]:
    """Everything played once, in the order of the files, for one case builds on another."""
    database: Database = request.getfixturevalue(f"kept_{request.param}")
    empty(database)
    player = Player(World(database))
    try:
        yield player.play()
    finally:
        player.close()
        clock.reset()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_recorded_case(case: Case, outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes[case.id]
    if case.id in DEPARTURES:
        assert not outcome.departed, f"not as decided: {outcome.told}"
        assert outcome.problems, f"no departure any more: {outcome.told}"
    else:
        assert not outcome.problems, outcome.told


def test_every_departure_is_of_a_recorded_case_and_says_why() -> None:
    assert DEPARTURES.keys() <= {case.id for case in CASES}
    assert all(len(departure.why) > 20 for departure in DEPARTURES.values())


def test_every_recorded_file_of_the_paging_family_is_here() -> None:
    names = {case.file[:2] for case in CASES}
    assert names == {f"{number:02}" for number in [*range(1, 19), 25, 26, 27]}
