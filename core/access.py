"""Who may use the API: tokens made, found, used and revoked; and what a role allows."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from core import clock
from core.errors import Conflict, Gone, Invalid
from core.models import Role, Token, User

MOST = 5  # tokens of one user
NAME_LENGTH = 100
NOTED_EVERY = timedelta(minutes=1)  # the last use

CALLER = (
    select(Token.id, Token.used_at, User)
    .join(User, col(User.id) == Token.user_id)
    .where(col(Token.digest) == bindparam("digest"), col(Token.revoked_at).is_(None))
)


@dataclass(frozen=True)
class Caller:
    """Whoever holds a token, as they are at this moment."""

    token_id: int
    user: User  # read before; nothing that is changed here is kept
    is_noted: bool  # whether the token's last use is written down well enough

    @property
    def user_id(self) -> str:
        return self.user.id

    @property
    def role(self) -> Role:
        return self.user.role

    @property
    def is_active(self) -> bool:
        return self.user.is_active and not self.user.is_bot


def create(session: Session, user: User, name: str) -> str:
    """A new token of the user's, shown once.  Raises Invalid, and Conflict for a sixth."""
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise Invalid(f"Name the token, in at most {NAME_LENGTH} characters.", field="name")
    if not name.isprintable():
        raise Invalid("The token's name holds a character that cannot be shown.", field="name")
    # Whoever makes another one at this moment waits here, and then sees this one.
    session.scalars(select(User).where(User.id == user.id).with_for_update(key_share=True)).one()
    mine = of(session, user)
    if len(mine) >= MOST:
        raise Conflict(f"{user.name} has {MOST} tokens already: revoke one of them first.")
    if any(token.name == name for token in mine):
        raise Conflict(f"{user.name} has a token {name!r} already: choose another name.")
    secret = secrets.token_hex(32)
    session.add(Token(user_id=user.id, name=name, digest=_digest(secret)))
    return secret


def of(session: Session, user: User) -> Sequence[Token]:
    """The user's tokens that work, oldest first."""
    mine = select(Token).where(Token.user_id == user.id, col(Token.revoked_at).is_(None))
    return session.scalars(mine.order_by(col(Token.id))).all()


def everybodys(session: Session) -> Sequence[tuple[User, Token]]:
    """Every token that works with whose it is, by person, oldest first."""
    rows = (
        select(User, Token)
        .join(Token, col(Token.user_id) == col(User.id))
        .where(col(Token.revoked_at).is_(None))
        .order_by(col(User.number), col(Token.id))
    )
    return [(user, token) for user, token in session.execute(rows)]


def revoke(session: Session, user: User, name: str) -> None:
    """From now on nobody can use it.  Raises Gone."""
    for token in of(session, user):
        if token.name == name.strip():
            token.revoked_at = clock.now()
            return
    raise Gone(f"{user.name} has no token {name!r}.")


def find(session: Session, secret: str) -> Caller | None:
    """Whose token this is, if it is one that works."""
    found = session.execute(CALLER, {"digest": _digest(secret)}).first()
    if found is None:
        return None
    token_id, used_at, user = found
    return Caller(
        token_id=token_id,
        user=user,
        is_noted=used_at is not None and clock.now() - used_at < NOTED_EVERY,
    )


def note_use(session: Session, token_id: int) -> None:
    """The token was used just now; once a minute is enough."""
    now = clock.now()
    session.execute(
        update(Token)
        .where(
            col(Token.id) == token_id,
            col(Token.used_at).is_(None) | (col(Token.used_at) <= now - NOTED_EVERY),
        )
        .values(used_at=now)
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
