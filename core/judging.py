"""Has the terms of routes judged outside of transactions, which must not wait for them."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from time import monotonic
from typing import Any, TypeVar

from core.matching import Matcher, Term

ROUNDS = 3  # routes may change in between; after so many, what is not judged does not match

Verdicts = Mapping[Term, bool]
Done = TypeVar("Done")


class Unjudged(Exception):
    """These terms have to be judged first.  Rolls a transaction back; `judged` does the rest."""

    def __init__(self, terms: Collection[Term], payload: Mapping[str, Any]) -> None:
        super().__init__(f"{len(terms)} terms are not judged yet")
        self.terms = terms
        self.payload = payload


def judged(
    matcher: Matcher, attempt: Callable[[Verdicts], Done], *, patience: timedelta | None = None
) -> Done:
    """What `attempt` returns once it knows every verdict that it asks for by Unjudged.

    `patience` is how long all judging may take, if the matcher's own is too long;
    terms that are not judged by then do not match.
    """
    verdicts: dict[Term, bool] = {}
    began = monotonic()
    for _ in range(ROUNDS):
        try:
            return attempt(verdicts)
        except Unjudged as asked:
            spent = timedelta(seconds=monotonic() - began)
            left = None if patience is None else max(timedelta(), patience - spent)
            matching = matcher.match(asked.terms, asked.payload, patience=left)
            verdicts |= {term: term in matching for term in asked.terms}
    return attempt(_Lenient(verdicts))


class _Lenient(dict[Term, bool]):
    """Whatever is not known does not match."""

    def __contains__(self, term: object) -> bool:
        return True

    def __missing__(self, term: Term) -> bool:
        return False
