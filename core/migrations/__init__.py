"""The schema's history, and how a process brings the database up to date at its start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from core.db import Database

LOCK = 0x70C51  # any number, the same in every process
PATIENCE = 60.0  # seconds to wait for another process that migrates


def upgrade(db: Database, revision: str = "head") -> None:
    """Bring the schema up to date.  Several processes may start at once: one works, others wait."""
    with db.transaction(patience=PATIENCE) as session:
        connection = session.connection()
        if not db.is_sqlite:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(text("SET LOCAL lock_timeout = '60s'"))
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def configuration() -> Config:
    """Alembic's settings; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
