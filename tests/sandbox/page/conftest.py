"""Opens tabs, and closes them when a test is over."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from sandbox import Sandbox
from tests.sandbox.page.client import Tab

OpenTab = Callable[[str], Tab]


@pytest.fixture
def open_tab(box: Sandbox) -> Iterator[OpenTab]:
    with ExitStack() as tabs:
        yield lambda name: tabs.enter_context(Tab(box, name))


@pytest.fixture
def alice(open_tab: OpenTab) -> Tab:
    return open_tab("alice")


@pytest.fixture
def bob(open_tab: OpenTab) -> Tab:
    return open_tab("bob")
