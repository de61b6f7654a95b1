"""A matcher with time for a busy machine: what counts is what a term may do, not how soon."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.matching import Matcher

PATIENCE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def kept_matcher() -> Iterator[Matcher]:
    """Opened once: a child takes a tenth of a second to start."""
    matcher = Matcher(patience=PATIENCE)
    matcher.start()
    yield matcher
    matcher.stop()


@pytest.fixture
def matcher() -> Iterator[Matcher]:
    """For tests which look at the children; not started yet."""
    matcher = Matcher(patience=PATIENCE)
    yield matcher
    matcher.stop()
