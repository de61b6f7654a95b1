"""The connection to Slack: made in the background, kept, and left in good order."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.connection import Connection
from bot.slack import Slack
from bot.socket_mode import is_hung_up
from core import clock
from core.config import exactly
from core.db import Database
from sandbox import Sandbox
from sandbox.modals import Interaction
from sandbox.workspace import PATIENCE
from tests.bot.slack.patience import wait_ended
from tests.ports import quiet_port
from tests.workspace import unhurried, workspace

LONGEST = 90.0  # seconds until it tries again: half a minute, or a whole one


class Desk:
    """A Bolt app whose only command can be made to take its time."""

    def __init__(self, box: Sandbox) -> None:
        self.hold = threading.Event()
        self.hold.set()
        self.arrived = threading.Semaphore(0)
        self.app = App(
            client=WebClient(base_url=box.api_url),
            token_verification_enabled=False,
            request_verification_enabled=False,
            authorize=lambda **_: AuthorizeResult(
                enterprise_id=None, team_id=None, bot_token=box.bot_token
            ),
        )
        self.app.command("/escalate")(self.answer)
        self.app.event(re.compile(".*"))(lambda event: None)
        unhurried(self.app)

    def answer(self, ack: Ack) -> None:
        self.arrived.release()
        self.hold.wait(PATIENCE)
        ack("heard")


Connect = Callable[..., Connection]


@pytest.fixture
def desk(box: Sandbox) -> Desk:
    return Desk(box)


@pytest.fixture
def connect(box: Sandbox, sqlite: Database, desk: Desk) -> Iterator[Connect]:
    """Starts a connection and ends it with the test."""
    with ExitStack() as stack:

        def start(app: App | None = desk.app, db: Database = sqlite, **changes: Any) -> Connection:
            options = {key: changes.pop(key) for key in ("spare_after", "slack") if key in changes}
            given = {
                "slack_bot_token": box.bot_token,
                "slack_app_token": box.app_token,
                "slack_api_url": box.api_url,
            }
            settings = exactly(**{**given, **changes})
            connection = Connection(settings, app, db, **options)
            stack.callback(connection.stop)
            connection.start()
            return connection

        yield start
    wait_ended()
    box.wait(lambda: not box.sockets.connections)


def eventually(predicate: Callable[[], object]) -> None:
    """For what nobody tells of: the answer has come, and is being taken note of."""
    for _ in range(2000):
        if predicate():
            return
        threading.Event().wait(0.01)
    raise AssertionError("did not happen within 20 s")


def command(box: Sandbox) -> Interaction:
    return box.person("alice").command("/escalate", channel="incidents")


def test_a_socket_is_opened_and_listeners_answer(box: Sandbox, connect: Connect) -> None:
    connection = connect()
    box.wait_connected()
    assert command(box).text == "heard"
    health = connection.health()
    assert (health.mode, health.problem) == ("socket", None)


def test_a_refresh_loses_no_envelope(box: Sandbox, connect: Connect) -> None:
    box.sockets.close_after = 60.0
    connect()
    box.wait_connected()
    before = box.sockets.connected_in_all
    answers: list[str | None] = [command(box).text]
    box.disconnect("warning")
    while box.sockets.connected_in_all == before:
        answers.append(command(box).text)
    box.wait(lambda: len(box.sockets.connections) == 2)
    box.end_warned()
    while len(box.sockets.connections) == 2:  # the old one still answers until Slack closes it
        answers.append(command(box).text)
    answers.append(command(box).text)
    assert set(answers) == {"heard"}


@pytest.mark.parametrize("trouble", ["drop", "refresh_requested"])
def test_a_lost_socket_is_replaced(box: Sandbox, connect: Connect, trouble: str) -> None:
    connect()
    box.wait_connected()
    before = box.sockets.connected_in_all
    if trouble == "drop":
        box.drop()
    else:
        box.disconnect("refresh_requested")
    box.wait(lambda: box.sockets.connected_in_all > before)
    box.wait(lambda: box.sockets.is_open)
    assert command(box).text == "heard"


def test_a_second_socket_is_opened_later(box: Sandbox, connect: Connect) -> None:
    connection = connect(spare_after=0.3)
    box.wait_connected(2)
    before = box.sockets.connected_in_all
    box.drop()
    box.wait(lambda: box.sockets.connected_in_all > before)
    assert {command(box).text for _ in range(4)} == {"heard"}
    assert connection.health().connected


def test_a_rate_limit_at_the_door_is_kept(box: Sandbox, connect: Connect) -> None:
    box.faults.add("apps.connections.open", retry_after=1, count=1)
    connect()
    box.wait_connected()
    asked = [call for call in box.workspace.journal if call.method == "apps.connections.open"]
    assert len(asked) == 2
    assert asked[1].at - asked[0].at >= 1


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
def test_trouble_at_the_start_is_outlived(box: Sandbox, connect: Connect, method: str) -> None:
    box.faults.add(method, nonsense=True, count=1)
    connect()
    box.wait_connected()


def test_slack_down_at_the_start_stops_nothing(sqlite: Database, desk: Desk) -> None:
    with quiet_port() as port:
        settings = exactly(
            slack_bot_token="xoxb-test",
            slack_app_token="xapp-test",
            slack_api_url=f"http://127.0.0.1:{port}/api/",
        )
        comes_late(Connection(settings, desk.app, sqlite), port)


def comes_late(connection: Connection, port: int) -> None:
    connection.start()
    try:
        assert not connection.health().connected
        assert connection.health().problem is None  # it has just begun
        clock.forward(timedelta(seconds=61))
        problem = connection.health().problem or ""
        assert re.match(r"No connection to Slack for \d\d s", problem)
        clock.reset()
        # It begins when Slack does.
        with workspace(port=port) as late:
            late.wait(lambda: late.workspace.journal, LONGEST)
    finally:
        connection.stop()
        wait_ended()


def test_a_refused_token_turns_health_red_until_it_works(
    box: Sandbox, connect: Connect, slack: Slack
) -> None:
    box.refuse_token("account_inactive")
    connection = connect(slack=slack)
    box.wait(lambda: box.workspace.journal)
    eventually(lambda: connection.health().problem)
    problem = connection.health().problem or ""
    assert problem.startswith("Slack refuses SLACK_BOT_TOKEN: it belongs to an app that was")
    box.accept_token()
    slack.read("auth.test")
    assert connection.health().problem is None


def test_a_refused_app_token_is_named(box: Sandbox, connect: Connect) -> None:
    connection = connect(slack_app_token="xapp-wrong")
    box.wait(lambda: any(c.method == "apps.connections.open" for c in box.workspace.journal))
    eventually(lambda: connection.health().problem)
    assert connection.health().problem == "Slack refuses SLACK_APP_TOKEN: it is not valid."


def test_stopping_lets_listeners_acknowledge(box: Sandbox, connect: Connect, desk: Desk) -> None:
    connection = connect()
    box.wait_connected()
    desk.hold.clear()
    with ThreadPoolExecutor(2) as pool:
        answer: Future[Interaction] = pool.submit(command, box)
        assert desk.arrived.acquire(timeout=PATIENCE)
        stopped = pool.submit(connection.stop, PATIENCE)
        desk.hold.set()
        assert answer.result(PATIENCE).text == "heard"
        stopped.result(PATIENCE)
    assert not connection.health().connected


def test_slack_calls_us_when_there_is_no_app_token(box: Sandbox, connect: Connect) -> None:
    connection = connect(slack_app_token=None)
    box.wait(lambda: any(call.method == "users.list" for call in box.workspace.journal))
    assert connection.health().mode == "http"
    assert connection.health().connected
    assert not box.sockets.connections


def test_without_a_token_there_is_nothing_to_do(box: Sandbox, connect: Connect) -> None:
    connection = connect(slack_bot_token=None)
    health = connection.health()
    assert (health.mode, health.connected, health.problem) == ("off", False, None)
    assert not box.workspace.journal


def test_a_database_that_is_away_does_not_end_it(
    box: Sandbox, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database("sqlite:////nowhere/at/all.db")
    connection = connect(db=away)
    box.wait(lambda: sum(c.method == "auth.test" for c in box.workspace.journal) >= 2)
    connection.stop()
    assert "the database does not answer" in caplog.text
    away.close()


def test_a_scope_that_lacks_is_noted_but_not_red(box: Sandbox, connect: Connect) -> None:
    box.faults.add("dnd.teamInfo", error="missing_scope")
    connection = connect()
    box.wait(lambda: any(call.method == "dnd.teamInfo" for call in box.workspace.journal))
    box.wait_connected()
    eventually(lambda: connection.health().notes)
    assert "(dnd.teamInfo)" in connection.health().notes[0]
    assert connection.health().problem is None


def test_a_hang_up_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours = socket.create_connection(listening.getsockname())
        theirs, _ = listening.accept()
    with ours, theirs:
        assert not is_hung_up(ours)
        theirs.sendall(b"last words")
        theirs.close()
        assert is_hung_up(ours)
    assert is_hung_up(ours)
