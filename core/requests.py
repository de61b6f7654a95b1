"""Remember what was asked, so that the same request sent twice is carried out once (P9)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from core import clock
from core.errors import AlreadyAsked, KeyReused
from core.models import AlertGroup, Request, User

KEPT = timedelta(hours=24)  # after that a key may be used for something else

REQUEST: Any = Request.__table__  # type: ignore[attr-defined]
REMEMBER = {
    name: insert(REQUEST)
    .on_conflict_do_nothing(index_elements=["user_id", "key"])
    .returning(REQUEST.c.id)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


@dataclass(frozen=True)
class Asked:
    """What makes two requests the same one: Slack's view id, or the API's Idempotency-Key."""

    key: str
    digest: str  # of what was asked
    path: str = ""  # of the API

    @classmethod
    def of(cls, key: str, what: Any, *, path: str = "") -> "Asked":
        """`what` was asked: anything that JSON can hold."""
        written = json.dumps(what, sort_keys=True)
        return cls(key, hashlib.sha256(written.encode()).hexdigest(), path)


def check_new(session: Session, user: User, asked: Asked) -> None:
    """A first look: raises AlreadyAsked for a request that came before, KeyReused for its key.

    So that a request sent again is answered as the first one was, even if it could
    not be carried out any more.
    """
    before = _before(session, user, asked)
    if before is not None and clock.now() - before.created_at <= KEPT:
        _refuse(before, asked)


def remember(session: Session, user: User, group: AlertGroup, asked: Asked) -> None:
    """Write the request down in the transaction that carries it out.

    Raises AlreadyAsked when it came before (the transaction is then rolled back, with
    everything it did), and KeyReused when the key was used for something else.
    """
    session.flush()
    row = {
        "user_id": user.id,
        "key": asked.key,
        "path": asked.path,
        "digest": asked.digest,
        "alert_group_id": group.id,
        "created_at": clock.now(),
    }
    if session.execute(REMEMBER[session.get_bind().dialect.name], row).first() is not None:
        return
    before = _before(session, user, asked)
    if before is None:
        raise LookupError("a request that is there cannot be read")
    if clock.now() - before.created_at <= KEPT:
        _refuse(before, asked)
    for name, value in row.items():
        setattr(before, name, value)


def _before(session: Session, user: User, asked: Asked) -> Request | None:
    return session.scalars(
        select(Request)
        .where(Request.user_id == user.id, Request.key == asked.key)
        .with_for_update()
    ).one_or_none()


def _refuse(before: Request, asked: Asked) -> None:
    if (before.digest, before.path) != (asked.digest, asked.path):
        raise KeyReused
    raise AlreadyAsked(before.alert_group_id)
