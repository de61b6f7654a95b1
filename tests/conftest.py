"""What all tests share: real databases, migrated as a process does it, and a clock put right."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from core import clock, migrations
from core.db import Database
from tests import postgres
from tests.patience import Patient

# Half of its time a test waits, for a browser, a process or a socket.
MORE_WORKERS_THAN_CORES = 1

RESTART = text(
    "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences "
    "WHERE schemaname = 'public'"
)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many workers `-n auto` means."""
    return (os.cpu_count() or 1) + MORE_WORKERS_THAN_CORES


@pytest.fixture(autouse=True)
def real_time() -> Iterator[None]:
    """Whatever a test does to the clock ends with it."""
    yield
    clock.reset()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with today's schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)
    with postgres.server(run[:12]) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with today's schema, this worker's own."""
    name = f"tocsin_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    url = postgres.create(postgres_server, name)
    database = Database(url)
    migrations.upgrade(database)
    database.close()
    yield url
    postgres.drop(postgres_server, name)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    """A SQLite database of the test's own, which it may break."""
    path = tmp_path / "tocsin.db"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def kept_sqlite(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[Database]:
    """Opened once: a new engine would compile every statement anew for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "tocsin.db"
    shutil.copy(migrated_file, path)
    opened = Patient(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def kept_postgres(migrated_postgres: str) -> Iterator[Database]:
    opened = Patient(migrated_postgres)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(kept_sqlite: Database) -> Iterator[Database]:
    """An empty SQLite database."""
    empty(kept_sqlite)
    yield kept_sqlite
    kept_sqlite.on_due = lambda: None


@pytest.fixture
def postgresql(kept_postgres: Database) -> Iterator[Database]:
    """An empty PostgreSQL database, for what only several connections at once can show."""
    empty(kept_postgres)
    yield kept_postgres
    kept_postgres.on_due = lambda: None


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database, migrated: one of each kind after the other."""
    opened: Database = request.getfixturevalue(request.param)
    return opened


def empty(database: Database) -> None:
    """Take everything out of it; where there is next to nothing, this is what takes least."""
    with database.transaction() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.execute(table.delete())
        if not database.is_sqlite:
            session.execute(RESTART)
