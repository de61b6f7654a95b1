"""A browser, the bot in a workspace, and tabs in which people use the page."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from socket import socket
from typing import Any

import pytest
from playwright.sync_api import Browser

from cli.sandbox import opened
from core import clock
from core.config import Settings
from sandbox import Sandbox
from sandbox.trial import Trial
from sandbox.workspace import PATIENCE
from tests.page import browser as chromium
from tests.page.forms import SmallApp, afresh, connected, in_front
from tests.page.reading import asking_nobody_else
from tests.page.tab import Tab
from tests.workspace import unhurried
from tocsin import Tocsin

Open = Callable[..., Tab]


@pytest.fixture(autouse=True)
def real_time() -> None:
    """The bot of a module goes on between its tests, and so does its clock."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests here; without Chromium they are left out, but not in CI."""
    if chromium.chromium() is None:
        assert not os.environ.get("CI"), chromium.HOW_TO_GET_IT
        pytest.skip(chromium.HOW_TO_GET_IT)
    with chromium.running() as running:
        yield running


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    """What `make sandbox` starts, for all tests of a module."""
    with opened(tocsin, 0, answer_seconds=PATIENCE) as running:
        yield running
    clock.reset()


def tocsin(settings: Settings, listening: socket) -> Tocsin:
    built = Tocsin(settings, listening)
    unhurried(built.bolt)
    return built


@pytest.fixture
def still(trial: Trial) -> Iterator[None]:
    """The bot's time moves only when somebody lets it leap."""
    time = trial.box.page.time
    assert time is not None
    time.pause()
    yield
    time.resume()


@pytest.fixture
def box(trial: Trial) -> Sandbox:
    return trial.box


@pytest.fixture
def tab(browser: Browser, box: Sandbox) -> Iterator[Open]:
    """Opens the page as somebody: `tab("bob", channel="incidents")`.

    Each tab is a browser of its own; whatever the page complains about fails the test.
    """
    with ExitStack() as closing:

        def open_as(name: str, **options: Any) -> Tab:
            return closing.enter_context(Tab.opened(browser, box.url, name, **options))

        yield open_as


@pytest.fixture(scope="module")
def app() -> Iterator[SmallApp]:
    """A small app in a workspace of its own, for what Tocsin does not do."""
    with connected() as app:
        app.box.admin.add_group("oncall", "bob")
        yield app


@pytest.fixture(scope="module")
def page(browser: Browser, app: SmallApp) -> Iterator[Tab]:
    with in_front(browser, app) as tab:
        yield tab


@pytest.fixture
def alice(page: Tab, app: SmallApp) -> Iterator[Tab]:
    """Alice in front of the small app, which has forgotten what was before."""
    with afresh(app, page) as tab, asking_nobody_else(page):
        yield tab
