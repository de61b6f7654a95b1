"""Durable work: rows that any worker can claim, finish or put off."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, Integer, Update, bindparam, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.dml import ReturningUpdate
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
    # Without a default of the column's own: that would stand in for None on INSERT.
    due_at: datetime | None = Field(
        default_factory=clock.now, index=True, sa_column_kwargs={"default": None}
    )
    attempts: int = 0
    lease: UUID | None = None


Row = TypeVar("Row", bound=Claimable)


def claim(
    session: Session, model: type[Row], *where: ColumnElement[bool], limit: int
) -> Sequence[Row]:
    """Take up to `limit` due rows, most overdue first.  Moving `due_at` on leases them."""
    return take(session, claiming(model, *where), limit=limit)


def claiming(model: type[Row], *where: ColumnElement[bool]) -> ReturningUpdate[Row]:
    """The statement of a claim, for `take`: what claims often puts it together only once."""
    due = (
        select(col(model.id))
        .where(col(model.due_at) <= bindparam("now"), *where)
        .order_by(col(model.due_at))
        .limit(bindparam("at_most", type_=Integer))
        .with_for_update(skip_locked=True)  # SQLite has a single writer and ignores this
        .cte("due")
    )
    return (
        update(model)
        .where(col(model.id).in_(select(due.c.id)))
        .values(
            due_at=bindparam("until"), lease=bindparam("taken"), attempts=col(model.attempts) + 1
        )
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


def take(
    session: Session, claiming: ReturningUpdate[Row], *, limit: int, **where: Any
) -> Sequence[Row]:
    """Run such a claim; `where` fills in its conditions."""
    now = clock.now()
    rows = session.scalars(
        claiming, {"now": now, "until": now + LEASE, "taken": uuid4(), "at_most": limit, **where}
    ).all()
    return sorted(rows, key=lambda row: row.id or 0)  # RETURNING has no order


def finish(session: Session, row: Claimable, **values: Any) -> None:
    """There is nothing left to do about this row; `values` say how it ended.  Raises LeaseLost."""
    _release(session, row, due_at=None, **values)


def finish_all(session: Session, rows: Sequence[Row]) -> list[Row]:
    """`finish` for rows that were claimed together; those of them that were still ours."""
    model = type(rows[0])
    ids, leases = [row.id for row in rows], {row.lease for row in rows}
    done = (
        update(model)
        .where(col(model.id).in_(ids), col(model.lease).in_(leases))
        .values(lease=None, due_at=None)
        .returning(col(model.id))
    )
    ours = set(session.scalars(done, execution_options={"synchronize_session": False}))
    return [row for row in rows if row.id in ours]


def retry(session: Session, row: Claimable, at: datetime) -> None:
    """It failed for now; look at it again at `at`.  Raises LeaseLost."""
    _release(session, row, due_at=at)


def postpone(session: Session, row: Claimable, until: datetime | None) -> None:
    """Its turn has not come; give the attempt back.  Raises LeaseLost."""
    _release(session, row, due_at=until, attempts=max(row.attempts - 1, 0))


def renew(session: Session, model: type[Claimable], held: Mapping[int, UUID]) -> None:
    """Keep these rows, with the leases they are under, for another while."""
    _set(session, model, held, due_at=clock.now() + LEASE)


def release(session: Session, model: type[Claimable], held: Mapping[int, UUID]) -> None:
    """Hand these rows, if they are still under these leases, to whoever comes next, at once."""
    _set(session, model, held, due_at=clock.now(), lease=None)


def _set(session: Session, model: type[Claimable], held: Mapping[int, UUID], **values: Any) -> None:
    # A row that somebody holds at this moment waits for the next time, or the end of its
    # lease, rather than for a lock: whoever holds it may be waiting for another of these rows.
    mine = (
        select(col(model.id))
        .where(
            col(model.id).in_(list(held)),
            # Rows that were claimed together share a lease.
            col(model.lease).in_(set(held.values())),
            col(model.due_at).is_not(None),
        )
        .with_for_update(skip_locked=True)
        .cte("mine")
    )
    session.execute(
        update(model).where(col(model.id).in_(select(mine.c.id))).values(**values),
        execution_options={"synchronize_session": False},
    )


def make_due(session: Session) -> None:
    """Tell the engine after the commit that there is work, rather than at its next tick."""
    session.info["work_due"] = True


def _release(session: Session, row: Claimable, **values: Any) -> None:
    result = session.execute(
        _releasing(type(row), *values),
        {"row": row.id, "held": row.lease, **{f"new_{name}": values[name] for name in values}},
    )
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise LeaseLost(f"{type(row).__name__} {row.id}")
    for name, value in values.items():
        set_committed_value(row, name, value)


@cache
def _releasing(model: type[Claimable], *names: str) -> Update:
    """Set these columns, and end the lease, of a row that is still under the lease we took."""
    table = cast("Any", model).__table__
    return (
        update(table)
        .where(table.c.id == bindparam("row"), table.c.lease == bindparam("held"))
        .values(lease=None, **{name: bindparam(f"new_{name}") for name in names})
    )
