"""`users`, `people` and `token` on the command line, each a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from core import access, people
from core.db import Database
from core.models import Role
from core.people import SlackProfile
from tests.e2e.process import APP

WAIT = 180.0  # seconds; far more than it takes


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    out: str
    err: str
    code: int


class Office:
    """A database with people in it, and commands that work on it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.db = database
        self._folder = folder
        for profile in (
            SlackProfile("UANA", "T1", "ana", "Ana", email="ana@example.com", is_admin=True),
            SlackProfile("UBOB", "T1", "bob", "Bob \x1b[31m", is_active=False),
            SlackProfile("UROB", "T1", "robot", "Robot", is_bot=True),
        ):
            with database.transaction() as session:
                people.keep(session, profile)

    def start(
        self,
        *arguments: str,
        stdin: int = subprocess.DEVNULL,
        stdout: int | IO[str] = subprocess.PIPE,
    ) -> "subprocess.Popen[str]":
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        url = self.db.url.render_as_string(hide_password=False)
        return subprocess.Popen(
            [sys.executable, str(APP), *arguments],
            cwd=self._folder,
            env={**kept, "DATABASE_URL": url, "NO_COLOR": "1", "COLUMNS": "200"},
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def does(self, *arguments: str) -> Said:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=WAIT)
        assert "Traceback" not in err
        return Said(out, err, process.returncode)


@pytest.fixture
def office(sqlite: Database, tmp_path: Path) -> Office:
    return Office(sqlite, tmp_path)


def test_a_token_is_made_listed_and_revoked(office: Office) -> None:
    made = office.does("token", "create", "--user", "ana@example.com", "--name", "ci")
    assert made.code == 0, made.err
    secret = made.out.removesuffix("\n")
    assert len(secret) == 64
    assert set(secret) <= set("0123456789abcdef")
    assert made.err == "Keep it safe: only its hash is stored, and it is not shown again.\n"
    with office.db.reading() as session:
        caller = access.find(session, secret)
        assert caller is not None
        assert caller.user_id == people.find(session, "UANA").id
    hers = office.does("token", "list", "--user", "UANA")
    assert hers.out.startswith("ci: made ")
    assert hers.out.endswith(" UTC, never used\n")
    assert office.does("token", "list").out == f"Ana (ana@example.com): {hers.out}"
    assert secret not in hers.out
    again = office.does("token", "create", "--user", "UANA", "--name", "ci")
    assert (again.out, again.code) == ("", 1)
    assert again.err == "Ana has a token 'ci' already: choose another name.\n"
    gone = office.does("token", "revoke", "--user", "UANA", "--name", "ci")
    assert (gone.out, gone.code) == ("Revoked ci.\n", 0)
    with office.db.reading() as session:
        assert access.find(session, secret) is None
    twice = office.does("token", "revoke", "--user", "UANA", "--name", "ci")
    assert (twice.code, twice.err) == (1, "Ana has no token 'ci'.\n")


def test_six_processes_at_once_make_five_tokens(postgresql: Database, tmp_path: Path) -> None:
    office = Office(postgresql, tmp_path)
    processes = [
        office.start("token", "create", "--user", "UANA", "--name", f"ci {number}")
        for number in range(6)
    ]
    said = [process.communicate(timeout=WAIT) for process in processes]
    assert sorted(process.returncode for process in processes) == [0] * 5 + [1]
    refused = [err for out, err in said if not out]
    assert refused == ["Ana has 5 tokens already: revoke one of them first.\n"]
    with office.db.reading() as session:
        assert len(access.everybodys(session)) == 5


def test_people_are_listed_and_given_roles(office: Office) -> None:
    with office.db.reading() as session:
        ids = [people.find(session, slack_id).id for slack_id in ("UANA", "UBOB")]
    assert office.does("users", "list").out.splitlines() == [
        "NAME       USERNAME  E-MAIL           ROLE                  ACTIVE  ID",
        f"Ana        ana       ana@example.com  admin (as in Slack)   yes     {ids[0]}",
        f"Bob  [31m  bob       -                editor (as in Slack)  no      {ids[1]}",
    ]
    done = office.does("users", "role", "--user", "ana@example.com", "viewer")
    assert (done.out, done.code) == ("Ana is viewer (given here).\n", 0)
    with office.db.reading() as session:
        assert people.find(session, "UANA").role is Role.VIEWER
    back = office.does("users", "role", "slack", "--user", "UANA")
    assert back.out == "Ana is admin (as in Slack).\n"


def test_what_cannot_be_is_said_in_a_sentence(office: Office) -> None:
    nobody = office.does("users", "role", "--user", "nobody@example.com", "viewer")
    assert (nobody.out, nobody.code) == ("", 1)
    assert "No user has the e-mail address, Slack id or id 'nobody@example.com'." in nobody.err
    wrong = office.does("users", "role", "--user", "UANA", "boss")
    assert (wrong.out, wrong.code) == ("", 2)
    assert "'boss' is not one of" in wrong.err


def test_addresses_are_checked_and_kept(office: Office) -> None:
    done = office.does(
        *("people", "set", "--user", "UANA", "--sms", "+41 44 668 18 00"),
        *("--phone", "+1 (202) 555-0100", "--email", "pager@EXAMPLE.org"),
        *("--webhook", "https://example.com/ana"),
    )
    assert done.code == 0, done.err
    assert done.out.splitlines()[1:] == [
        "slack: UANA",
        "email: pager@example.org",
        "sms: +41446681800",
        "phone_call: +12025550100",
        "webhook: https://example.com/ana",
    ]
    wrong = office.does("people", "set", "--user", "UANA", "--email", "", "--sms", "044 668 18 00")
    assert (wrong.out, wrong.code) == ("", 1)
    said = "Write the number as it is dialled from abroad, such as +41 44 668 18 00.\n"
    assert wrong.err == said
    assert office.does("people", "show", "--user", "UANA").out == done.out
    emptied = office.does("people", "set", "--user", "UANA", "--email", "", "--webhook", "")
    assert emptied.out.splitlines()[1:] == [
        "slack: UANA",
        "email: ana@example.com",
        "sms: +41446681800",
        "phone_call: +12025550100",
    ]


@pytest.mark.parametrize(
    "command",
    [
        ("users", "list"),
        ("token", "list"),
        ("rules", "show", "--user", "ana@example.com"),
        ("config", "export"),
    ],
)
def test_what_only_looks_waits_for_no_writer(office: Office, command: tuple[str, ...]) -> None:
    with office.db.transaction():
        said = office.does(*command)
    assert (said.code, said.err) == (0, "")
