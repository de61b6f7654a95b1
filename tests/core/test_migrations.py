"""The schema: made by migrations, by several processes at once, and the one of the models."""

import multiprocessing
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from core import migrations
from core.db import Database
from tests import postgres
from tests.core.running import LONG


def _upgrade(url: str) -> None:
    migrations.PATIENCE = LONG  # in this process, for the other three
    database = Database(url)
    migrations.upgrade(database)
    database.close()


def _upgrade_in_four_processes(url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_upgrade, args=(url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(LONG)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    database = Database(url)
    with database.reading() as session:
        [version] = session.execute(text("SELECT version_num FROM alembic_version")).scalars()
    assert version
    assert set(SQLModel.metadata.tables) < set(inspect(database.engine).get_table_names())
    database.close()


def test_the_migrated_schema_is_the_one_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrations.upgrade(database)
    migrations.upgrade(database)


def test_opening_a_current_database_waits_for_no_writer(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = version_num"))
        opened = migrations.open_database(url, must_exist=True)
        with opened.reading() as other:
            assert other.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
        opened.close()


def test_four_processes_at_once_on_sqlite(tmp_path: Path) -> None:
    _upgrade_in_four_processes(f"sqlite:///{tmp_path / 'new.db'}")


def test_four_processes_at_once_on_postgresql(postgres_server: str) -> None:
    url = postgres.create(postgres_server, "tocsin_four")
    try:
        _upgrade_in_four_processes(url)
    finally:
        postgres.drop(postgres_server, "tocsin_four")
