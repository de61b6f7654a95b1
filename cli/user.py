"""The user whom a command is about: how they are named, and where they are found."""

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
def found(name: str) -> Iterator[tuple[Session, User, Settings]]:
    """The user of that name, in a transaction of the database that the settings name."""
    with complaints():
        settings = load()
        database = migrations.open_database(settings.database_url, must_exist=True)
        with database.transaction() as session:
            yield session, people.find(session, name), settings
