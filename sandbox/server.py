"""Runs the workspace: one thread with one event loop for HTTP, sockets and mail."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

import sandbox.web_api  # noqa: F401 - importing it fills the table of methods
from sandbox.admin import Admin
from sandbox.cutting import HttpProtocol
from sandbox.delivery import REDELIVERY_SECONDS, Ack, Courier, Kind, Parcel, Way
from sandbox.driver import Person
from sandbox.faults import Faults
from sandbox.host import Host, Tokens
from sandbox.http_delivery import HttpDelivery
from sandbox.limits import Limits
from sandbox.mail import Mail
from sandbox.manifest import Manifest
from sandbox.page.guard import Guard
from sandbox.page.page import Page
from sandbox.page.trouble import Trouble
from sandbox.people import seed
from sandbox.plain_text import Reader
from sandbox.reading import Reading
from sandbox.responses import Responses
from sandbox.shapes import Json
from sandbox.socket_mode import Reason, SocketMode
from sandbox.triggers import Triggers
from sandbox.web_api.dispatch import WebApi
from sandbox.workspace import PATIENCE, Workspace

Result = TypeVar("Result")


class Sandbox:
    """A workspace with people in it, listening on 127.0.0.1; use it in a `with` statement.

    `redelivery_seconds` are the pauses before an unacknowledged event comes again.
    """

    def __init__(
        self,
        *,
        manifest: Path,
        port: int = 0,
        smtp_port: int = 0,
        ack_seconds: float = 3.0,
        trigger_seconds: float = 3.0,
        rate_limits: bool = False,
        request_url: str | None = None,
        redelivery_seconds: tuple[float, ...] = REDELIVERY_SECONDS,
        seeded: bool = True,
    ) -> None:
        self.manifest = Manifest.load(manifest)
        self.workspace = Workspace(self.manifest)
        if seeded:
            seed(self.workspace)
        self.host = Host(self.workspace, Triggers(trigger_seconds), Tokens(), self._new_socket_url)
        self.admin = Admin(self.workspace)
        self.faults = Faults()
        self.limits = Limits(enabled=rate_limits)
        self.web_api = WebApi(self.host, self.faults, self.limits)
        self.mail = Mail(smtp_port)
        self.sockets = SocketMode(self.workspace, ack_seconds)
        self.http = HttpDelivery(self.host.tokens.signing_secret, ack_seconds, request_url)
        ways: list[Way] = [self.sockets, self.http] if self.manifest.socket_mode else [self.http]
        self.courier = Courier(self.workspace, ways, redelivery_seconds)
        self.reader = Reader(self.host)
        trouble = Trouble(self.faults, self.limits, self.mail, self.sockets, self.courier)
        self.page = Page(self.host, trouble)
        self.mail.on_received = self.page.phones.take_mail
        self.workspace.on_event = self._send_event
        self.host.deliver = self.deliver
        self._port = port
        self._ack_seconds = ack_seconds
        self._started = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    # What a bot is configured with

    @property
    def url(self) -> str:
        return self.host.url

    @property
    def api_url(self) -> str:
        return f"{self.host.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.host.tokens.bot

    @property
    def app_token(self) -> str:
        return self.host.tokens.app

    @property
    def signing_secret(self) -> str:
        return self.host.tokens.signing_secret

    @property
    def smtp_port(self) -> int:
        return self.mail.port

    @property
    def request_url(self) -> str | None:
        return self.http.url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.http.url = url

    # What a test looks at and orders

    def person(self, name: str) -> Person:
        return Person(self.host, self.workspace.find_user(name).id)

    def wait(self, predicate: Callable[[], object], timeout: float = PATIENCE) -> None:
        """Wait until something is true of the workspace or the mail; AssertionError if it is not.

        The predicate is asked again at every change, never by the clock.
        """
        if not self.workspace.wait(predicate, timeout):
            raise AssertionError(f"did not happen within {timeout} s")

    def wait_connected(self, connections: int = 1, timeout: float = PATIENCE) -> None:
        """Wait until so many sockets are open."""
        self.wait(lambda: len(self.sockets.connections) >= connections, timeout)

    def plain_text(self, channel: str) -> str:
        """A channel as everybody in it reads it."""
        return self.reader.channel(channel)

    def disconnect(self, reason: Reason = "refresh_requested") -> None:
        self._run(self.sockets.disconnect(reason))

    def end_warned(self) -> None:
        self._run(self.sockets.end())

    def drop(self) -> None:
        self._run(self.sockets.drop())

    def verify_request_url(self) -> bool:
        return self._run(self.http.verify())

    def refuse_token(self, error: str = "token_revoked") -> None:
        """Refuse the bot's token from now on: `token_revoked`, `account_inactive`, ..."""
        self.host.tokens.refused[self.bot_token] = error

    def uninstall(self) -> None:
        """Remove the app: it is told so, and its token is worth nothing any more."""
        revoked = {"oauth": [], "bot": [self.workspace.bot.id]}
        self.workspace.emit("tokens_revoked", {"type": "tokens_revoked", "tokens": revoked})
        self.workspace.emit("app_uninstalled", {"type": "app_uninstalled"})
        self.refuse_token("account_inactive")

    def accept_token(self) -> None:
        self.host.tokens.refused.clear()

    def deliver(self, kind: Kind, payload: Json) -> Ack:
        """Take a payload to the app once and wait for its answer; never call it on the loop."""
        if kind == "interactive" and not self.manifest.interactive:
            return Ack(failure="interactivity_disabled")
        return self._run(self.courier.deliver(Parcel(kind, payload)))

    def empty(self) -> None:
        """Forget everything that happened; people and channels stay.

        For starting over: call it while no bot is connected.
        """
        with self.workspace.editing():
            self.host.views.clear()
            self.host.triggers.issued.clear()
            self.host.response_urls.issued.clear()
            self.workspace.journal.clear()
            self.workspace.delivered.clear()
            self.workspace.problems.clear()
            self.faults.clear()
            self.limits.reset()
            self.mail.clear()
            self.page.clear()
            self.workspace.forget_messages()
        # What still waits to be delivered again was meant for the bot that was.
        self._loop.call_soon_threadsafe(self.courier.give_up)

    # Running

    def start(self) -> Self:
        self._thread = threading.Thread(target=self._main, name="sandbox")
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            self._thread.join()
            self._thread = None
            raise self._failure
        return self

    def stop(self) -> None:
        if self._thread is None:
            return
        self._loop.call_soon_threadsafe(self.web_api.stopping.set)
        self.drop()
        self._run(self.page.close())
        self._server.should_exit = True
        self._thread.join()
        self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            # The port is taken; `start` raises it where somebody can see it.
            self._failure = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        listening = socket.create_server(("127.0.0.1", self._port))
        try:
            self.mail.bind()
        except OSError:
            listening.close()
            raise
        self.host.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            self._app(),
            http=HttpProtocol,
            ws=WebSocketsSansIOProtocol,
            # The application under test may run in this process, with a log of its own.
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=60,
        )
        self._server = uvicorn.Server(config)
        try:
            await self._server.serve(sockets=[listening])
        finally:
            listening.close()
            self.courier.give_up()

    def _app(self) -> Starlette:
        responses = Responses(self.web_api)
        return Starlette(
            routes=[
                Route("/api/{method}", self.web_api.endpoint, methods=["GET", "POST"]),
                Route("/respond/{token}", responses.endpoint, methods=["POST"]),
                *Reading(self.host).routes(),
                WebSocketRoute("/link/", self.sockets.endpoint),
                *self.page.routes(),
            ],
            middleware=[Middleware(Guard, url=lambda: self.host.url)],
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        async with (
            httpx2.AsyncClient() as client,
            self.mail.listening(self.workspace),
            self.page.running(),
        ):
            self.http.client = client
            self._started.set()
            yield

    def _new_socket_url(self) -> str:
        return self.sockets.new_url(self.host.url)

    def _send_event(self, _subscription: str, event: Json) -> None:
        if self._thread is not None:
            self.courier.announce(event, self._loop)

    def _run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(self._ack_seconds + 5)
