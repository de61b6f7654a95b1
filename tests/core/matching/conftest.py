"""A matcher with time for a busy machine: what counts is what a term may do, not how soon."""

from collections.abc import Iterator

import pytest

from core.matching import Matcher
from tests.core.matching import in_no_hurry


@pytest.fixture(scope="module")
def kept_matcher() -> Iterator[Matcher]:
    """Opened once: a child takes a tenth of a second to start."""
    matcher = in_no_hurry()
    matcher.start()
    yield matcher
    matcher.stop()


@pytest.fixture
def matcher() -> Iterator[Matcher]:
    """For tests which look at the children; not started yet."""
    matcher = in_no_hurry()
    yield matcher
    matcher.stop()
