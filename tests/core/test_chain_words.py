"""The log over HTTP tells of teams and chains in plain sentences, with everybody's name."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core import clock, log_words
from core.models import Event
from core.story import Line, Person

ANA, BOB = (Person(f"U{name}", name, None, "UTC") for name in ("Ana", "Bob"))
PEOPLE = {person.id: person for person in (ANA, BOB)}
EIGHT = datetime(2026, 3, 5, 8, tzinfo=UTC).isoformat()


@pytest.mark.parametrize(
    ("event", "detail", "said"),
    [
        (Event.OPENED, {"team": "SRE", "important": True}, "Ana paged the SRE team (important)."),
        (
            Event.OPENED,
            {"team": "SRE", "heard_only_in": "#sre", "people": 0},
            "Ana paged the SRE team. Nobody is called: only #sre hears of this.",
        ),
        (
            Event.CHAIN_STARTED,
            {"chain": "SRE <calm>", "steps": 2},
            'Escalation chain "SRE <calm>" starts (2 steps).',
        ),
        (
            Event.STEPPED,
            {"step": 1, "of": 2, "type": "notify_persons", "paged": ["UAna", "UBob"]},
            "Step 1 of 2 pages Ana and Bob (default rules).",
        ),
        (
            Event.STEPPED,
            {"step": 1, "of": 2, "type": "notify_persons", "unreachable": ["UBob"]},
            ("Step 1 of 2 pages nobody new. Nothing can reach Bob: phone, or page someone else."),
        ),
        (
            Event.STEPPED,
            {"step": 1, "of": 2, "type": "notify_if_time_from_to", "until": EIGHT},
            "Step 1 of 2 waits until 05 Mar 08:00 UTC (its hours).",
        ),
        (
            Event.STEPPED,
            {"step": 1, "of": 2, "type": "notify_whole_channel", "channel": "<!channel>"},
            "Step 1 of 2 pages nobody new (everybody in <!channel>).",
        ),
        (
            Event.STEPPED,
            {"step": 2, "of": 3, "type": "wait", "skipped": "the chain calls nobody yet"},
            "Step 2 of 3 does not wait: the chain calls nobody yet. Going on.",
        ),
        (Event.CHAIN_ENDED, {"chain": "x"}, "The escalation chain has run to its end."),
    ],
)
def test_teams_and_chains_are_told(event: Event, detail: dict[str, Any], said: str) -> None:
    by = ANA if event is Event.OPENED else None
    assert log_words.sentence(Line(1, event, clock.now(), by, None, detail), PEOPLE) == said


def test_a_chain_may_resolve_it() -> None:
    line = Line(1, Event.RESOLVED, clock.now(), None, None, {"stopped": ["UBob"]})
    said = "The escalation chain resolved it. The page of Bob stopped."
    assert log_words.sentence(line, PEOPLE) == said


def test_everybody_in_a_record_is_looked_up() -> None:
    detail = {"stopped": ["U1"], "paged": ["U2"], "raised": ["U3"], "already": ["U4", 5]}
    detail |= {"off": ["U6"], "unreachable": ["U2"], "team": ["U7"]}
    assert log_words.mentioned(detail) == ["U1", "U2", "U3", "U4", "U6"]
