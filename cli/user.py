"""The database that a command works on, and the user whom it is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlmodel import Session

from cli.complaints import complaints
from core import migrations, people
from core.config import Settings, load
from core.models import User

UserOption = Annotated[str, typer.Option("--user", help="E-mail address, Slack id or public id.")]


@contextmanager
def opened(*, changes: bool = True) -> Iterator[tuple[Session, Settings]]:
    """A transaction of the database that the settings name.

    What changes nothing waits for no writer.
    """
    with complaints():
        settings = load()
        database = migrations.open_database(settings.database_url, must_exist=True)
        with database.transaction() if changes else database.reading() as session:
            yield session, settings


@contextmanager
def found(name: str, *, changes: bool = True) -> Iterator[tuple[Session, User, Settings]]:
    """The same, and the user of that name."""
    with opened(changes=changes) as (session, settings):
        yield session, people.find(session, name), settings


def printable(text: str) -> str:
    """What came from Slack, without characters that would move the cursor."""
    return "".join(char if char.isprintable() else " " for char in text)
