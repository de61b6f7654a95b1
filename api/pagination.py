"""Lists in pages, as every client of the API knows them."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel
from sqlalchemy import BigInteger, Integer, Select, bindparam, func, select
from sqlmodel import Session

from api.call import Call

SIZE = 50  # items, unless the resource or `perpage` says otherwise
LARGEST = 100

LIMIT = bindparam("page_size", type_=Integer)
START = bindparam("page_start", type_=BigInteger)

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """`next` and `previous` are absolute and keep the query."""

    count: int
    next: str | None
    previous: str | None
    results: list[Item]
    current_page_number: int
    page_size: int
    total_pages: int


def paginate(
    call: Call,
    session: Session,
    rows: Select[*tuple[Any, ...]],
    shape: Callable[[Sequence[Any]], list[Item]],
    *,
    size: int = SIZE,
    counted: Select[*tuple[Any, ...]] | None = None,
    given: Mapping[str, Any] | None = None,
) -> Page[Item]:
    """The page asked for; one past the end is the last one.

    `rows` are ordered, and `given` are the values of their parameters; `shape` makes
    items of them all at once, so that a list takes as many queries as it has parts,
    whatever its length.  `counted` counts the rows where that is quicker without
    their joins.
    """
    size = min(_number(call.query.get("perpage")) or size, LARGEST)
    page = _number(call.query.get("page")) or 1
    found = _rows(session, rows, given, page, size)
    if 0 < len(found) < size or (page == 1 and not found):
        count = (page - 1) * size + len(found)  # the list ends here: nobody needs to count
    else:
        counted = _count(rows) if counted is None else counted
        count = session.execute(counted, given).scalar_one()
    pages = max(-(-count // size), 1)
    if page > pages:
        page = pages
        found = _rows(session, rows, given, page, size) if count else []
    return Page[Item].model_construct(
        count=count,
        next=_link(call, page + 1) if page < pages else None,
        previous=_link(call, page - 1) if page > 1 else None,
        results=shape(found),
        current_page_number=page,
        page_size=size,
        total_pages=pages,
    )


def _rows(
    session: Session,
    rows: Select[*tuple[Any, ...]],
    given: Mapping[str, Any] | None,
    page: int,
    size: int,
) -> Sequence[Any]:
    where = {"page_size": size, "page_start": (page - 1) * size}
    return session.execute(_paged(rows), {**(given or {}), **where}).all()


@lru_cache(maxsize=64)
def _paged(rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Made once for a statement that is there from the start: making it takes long."""
    return rows.limit(LIMIT).offset(START)


def _count(rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return select(func.count()).select_from(rows.order_by(None).with_only_columns(1).subquery())


def _number(text: str | None) -> int | None:
    """A whole number above nothing, else None."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    return int(text) or None


def _link(call: Call, page: int) -> str:
    query = [(key, value) for key, value in call.queries if key != "page"]
    query += [("page", str(page))] if page > 1 else []
    # By key alone: of a word that is repeated the last one counts.
    asked = urlencode(sorted(query, key=lambda pair: pair[0]))
    return f"{call.base}{call.path.removeprefix('/')}/" + (f"?{asked}" if asked else "")
