"""Counts what is asked of the database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import event

from core.db import Database


def statements(db: Database) -> AbstractContextManager[list[str]]:
    """Everything that is said in the block, but how long SQLite waits for other writers.

    That stays as it is until it changes, with how long a transaction waited to begin.
    """
    return _heard(db, lambda said: not said.startswith("PRAGMA busy_timeout"))


def queries(db: Database) -> AbstractContextManager[list[str]]:
    """The SELECTs of the block, but not those that say who is asking or note it."""
    return _heard(db, lambda said: said.startswith("SELECT") and "FROM token" not in said)


@contextmanager
def _heard(db: Database, counts: Callable[[str], bool]) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if counts(statement):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
