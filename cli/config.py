"""`config`: teams, chains, routes and roles in a file, checked, compared, applied and written."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.complaints import complaints
from cli.user import printable
from core import migrations
from core.config import SettingsError, load
from core.db import Database
from core.matching import Matcher
from core.setup import applying, differences, present, reading, source, words, writing
from core.setup.differences import Changes
from core.setup.problems import Unfit
from core.setup.shape import Setup

commands = typer.Typer(help="Teams, chains, routes and roles in a file that is kept in git.")

PATIENCE = 9.0  # seconds while another file is applied; PostgreSQL ends a statement after 10
DIFFERENT = 2  # as `terraform plan -detailed-exitcode` says it

FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="Such as tocsin.yaml; - reads what comes in.")
]
PruneOption = Annotated[
    bool,
    typer.Option(
        "--prune",
        help="Also delete teams and chains, and take back roles, that the file does not name "
        "in the sections it has.",
    ),
]


@commands.command()
def check(file: FileArgument) -> None:
    """See whether a file can be understood; needs no database.

    What it refers to in Slack or in Tocsin is looked up by `diff` and `apply`.
    """
    with _problems_of(file):
        setup = _read(file)
    counts = [
        f"{len(section)} {name if len(section) != 1 else name_of_one}"
        for section, name, name_of_one in (
            (setup.people or {}, "roles", "role"),
            (setup.teams or {}, "teams", "team"),
            (setup.chains or {}, "chains", "chain"),
        )
    ]
    typer.echo(f"{file} can be understood: {', '.join(counts)}.")


@commands.command()
def diff(file: FileArgument, prune: PruneOption = False) -> None:
    """Tell what `apply` would change, and change nothing.

    Ends with 0 if nothing would change, with 2 if something would, with 1 if the file or
    the database cannot be used.
    """
    with _problems_of(file):
        setup = _read(file)
        with _opened() as database, database.reading() as session:
            present.at_one_moment(session)
            changes = differences.find(present.read(session), setup, prune=prune)
    _tell(changes, "would be changed")
    raise typer.Exit(DIFFERENT if changes else 0)


@commands.command()
def apply(file: FileArgument, prune: PruneOption = False) -> None:
    """Make everything as the file says: all of it, or nothing if any of it cannot be.

    What the file does not name stays as it is.
    """
    with _problems_of(file):
        setup = _read(file)
        with _opened() as database, database.transaction(patience=PATIENCE) as session:
            changes = applying.apply(session, setup, prune=prune)
    _tell(changes, "changed")


@commands.command()
def export() -> None:
    """Print everything as it is now, in the form that `apply` reads."""
    with complaints(), _opened() as database, database.reading() as session:
        present.at_one_moment(session)
        text = writing.write(present.read(session))
    try:
        typer.echo(text.encode(), nl=False)  # in UTF-8, whatever the terminal uses
    except OSError as error:
        # Else what is left of it is tried again at the end, and complained about by Python.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        typer.echo(f"The configuration cannot be written: {error.strerror}.", err=True)
        raise typer.Exit(1) from None


def _read(file: str) -> Setup:
    """Raises Unfit, and SettingsError for what cannot be read at all."""
    setup = reading.read(_content(file))
    matcher = Matcher()
    try:
        applying.check_terms(setup, matcher)
    finally:
        matcher.stop()
    return setup


def _content(file: str) -> bytes:
    """No more of it than shows that it is too much: it may have no end."""
    most = source.LARGEST + 1
    try:
        if file != "-":
            with Path(file).open("rb") as opened:
                return opened.read(most)
        if sys.stdin is not None:
            return sys.stdin.buffer.read(most)
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from None
    raise SettingsError(f"{file} cannot be read: standard input is closed.")


def _tell(changes: Changes, verb: str) -> None:
    _print(words.tell(changes))
    _print(words.warnings(changes))
    alone = words.left_alone(changes)
    if alone:
        typer.echo("Not in the file, and left alone (--prune would remove it):")
        _print(f"  {line}" for line in alone)
    count = len(changes)
    things = "1 thing" if count == 1 else f"{count} things"
    typer.echo(f"{things} {verb}." if count else "Nothing to change.")


def _print(lines: "Sequence[str] | Iterator[str]") -> None:
    for line in lines:
        typer.echo(printable(line))


@contextmanager
def _opened() -> Iterator[Database]:
    database = migrations.open_database(load().database_url, must_exist=True)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _problems_of(file: str) -> Iterator[None]:
    """What is wrong with a file is said as `file:line: what`, so that editors find it."""
    with complaints():
        try:
            yield
        except Unfit as error:
            typer.echo(error.told(f"{file}:"), err=True)
            raise typer.Exit(1) from None
