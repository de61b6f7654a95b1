"""What is said that a file would change is what applying it does."""

import pytest

from core import chains
from core.db import Database
from core.positions import LAST
from core.setup import differences, present, reading, words
from tests.core.setup.files import applied


def promised(database: Database, text: str) -> list[str]:
    """What it would change, in words."""
    with database.reading() as session:
        found = differences.find(present.read(session), reading.read(text.encode()))
    return words.tell(found)


@pytest.mark.parametrize("last", [LAST - 1, LAST])
def test_a_step_more_after_the_last_possible_position(db: Database, last: int) -> None:
    text = "chains: {A: {steps: [notify_in_turn: [UBOB], wait: 5m, repeat]}}"
    applied(db, text)
    with db.transaction() as session:
        chain = chains.hold(session, session.scalars(chains.CHAINS).one().id)
        before = [policy.id for policy in chains.policies(session, chain.id)]
        for policy in reversed(chains.policies(session, chain.id)[1:]):
            chains.move(session, policy, last)
            last -= 1
    assert applied(db, text) == []
    more = text.replace("repeat", "repeat, resolve, notify: [UBOB]")
    expected = promised(db, more)
    assert applied(db, more) == expected != []
    assert applied(db, more) == []
    with db.reading() as session:
        after = chains.policies(session, session.scalars(chains.CHAINS).one().id)
    assert [policy.id for policy in after[:3]] == before  # whose turn it is, is kept there
