"""A workspace that is kept for a whole module, and our way to it."""

from collections.abc import Iterator

import pytest

from bot.slack import Slack
from sandbox import Sandbox
from sandbox.socket_mode import CLOSE_AFTER_SECONDS
from tests.workspace import workspace


@pytest.fixture(scope="session")
def kept_box() -> Iterator[Sandbox]:
    with workspace() as box:
        yield box


@pytest.fixture
def box(kept_box: Sandbox) -> Iterator[Sandbox]:
    """The workspace without what the last test ordered; its messages stay."""
    kept_box.workspace.journal.clear()
    kept_box.workspace.problems.clear()
    yield kept_box
    kept_box.faults.clear()
    kept_box.accept_token()
    kept_box.sockets.enabled = True
    kept_box.sockets.close_after = CLOSE_AFTER_SECONDS


@pytest.fixture
def slack(box: Sandbox) -> Slack:
    return Slack(box.bot_token, base_url=box.api_url)
