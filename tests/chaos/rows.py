"""What the database says at the end, read once and detached from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from core import clock
from core.db import Database, is_unavailable
from core.models import (
    AlertGroup,
    Delivery,
    Escalation,
    LogRecord,
    Page,
    Post,
    PostKind,
    Timer,
    User,
)
from core.queue import Claimable


@dataclass(frozen=True)
class Rows:
    groups: dict[str, AlertGroup]
    pages: dict[str, Page]
    deliveries: list[Delivery]
    posts: list[Post]
    log: dict[str, list[LogRecord]]  # by group, in order
    users: dict[str, User]
    chains: dict[str, Escalation]  # by group


def read(database: Database) -> Rows:
    with database.reading() as session:
        log: dict[str, list[LogRecord]] = {}
        for record in session.scalars(select(LogRecord).order_by(col(LogRecord.id))):
            log.setdefault(record.alert_group_id, []).append(record)
        return Rows(
            groups={group.id: group for group in session.scalars(select(AlertGroup))},
            pages={page.id: page for page in session.scalars(select(Page))},
            deliveries=list(session.scalars(select(Delivery).order_by(col(Delivery.id)))),
            posts=list(session.scalars(select(Post).order_by(col(Post.id)))),
            log=log,
            users={user.id: user for user in session.scalars(select(User))},
            chains={run.alert_group_id: run for run in session.scalars(select(Escalation))},
        )


def unfinished(database: Database) -> list[str]:
    """What is still to be done, in words; empty when everything has come to rest."""
    try:
        with database.reading() as session:
            return list(unfinished_in(session))
    except Exception as error:
        if not is_unavailable(error):
            raise
        return ["the database does not answer"]


def only_edits(left: list[str]) -> bool:
    """Whether only messages wait to be edited, which Slack allows about 50 times a minute."""
    return all(each.startswith("edit ") for each in left)


def unfinished_in(session: Session) -> list[str]:
    """As `unfinished`, for who has a session."""
    found = [f"page {page.id} runs" for page in session.scalars(select(Page)) if page.wanted]
    found += [
        f"delivery {row.id} by {row.channel.value} has no outcome (attempt {row.attempts})"
        for row in session.scalars(select(Delivery).where(col(Delivery.outcome).is_(None)))
    ]
    found += [f"timer {row.id} is set" for row in _set(session, Timer)]
    for post in session.scalars(select(Post).where(col(Post.due_at).is_not(None))):
        what = "post" if post.ts is None or post.kind is PostKind.THREAD else "edit"
        found.append(f"{what} {post.id} ({post.kind.value}) is due")
    return found


def _set(session: Session, model: type[Timer]) -> list[Timer]:
    return list(session.scalars(select(model).where(col(model.due_at).is_not(None))))


def hurry_edits(database: Database) -> None:
    """Let the time pass for which edits of messages were put off."""
    with database.transaction() as session:
        session.execute(
            update(Post)
            .where(col(Post.due_at).is_not(None), col(Post.lease).is_(None))
            .values(due_at=clock.now())
        )


def stuck(database: Database) -> list[str]:
    """Leases that nobody holds any more, once everything has come to rest."""
    return [f"{each} is leased for ever" for each in sorted(leased_now(database))]


def leased_now(database: Database) -> frozenset[str]:
    """The names of what somebody is at, or was when they were killed."""
    with database.reading() as session:
        return frozenset(name(row) for row in leased(session))


def leased(session: Session) -> Iterator[Claimable]:
    """The rows that `leased_now` names."""
    for model in (Timer, Delivery, Post):
        yield from session.scalars(select(model).where(col(model.lease).is_not(None)))


def name(row: Claimable) -> str:
    return f"{type(row).__name__.lower()} {row.id}"


def unix(at: datetime | None) -> float:
    return at.timestamp() if at is not None else float("inf")
