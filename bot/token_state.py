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
    about: str = ""  # what was asked for, where a scope is needed for that alone

    @property
    def words(self) -> str:
        call = f"{self.method}: {self.about}" if self.about else self.method
        where = f" ({call})" if self.error in SCOPE else ""
        return f"Slack refuses {self.credential}: it {TOKEN[self.error]}{where}."


class TokenState:
    """Thread-safe memory of refusals; the next success clears it.  The token is known by name."""

    def __init__(self, credential: str) -> None:
        self._name = credential
        self._lock = threading.Lock()
        self._token: Trouble | None = None
        self._scopes: dict[tuple[str, str], Trouble] = {}

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing works, if so: the token itself is refused, or may not post."""
        with self._lock:
            posting = (t for t in self._scopes.values() if t.method.startswith("chat."))
            return self._token or next(posting, None)

    @property
    def lacking(self) -> tuple[Trouble, ...]:
        """Which calls the token's scopes do not allow."""
        with self._lock:
            return tuple(self._scopes.values())

    def refused(self, method: str, error: str, about: str = "") -> None:
        with self._lock:
            if error in SCOPE:  # which says nothing about other methods
                trouble = Trouble(error, clock.now(), method, self._name, about)
                self._scopes.setdefault((method, about), trouble)
            elif self._token is None or self._token.error != error:
                self._token = Trouble(error, clock.now(), method, self._name)

    def accepted(self, method: str, about: str = "") -> None:
        with self._lock:
            self._token = None
            self._scopes.pop((method, about), None)
