"""The words both directions of the wire share: JSON objects, fresh ids and refusals."""

import json
import secrets
import string
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

DEEPEST = 100  # brackets in brackets: real payloads have a dozen

ALPHABET = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    """An id as the platform draws them: a letter for the kind and ten characters."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(10))


def read_json(text: str | bytes) -> Any:
    """What a JSON text says; ValueError also for what cannot be sent on, or is too deep to walk."""
    try:
        value = json.loads(text)
        # Endless numbers and half characters can be read, and written by nobody.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    parts = [value]
    for _ in range(DEEPEST):
        parts = [inner for each in parts for inner in inside(each)]
        if not parts:
            return value
    raise ValueError("nested too deeply")


def inside(part: object) -> Iterable[object]:
    if isinstance(part, dict):
        return part.values()
    return part if isinstance(part, list) else ()


class ApiError(Exception):
    """A call that is refused: the `error` of the answer, and what else the answer says."""

    def __init__(self, error: str, messages: list[str] | None = None, **details: object) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []
        self.details = details

    def as_json(self) -> Json:
        answer: Json = {"ok": False, "error": self.error, **self.details}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer


class NotPossible(Exception):
    """A person tried what their screen does not offer: no such button, a channel not joined."""
