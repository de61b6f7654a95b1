"""What is said that a file would change is what applying it does."""

import pytest
from sqlmodel import select

from core import chains, clock
from core.db import Database
from core.models import SlackChannel, UserGroup
from core.positions import LAST
from core.setup import differences, present, reading, words
from core.setup.problems import Unfit
from tests.core.setup.files import applied, exported


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


def refused(db: Database, text: str) -> list[str]:
    """By who compares as by who applies, and then nothing is done."""
    before = exported(db)
    with pytest.raises(Unfit) as promise:
        promised(db, text)
    with pytest.raises(Unfit) as caught:
        applied(db, text)
    assert str(caught.value) == str(promise.value)
    assert exported(db) == before
    return str(caught.value).splitlines()


ARCHIVED = "is archived in Slack, or the bot was taken out of it."
HELP = "Bring it back, or take it out of this file."


@pytest.mark.parametrize("name", ["sre", "'#sre'", "CSRE"])
def test_an_archived_slack_channel_is_refused(db: Database, name: str) -> None:
    with db.transaction() as session:
        session.get_one(SlackChannel, "CSRE").gone_at = clock.now()
    shown = name.strip("'")
    [said] = refused(db, f"teams:\n  Web: {{}}\n  SRE:\n    slack_channel: {name}\n")
    assert said == f'line 4: The Slack channel "{shown}" {ARCHIVED} {HELP}'


def test_a_channel_that_was_archived_may_stay_where_it_is(db: Database) -> None:
    way = "{regex: a, slack_channel: sre}"
    text = f"teams: {{A: {{slack_channel: sre, routes: [{way}, {way}]}}}}"
    applied(db, text)
    with db.transaction() as session:
        session.get_one(SlackChannel, "CSRE").gone_at = clock.now()
    text = text.replace("sre", "CSRE")
    assert applied(db, text) == []
    assert len(refused(db, text.replace("slack_", "important_slack_", 1))) == 1
    [said] = refused(db, text.replace("]", f", {way.replace('sre', 'CSRE')}]"))
    assert ARCHIVED in said
    muted = text.replace("CSRE,", "CSRE, slack_enabled: false,", 1)
    expected = promised(db, muted)
    assert applied(db, muted) == expected != []


def test_a_disabled_user_group_is_not_called_unknown(db: Database) -> None:
    with db.transaction() as session:
        session.scalars(select(UserGroup)).one().gone_at = clock.now()
    [said] = refused(db, "chains:\n  A:\n    steps:\n      - notify_user_group: '@sre'\n")
    assert said == f'line 4: The Slack user group "@sre" is disabled in Slack. {HELP}'
    by_id = "chains: {A: {steps: [{notify_user_group: SSRE}]}}"
    expected = promised(db, by_id)
    assert applied(db, by_id) == expected != []
