"""User names and numbers: Slack's names made unique, however many people are met at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from core import people
from core.db import Database
from core.models import User
from core.people import SlackProfile


def named(name: str) -> SlackProfile:
    """Somebody of this name in Slack; their id is made of it."""
    return SlackProfile(f"U{name.upper()}", "T1", name.rstrip("0123456789"), name)


def names(session: Session) -> dict[str, str]:
    rows = select(User).order_by(col(User.number))
    return {user.slack_user_id or "": user.username for user in session.scalars(rows)}


def test_usernames_are_unique_in_any_case_and_stay(database: Database) -> None:
    said = [
        SlackProfile("U1", "T1", "ana", "Ana"),
        SlackProfile("U2", "T1", "Ana", "Ana"),
        SlackProfile("U3", "T1", "ana", "Ana"),
        SlackProfile("U4", "T1", "ana-2", "Ana"),
        SlackProfile("U5", "T1", "an", "An"),
        SlackProfile("U6", "T1", "an%", "An"),
        SlackProfile("U7", "T1", "", "Nobody"),
        SlackProfile("U8", "T1", "Ünal", "Ünal"),
        SlackProfile("U9", "T1", "Ünal", "Ünal"),
    ]
    expected = {
        "U1": "ana",
        "U2": "Ana-2",
        "U3": "ana-3",
        "U4": "ana-2-2",
        "U5": "an",
        "U6": "an%",
        "U7": "u7",
        "U8": "Ünal",
        "U9": "Ünal-2",
    }
    for _ in range(2):  # what is read again changes nothing
        for profile in said:
            with database.transaction() as session:
                people.keep(session, profile)
        with database.reading() as session:
            assert names(session) == expected


def test_a_new_name_in_slack_is_a_new_username(database: Database) -> None:
    def call(slack_user_id: str, username: str) -> dict[str, str]:
        with database.transaction() as session:
            people.keep(session, SlackProfile(slack_user_id, "T1", username, username))
            return names(session)

    call("U1", "ana")
    assert call("U2", "ana") == {"U1": "ana", "U2": "ana-2"}
    assert call("U1", "maria") == {"U1": "maria", "U2": "ana-2"}
    assert call("U2", "ana") == {"U1": "maria", "U2": "ana"}  # free now
    assert call("U2", "MARIA") == {"U1": "maria", "U2": "MARIA-2"}
    assert call("U2", "7") == {"U1": "maria", "U2": "7"}
    assert call("U2", "maria") == {"U1": "maria", "U2": "maria-2"}
    assert call("U2", "ana") == {"U1": "maria", "U2": "ana"}


@pytest.mark.parametrize("batch", [1, 10])
def test_eight_threads_meet_forty_people_at_once(database: Database, batch: int) -> None:
    profiles = [named(f"{'ana' if number % 2 else 'bob'}{number}") for number in range(40)]
    with database.transaction() as session:  # some are known already, and change
        for profile in profiles[:10]:
            people.keep(session, SlackProfile(profile.slack_user_id, "T1", "old", "Old"))
    gate = threading.Barrier(8)

    def meet(first: int) -> int:
        gate.wait()
        turned = profiles[first * 5 :] + profiles[: first * 5]
        for start in range(0, 40, batch):
            with database.transaction() as session:
                for profile in turned[start : start + batch]:
                    people.keep(session, profile)
        return first

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(meet, range(8))) == list(range(8))
    with database.reading() as session:
        users = session.scalars(select(User)).all()
    assert sorted(user.number or 0 for user in users) == list(range(1, 41))
    assert {user.slack_user_id for user in users} == {x.slack_user_id for x in profiles}
    assert {user.name for user in users} == {profile.name for profile in profiles}
    assert len({user.username.lower() for user in users}) == 40
    assert {user.username.partition("-")[0] for user in users} == {"ana", "bob"}
