"""Who is meant by what a client wrote: a public id, else an e-mail address, else a user name."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from sqlalchemy import bindparam, func, or_
from sqlmodel import Session, col, select

from api import fields
from api.fields import Body, Flag, wrong
from core.models import Team, User
from core.pages import Responder
from core.paging import MAX_RESPONDERS

LONGEST = 320  # characters of an e-mail address
MOST_ENTRIES = 10 * MAX_RESPONDERS  # the same person may be named more than once

# People who left, and bots, do not exist for those who page.
_people = select(User).where(col(User.is_active), col(User.is_bot).is_(False))
BY_ID = _people.where(col(User.id).in_(bindparam("said", expanding=True)))
BY_NAME = _people.where(
    or_(
        *(
            # As written too: SQLite knows the lower case of ASCII only.
            func.lower(column).in_(bindparam("lower", expanding=True))
            | column.in_(bindparam("said", expanding=True))
            for column in (col(User.email), col(User.username))
        )
    )
)


class Known:
    """The people named in a request, read together in two queries at most; and its team."""

    def __init__(self, session: Session, said: Iterable[str]) -> None:
        self.session = session
        wanted = sorted(set(said))
        self._by_id = {user.id: user for user in _read(session, BY_ID, said=wanted)}
        rest = [each for each in wanted if each not in self._by_id]
        self._others = _read(session, BY_NAME, said=rest, lower=[each.lower() for each in rest])

    @classmethod
    def of(cls, session: Session, data: Any) -> "Known":
        """Those in the `users` of a body that nobody has looked at yet."""
        items = data.get("users") if isinstance(data, dict) else None
        entries = items[:MOST_ENTRIES] if isinstance(items, list) else []
        said = [each.get("id") for each in entries if isinstance(each, dict)]
        texts = dict.fromkeys(str(each).strip() for each in said if isinstance(each, str | int))
        # More are refused anyway.
        return cls(session, list(texts)[: MAX_RESPONDERS + 1])

    def find(self, said: str) -> User | None:
        """Whoever is meant.  Raises PydanticCustomError when that is more than one."""
        if said in self._by_id:
            return self._by_id[said]
        word = said.lower()
        for hits in (
            [user for user in self._others if (user.email or "").lower() == word],
            [user for user in self._others if user.username.lower() == word],
        ):
            if len(hits) > 1:
                raise wrong(f"{len(hits)} users are called {said}: use the id")
            if hits:
                return hits[0]
        return None

    def team(self, said: Any) -> Team | None:
        """The team with this id, if there is one."""
        if not isinstance(said, str):
            return None
        living = select(Team).where(Team.id == said, col(Team.deleted_at).is_(None))
        return self.session.scalars(living).one_or_none()

    def responders(self, users: Sequence["Who"]) -> list[Responder]:
        """Everybody once, in the order they were named; important wins."""
        found = [(user, each) for each in users if (user := self.find(each.id)) is not None]
        important = {user.id for user, each in found if each.important}
        once = {user.id: user for user, _ in found}
        return [Responder(user, id_ in important) for id_, user in once.items()]


class Who(Body):
    """Somebody to page, by their default or their important rules.

    Checked against the Known in the context, so that an unknown user is reported
    together with whatever else is wrong with the request.
    """

    id: Annotated[
        str,
        BeforeValidator(lambda value: fields.text(value, longest=LONGEST)),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST}),
        Field(description="A public id, else an e-mail address, else a user name."),
    ]
    important: Annotated[Flag, Field(description="By their important rules.")]

    @model_validator(mode="after")
    def _is_somebody(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, Known) and info.context.find(self.id) is None:
            raise wrong(f"User {self.id} does not exist")
        return self


def living_team(value: Any, info: ValidationInfo) -> Any:
    """A team that exists, where there is something to look it up in; None for none."""
    said = fields.no_team(value)
    if said is None or not isinstance(info.context, Known):
        return said
    found = info.context.team(said)
    if found is None:
        raise wrong("Object does not exist")
    return found


AnyTeam = Annotated[Any, AfterValidator(living_team), WithJsonSchema({"type": ["string", "null"]})]


def several(value: Any) -> list[Any]:
    """As many entries as can be paged at once.  Raises PydanticCustomError."""
    found = fields.items(value)
    named = {str(each.get("id")).strip() for each in found if isinstance(each, dict)}
    count = len(found) if len(found) > MOST_ENTRIES else len(named)
    if count > MAX_RESPONDERS:
        raise wrong(f"{count} people are too many at once: {MAX_RESPONDERS} at most.")
    return found


Several = Annotated[Sequence[Who], BeforeValidator(several)]


def _read(session: Session, statement: Any, *, said: Sequence[str], **more: Any) -> list[User]:
    return list(session.scalars(statement, {"said": said, **more})) if said else []
