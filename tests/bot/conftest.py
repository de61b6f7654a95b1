"""The stages on which the bot's listeners are tested: by socket, and by signed HTTP."""

from collections.abc import Iterator
from typing import cast

import pytest

from tests.bot.stage import Stage
from tests.bot.wire import staged


@pytest.fixture(scope="session")
def by_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("socket")) as found:
        yield found


@pytest.fixture(scope="session")
def by_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("http"), signed_http=True) as found:
        yield found


@pytest.fixture
def stage(by_socket: Stage) -> Iterator[Stage]:
    """A stage as it is after a start, with everybody known to the bot."""
    yield from fresh(by_socket)


@pytest.fixture(params=["by_socket", "by_http"])
def either_stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The same by Socket Mode and by signed HTTP."""
    yield from fresh(cast(Stage, request.getfixturevalue(request.param)))


def fresh(stage: Stage) -> Iterator[Stage]:
    stage.clear()
    yield stage
    stage.settle()
    assert stage.box.workspace.problems == []  # what the real platform would refuse silently
