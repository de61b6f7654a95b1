"""A sandbox, and a small app made with the real SDK that talks to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from sandbox import Sandbox
from tests.workspace import unhurried, workspace

MANIFEST = Path(__file__).with_name("manifest.yml")


@pytest.fixture(scope="session")
def manifest() -> Path:
    return MANIFEST


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """One sandbox for all tests of a module; each starts without faults and fills in its own."""
    with workspace(MANIFEST) as running:
        yield running


@pytest.fixture(autouse=True)
def clean(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "box" in request.fixturenames:
        running: Sandbox = request.getfixturevalue("box")
        running.faults.clear()
        running.accept_token()
        running.mail.clear()
        assert running.workspace.problems == []


@pytest.fixture
def client(box: Sandbox) -> WebClient:
    return WebClient(box.bot_token, base_url=box.api_url)


def new_app(box: Sandbox) -> App:
    client = WebClient(box.bot_token, base_url=box.api_url)
    bot = box.workspace.bot

    def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=box.workspace.team_id,
            bot_user_id=bot.id,
            bot_id=bot.bot_id,
            bot_token=box.bot_token,
        )

    return App(
        client=client,
        authorize=authorize,
        signing_secret=box.signing_secret,
        token_verification_enabled=False,
    )


@pytest.fixture(scope="session")
def make_app() -> Callable[[Sandbox], App]:
    return new_app


@pytest.fixture(scope="module")
def app(box: Sandbox) -> App:
    return new_app(box)


@pytest.fixture(scope="module")
def connect(box: Sandbox) -> Iterator[Callable[[App], SocketModeHandler]]:
    """Connects an app over Socket Mode, and disconnects it when the module is done."""
    handlers: list[SocketModeHandler] = []

    def connect_app(app: App) -> SocketModeHandler:
        unhurried(app)
        web_client = WebClient(box.app_token, base_url=box.api_url)
        handler = SocketModeHandler(app, box.app_token, web_client=web_client)
        handlers.append(handler)
        handler.connect()  # type: ignore[no-untyped-call]
        box.wait_connected(len(handlers))
        return handler

    yield connect_app
    for handler in handlers:
        handler.client.auto_reconnect_enabled = False
    box.drop()
    for handler in handlers:
        # Without a message its thread looks only once a second whether it should end.
        handler.client.message_processor.event.set()
        handler.client.enqueue_message("")
        handler.close()  # type: ignore[no-untyped-call]
