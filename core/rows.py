"""Rows written and read plainly: through the session's own bookkeeping it takes thrice as long.

For what every page does; everything else goes by the session as usual.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Executable, Insert, Result, insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel

Model = TypeVar("Model", bound=SQLModel)


def make(model: type[Model], **values: Any) -> Model:
    """A new object with these values, None for the rest; the session does not know it yet."""
    new: Model = inspect(model).class_manager.new_instance()
    vars(new).update(dict.fromkeys(_insert(model)[1]) | values)
    return new


def write(session: Session, made: Sequence[Model]) -> None:
    """Insert objects of one model in one statement; from now on the session keeps them."""
    if not made:
        return
    statement, columns = _insert(type(made[0]))
    values = [{key: vars(new)[key] for key in columns} for new in made]
    session.connection().execute(statement, values if len(values) > 1 else values[0])
    for new in made:
        make_transient_to_detached(new)
        session.add(new)


def read(session: Session, statement: Executable, **values: Any) -> Result[*tuple[Any, ...]]:
    """Rows of plain columns, for a statement that is asked for all the time."""
    session.flush()
    return session.connection().execute(statement, values)


def inserting(session: Session, table: Any) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can be told what to do about rows that are there already."""
    name = session.get_bind().dialect.name
    return sqlite.insert(table) if name == "sqlite" else postgresql.insert(table)


@cache
def _insert(model: type[SQLModel]) -> tuple[Insert, tuple[str, ...]]:
    table = inspect(model).local_table
    return insert(table), tuple(column.key for column in table.columns)
