"""The database is busy, full, locked, away: what our code sees, and what it does."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from core import db, migrations
from core.db import Database
from core.models import User
from core.queue import make_due
from tests.core.running import SOON, until


@pytest.fixture
def own(sqlite_url: str) -> Iterator[Database]:
    """A SQLite database that the test may break."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@contextmanager
def another_process_writes(database: Database) -> Iterator[None]:
    other = sqlite3.connect(database.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def assert_takes(work: Callable[[], object], least: float, most: float) -> None:
    """In seconds: never less, and no more unless the machine stands still, which it may do once."""

    def takes_no_more() -> bool:
        began = monotonic()
        work()
        took = monotonic() - began
        assert took > least
        return took < most

    until(takes_no_more)


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as session:
            session.add(User(name="ana"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as session:
        assert session.scalars(select(User)).all() == []


def test_the_engine_is_told_after_the_commit_and_only_if_there_is_work(database: Database) -> None:
    seen: list[int] = []

    def look() -> None:
        with database.reading() as session:
            seen.append(len(session.scalars(select(User)).all()))

    database.on_due = look
    with database.transaction() as session:
        session.add(User(name="ana"))
    assert seen == []
    with database.transaction() as session:
        session.add(User(name="bob"))
        make_due(session)
    assert seen == [2]

    def fail() -> None:
        with database.transaction() as session:
            make_due(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert seen == [2]


def test_what_is_gathered_is_written_last(database: Database) -> None:
    order: list[str] = []
    with database.transaction() as session:
        db.before_commit(session, lambda s: order.append("gathered"))
        order.append("block")
    assert order == ["block", "gathered"]


def test_a_busy_writer_is_waited_for_as_long_as_patience_lasts(own: Database) -> None:
    def give_up() -> None:
        with pytest.raises(OperationalError) as caught, own.transaction(patience=0.3):
            pass
        assert db.is_unavailable(caught.value)

    with another_process_writes(own):
        assert_takes(give_up, 0.2, 2.8)
        with own.reading() as session:  # who only reads does not wait
            assert session.scalars(select(User)).all() == []
    with own.transaction(patience=0.3) as session:
        session.add(User(name="ana"))


def test_a_writer_of_this_process_is_waited_for_as_long(database: Database) -> None:
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction() as session:
            session.add(User(id="UANA", name="ana"))
            session.flush()
            holding.set()
            done.wait()

    def give_up() -> None:
        with pytest.raises(Exception) as caught, database.transaction(patience=0.3) as session:  # noqa: PT011  checked below
            session.add(User(id="UANA", name="the same"))
        assert db.is_unavailable(caught.value)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert holding.wait(SOON)
        assert_takes(give_up, 0.2, 2.8)
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize(("patience", "waits"), [(1.0, "1s"), (5.0, "3s"), (9.0, "9s")])
def test_how_long_a_row_is_waited_for_on_postgresql(
    migrated_postgres: str, patience: float, waits: str
) -> None:
    opened = Database(migrated_postgres)
    with opened.transaction(patience=patience) as session:
        said = session.scalar(
            text("SELECT round(extract(epoch FROM :t ::interval)) || 's'"),
            {"t": session.scalar(text("SHOW lock_timeout"))},
        )
    opened.close()
    assert said == waits


def test_patience_is_counted_once_for_both_kinds_of_writers(own: Database) -> None:

    def give_up(patience: float) -> None:
        with pytest.raises(db.UNAVAILABLE), own.transaction(patience=patience):
            pass

    def give_up_after_another() -> None:
        thread = threading.Thread(target=give_up, args=(1.5,))
        thread.start()
        try:
            give_up(2.0)
        finally:
            thread.join()

    with another_process_writes(own):
        assert_takes(give_up_after_another, 1.8, 3.2)


def test_a_full_disk_is_an_unavailable_database(own: Database) -> None:
    with own.transaction() as session:
        size = session.execute(text("PRAGMA page_count")).scalar_one()

    def fill() -> None:
        with own.transaction() as session:
            session.execute(text(f"PRAGMA max_page_count = {size}"))
            session.add_all(User(name="x" * 1_000) for _ in range(500))

    with pytest.raises(OperationalError, match="full") as caught:
        fill()
    assert db.is_unavailable(caught.value)
    with own.transaction() as session:  # and there is room again
        session.execute(text("PRAGMA max_page_count = 1000000"))
        session.add(User(name="ana"))


def test_a_wrong_question_is_not_an_unavailable_database(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        session.add_all([User(slack_user_id="U1"), User(slack_user_id="U1")])
    assert not db.is_unavailable(caught.value)
    assert not db.is_unavailable(ValueError())


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    nowhere = Database(f"postgresql://u:hunter2@/x?host={tmp_path}")
    with pytest.raises(OperationalError) as caught, nowhere.reading() as session:
        session.execute(text("SELECT 1"))
    assert db.is_unavailable(caught.value)
    assert "hunter2" not in str(caught.value)
    nowhere.close()


def test_a_connection_that_was_cut_is_unavailable_and_then_made_anew(
    postgresql: Database,
) -> None:
    with pytest.raises(OperationalError) as caught, postgresql.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert db.is_unavailable(caught.value)
    with postgresql.transaction() as session:
        session.add(User(name="ana"))


def test_insisting_waits_for_the_database_and_for_nothing_else() -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("", {}, Exception("locked"))

    def divide() -> None:
        raise ZeroDivisionError

    db.insist(work)
    assert len(tries) == 2
    with pytest.raises(ZeroDivisionError):
        db.insist(divide)

    def never() -> None:
        raise OperationalError("", {}, Exception("locked"))

    with pytest.raises(OperationalError):
        db.insist(never, seconds=0.1)


def test_a_power_cut_loses_nothing_that_was_committed(own: Database) -> None:
    with own.reading() as session:
        settings = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_many_writers_at_once_all_get_their_turn(database: Database) -> None:
    failed: list[BaseException] = []

    def write(n: int) -> None:
        try:
            for m in range(5):
                with database.transaction(patience=SOON) as session:
                    session.add(User(name=f"{n}.{m}", number=n * 10 + m))
        except db.UNAVAILABLE as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.reading() as session:
        assert len(session.scalars(select(User)).all()) == 60


def test_in_memory_and_other_kinds_of_databases_are_refused() -> None:
    for url in ("sqlite://", "sqlite:///:memory:", "mysql://x/y"):
        with pytest.raises(ValueError, match=r"."):
            Database(url)


def test_a_url_that_points_into_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    missing = Database(f"sqlite:///{tmp_path}/no/such/folder/x.db")
    with pytest.raises(OperationalError) as caught:
        migrations.upgrade(missing)
    assert db.is_unavailable(caught.value)
