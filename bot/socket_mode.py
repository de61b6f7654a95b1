"""One Socket Mode connection: Slack's envelopes in, Bolt's answers out."""

import logging
import select
import socket
import threading
from contextlib import suppress
from time import monotonic

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.web_client import quiet

logger = logging.getLogger(__name__)

PING_EVERY = 5.0  # seconds; four without an answer and the connection is dead
MUTE = 4 * PING_EVERY
ENVELOPES = 20  # at once
HANG_UP = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR


class _Client(SocketModeClient):
    """The SDK's client, which would replace its connection by itself.

    It stops reading for three seconds when it does so, and sleeps through every message
    when Slack limits the rate; here its owner opens another one beside it instead.
    """

    is_leaving = False

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        self.is_leaving = True


class Socket:
    """Open from construction on; raises OSError if Slack does not open it."""

    def __init__(self, url: str, app: App) -> None:
        self._app = app
        self._unacknowledged = 0
        self._changed = threading.Condition()
        self._opened = monotonic()
        self._client = _Client(
            app_token="",  # the URL is there already, it has nothing more to ask
            logger=quiet,
            web_client=WebClient(logger=quiet, retry_handlers=[]),
            auto_reconnect_enabled=False,
            ping_interval=PING_EVERY,
            concurrency=ENVELOPES,
        )
        self._client.socket_mode_request_listeners.append(self._handle)
        self._client.wss_uri = url
        self._client.connect()
        if not self._client.is_connected():
            self.close()
            raise ConnectionError("Slack did not open the socket.")

    @property
    def is_open(self) -> bool:
        session = self._client.current_session
        sock = session.sock if session is not None else None
        if session is None or sock is None or is_hung_up(sock):
            return False
        # The SDK notices a missing pong, but not that there never was one.
        return session.last_ping_pong_time is not None or monotonic() - self._opened < MUTE

    @property
    def is_leaving(self) -> bool:
        """Whether Slack asked us to connect anew; what is under way can still be answered."""
        return self._client.is_leaving

    def wait_acknowledged(self, timeout: float) -> bool:
        """Whether every envelope that came has been answered within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._unacknowledged == 0, timeout)

    def close(self) -> None:
        """At once; the SDK's threads end by themselves soon after."""
        self._client.closed = True
        session = self._client.current_session
        sock = session.sock if session is not None else None
        if sock is not None:
            self._client.current_session_state.terminated = True
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)  # else its reader would hold the lock for 3 s
        threading.Thread(target=self._client.close, name="socket-closing", daemon=True).start()

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._changed:
            self._unacknowledged += 1
        try:
            started = monotonic()
            send_response(client, request, run_bolt_app(self._app, request), started)
        except (SlackClientError, OSError) as error:  # the socket broke under it
            logger.error("envelope %s not answered: %s", request.envelope_id, type(error).__name__)
        finally:
            with self._changed:
                self._unacknowledged -= 1
                self._changed.notify_all()


def is_hung_up(sock: socket.socket) -> bool:
    """Whether the other side has closed; the SDK would go on reading nothing, in a hot loop."""
    poll = select.poll()
    try:
        poll.register(sock.fileno(), HANG_UP)
    except (OSError, ValueError):
        return True
    return bool(poll.poll(0))
