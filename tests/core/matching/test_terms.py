"""Which terms match which payloads."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching import Matcher, Term
from tests.core.matching import GOOD, IN_NO_HURRY, PAYLOAD, matches, regex, template


@pytest.mark.parametrize(
    "term",
    [
        template("{{ payload.oncall.important }}"),
        template("{{ payload['oncall']['title'] == 'db down' }}"),
        template("\n 1 \n"),
        template("{% if 'db' in payload.oncall.title %}OK{% endif %}"),
        template("{{ payload.oncall.title|wordwrap(2)|title|length > 3 }}"),
        template("{{ 'Gruß ä \\u00e9 \\N{BULLET}'|length == 10 }}"),
        template("{{ not payload.nothing }}"),
        regex("db (down|slow)"),
        regex('"important": true'),
        regex(r'^\{"oncall'),
        regex("(?i)DB DOWN"),
        regex(r"\N{LATIN SMALL LETTER D}b"),
    ],
)
def test_term_matches(kept_matcher: Matcher, term: Term) -> None:
    assert kept_matcher.match([term], PAYLOAD) == {term}


@pytest.mark.parametrize(
    "term",
    [
        template("{{ payload.oncall.title }}"),
        template("{{ payload.nothing }}"),
        template("yes"),
        template("11"),
        template("{{ 0 }}"),
        regex("db up"),
        regex("important: true"),
        regex("DB DOWN"),
    ],
)
def test_term_does_not_match(
    kept_matcher: Matcher, term: Term, caplog: pytest.LogCaptureFixture
) -> None:
    assert kept_matcher.match([term, GOOD], PAYLOAD) == {GOOD}
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (template("{{ payload.nothing.more }}"), "template of a route does not match: Undefined"),
        (template("{{ 1 / 0 }}"), "template of a route does not match: ZeroDivisionError"),
        (template("{{"), "template of a route does not match: it is not correct"),
        (regex("(("), "regular expression of a route does not match: it is not correct"),
        (template("{{ 'x' * 50001 }}"), "does not match: its output is too long"),
        (template("1" + " " * 1024), "does not match: it has more than 1,024 characters"),
        (regex("|" * 1025), "does not match: it has more than 1,024 characters"),
    ],
)
def test_what_fails_is_logged_and_does_not_match(
    kept_matcher: Matcher, term: Term, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert kept_matcher.match([term, GOOD], PAYLOAD) == {GOOD}
    (message,) = caplog.messages
    assert why in message


def test_longest_terms_are_judged(kept_matcher: Matcher) -> None:
    terms = {template("1" + " " * 1023), regex("|" * 1024)}
    assert kept_matcher.match(terms, PAYLOAD) == terms


def test_logs_do_not_tell_the_payload(
    kept_matcher: Matcher, caplog: pytest.LogCaptureFixture
) -> None:
    term = template(
        "{{ dict()[payload.secret].more }}{{ payload.secret|int(base=payload.secret) }}"
    )
    assert kept_matcher.match([term], {"secret": "hunter2"}) == frozenset()
    assert len(caplog.messages) == 1
    assert "hunter2" not in caplog.text


def test_large_payload(kept_matcher: Matcher) -> None:
    payload = {"lines": ["x" * 1023] * 128, "last": "needle"}
    terms = {template("{{ payload.last == 'needle' }}"), regex("needle")}
    assert kept_matcher.match(terms | {regex("haystack")}, payload) == terms


def test_payload_that_is_not_json(kept_matcher: Matcher, caplog: pytest.LogCaptureFixture) -> None:
    assert kept_matcher.match([regex(".")], {"when": object()}) == frozenset()
    assert caplog.messages == ["No term matches a payload that is not JSON: TypeError"]


def test_no_terms_need_no_child(matcher: Matcher) -> None:
    assert matcher.match([], PAYLOAD) == frozenset()
    assert matcher.pids == frozenset()


@pytest.mark.filterwarnings("ignore::FutureWarning")  # of our own `re`: a set in a set
@IN_NO_HURRY
@given(
    st.text("ab.*+?|^$()[]", max_size=6),
    st.dictionaries(st.text("abé"), st.text("abé\n\ud800")),
)
def test_regex_is_a_search_in_the_json(
    kept_matcher: Matcher, text: str, payload: dict[str, str]
) -> None:
    try:
        expected = re.search(text, json.dumps(payload)) is not None
    except re.error:
        expected = False
    assert matches(kept_matcher, regex(text), payload) is expected


@IN_NO_HURRY
@given(st.sampled_from([" 1", "true", "Ok\n", "TRUE ", "1.0", "no"]) | st.text(max_size=4))
def test_template_matches_by_three_words(kept_matcher: Matcher, value: str) -> None:
    term = template("{{ payload.value }}")
    expected = value.strip().lower() in {"1", "true", "ok"}
    assert matches(kept_matcher, term, {"value": value}) is expected
