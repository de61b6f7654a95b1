"""What is said of a term that cannot be used."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.matching import Matcher, Term
from core.models import RoutingType
from tests.core.matching import GOOD, IN_NO_HURRY, regex, template

SLOW_TEMPLATE = "This template takes too long: it must be done within 200 ms."
SLOW_REGEX = "This regular expression takes too long: it must be done within 200 ms."
FULL = "This template needs too much memory."


@pytest.mark.parametrize(
    "term",
    [
        GOOD,
        template("{{ payload.alerts[0].labels.severity == 'critical' }}"),  # not in the sample
        template("{{ 'x' * 50000 }}"),
        template(" " * 1023 + "1"),
        regex("us-(east|west)"),
        regex(" "),
        regex("|" * 1024),
    ],
)
def test_term_is_fine(kept_matcher: Matcher, term: Term) -> None:
    kept_matcher.check(term)
    assert kept_matcher.match([template("1")], {}) == {template("1")}


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        (regex("(("), "Regular expression is incorrect"),
        (regex("a{99999999999999999999}"), "Regular expression is incorrect"),
        (regex("(" * 500 + ")" * 500), "Regular expression is incorrect"),
        (template("{{"), "Jinja template is incorrect: unexpected 'end of template'"),
        (template("{{ 1|wrong }}"), "Jinja template is incorrect: No filter named 'wrong'."),
        (
            template("{{" + "(" * 500 + ")" * 500 + "}}"),
            "Jinja template is incorrect: it is nested too deeply",
        ),
        (
            template("{% for a in [] %}" * 30 + "{% endfor %}" * 30),
            "Jinja template is incorrect: too many statically nested blocks",
        ),
        (
            template("{{ dict(a=1, a=2) }}"),
            "Jinja template is incorrect: keyword argument repeated: a",
        ),
        (template("{{ 2**(2**40) }}"), SLOW_TEMPLATE),
        (template("{{ lipsum(n=9999999) }}"), SLOW_TEMPLATE),
        (regex("(.|.)+(.|.)+(.|.)+(.|.)+%"), SLOW_REGEX),
        (template("{{ 'a'*500000000 }}"), FULL),
        (template("{{ 'x'|center(10**9) }}"), FULL),
        (
            template("{{ 'x' * 50001 }}"),
            "The output of this template has more than 50,000 characters.",
        ),
        (template("x" * 1025), "This template has more than 1,024 characters."),
        (regex("x" * 1025), "This regular expression has more than 1,024 characters."),
        (template(""), "Write a template: an empty one is of no use."),
        (template(" \n"), "Write a template: an empty one is of no use."),
        (regex(""), "Write a regular expression: an empty one is of no use."),
    ],
)
def test_sentences(kept_matcher: Matcher, term: Term, sentence: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        kept_matcher.check(term)
    assert str(refused.value) == sentence
    assert refused.value.field == "routing_regex"


def test_reason_is_short(kept_matcher: Matcher) -> None:
    with pytest.raises(Invalid) as refused:
        kept_matcher.check(template("{{ 1|" + "wrong" * 200 + " }}"))
    assert len(str(refused.value)) < 250


def test_nobody_there_to_check(matcher: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(Invalid) as refused:
        matcher.check(GOOD)
    assert str(refused.value) == (
        "This template could not be tried just now. Try again in a minute."
    )


PIECES = [
    *("{{", "}}", "{%", "%}", "{#", "if", "for x in", "endfor", "endif", "set", "payload", "."),
    *("x", "1", "'", '"', "|", "(", ")", "[", "]", "~", "*", "==", "\\", "é", "\ud800", "\0", "\n"),
    *("macro", "endmacro", "raw", "filter", "import", "block", "int", "list", "loop", "self", "-"),
]


@IN_NO_HURRY
@given(
    st.sampled_from(RoutingType),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=30),
)
def test_no_text_ends_the_child(
    kept_matcher: Matcher, kind: RoutingType, pieces: list[str]
) -> None:
    children = kept_matcher.pids
    said = sentence_about(kept_matcher, Term(kind, " ".join(pieces)))
    assert "cannot be run" not in said
    assert "just now" not in said
    assert kept_matcher.pids == children


def sentence_about(matcher: Matcher, term: Term) -> str:
    try:
        matcher.check(term)
    except Invalid as refused:
        return str(refused)
    return ""
