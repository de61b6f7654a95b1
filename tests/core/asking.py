"""What is asked of the engine, from the words that tests use."""

from collections.abc import Iterable

from sqlmodel import Session

from core.models import User
from core.pages import Responder
from core.requests import Asked


def responders(
    session: Session, users: Iterable[User], important: Iterable[User]
) -> list[Responder]:
    """Those paged by their default rules, then those by their important ones."""
    chosen = [(user, False) for user in users] + [(user, True) for user in important]
    return [Responder(session.get_one(User, user.id), much) for user, much in chosen]


def asked_once(key: str | None, about: str, wanted: Iterable[Responder]) -> Asked | None:
    """The request with this key, if it has one."""
    who = [[each.user.id, each.important] for each in wanted]
    return Asked.of(key, [about, who]) if key else None
