"""Whether Slack accepts our token, and since when it does not."""

import threading
from dataclasses import dataclass
from datetime import datetime

from bot.refusals import TOKEN
from core import clock

SCOPE = frozenset({"missing_scope", "no_scope", "not_allowed_token_type"})


@dataclass(frozen=True)
class Trouble:
    """What Slack answered, and when it did so first."""

    error: str
    since: datetime
    method: str
    credential: str

    @property
    def words(self) -> str:
        about = f" ({self.method})" if self.error in SCOPE else ""
        return f"Slack refuses {self.credential}: it {TOKEN[self.error]}{about}."


class TokenState:
    """Thread-safe memory of refusals; the next success clears it.  The token is known by name."""

    def __init__(self, credential: str) -> None:
        self._name = credential
        self._lock = threading.Lock()
        self._token: Trouble | None = None
        self._scopes: dict[str, Trouble] = {}

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing works, if so: the token itself is refused, or may not post."""
        with self._lock:
            posting = (t for method, t in self._scopes.items() if method.startswith("chat."))
            return self._token or next(posting, None)

    @property
    def lacking(self) -> tuple[Trouble, ...]:
        """Which calls the token's scopes do not allow."""
        with self._lock:
            return tuple(self._scopes.values())

    def refused(self, method: str, error: str) -> None:
        with self._lock:
            if error in SCOPE:  # which says nothing about other methods
                self._scopes.setdefault(method, Trouble(error, clock.now(), method, self._name))
            elif self._token is None or self._token.error != error:
                self._token = Trouble(error, clock.now(), method, self._name)

    def accepted(self, method: str) -> None:
        with self._lock:
            self._token = None
            self._scopes.pop(method, None)
