"""What went wrong, as HTTP says it: the one place that translates errors."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from core import db
from core.errors import AlreadyAsked, Gone, Invalid, KeyReused, Refused, TocsinError, TooOften

logger = logging.getLogger(__name__)

NOT_FOUND = "Not found."
NO_TOKEN = "Invalid token."  # noqa: S105
INACTIVE = "Only active users are allowed to perform this action."
FORBIDDEN = "You do not have permission to perform this action."
UNAVAILABLE = (
    "The database does not answer. Try again; with an Idempotency-Key nobody is paged twice."
)
KEY_REUSED = "This Idempotency-Key was used for another request in the last 24 hours."


class Fault(Exception):
    """An answer that says no.  `content` holds objects, lists and texts only: clients parse it."""

    def __init__(
        self,
        status: int,
        content: Mapping[str, Any] | str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """A text becomes the `detail`."""
        super().__init__(str(content))
        self.status = status
        self.content = {"detail": content} if isinstance(content, str) else dict(content)
        self.headers = dict(headers or {})


def fault_of(error: Exception, *, doing: str) -> Fault:
    """Translate any exception.  `doing` names what was asked in the log."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, Invalid):
        return Fault(400, {error.field: [str(error)]})
    if isinstance(error, KeyReused):
        return Fault(409, KEY_REUSED)
    if isinstance(error, Gone | AlreadyAsked):
        return Fault(404, NOT_FOUND)
    if isinstance(error, Refused):
        return Fault(403, str(error))
    if isinstance(error, TooOften):
        wait = str(error.seconds)
        return Fault(429, str(error), {"Retry-After": wait, "RateLimit-Reset": wait})
    if isinstance(error, TocsinError):
        return Fault(400, str(error))
    code = secrets.token_hex(3)
    if db.is_unavailable(error):
        logger.error(
            "Error %s: %s: the database does not answer: %s", code, doing, db.reason(error)
        )
        return Fault(503, UNAVAILABLE, {"Retry-After": "1"})
    logger.error("Error %s: %s", code, doing, exc_info=error)
    return Fault(500, f"Something broke in Tocsin (error {code}).")


def invalid(problems: Sequence[ErrorDetails]) -> Fault:
    """What pydantic found, in the shape that clients know: texts in lists under their fields."""
    content: Any = {}
    for problem in problems:
        where: list[str | int] = list(problem["loc"])
        said = problem["msg"]
        if problem["type"] == "missing":
            said = "This field is required."
        elif problem["type"] == "model_type":
            kind = type(problem["input"]).__name__
            said = f"Invalid data. Expected a dictionary, but got {kind}."
            where.append("non_field_errors")
        elif problem["type"] == "not_a_list":
            where.append("non_field_errors")
        content = _put(content, where, said)
    return Fault(400, content)


def _put(into: Any, where: Sequence[str | int], said: str) -> Any:
    """Add a text at that place.  A list has an empty object for each item that is fine."""
    if not where:
        if isinstance(into, dict):  # the object as a whole
            into.setdefault("non_field_errors", []).append(said)
            return into
        return [*(into or []), said]
    first, *rest = where
    if isinstance(first, int):
        items = into if isinstance(into, list) else []
        items += [{} for _ in range(first + 1 - len(items))]
        items[first] = _put(items[first], rest, said)
        return items
    fields = into if isinstance(into, dict) else {}
    fields[first] = _put(fields.get(first), rest, said)
    return fields
