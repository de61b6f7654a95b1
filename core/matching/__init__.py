"""Which terms of routes match a payload: asked of child processes, which can be killed.

Neither Jinja's sandbox nor `re` bounds time or memory, so this process never compiles a term.
"""

import json
import logging
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from core.errors import Invalid
from core.matching.child import Child, Late, Lost, Outcome, Verdict
from core.models import RoutingType

logger = logging.getLogger(__name__)

LONGEST_TERM = 1024  # characters
LONGEST_OUTPUT = 50_000  # characters; judge.py has it too, which imports nothing of ours
CHILDREN = 2
# How many may turn out to have ended, for whatever reason, before a term is given up.
ATTEMPTS = 3

# What a term is tried on when it is saved: a page made by hand.
SAMPLE = {
    "oncall": {
        "title": "Database is down",
        "message": "Nobody can log in since 08:00.",
        "uid": "I1A2B3C4D5E6F",
        "author_username": "ana",
        "permalink": "https://example.slack.com/archives/C1/p1",
        "important": False,
    }
}

NAMES = {RoutingType.JINJA2: "template", RoutingType.REGEX: "regular expression"}
WHY = {
    Outcome.INCORRECT: "it is not correct",
    Outcome.LONG: "its output is too long",
    Outcome.MEMORY: "it needs too much memory",
    Outcome.SLOW: "it takes too long",
    Outcome.ENDED: "the process that judged it ended",
    Outcome.UNJUDGED: "no process was free to judge it in time",
}


@dataclass(frozen=True)
class Term:
    """What decides whether a route takes an alert."""

    type: RoutingType
    text: str


