"""Connects a bot to the sandbox, by Socket Mode or by signed HTTP, for as long as a test runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from sqlmodel import SQLModel
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import http
from bot.app import create_app, create_desk
from bot.listeners.lookup import Lookup
from core.config import Settings, exactly
from core.db import Database
from sandbox import Sandbox
from sandbox.workspace import PATIENCE
from tests.bot.stage import WAYS, Stage
from tests.core.matching import in_no_hurry
from tests.workspace import unhurried, workspace


def settings(box: Sandbox, **changes: object) -> Settings:
    given = {
        "slack_bot_token": box.bot_token,
        "slack_app_token": box.app_token,
        "slack_signing_secret": box.signing_secret,
        "slack_api_url": box.api_url,
    }
    return exactly(**{**given, **changes})


@contextmanager
def staged(
    path: Path, *, signed_http: bool = False, on: Database | None = None, **changes: object
) -> Iterator[Stage]:
    """A stage with everybody known to the bot, by Socket Mode unless told otherwise.

    `on` is another database than a new one at `path`; it stays open.
    """
    db = on or Database(f"sqlite:///{path / 'tocsin.db'}")
    SQLModel.metadata.create_all(db.engine)
    with workspace() as box:
        chosen = settings(box, **changes)
        matcher = in_no_hurry()
        desk = create_desk(chosen, db, WAYS, matcher)
        asking = WebClient(box.bot_token, box.api_url, timeout=int(PATIENCE), retry_handlers=[])
        desk = replace(desk, lookup=Lookup(asking, budget=PATIENCE))
        app = create_app(desk)
        unhurried(app)
        stage = Stage(box, app, desk)
        connection = over_http(box, app) if signed_http else over_socket(box, app)
        try:
            with connection:
                stage.clear()
                yield stage
        finally:
            app.listener_runner.listener_executor.shutdown()
            matcher.stop()
            if on is None:
                db.close()


@contextmanager
def over_socket(box: Sandbox, app: App) -> Iterator[None]:
    handler = SocketModeHandler(
        app, box.app_token, web_client=WebClient(box.app_token, base_url=box.api_url)
    )
    handler.connect()  # type: ignore[no-untyped-call]
    try:
        box.wait_connected()
        yield
    finally:
        # The client looks up from its socket every three seconds, or when that is cut.
        handler.client.auto_reconnect_enabled = False
        box.drop()
        handler.close()  # type: ignore[no-untyped-call]


@contextmanager
def over_http(box: Sandbox, app: App) -> Iterator[None]:
    async def endpoint(request: Request) -> Response:
        raw, headers = await request.body(), dict(request.headers)
        answer = await run_in_threadpool(http.dispatch, app, box.signing_secret, raw, headers)
        return Response(answer.body, answer.status, {k: v[0] for k, v in answer.headers.items()})

    started = threading.Event()
    config = uvicorn.Config(
        Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])]),
        port=0,
        log_level="error",
        lifespan="off",
    )
    server = Server(config, started)
    thread = threading.Thread(target=server.run)
    thread.start()
    started.wait()
    box.request_url = f"http://127.0.0.1:{server.port}/slack/events"
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


class Server(uvicorn.Server):
    """Says when it listens, and where."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self._listening = started

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets=None)
        self._listening.set()

    @property
    def port(self) -> int:
        return int(self.servers[0].sockets[0].getsockname()[1])
