"""The words both directions of the wire share: JSON objects, fresh ids and refusals."""

import secrets
import string
from typing import Any

Json = dict[str, Any]

ALPHABET = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    """An id as the platform draws them: a letter for the kind and ten characters."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(10))


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
