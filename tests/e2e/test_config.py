"""`config` on the command line, each command a process of its own, on both databases."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
import typer

from cli.complaints import complaints
from core.db import Database
from core.models import SlackChannel, UserGroup
from core.setup.source import LARGEST
from sandbox.demo import furnish
from tests.e2e.office import Office
from tests.e2e.process import APP, Process
from tests.e2e.test_users_and_tokens import WAIT
from tests.e2e.test_users_and_tokens import Office as Commands

SAMPLE = APP.parent / "docs" / "tocsin.example.yaml"

SEEN = "Write an e-mail address or Slack id; Tocsin must have run and seen them in Slack."
NEITHER = "neither in this file nor in Tocsin."
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


class Desk(Commands):
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
def small(sqlite: Database, tmp_path: Path) -> Desk:
    return Desk(sqlite, tmp_path)


def test_a_file_is_checked_compared_applied_and_exported(small: Desk) -> None:
    name = small.file(EXAMPLE)
    checked = small.does("config", "check", name)
    assert checked.out == f"{name} can be understood: 1 role, 1 team, 2 chains.\n", checked.err
    planned = small.does("config", "diff", name)
    assert planned.code == 2, planned.err
    assert planned.out.endswith("4 things would be changed.\n")
    done = small.does("config", "apply", name)
    assert done.code == 0, done.err
    assert done.out == planned.out.replace("would be changed", "changed")
    for command in ("diff", "apply"):
        again = small.does("config", command, name)
        assert (again.out, again.err, again.code) == ("Nothing to change.\n", "", 0)
    exported = small.does("config", "export")
    assert exported.code == 0, exported.err
    copy = small.file(exported.out, "copy.yaml")
    assert small.does("config", "apply", copy).out == "Nothing to change.\n"


def test_a_file_that_cannot_be_applied(small: Desk) -> None:
    name = small.file("teams:\n  SRE:\n    members: [zoe@example.com]\n    chain: Nowhere\n")
    assert small.does("config", "check", name).code == 0
    for command in ("diff", "apply"):
        refused = small.does("config", command, name)
        assert (refused.out, refused.code) == ("", 1)
        assert refused.err.splitlines() == [
            f'{name}:3: No person is called "zoe@example.com". {SEEN}',
            f'{name}:4: There is no escalation chain "Nowhere", {NEITHER}',
        ]
    wrong = small.file("no_team:\n  routes:\n    - regex: (\n", "wrong.yaml")
    said = small.does("config", "check", wrong)
    assert (said.err, said.code) == (f"{wrong}:3: Regular expression is incorrect\n", 1)
    missing = small.does("config", "check", "missing.yaml")
    assert missing.err == "missing.yaml cannot be read: No such file or directory.\n"


def test_what_may_not_be_meant_is_done_and_said(small: Desk) -> None:
    name = small.file("teams: {Ops: {}}\npeople: {ana@example.com: {role: none}}\n")
    for command, verb, code in (("diff", "would be changed", 2), ("apply", "changed", 0)):
        told = small.does("config", command, name)
        assert (told.code, told.err) == (code, "")
        assert "\nA page of these teams reaches nobody: Ops. Each needs a chain" in told.out
        assert told.out.endswith(f"2 things {verb}.\n")


def test_an_export_that_cannot_be_written(small: Desk) -> None:
    with Path("/dev/full").open("w") as full:
        process = small.start("config", "export", stdout=full)
        _, said = process.communicate(timeout=WAIT)
    assert said == "The configuration cannot be written: No space left on device.\n"
    assert process.returncode == 1


@pytest.mark.parametrize("file", ["-", "/dev/stdin"])
def test_a_file_without_an_end(small: Desk, file: str) -> None:
    with small.start("config", "check", file, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write("#" * (LARGEST + 1))
        process.stdin.flush()
        try:
            code = process.wait(timeout=WAIT)  # though more might come
        finally:
            process.kill()
        _, said = process.communicate()
    assert (said, code) == (f"{file}:1: The file has more than 2 MiB.\n", 1)


def test_nothing_can_come_in(small: Desk) -> None:
    command = [sys.executable, str(APP), "config", "check", "-"]
    closed = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
    done = subprocess.run(closed, cwd=small.folder, capture_output=True, text=True, timeout=WAIT)
    assert done.returncode == 1
    said = "- cannot be read: standard input is closed.\n"
    assert done.stderr == said


def test_check_needs_no_database_and_the_others_say_what_they_need(
    small: Desk, tmp_path: Path
) -> None:
    name = small.file(EXAMPLE)
    nowhere = {"DATABASE_URL": f"sqlite:///{tmp_path}/nothing.db"}
    for command, code in (("check", 0), ("diff", 1), ("apply", 1)):
        process = Process("config", command, name, folder=tmp_path, environment=nowhere)
        assert process.wait() == code, process.log
        assert ("there is no database" in process.log) == (code == 1)
        assert "Traceback" not in process.log
    assert not (tmp_path / "nothing.db").exists()


def test_a_file_is_applied_while_the_bot_serves(open_office: Callable[..., Office]) -> None:
    """The example of the documents, in a workspace like the sandbox's."""
    office = open_office()
    furnish(office.box)
    code, said = office.bot.run("config", "apply", str(SAMPLE))
    deadline = monotonic() + WAIT
    while code and monotonic() < deadline:  # until the bot has seen #sre and @sre
        code, said = office.bot.run("config", "apply", str(SAMPLE))
    assert code == 0, said
    assert said.endswith("7 things changed.")
    code, said = office.bot.run("config", "diff", str(SAMPLE))
    assert (code, said) == (0, "Nothing to change.")
    assert office.bot.health().status == 200


def test_a_database_that_is_held(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    holder, other = Database(sqlite_url), Database(sqlite_url)
    with holder.transaction(), pytest.raises(typer.Exit) as caught, complaints():
        other.transaction(patience=0.1).__enter__()
    holder.close()
    other.close()
    assert caught.value.exit_code == 1
    said = capsys.readouterr().err
    assert said == "The database does not answer (database is locked). Try again.\n"
