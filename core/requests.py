"""Remember what was asked, so that the same request sent twice is carried out once (P9)."""

import hashlib
import json
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from core import clock
from core.errors import AlreadyAsked, Conflict
from core.models import AlertGroup, Request, User

REQUEST: Any = Request.__table__  # type: ignore[attr-defined]
REMEMBER = {
    name: insert(REQUEST)
    .on_conflict_do_nothing(index_elements=["user_id", "key"])
    .returning(REQUEST.c.id)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def digest(asked: Any) -> str:
    """A fingerprint of what was asked (anything JSON can hold)."""
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def remember(session: Session, user: User, group: AlertGroup, *, key: str, digest: str) -> None:
    """Write the request down in the transaction that carries it out.

    Raises AlreadyAsked when it came before (the transaction is then rolled back, with
    everything it did), and Conflict when the key was used for something else.
    """
    session.flush()
    written = session.execute(
        REMEMBER[session.get_bind().dialect.name],
        {
            "user_id": user.id,
            "key": key,
            "digest": digest,
            "alert_group_id": group.id,
            "created_at": clock.now(),
        },
    ).first()
    if written is not None:
        return
    before = session.scalars(
        select(Request).where(Request.user_id == user.id, Request.key == key)
    ).one()
    if before.digest != digest:
        raise Conflict("This form was already sent, with other content.")
    raise AlreadyAsked(before.alert_group_id)
