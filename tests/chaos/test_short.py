"""A short run for every `make test`; the long one is `make chaos`."""

from tests.chaos.run import Variant, run
from tests.chaos.variants import kill


def test_nothing_is_lost_and_nothing_is_unexplained() -> None:
    result = run(Variant("SQLite, kill -9", kill(3), groups=5, seconds=4.0), seed=1)
    assert result.violations == []
    assert result.counts["kills"] == 3
    assert result.counts["alert groups"] >= 5
