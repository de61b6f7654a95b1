"""A resource and its operations: what is asked, what is answered, and who may.

Everything that `openapi.json` says is written down here once, beside the function
that does it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from api.call import Call
from api.fields import Body
from core.models import Role


@dataclass(frozen=True)
class Answer:
    """What is answered, where it is not what the operation always answers."""

    content: BaseModel | None
    status: int = 200


Handler = Callable[[Call], BaseModel | Answer | None]


@dataclass(frozen=True)
class Filter:
    """A word that may stand in the query."""

    name: str
    about: str
    kind: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    example: str | None = None


PAGES = (
    Filter("page", "Which page; one past the end answers the last one.", {"type": "integer"}),
    Filter("perpage", "Items in a page, 100 at most.", {"type": "integer"}),
)


@dataclass(frozen=True)
class Operation:
    """One method on one path."""

    method: str
    path: str  # under /api/v1/, without a slash at its end; {words} are its ids
    handler: Handler
    role: Role
    summary: str
    about: str
    body: type[Body] | None = None
    example: Mapping[str, Any] | None = None  # of the body
    answer: Any = None  # the shape, None for an empty body
    status: int = 200
    also: Mapping[int, str] = field(default_factory=dict)  # other good answers of this shape
    filters: Sequence[Filter] = ()
    headers: Sequence[Filter] = ()
    refusals: Mapping[int, str] = field(default_factory=dict)  # beside those that all have


class Resource:
    """Collects the operations of one word in the URL."""

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self.operations: list[Operation] = []

    def get(self, path: str, **said: Any) -> Callable[[Handler], Handler]:
        return self._add("GET", path, said)

    def post(self, path: str, **said: Any) -> Callable[[Handler], Handler]:
        return self._add("POST", path, said)

    def put(self, path: str, **said: Any) -> Callable[[Handler], Handler]:
        return self._add("PUT", path, said)

    def delete(self, path: str, **said: Any) -> Callable[[Handler], Handler]:
        return self._add("DELETE", path, said)

    def _add(self, method: str, path: str, said: Mapping[str, Any]) -> Callable[[Handler], Handler]:
        """`path` comes after the resource's name; the first line of the docstring sums it up."""

        def add(handler: Handler) -> Handler:
            summary, _, about = (handler.__doc__ or handler.__name__).partition("\n")
            whole = f"{self.name}/{path}" if path else self.name
            self.operations.append(
                Operation(
                    method=method,
                    path=whole,
                    handler=handler,
                    summary=summary.strip().rstrip("."),
                    about=" ".join(about.split()),
                    **said,
                )
            )
            return handler

        return add
