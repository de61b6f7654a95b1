"""The schema's history, and how a process brings the database up to date at its start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text

from core.config import SettingsError
from core.db import Database, is_unavailable

LOCK = 0x70C51  # any number, the same in every process
PATIENCE = 60.0  # seconds to wait for another process that migrates


def open_database(url: str, *, threads: int = 5, must_exist: bool = False) -> Database:
    """The database at `url`, with its schema up to date.  Raises SettingsError.

    `must_exist` refuses to make a new SQLite file: it would be an empty one, where the
    caller expects to find something.
    """
    db = Database(url, threads=threads)
    where = db.url.render_as_string(hide_password=True)
    if must_exist and db.is_sqlite and not Path(db.url.database or "").exists():
        raise SettingsError(
            f"DATABASE_URL: there is no database at {where}. "
            "Run this where the bot runs, or with the same DATABASE_URL."
        )
    try:
        if not _is_current(db):
            upgrade(db)
    except CommandError:
        raise SettingsError(
            f"DATABASE_URL: {where} was last used by a newer Tocsin. "
            "Run that version, or restore the backup from before it."
        ) from None
    except Exception as error:
        if not is_unavailable(error):
            raise
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        raise SettingsError(
            f"DATABASE_URL: {where} cannot be used: {reason}\n"
            "Start the database, or write where it is; sqlite:///tocsin.db needs no server."
        ) from None
    return db


def _is_current(db: Database) -> bool:
    """Whether there is nothing to migrate.  Only reads, so that no command waits for a writer."""
    with db.reading() as session:
        found = MigrationContext.configure(session.connection()).get_current_heads()
    return set(found) == set(ScriptDirectory.from_config(configuration()).get_heads())


def upgrade(db: Database, revision: str = "head") -> None:
    """Bring the schema up to date.  Several processes may start at once: one works, others wait."""
    with db.transaction(patience=PATIENCE, loose=True) as session:
        connection = session.connection()
        if not db.is_sqlite:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE:.0f}s'"))
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if db.is_sqlite and (broken := session.execute(text("PRAGMA foreign_key_check")).all()):
            raise RuntimeError(f"the migration left rows that refer to nothing: {broken[:5]}")


def configuration() -> Config:
    """Alembic's settings; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
