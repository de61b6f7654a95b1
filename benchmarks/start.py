"""How soon `app.py serve` is up, and what that process weighs after a burst of pages."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import func
from sqlmodel import col, select

from core import paging, people, reports
from core.db import Database
from core.models import Delivery, RuleType
from core.pages import Responder
from sandbox import Sandbox

ROOT = Path(__file__).parents[1]
LONG = 60.0  # seconds after which a figure counts as never
POLL = 0.01  # seconds


def start(folder: Path, pages: int = 100, responders: int = 4) -> dict[str, float]:
    """Seconds from the start of the process to /health, and MiB after that many pages."""
    with Sandbox(manifest=ROOT / "manifest.yml") as box:
        names = [f"person{number}" for number in range(pages * responders)]
        slack_ids = [box.workspace.add_user(name).id for name in names]
        begin = perf_counter()
        with _serve(box, folder) as (pid, url):
            _until(lambda: _answers(url))
            ready = perf_counter() - begin
            before = resident(pid)
            database = Database(f"sqlite:///{folder / 'start.db'}", threads=2)
            _burst(database, slack_ids, responders)
            database.close()
            return {"ready": ready, "memory at rest": before, "memory": resident(pid)}


@contextmanager
def _serve(box: Sandbox, folder: Path) -> Iterator[tuple[int, str]]:
    """The bot as a process of its own, with nothing of our environment: its id, and its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{folder / 'start.db'}",
        "SLACK_BOT_TOKEN": box.bot_token,
        "SLACK_APP_TOKEN": box.app_token,
        "SLACK_API_URL": box.api_url,
        "TOCSIN_HTTP_PORT": str(port),
    }
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "serve"],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        yield process.pid, f"http://127.0.0.1:{port}/health"
    finally:
        process.terminate()
        process.wait(LONG)


def _burst(database: Database, slack_ids: list[str], responders: int) -> None:
    """Page everybody, so many to an alert group, and wait until all have been told."""

    def known() -> bool:
        with database.reading() as session:
            return len(people.by_slack_ids(session, slack_ids)) == len(slack_ids)

    def told() -> bool:
        with database.reading() as session:
            sent = select(func.count()).where(
                col(Delivery.page_id).is_not(None), col(Delivery.sent_at).is_not(None)
            )
            return session.scalar(sent) == len(slack_ids)

    _until(known)
    with database.reading() as session:
        users = list(people.by_slack_ids(session, slack_ids).values())
    for first in range(0, len(users), responders):
        called = users[first : first + responders]
        with database.transaction() as session:
            paging.escalate(
                session,
                reports.typed("db is down\nreplica 2 does not answer"),
                [Responder(user) for user in called],
                by=called[0],
                ways={RuleType.SLACK},
            )
    _until(told)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _until(condition: Callable[[], bool]) -> None:
    deadline = perf_counter() + LONG
    while not condition():
        if perf_counter() > deadline:
            raise TimeoutError(condition.__name__)
        sleep(POLL)


def resident(pid: int) -> float:
    """The resident memory of a process now, in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
