"""How fast the API answers over real HTTP, by itself and with the engine at work beside it."""

import gc
import http.client
import json
import multiprocessing
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import perf_counter, sleep

from sqlalchemy import insert
from sqlmodel import Session

from api.app import Health, create_api
from api.call import Desk
from api.server import HttpServer
from benchmarks.paging import LONG, rig
from core import access, clock, direct_paging, ids, rules
from core.config import exactly
from core.db import Database
from core.models import Alert, AlertGroup, Role, RuleType, State, User

PAGES = "/api/v1/escalation/"
CONNECTIONS = 8
ALONE = 100  # pages one at a time
PAUSE = 0.02  # seconds between them
AT_ONCE = 1_200  # pages over all connections
GROUPS = 10_000
LOOKS = 60  # at a list, one at a time
READS = 4_000  # of somebody's rules, over all connections


def answers(folder: Path) -> dict[str, float]:
    """Seconds for one request, requests a second for many; with and without the engine's work."""
    with _serving(folder, engine=True) as served:
        at_work = {
            "api page at work": served.line.one_at_a_time(ALONE, PAUSE, "POST", PAGES, served.page),
            "api pages at work": served.line.at_once(AT_ONCE, "POST", PAGES, served.page),
        }
    with _serving(folder, engine=False) as served:
        reading = f"/api/v1/personal_notification_rules/?user_id={served.user_id}"
        figures = {
            "api rules": served.line.at_once(READS, "GET", reading),
            "api page": served.line.one_at_a_time(ALONE, PAUSE, "POST", PAGES, served.page),
            "api pages": served.line.at_once(AT_ONCE, "POST", PAGES, served.page),
        }
        database = Database(served.database_url, threads=2)
        with database.transaction(patience=30) as session:
            _fill(session, served.user_id)
        database.close()
        listed = served.line.one_at_a_time(LOOKS, 0, "GET", "/api/v1/alert_groups/")
    return at_work | figures | {"api list": listed}


@dataclass(frozen=True)
class Served:
    """The API in a process of its own, and somebody to page."""

    line: "Line"
    user_id: str
    database_url: str

    @property
    def page(self) -> str:
        users = [{"id": self.user_id, "important": False}]
        return json.dumps({"title": "db down", "message": "m", "users": users})


@contextmanager
def _serving(folder: Path, *, engine: bool) -> Iterator[Served]:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    own = folder / ("engine" if engine else "api")
    own.mkdir()
    server = spawn.Process(target=_serve, args=(own, theirs, engine))
    server.start()
    try:
        port, token, user_id, database_url = ours.recv()
        yield Served(Line(port, token), user_id, database_url)
    finally:
        ours.send("stop")
        server.join(LONG)


def _serve(folder: Path, pipe: Connection, engine: bool) -> None:
    """With the engine, everybody pages the same person in the same channel, of which Slack
    takes one message a second."""
    with rig(folder, takes=1.0) as bench:
        if not engine:
            bench.scheduler.stop()
        with bench.db.transaction() as session:
            author, user = (session.get_one(User, user.id) for user in bench.users[:2])
            author.given_role = Role.ADMIN
            token = access.create(session, author, "bench")
            rules.replace(session, user, rules.parse("slack, wait 5m, slack"), important=False)
        desk = Desk(exactly(api_rate_limit=0), bench.db, {RuleType.SLACK})
        api = create_api(lambda: Health([]), desk, lambda caller: None)
        server = HttpServer(api, host="127.0.0.1", port=0)
        server.start()
        gc.collect()
        gc.freeze()  # as the bot does
        pipe.send((server.port, token, user.id, str(bench.db.url)))
        pipe.recv()
        server.stop()


class Line:
    """Asks with a token, on connections that stay open."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = {"Authorization": token, "Content-Type": "application/json"}

    def one_at_a_time(
        self, count: int, pause: float, method: str, path: str, body: str | None = None
    ) -> float:
        """The median, in seconds."""
        ask = self.connect()
        took = []
        for _ in range(count):
            begin = perf_counter()
            ask(method, path, body)
            took.append(perf_counter() - begin)
            sleep(pause)
        return statistics.median(took)

    def at_once(self, count: int, method: str, path: str, body: str | None = None) -> float:
        """Answers a second.  Raises RuntimeError if one of them is an error.

        Each connection is a process of its own: in one process they would wait for each
        other, and that would be measured.
        """
        spawn = multiprocessing.get_context("spawn")
        ready, failed = spawn.Barrier(CONNECTIONS + 1), spawn.Queue()
        work = (self, count // CONNECTIONS, method, path, body, ready, failed)
        askers = [spawn.Process(target=_ask, args=work) for _ in range(CONNECTIONS)]
        for asker in askers:
            asker.start()
        ready.wait(LONG)
        begin = perf_counter()
        ready.wait(LONG)  # once more, when all have their answers
        took = perf_counter() - begin
        for asker in askers:
            asker.join()
        if not failed.empty():
            raise RuntimeError(failed.get())
        return count / took

    def connect(self) -> Callable[[str, str, str | None], None]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)

        def ask(method: str, path: str, body: str | None) -> None:
            connection.request(method, path, body, self._headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{method} {path}: {answer.status} {said[:200]!r}")

        return ask


def _ask(
    line: Line,
    count: int,
    method: str,
    path: str,
    body: str | None,
    ready: Barrier,
    failed: "Queue[str]",
) -> None:
    """The work of one connection."""
    ask = line.connect()
    ready.wait(LONG)
    try:
        for _ in range(count):
            ask(method, path, body)
    except Exception as error:  # noqa: BLE001 - told to whoever waits
        failed.put(repr(error))
    ready.wait(LONG)


def _fill(session: Session, author_id: str) -> None:
    """Old alert groups, resolved long ago."""
    where = direct_paging.of(session, None)
    now = clock.now()
    groups = [
        {
            "id": ids.make("I"),
            "integration_id": where.integration_id,
            "route_id": where.default.route_id,
            "title": f"alert {number}",
            "message": "m",
            "author_id": author_id,
            "created_at": now - timedelta(minutes=number),
            "state": State.RESOLVED,
            "resolved_at": now,
            "slack_channel_is_private": False,
        }
        for number in range(GROUPS)
    ]
    session.execute(insert(AlertGroup), groups)
    session.execute(
        insert(Alert),
        [
            {
                "id": ids.make("A"),
                "alert_group_id": group["id"],
                "created_at": group["created_at"],
                "payload": {"oncall": {"title": group["title"]}},
            }
            for group in groups
        ],
    )
