"""What a term cannot do: take for ever, fill the memory, reach what is around it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from core.judging import Unjudged, Verdicts, judged
from core.matching import Matcher, Term
from tests.core.matching import (
    ENDLESS,
    GOOD,
    HUGE,
    PAYLOAD,
    REFUSED_AT_ONCE,
    matches,
    regex,
    template,
)

DOWN = regex("db down")


@pytest.mark.parametrize("term", [*ENDLESS, *HUGE, *REFUSED_AT_ONCE])
def test_others_of_the_same_call_still_match(kept_matcher: Matcher, term: Term) -> None:
    assert kept_matcher.match([DOWN, term, GOOD], PAYLOAD) == {DOWN, GOOD}


@pytest.mark.parametrize("term", ENDLESS)
def test_endless_term_is_killed(
    matcher: Matcher, term: Term, caplog: pytest.LogCaptureFixture
) -> None:
    matcher.start()
    before = matcher.pids
    assert matcher.match([term], PAYLOAD) == frozenset()
    assert len(matcher.pids & before) == len(before) - 1
    assert len(matcher.pids) == len(before)
    (message,) = caplog.messages
    assert message.endswith("of a route does not match: it takes too long")


@pytest.mark.parametrize("term", HUGE)
def test_memory_is_bounded(matcher: Matcher, term: Term, caplog: pytest.LogCaptureFixture) -> None:
    matcher.start()
    before = matcher.pids
    assert matcher.match([term], PAYLOAD) == frozenset()
    assert len(matcher.pids & before) == len(before) - 1
    assert caplog.messages == ["A template of a route does not match: it needs too much memory"]


def test_ordinary_terms_are_judged_by_the_same_children(matcher: Matcher) -> None:
    matcher.start()
    before = matcher.pids
    assert matcher.match([GOOD, DOWN, regex("(("), template("{{ 1/0 }}")], PAYLOAD) == {GOOD, DOWN}
    assert matcher.pids == before


def test_many_threads_get_their_own_answers(kept_matcher: Matcher) -> None:
    threads = 8
    together = Barrier(threads)

    def ask(number: int) -> bool:
        mine = template(f"{{{{ payload.number == {number} }}}}")
        other = template(f"{{{{ payload.number == {number + 1} }}}}")
        slow = ENDLESS[number % len(ENDLESS)]
        together.wait()
        return all(
            kept_matcher.match(terms, {**PAYLOAD, "number": number}) == {mine}
            for terms in ([mine, other], [slow, mine, other], [other, mine], [mine, slow])
        )

    with ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(ask, range(threads))) == [True] * threads


def test_what_could_not_begin_in_time_does_not_match(caplog: pytest.LogCaptureFixture) -> None:
    at_once = timedelta(milliseconds=200)
    matcher = Matcher(limit=at_once, patience=at_once)  # leaves no time to wait for a child
    assert matcher.match([GOOD, DOWN], PAYLOAD) == frozenset()
    matcher.stop()
    why = "does not match: no process was free to judge it in time"
    assert caplog.messages == [
        f"A template of a route {why}",
        f"A regular expression of a route {why}",
    ]


REACHES = "{%% if %s is defined %%}true{%% endif %%}"


def test_what_a_template_reaches_matches(kept_matcher: Matcher) -> None:
    assert matches(kept_matcher, template(REACHES % "payload.oncall"), PAYLOAD)


@pytest.mark.parametrize(
    "text",
    [
        REACHES % "''.__class__",
        REACHES % "''.__class__.__mro__",
        REACHES % "payload.__class__",
        REACHES % "payload['__class__']",
        REACHES % "(payload|attr('__class__'))",
        REACHES % "cycler.__init__.__globals__",
        REACHES % "lipsum.__globals__",
        REACHES % "lipsum.__globals__['os'].environ",
        REACHES % "joiner.__init__.__globals__.os.popen('id').read()",
        REACHES % "self._TemplateReference__context",
        REACHES % "(('' ~ payload).format.__self__)",
        "{% if '<class' in '{0.__class__}'.format(payload) %}true{% endif %}",
        "{% if '<class' in ('{0.__class__}'|attr('format'))(payload) %}true{% endif %}",
        "{% if '<class' in '{x.__class__}'.format_map({'x': payload}) %}true{% endif %}",
        "{% if payload.update(a=1) is none %}true{% endif %}",
        "{% include '/etc/passwd' %}true",
        "{% import 'os' as os %}true",
        "{% extends '/etc/passwd' %}true",
        "{% from 'os' import environ %}true",
    ],
)
def test_template_reaches_nothing(kept_matcher: Matcher, text: str) -> None:
    assert kept_matcher.match([template(text), GOOD], PAYLOAD) == {GOOD}


def test_judging_ends_in_time_and_what_is_not_judged_does_not_match(
    kept_matcher: Matcher, caplog: pytest.LogCaptureFixture
) -> None:
    """As a form needs it, which Slack waits for: the patience is for all rounds together."""
    rounds = [frozenset({DOWN}), frozenset({DOWN, GOOD})]

    def attempt(verdicts: Verdicts) -> dict[Term, bool]:
        for terms in rounds:
            if any(term not in verdicts for term in terms):
                raise Unjudged(terms, PAYLOAD)
        return {term: verdicts[term] for term in (DOWN, GOOD)}

    assert judged(kept_matcher, attempt) == {DOWN: True, GOOD: True}
    assert caplog.messages == []
    none = judged(kept_matcher, attempt, patience=timedelta())
    assert none == {DOWN: False, GOOD: False}
    assert caplog.messages[0].endswith("no process was free to judge it in time")
