"""The stages on which the bot's listeners are tested: by socket, and by signed HTTP."""

from collections.abc import Iterator
from typing import cast

import pytest

from tests.bot.stage import Stage, staged


@pytest.fixture(scope="session")
def by_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("socket")) as found:
        yield found


@pytest.fixture(scope="session")
def by_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("http"), signed_http=True) as found:
        yield found


@pytest.fixture
def stage(by_socket: Stage) -> Stage:
    """A stage as it is after a start, with everybody known to the bot."""
    by_socket.clear()
    return by_socket


@pytest.fixture(params=["by_socket", "by_http"])
def either_stage(request: pytest.FixtureRequest) -> Stage:
    """The same by Socket Mode and by signed HTTP."""
    found = cast(Stage, request.getfixturevalue(request.param))
    found.clear()
    return found
