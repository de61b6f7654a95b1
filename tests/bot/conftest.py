"""The stage on which the bot's listeners are tested."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.stage import Stage, staged


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as found:
        yield found
