"""One request as a route sees it: who asks, for what, and the database to answer from."""

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlmodel import Session
from starlette.background import BackgroundTask

from api.errors import FORBIDDEN, Fault, invalid
from api.fields import Body
from core import access
from core.access import Caller
from core.config import Settings
from core.db import Database
from core.matching import Matcher
from core.models import Role, RuleType, User

logger = logging.getLogger(__name__)

PREFIX = "/api/v1/"

Asked = TypeVar("Asked", bound=Body)


@dataclass(frozen=True)
class Desk:
    """What every route works with.  `ways` are the channels set up here."""

    settings: Settings
    db: Database
    ways: Collection[RuleType]
    matcher: Matcher = field(default_factory=Matcher)

    def noting(self, caller: Caller) -> BackgroundTask | None:
        """Writes down, after the answer, that the token was used, if that is due."""
        return None if caller.is_noted else BackgroundTask(self._note, caller)

    def _note(self, caller: Caller) -> None:
        """Nothing depends on it."""
        try:
            with self.db.transaction(patience=1.0, matters=False) as session:
                access.note_use(session, caller.token_id)
        except Exception as error:  # noqa: BLE001
            logger.info("the use of token %s was not noted: %s", caller.token_id, error)


@dataclass(frozen=True)
class Call:
    """A request whose token and role were checked, and whose body was parsed.

    `query` holds the last value of each key, `queries` all of them in order; `base`
    is the absolute URL of this installation and ends in a slash.
    """

    desk: Desk
    caller: Caller
    path: str  # without the slash at its end
    ids: Mapping[str, str]  # the words of the path, by their names in the route
    queries: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    base: str
    data: Any = None

    @property
    def query(self) -> dict[str, str]:
        return dict(self.queries)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self.desk.db.transaction() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.desk.db.reading() as session:
            yield session

    @property
    def user(self) -> User:
        """Whoever asks."""
        return self.caller.user

    def check_own(self, user_id: str) -> None:
        """Raises Fault unless the user is whoever asks, or an admin asks."""
        if user_id != self.caller.user_id and self.caller.role is not Role.ADMIN:
            raise Fault(403, FORBIDDEN)

    def parse(self, shape: type[Asked], *, context: Any = None) -> Asked:
        """The body in this shape.  Raises Fault."""
        if not isinstance(self.data, dict):
            kind = type(self.data).__name__
            said = f"Invalid data. Expected a dictionary, but got {kind}."
            raise Fault(400, {"non_field_errors": [said]})
        try:
            return shape.model_validate(self.data, context=context)
        except ValidationError as error:
            raise invalid(error.errors(include_url=False)) from None

    def web(self, alert_group_id: str) -> str:
        """Where a person can look at an alert group."""
        return f"{self.base}g/{alert_group_id}"
