"""Durable work: rows that any worker can claim, finish or put off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, Session, SQLModel, col, select

from core import clock

LEASE = timedelta(seconds=15)
RENEW_EVERY = timedelta(seconds=5)
DEADLINE = timedelta(seconds=30)  # no piece of work may take longer than this in all


class LeaseLost(Exception):
    """Someone else owns this row now; whatever we did about it must be rolled back."""


class Claimable(SQLModel):
    """The columns of anything a worker can claim.

    `due_at` is schedule and lease in one: NULL means nothing to do, the past means
    due, the future means not yet or somebody is at it.
    """

    id: int | None = Field(default=None, primary_key=True)
    due_at: datetime | None = Field(default_factory=clock.now, index=True)
    attempts: int = 0
    lease: UUID | None = None


Row = TypeVar("Row", bound=Claimable)


def claim(
    session: Session, model: type[Row], *where: ColumnElement[bool], limit: int
) -> Sequence[Row]:
    """Take up to `limit` due rows, most overdue first.  Moving `due_at` on leases them."""
    now = clock.now()
    due = (
        select(col(model.id))
        .where(col(model.due_at) <= now, *where)
        .order_by(col(model.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has a single writer and ignores this
        .cte("due")
    )
    rows = session.scalars(
        update(model)
        .where(col(model.id).in_(select(due.c.id)))
        .values(due_at=now + LEASE, lease=uuid4(), attempts=col(model.attempts) + 1)
        .returning(model),
        execution_options={"synchronize_session": False, "populate_existing": True},
    ).all()
    return sorted(rows, key=lambda row: row.id or 0)  # RETURNING has no order


def finish(session: Session, row: Claimable, **values: Any) -> None:
    """There is nothing left to do about this row; `values` say how it ended.  Raises LeaseLost."""
    _release(session, row, due_at=None, **values)


def retry(session: Session, row: Claimable, at: datetime) -> None:
    """It failed for now; look at it again at `at`.  Raises LeaseLost."""
    _release(session, row, due_at=at)


def postpone(session: Session, row: Claimable, until: datetime) -> None:
    """Its turn has not come; give the attempt back.  Raises LeaseLost."""
    _release(session, row, due_at=until, attempts=max(row.attempts - 1, 0))


def renew(session: Session, model: type[Claimable], leases: Sequence[UUID]) -> None:
    """Keep the rows under these leases for another while."""
    session.execute(
        update(model)
        .where(col(model.lease).in_(leases), col(model.due_at).is_not(None))
        .values(due_at=clock.now() + LEASE)
    )


def release(session: Session, model: type[Claimable], leases: Sequence[UUID]) -> None:
    """Hand the rows under these leases to whoever comes next, at once."""
    session.execute(
        update(model).where(col(model.lease).in_(leases)).values(due_at=clock.now(), lease=None)
    )


def make_due(session: Session) -> None:
    """Tell the engine after the commit that there is work, rather than at its next tick."""
    session.info["work_due"] = True


def _release(session: Session, row: Claimable, **values: Any) -> None:
    table = cast("Any", type(row)).__table__
    result = session.execute(
        update(table)
        .where(table.c.id == row.id, table.c.lease == row.lease)
        .values(lease=None, **values)
    )
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise LeaseLost(f"{type(row).__name__} {row.id}")
    for name, value in values.items():
        set_committed_value(row, name, value)
