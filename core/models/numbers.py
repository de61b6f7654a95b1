"""Small numbers for what clients know by a number: counted up, never used twice."""

from sqlalchemy import Column, Integer, text

# Several rows inserted in one statement would all get the same number.
ONE_BY_ONE = {"eager_defaults": False}


def numbered(table: str) -> Column[int]:
    """The next number of the table, which clients know as grafana_id.

    Two transactions that insert at the same moment may choose the same one: the
    second waits, and is then refused by the database.  Rows must not be deleted.
    """
    following = text(f'(SELECT coalesce(max(number), 0) + 1 FROM "{table}")')  # noqa: S608
    return Column("number", Integer, default=following, unique=True, nullable=False)
