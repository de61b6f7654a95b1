"""Files that are applied to databases, and what is said of it."""

from core.db import Database
from core.setup import applying, present, reading, words, writing
from core.setup.differences import Changes


def exported(database: Database) -> str:
    with database.reading() as session:
        present.at_one_moment(session)
        return writing.write(present.read(session))


def applied(database: Database, text: str, *, prune: bool = False) -> list[str]:
    """What it changed, in words."""
    return words.tell(changes(database, text, prune=prune))


def changes(database: Database, text: str, *, prune: bool = False) -> Changes:
    with database.transaction() as session:
        return applying.apply(session, reading.read(text.encode()), prune=prune)
