"""The positions of rows in an ordered list: whole numbers from 0, moved, swapped, at the end.

Gaps stay until somebody moves a row there.  The caller keeps others out of the list
meanwhile.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, update
from sqlmodel import Session, SQLModel, select

from core.errors import Invalid

LAST: Final = 2_147_483_647  # the largest position that every database and client can hold
END: Final = -1  # the position that means: as the last one

Where = Sequence[ColumnElement[bool]]


def after_last(session: Session, model: type[SQLModel], list_: Where) -> int:
    """Where a new row goes.  Raises Invalid if no position is left after the last one."""
    last = _last(session, model, list_)
    if last == LAST:
        said = f"The last position is {LAST} already: move that one to a lower position first."
        raise Invalid(said, field="position")
    return 0 if last is None else last + 1


def put(
    session: Session, row: SQLModel, position: int, list_: Where, *, swap: bool = False
) -> None:
    """Move a row of the list there: those in between make room, or the one there swaps.

    `END` is where the last one is now.
    """
    model: Any = type(row)
    moved: Any = row
    table = model.__table__.c
    to = position
    if position == END:
        to = _last(session, model, list_) or 0
    old = moved.position
    if to == old:
        return
    if swap:
        others, new = table.position == to, case((table.id == moved.id, to), else_=old)
    else:
        step = -1 if to > old else 1
        others = table.position.between(min(old, to), max(old, to))
        new = case((table.id == moved.id, to), else_=table.position + step)
    session.flush()
    # Each row is checked against the others at once, so they leave the list before they
    # take their places: below zero there is nobody.
    for where, value in (
        (others | (table.position == old), -1 - new),
        (table.position < 0, -1 - table.position),
    ):
        session.execute(
            update(model).where(*list_, where).values(position=value),
            execution_options={"synchronize_session": False},
        )
    session.refresh(row)


def _last(session: Session, model: Any, list_: Where) -> int | None:
    found: int | None = session.scalar(select(func.max(model.__table__.c.position)).where(*list_))
    return found