class Matcher:
    """Judges terms.  Any thread may ask; who asks first is answered first, term by term."""

    def __init__(
        self,
        *,
        limit: timedelta = timedelta(milliseconds=200),
        by_the_clock: timedelta = timedelta(seconds=1),
        patience: timedelta = timedelta(seconds=2),
    ) -> None:
        """`limit` is how long a child may work on one term, `patience` how long one call takes
        in all, waiting for others included; what has not begun by then is not judged.

        `by_the_clock` on the wall a term gets more than its limit, because a busy machine
        must not send a page the wrong way.
        """
        self._limit = limit
        self._by_the_clock = by_the_clock.total_seconds()
        self._patience = patience.total_seconds()
        self._idle: deque[Child] = deque()
        self._busy: set[Child] = set()
        self._line: deque[object] = deque()  # who waits for a child, in their order
        self._stopped = False
        self._changed = threading.Condition()

    @property
    def pids(self) -> frozenset[int]:
        """The children that are there now."""
        with self._changed:
            return frozenset(child.pid for child in (*self._idle, *self._busy))

    def start(self) -> None:
        """Warm the children up.  Without it they start at the first question."""
        with self._changed:
            self._stopped = False
            while len(self._idle) + len(self._busy) < CHILDREN and (child := self._new()):
                self._idle.append(child)

    def stop(self) -> None:
        """End the children.  From now on nothing matches, until it is started again."""
        with self._changed:
            self._stopped = True
            idle = list(self._idle)
            self._idle.clear()
            for child in self._busy:
                child.kill()
            self._changed.notify_all()
        for child in idle:
            child.end()
        with self._changed:
            self._changed.wait_for(lambda: not self._busy, timeout=self._patience)

    def match(
        self,
        terms: Iterable[Term],
        payload: Mapping[str, Any],
        *,
        patience: timedelta | None = None,
    ) -> frozenset[Term]:
        """Which of the terms match.  One that fails is logged and does not.  Never raises.

        `patience` may be shorter than the matcher's own.
        """
        try:
            text = json.dumps(dict(payload)).encode()
        except (TypeError, ValueError, RecursionError) as error:
            logger.error("No term matches a payload that is not JSON: %s", type(error).__name__)
            return frozenset()
        begin_by = self._begin_by(patience)
        return frozenset(
            term for term in dict.fromkeys(terms) if self._matches(term, text, begin_by)
        )

    def check(self, term: Term) -> None:
        """Raises Invalid (`routing_regex`) if the term cannot be used, and says why."""
        name = NAMES[term.type]
        if len(term.text) > LONGEST_TERM:
            raise _wrong(f"This {name} has more than {LONGEST_TERM:,} characters.")
        if not (term.text.strip() if term.type is RoutingType.JINJA2 else term.text):
            raise _wrong(f"Write a {name}: an empty one is of no use.")
        begin_by = self._begin_by()
        verdict = self._judge(term, json.dumps(SAMPLE).encode(), begin_by)
        if sentence := self._sentence(term.type, verdict):
            raise _wrong(sentence)

    def _begin_by(self, patience: timedelta | None = None) -> float:
        """When the last term may begin, so that it is judged in time."""
        whole = self._patience if patience is None else patience.total_seconds()
        return monotonic() + whole - self._limit.total_seconds()

    def _sentence(self, kind: RoutingType, verdict: Verdict) -> str | None:
        name = NAMES[kind]
        match verdict.outcome:
            case Outcome.INCORRECT if kind is RoutingType.REGEX:
                return "Regular expression is incorrect"
            case Outcome.INCORRECT:
                return f"Jinja template is incorrect: {verdict.reason}"
            case Outcome.SLOW:
                most = self._limit // timedelta(milliseconds=1)
                return f"This {name} takes too long: it must be done within {most} ms."
            case Outcome.MEMORY:
                return f"This {name} needs too much memory."
            case Outcome.LONG:
                return f"The output of this {name} has more than {LONGEST_OUTPUT:,} characters."
            case Outcome.ENDED:
                return f"This {name} cannot be run."
            case Outcome.UNJUDGED:
                return f"This {name} could not be tried just now. Try again in a minute."
        return None  # a template may well fail on the sample and be right for other alerts

    def _matches(self, term: Term, payload: bytes, begin_by: float) -> bool:
        if len(term.text) > LONGEST_TERM:
            verdict = Verdict(Outcome.FAILED, f"it has more than {LONGEST_TERM:,} characters")
        else:
            verdict = self._judge(term, payload, begin_by)
        if verdict.outcome not in {Outcome.MATCHES, Outcome.DIFFERS}:
            why = WHY.get(verdict.outcome, verdict.reason)
            logger.warning("A %s of a route does not match: %s", NAMES[term.type], why)
        return verdict.outcome is Outcome.MATCHES

    def _judge(self, term: Term, payload: bytes, begin_by: float) -> Verdict:
        for _ in range(ATTEMPTS):
            child = self._take(begin_by)
            if child is None:
                break
            try:
                child.wait_until_ready(begin_by)
                return child.judge(term.type, term.text, payload, begin_by)
            except Late:
                break
            except Lost as error:
                if not self._stopped:
                    logger.error("A process that judges terms %s; another one is asked", error)
            finally:
                self._give_back(child)
        return Verdict(Outcome.UNJUDGED)

    def _take(self, until: float) -> Child | None:
        """A child for this thread alone; None if there is none by then."""
        rest = until - monotonic()
        if rest <= 0:
            return None
        turn = object()
        with self._changed:
            self._line.append(turn)
            try:
                self._changed.wait_for(lambda: self._stopped or self._is_next(turn), rest)
                if self._stopped or not self._is_next(turn):
                    return None
                child = self._idle.popleft() if self._idle else self._new()
                if child:
                    self._busy.add(child)
                return child
            finally:
                self._line.remove(turn)
                self._changed.notify_all()

    def _is_next(self, turn: object) -> bool:
        return self._line[0] is turn and (bool(self._idle) or len(self._busy) < CHILDREN)

    def _give_back(self, child: Child) -> None:
        """For others to use; one that is of no more use is replaced at once."""
        with self._changed:
            if child.is_usable and not self._stopped:
                self._busy.remove(child)
                self._idle.append(child)
                self._changed.notify_all()
                return
        child.end()
        with self._changed:
            self._busy.remove(child)
            if not self._stopped and (fresh := self._new()):
                self._idle.append(fresh)
            self._changed.notify_all()

    def _new(self) -> Child | None:
        try:
            return Child(self._limit.total_seconds(), self._by_the_clock)
        except OSError as error:
            logger.error("A process that judges terms could not be started: %s", error)
            return None


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, field="routing_regex")
