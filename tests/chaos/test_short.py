"""A short run for every `make test`; the long one is `make chaos`.

And the count itself is put to the test: evidence that is made worse must be noticed.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from core.models import Delivery, DeliveryOutcome, Event, LogRecord, Outcome, RuleType
from tests.chaos.outside import Outside, Sending
from tests.chaos.rows import Rows
from tests.chaos.run import Evidence, Variant, run
from tests.chaos.variants import kill


def test_nothing_is_lost_and_nothing_is_unexplained() -> None:
    # One test, so that it runs once when several workers share the tests.
    result = run(Variant("SQLite, kill -9", kill(3), groups=5, seconds=4.0), seed=1)
    assert result.violations == []
    assert result.counts["kills"] == 3
    assert result.counts["alert groups"] >= 5
    assert result.counts["steps due and wanted"] > 0
    assert result.counts["steps of chains"] > 0
    assert result.evidence is not None
    for worse, complaint in forgeries(result.evidence):
        assert any(complaint in each for each in worse.weigh().violations), complaint


def forgeries(real: Evidence) -> Iterator[tuple[Evidence, str]]:
    """Evidence that is a little worse than the real one, and what has to be said of it."""
    pages, replies = real.outside.pages, real.outside.replies
    row = next(
        row
        for row in real.rows.deliveries
        if row.channel is RuleType.SLACK and row.outcome is DeliveryOutcome.SENT and row.page_id
    )
    without = [page for page in pages if page.ts != row.receipt["ts"]]
    yield seen(real, pages=without), "is recorded, never arrived"

    newest = max(pages, key=lambda page: page.end)
    again = replace(newest, ts="1.0", start=newest.end + 60, end=newest.end + 61)
    yield seen(real, pages=[*pages, again]), "nothing explains it"
    if late := after_the_end(real):
        yield seen(real, pages=[*pages, late]), "s after it stopped"
    if stopped := begun_late(real):
        yield replace(real, rows=stopped), "was begun after it stopped"

    # A kill may have had it said again, alone or with more.
    first, line = replies[0], replies[0].text.splitlines()[0]
    unsaid = [each for each in replies if each.root != first.root or line not in each.text]
    yield seen(real, replies=unsaid), "thread"
    yield seen(real, replies=[]), "the thread ends without"
    last = replies[-1]
    if any(other.root == last.root and other is not last for other in replies):
        swapped = [replace(last, end=0), *replies[:-1]]
        yield seen(real, replies=swapped), "expected"

    chains = replace(real.rows, log={key: log_twice(log) for key, log in real.rows.log.items()})
    yield replace(real, rows=chains), "ran out of turn"

    yield replace(real, confirmed=real.confirmed | {"never made it"}), "does not exist"


def log_twice(records: list[LogRecord]) -> list[LogRecord]:
    """As if every step of a chain had run twice."""
    twice = [[each] * (2 if each.event is Event.STEPPED else 1) for each in records]
    return [each for pair in twice for each in pair]


def seen(real: Evidence, **changed: object) -> Evidence:
    outside: Outside = replace(real.outside, **changed)  # type: ignore[arg-type]
    return replace(real, outside=outside)


def after_the_end(real: Evidence) -> Sending | None:
    """A direct message to somebody whose page had ended, if somebody answered at all."""
    for page in real.rows.pages.values():
        if page.outcome not in {None, Outcome.EXHAUSTED} and page.ended_at is not None:
            to = real.rows.users[page.user_id].slack_user_id or ""
            start = page.ended_at.timestamp() + 60
            return Sending(RuleType.SLACK, page.alert_group_id, to, start, start + 0.1, ts="2.0")
    return None


def begun_late(real: Evidence) -> Rows | None:
    """A notification for a page that had ended, if somebody answered at all."""
    for row in real.rows.deliveries:
        page = real.rows.pages.get(row.page_id or "")
        if page is None or page.outcome in {None, Outcome.EXHAUSTED} or row.run != page.run:
            continue
        if page.ended_at is not None:
            late = Delivery.model_validate(
                row.model_dump() | {"created_at": page.ended_at + timedelta(milliseconds=1)}
            )
            return replace(
                real.rows,
                deliveries=[late if each is row else each for each in real.rows.deliveries],
            )
    return None
