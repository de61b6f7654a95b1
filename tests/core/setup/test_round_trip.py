"""What is exported and applied changes nothing, whatever there is and however it is called."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from core.db import Database
from core.setup import differences, present, reading, words
from tests.conftest import empty
from tests.core.setup.files import applied, exported
from tests.core.setup.states import STATES, State, configure, people_and_slack

# Without shrinking: each example takes two databases, and that would take minutes.
RANDOM = settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def other(sqlite_url: str) -> Iterator[Database]:
    """A second database."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@RANDOM
@given(state=STATES)
def test_exporting_and_applying(sqlite: Database, other: Database, state: State) -> None:
    for database in (sqlite, other):
        empty(database)
        people_and_slack(database, state)
    configure(sqlite, state)
    text = exported(sqlite)
    for prune in (False, True):
        assert applied(sqlite, text, prune=prune) == [], text
    assert exported(sqlite) == text

    applied(other, text)
    assert exported(other) == text
    assert applied(other, text) == []


@RANDOM
@given(state=STATES, before=STATES)
def test_whatever_there_was_before(
    sqlite: Database, other: Database, state: State, before: State
) -> None:
    """Pruned, it is the same on a database where something else was configured."""
    for database in (sqlite, other):
        empty(database)
        people_and_slack(database, state)
    configure(sqlite, state)
    seen: dict[str, Any] = {
        "emails": state.emails,
        "channels": state.channels,
        "handles": state.handles,
    }
    configure(other, replace(before, **seen))
    text = exported(sqlite)
    with other.reading() as session:
        expected = differences.find(present.read(session), reading.read(text.encode()), prune=True)
    assert applied(other, text, prune=True) == words.tell(expected)
    assert exported(other) == text
