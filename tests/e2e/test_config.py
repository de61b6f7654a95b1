"""`config` on the command line, each command a process of its own, on both databases."""

from pathlib import Path

import pytest

from core.db import Database
from core.models import SlackChannel, UserGroup
from tests.e2e.test_users_and_tokens import Office

EXAMPLE = """\
people:
  ana@example.com:
    role: admin
teams:
  SRE:
    members: [ana@example.com]
    chain: Gently
    slack_channel: sre
    important_chain: At once
    important_slack_channel: "#sre"
chains:
  Gently:
    team: SRE
    steps:
      - notify_in_turn: [ana@example.com, UBOB]
      - wait: 5m
      - notify_team: SRE
        important: true
  At once:
    steps:
      - notify_user_group: "@sre"
"""


class Desk(Office):
    """Commands, a Slack channel, a user group, and a folder for files."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.folder = folder
        with database.transaction() as session:
            session.add(SlackChannel(id="C1SRE", name="sre"))
            session.add(UserGroup(slack_id="S1SRE", name="SRE", handle="sre"))

    def file(self, text: str, name: str = "tocsin.yaml") -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path)


@pytest.fixture
def small(sqlite: Database, tmp_path: Path) -> Desk:
    return Desk(sqlite, tmp_path)


def test_a_file_is_checked_compared_applied_and_exported(desk: Desk) -> None:
    name = desk.file(EXAMPLE)
    checked = desk.does("config", "check", name)
    assert checked.out == f"{name} can be understood: 1 role, 1 team, 2 chains.\n", checked.err
    planned = desk.does("config", "diff", name)
    assert planned.code == 2, planned.err
    assert planned.out.endswith("4 things would be changed.\n")
    done = desk.does("config", "apply", name)
    assert done.code == 0, done.err
    assert done.out == planned.out.replace("would be changed", "changed")
    for command in ("diff", "apply"):
        again = desk.does("config", command, name)
        assert (again.out, again.err, again.code) == ("Nothing to change.\n", "", 0)
    exported = desk.does("config", "export")
    assert exported.code == 0, exported.err
    copy = desk.file(exported.out, "copy.yaml")
    assert desk.does("config", "apply", copy).out == "Nothing to change.\n"
