"""What Slack says about people is understood, however much is missing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.profiles import NO_PAUSE, pause_of, pauses_of, profile_of

BOB: dict[str, Any] = {
    "id": "U0BOB",
    "team_id": "T1",
    "name": "bob.miller",
    "real_name": "Bob Miller",
    "tz": "America/New_York",
    "profile": {"display_name": "Bob", "real_name": "Bob Miller", "email": "bob@example.com"},
}


def test_a_person() -> None:
    bob = profile_of(BOB)
    assert (bob.slack_user_id, bob.slack_team_id) == ("U0BOB", "T1")
    assert (bob.name, bob.username, bob.email) == ("Bob", "bob.miller", "bob@example.com")
    assert bob.timezone == "America/New_York"
    assert bob.is_active
    assert [bob.is_admin, bob.is_guest, bob.is_bot] == [False, False, False]


@pytest.mark.parametrize(
    ("user", "name"),
    [
        (
            {"id": "U1", "name": "bob", "profile": {"display_name": " ", "real_name": "Bob M"}},
            "Bob M",
        ),
        ({"id": "U1", "name": "bob", "real_name": "Bob Miller", "profile": {}}, "Bob Miller"),
        ({"id": "U1", "name": "bob", "profile": None}, "bob"),
        ({"id": "U1"}, "U1"),
        ({"id": "U1", "name": 7, "tz": None, "profile": "odd", "deleted": "yes"}, "U1"),
    ],
)
def test_a_name_is_always_found(user: dict[str, Any], name: str) -> None:
    found = profile_of(user)
    assert found.name == name
    assert found.timezone == "UTC"
    assert found.email is None
    assert found.is_active


def test_roles() -> None:
    assert profile_of(BOB | {"is_admin": True}).is_admin
    assert profile_of(BOB | {"is_owner": True}).is_admin
    assert profile_of(BOB | {"is_restricted": True}).is_guest
    assert profile_of(BOB | {"is_ultra_restricted": True}).is_guest
    assert profile_of(BOB | {"is_bot": True}).is_bot
    assert profile_of(BOB | {"id": "USLACKBOT"}).is_bot
    assert not profile_of(BOB | {"deleted": True}).is_active


def test_whose_workspace() -> None:
    elsewhere = BOB | {"team_id": "T9", "is_stranger": True}
    assert profile_of(elsewhere, team_id="T1").slack_team_id == "T9"
    colleague = BOB | {"team_id": "T9", "enterprise_user": {"teams": ["T9", "T1"]}}
    assert profile_of(colleague, team_id="T1").slack_team_id == "T1"
    assert profile_of(colleague).slack_team_id == "T9"
    assert profile_of({"id": "U1", "profile": {"team": "T5"}}).slack_team_id == "T5"
    assert profile_of({"id": "U1"}, team_id="T1").slack_team_id == "T1"


def test_nobody_is_no_person() -> None:
    with pytest.raises(ValueError, match="id"):
        profile_of({"name": "ghost"})


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("status", "pause"),
    [
        (
            {"dnd_enabled": True, "next_dnd_start_ts": 1000, "next_dnd_end_ts": 2000},
            (at(1000), at(2000)),
        ),
        ({"dnd_enabled": False, "next_dnd_start_ts": 1000, "next_dnd_end_ts": 2000}, NO_PAUSE),
        ({"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}, NO_PAUSE),
        ({"dnd_enabled": True, "next_dnd_start_ts": 2000, "next_dnd_end_ts": 1000}, NO_PAUSE),
        ({"dnd_enabled": True, "next_dnd_start_ts": "x", "next_dnd_end_ts": True}, NO_PAUSE),
        ({"dnd_enabled": True, "next_dnd_start_ts": 10, "next_dnd_end_ts": 1e30}, NO_PAUSE),
        ({"snooze_enabled": True, "snooze_endtime": 3000}, (at(0), at(3000))),
        ({"snooze_enabled": True}, NO_PAUSE),
        ({}, NO_PAUSE),
    ],
)
def test_pauses(status: dict[str, Any], pause: object) -> None:
    assert pause_of(status) == pause


def test_pauses_of_many() -> None:
    assert pauses_of({"U1": None, "U2": {}}) == {"U1": NO_PAUSE, "U2": NO_PAUSE}
    assert pauses_of("odd") == {}
