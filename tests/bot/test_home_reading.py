"""What it costs to draw the Home tab, and what it shows when something goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.listeners import home
from tests.bot.setting_up import SettingUp
from tests.bot.stage import Stage
from tests.core.teams import members, persons


@pytest.fixture
def setting(stage: Stage) -> SettingUp:
    return SettingUp(stage)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def with_teams(setting: SettingUp, names: list[str]) -> None:
    """Teams of Alice's with two chains and a Slack channel each."""
    for name in names:
        team = setting.team(name, "alice", "bob")
        day = setting.chain(f"{name} by day", members(team), 5, persons(setting.user("carol")))
        alarm = setting.chain(f"{name} in alarm", persons(setting.user("dave"), important=True))
        setting.leads(team, day)
        setting.leads(team, alarm, important=True)


def test_many_teams_are_read_in_as_many_queries_as_few(setting: SettingUp) -> None:
    with_teams(setting, ["A", "B"])
    with statements() as few:
        home.publish(setting.stage.client, setting.stage.desk, setting.stage.id("alice"))
    with_teams(setting, [f"Team {number}" for number in range(20)])
    with statements() as many:
        home.publish(setting.stage.client, setting.stage.desk, setting.stage.id("alice"))
    assert len(many) == len(few)
    shown = setting.home("alice", "And 7 more.").text
    assert "A page to A will call team A (2 people) at once.\nChain A by day: now team A" in shown
    assert "An important page to Team 12 will call dave at once." in shown
