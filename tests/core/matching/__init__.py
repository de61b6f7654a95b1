"""The terms of routes, judged by real child processes."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings

from core.matching import Matcher, Term
from core.models import RoutingType


def in_no_hurry() -> Matcher:
    """As the bot has it, but the machine may be busy; its children are not started yet."""
    return Matcher(by_the_clock=timedelta(minutes=1), patience=timedelta(minutes=5))


def template(text: str) -> Term:
    return Term(RoutingType.JINJA2, text)


def regex(text: str) -> Term:
    return Term(RoutingType.REGEX, text)


def matches(matcher: Matcher, term: Term, payload: dict[str, Any]) -> bool:
    return term in matcher.match([term], payload)


IN_NO_HURRY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

PAYLOAD = {"oncall": {"title": "db down", "important": True}, "word": "a" * 60 + "!"}
GOOD = template("{{ payload.oncall.important }}")

# What would take a process of ours for minutes, or all of the machine's memory.
ENDLESS = [
    regex("(a+)+$"),
    regex("(a|aa)+c"),
    template("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"),
    template("{{ 2**(2**40) }}"),
    template("{{ lipsum(n=9999999) }}"),
]
HUGE = [
    template("{{ 'a'*500000000 }}"),
    template("{{ 'x'|center(10**9) }}"),
    template("{{ [0]*10**9 }}"),
]
REFUSED_AT_ONCE = [
    regex("^(a+)+$"),
    template("{{ range(10**9)|list }}"),
    template("{% for i in range(99999999) %}{% endfor %}true"),
]
