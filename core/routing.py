"""Which route an alert takes.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.judging import Verdicts
from core.matching import Term
from core.models import IMPORTANT_TERM, RoutingType

IMPORTANT = Term(RoutingType.JINJA2, IMPORTANT_TERM)


@dataclass(frozen=True)
class Branch:
    """A route as it stands, and what comes of taking it.

    `term` is None for the default route.  `slack_channel` is one that can be used;
    `calls` says whether the chain pages anybody.
    """

    route_id: str
    term: Term | None
    chain_id: str | None = None
    slack_channel: str | None = None
    calls: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether anybody hears of an alert that goes this way."""
        return self.calls or self.slack_channel is not None


def unjudged(branches: Sequence[Branch], verdicts: Verdicts) -> frozenset[Term]:
    """The terms that the matcher has to judge first; the built-in one is known beforehand."""
    terms = {each.term for each in branches if each.term is not None} - {IMPORTANT}
    return frozenset(term for term in terms if term not in verdicts)


def choose(branches: Sequence[Branch], verdicts: Verdicts, *, important: bool) -> Branch:
    """The first route that matches, in order, the default one last.

    A page by hand must be heard (P1): a route that leads to nobody is passed over for
    the next that matches, then for any other.  If all lead to nobody, the first counts.
    """
    known = {IMPORTANT: important}
    fitting = [
        each
        for each in branches
        if each.term is None or known.get(each.term, verdicts.get(each.term, False))
    ]
    others = [each for each in branches if each not in fitting]
    return next((each for each in [*fitting, *others] if each.is_heard), fitting[0])
