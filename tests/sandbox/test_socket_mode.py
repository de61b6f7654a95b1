"""Socket Mode seen from a bare websocket: addresses, envelopes, redelivery, rude disconnects."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_socket

from sandbox import Sandbox
from sandbox.modals import Interaction
from sandbox.shapes import Json
from sandbox.workspace import PATIENCE
from tests.workspace import workspace


@pytest.fixture(scope="module")
def box(manifest: Path) -> Iterator[Sandbox]:
    with workspace(manifest, redelivery_seconds=(0.0, 0.05)) as running:
        yield running


@contextmanager
def hasty(box: Sandbox, *, until: Callable[[], object] = lambda: False) -> Iterator[None]:
    """Nobody answers, and that is seen soon; from that moment on one has time again."""

    def look() -> None:
        if until():
            box.sockets.ack_seconds = PATIENCE

    box.sockets.ack_seconds = 0.5
    box.workspace.listeners.append(look)
    yield
    box.workspace.listeners.remove(look)
    box.sockets.ack_seconds = PATIENCE


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as running:
        yield running


def new_url(box: Sandbox) -> str:
    client = WebClient(box.app_token, base_url=box.api_url)
    return str(client.apps_connections_open(app_token=box.app_token)["url"])


@pytest.fixture
def connected(box: Sandbox) -> Iterator[Callable[[], ClientConnection]]:
    with ExitStack() as stack:

        def connect_one() -> ClientConnection:
            number = len(box.sockets.connections)
            socket = stack.enter_context(open_socket(new_url(box), proxy=None))
            box.wait_connected(number + 1)
            return socket

        yield connect_one
    box.wait(lambda: not box.sockets.connections)


def received(socket: ClientConnection) -> Json:
    message: Json = json.loads(socket.recv(timeout=PATIENCE))
    return message


def acknowledge(socket: ClientConnection, envelope: Json, payload: Json | None = None) -> None:
    answer: Json = {"envelope_id": envelope["envelope_id"]}
    socket.send(json.dumps(answer if payload is None else answer | {"payload": payload}))


def typed(box: Sandbox, pool: ThreadPoolExecutor) -> "Future[Interaction]":
    return pool.submit(box.person("alice").command, "/echo", "hi", channel="incidents")


Connected = Callable[[], ClientConnection]


def test_hello_comes_first(connected: Connected) -> None:
    hello = received(connected())
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert set(hello) == {"type", "num_connections", "connection_info", "debug_info"}
    assert received(connected())["num_connections"] == 2


def test_an_address_is_good_once(box: Sandbox) -> None:
    url = new_url(box)
    with open_socket(url, proxy=None):
        box.wait_connected()
        with pytest.raises(InvalidStatus), open_socket(url, proxy=None):
            pass
    box.wait(lambda: not box.sockets.connections)


def test_ten_connections_and_no_more(box: Sandbox, connected: Connected) -> None:
    for _ in range(10):
        connected()
    with open_socket(new_url(box), proxy=None) as eleventh:
        assert received(eleventh)["reason"] == "too_many_websockets"
        with pytest.raises(ConnectionClosed):
            eleventh.recv(timeout=PATIENCE)


def test_a_command_in_an_envelope(
    box: Sandbox, connected: Connected, pool: ThreadPoolExecutor
) -> None:
    socket = connected()
    received(socket)
    command = typed(box, pool)
    envelope = received(socket)
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    assert envelope["payload"]["command"] == "/echo"
    assert envelope["payload"]["channel_name"] == "incidents"
    acknowledge(socket, envelope, {"text": "working on it"})
    assert command.result().text == "working on it"
    assert box.person("alice").ephemerals("incidents")[-1] == "working on it"


def test_what_takes_no_answer_gets_none(
    box: Sandbox, connected: Connected, pool: ThreadPoolExecutor
) -> None:
    socket = connected()
    received(socket)
    used = pool.submit(box.person("alice").shortcut, "echo_global")
    envelope = received(socket)
    assert envelope["type"] == "interactive"
    assert envelope["accepts_response_payload"] is False
    acknowledge(socket, envelope, {"text": "hello"})
    assert used.result().failed is None
    assert box.workspace.problems.pop() == "shortcut takes no answer, got ['text']"


def test_an_app_is_removed(box: Sandbox, connected: Connected) -> None:
    socket = connected()
    received(socket)
    box.uninstall()
    envelopes = [received(socket), received(socket)]
    for envelope in envelopes:
        acknowledge(socket, envelope)
    kinds = {envelope["payload"]["event"]["type"] for envelope in envelopes}
    assert kinds == {"tokens_revoked", "app_uninstalled"}
    with pytest.raises(SlackApiError, match="account_inactive"):
        WebClient(box.bot_token, base_url=box.api_url).auth_test()


def test_each_envelope_goes_to_one_connection(
    box: Sandbox, connected: Connected, pool: ThreadPoolExecutor
) -> None:
    sockets = [connected(), connected()]
    for socket in sockets:
        received(socket)
    first, second = typed(box, pool), typed(box, pool)
    envelopes = [received(socket) for socket in sockets]
    assert len({envelope["envelope_id"] for envelope in envelopes}) == 2
    for socket, envelope in zip(sockets, envelopes, strict=True):
        acknowledge(socket, envelope)
    assert first.result().failed is None
    assert second.result().failed is None


def test_nobody_answers_a_command(
    box: Sandbox, connected: Connected, pool: ThreadPoolExecutor
) -> None:
    alone = box.person("alice").command("/echo")
    assert alone.failed == '/echo failed with the error "dispatch_failed"'
    socket = connected()
    received(socket)
    with hasty(box):
        command = typed(box, pool)
        envelope = received(socket)
        assert command.result().failed == '/echo failed with the error "operation_timeout"'
    # It does not come again, and an acknowledgement after all changes nothing.
    acknowledge(socket, envelope)
    with pytest.raises(TimeoutError):
        socket.recv(timeout=0.2)


def test_an_event_comes_again_until_it_is_acknowledged(box: Sandbox, connected: Connected) -> None:
    socket = connected()
    received(socket)
    before = len(box.workspace.delivered)
    with hasty(box, until=lambda: len(box.workspace.delivered) > before):
        box.person("alice").say("are you there?", channel="incidents")
        first, second = received(socket), received(socket)
        acknowledge(socket, second)
        box.wait(lambda: box.courier.is_idle)
    assert [each.failure for each in box.workspace.delivered[before:]] == ["timeout", None]
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert first["payload"]["event_id"] == second["payload"]["event_id"]


def test_redelivery_ends(box: Sandbox, connected: Connected) -> None:
    socket = connected()
    received(socket)
    with hasty(box):
        box.admin.pause_notifications("bob")
        envelopes = [received(socket) for _ in range(3)]
        box.wait(lambda: box.courier.is_idle)
    assert [each["retry_attempt"] for each in envelopes] == [0, 1, 2]
    status = envelopes[0]["payload"]["event"]["dnd_status"]
    assert status["dnd_enabled"] is True
    box.admin.resume_notifications("bob")
    resumed = received(socket)
    assert resumed["payload"]["event"]["dnd_status"]["dnd_enabled"] is False
    acknowledge(socket, resumed)
    box.wait(lambda: box.courier.is_idle)
    assert box.workspace.delivered[-1].failure is None


def test_nonsense_from_the_app_is_written_down(box: Sandbox, connected: Connected) -> None:
    socket = connected()
    socket.send("nonsense")
    socket.send(json.dumps({"envelope_id": "unknown"}))
    box.wait(lambda: len(box.workspace.problems) == 2)
    assert "not an acknowledgement" in box.workspace.problems[0]
    assert "unknown envelope" in box.workspace.problems[1]
    box.workspace.problems.clear()


def test_a_refreshed_connection_gets_nothing_new(
    box: Sandbox, connected: Connected, pool: ThreadPoolExecutor
) -> None:
    old = connected()
    received(old)
    box.disconnect("warning")
    assert received(old)["reason"] == "warning"
    box.disconnect("refresh_requested")
    assert received(old) == {
        "type": "disconnect",
        "reason": "refresh_requested",
        "debug_info": {"host": "sandbox"},
    }
    new = connected()
    received(new)
    command = typed(box, pool)
    acknowledge(new, received(new))
    assert command.result().failed is None


def test_a_cut_connection_loses_what_was_under_way(
    box: Sandbox, connected: Connected, pool: ThreadPoolExecutor
) -> None:
    socket = connected()
    received(socket)
    command = typed(box, pool)
    received(socket)
    box.drop()
    assert command.result().failed is not None
    with pytest.raises(ConnectionClosed):
        socket.recv(timeout=PATIENCE)


def test_the_real_client_comes_back(manifest: Path, make_app: Callable[[Sandbox], App]) -> None:
    # It opens the new socket at once, but reads from it only when the old one gives up reading,
    # which takes up to three seconds.
    with workspace(manifest) as patient:
        app = make_app(patient)

        @app.command("/echo")
        def answered(ack: Ack) -> None:
            ack("here")

        client = WebClient(patient.app_token, base_url=patient.api_url)
        handler = SocketModeHandler(app, patient.app_token, web_client=client)
        handler.connect()  # type: ignore[no-untyped-call]
        patient.wait_connected()
        patient.disconnect("refresh_requested")
        patient.wait(lambda: patient.sockets.connected_in_all == 2)
        assert patient.person("bob").command("/echo").text == "here"
        handler.client.auto_reconnect_enabled = False
        patient.drop()
        handler.close()  # type: ignore[no-untyped-call]


def test_a_disabled_link_stays_closed(manifest: Path) -> None:
    with Sandbox(manifest=manifest) as closed:
        with open_socket(new_url(closed), proxy=None) as socket:
            closed.wait_connected()
            received(socket)
            closed.disconnect("link_disabled")
            assert received(socket)["reason"] == "link_disabled"
        with pytest.raises(SlackApiError):
            new_url(closed)
