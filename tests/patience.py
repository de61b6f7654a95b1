"""Databases that wait for other writers for as long as a busy machine may need."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from core.db import Database

USUAL = 5.0  # seconds, where nobody says how long
LONG = 60.0


class Patient(Database):
    """As the product's own, but where nobody says how long to wait it waits for a minute.

    What a test is about is then the order of events, not how soon one follows the other.
    """

    def __init__(self, url: str, *, threads: int = 40) -> None:
        super().__init__(url, threads=threads)
        event.listen(self.engine, "connect", _spare_the_disk if self.is_sqlite else _wait_longer)

    @contextmanager
    def transaction(
        self, *, patience: float = USUAL, loose: bool = False, matters: bool = True
    ) -> Iterator[Session]:
        if self.is_sqlite and patience == USUAL:
            patience = LONG
        with super().transaction(patience=patience, loose=loose, matters=matters) as session:
            yield session


def _spare_the_disk(connection: Any, _record: object) -> None:
    """The tests crash our code, never the machine."""
    connection.execute("PRAGMA synchronous=OFF")


def _wait_longer(connection: Any, _record: object) -> None:
    connection.autocommit = True
    for limit in ("lock_timeout", "statement_timeout"):
        connection.execute(f"SET {limit} = '{LONG:.0f}s'")
    connection.autocommit = False
