"""Health tells of a database that can be read and not written, as on a full disk."""

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from core import db, health
from core.db import Database


def test_a_refused_write_is_remembered_until_one_succeeds(database: Database) -> None:
    assert database.takes_writes
    with pytest.raises(OperationalError), database.transaction():
        raise OperationalError("UPDATE", None, sqlite3.OperationalError("database or disk is full"))
    assert not database.takes_writes
    assert health.look(database).problems == ["the database cannot be written to: the log says why"]
    with database.transaction():
        pass
    assert database.takes_writes
    assert health.look(database).problems == []


def test_the_reason_holds_neither_statement_nor_parameters() -> None:
    full = OperationalError("UPDATE x", {"y": 1}, sqlite3.OperationalError("disk is full\nmore"))
    assert db.reason(full) == "disk is full"
    assert db.reason(TimeoutError("no connection")) == "no connection"
    assert db.reason(TimeoutError()) == "TimeoutError"
