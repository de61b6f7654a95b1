"""How often a token may ask: so many requests in each of its minutes."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from typing import Any

from sqlalchemy import bindparam, case, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.access import Caller
from core.db import Database
from core.errors import TooOften
from core.models import Window

logger = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
WINDOW: Any = Window.__table__  # type: ignore[attr-defined]

_is_over = or_(
    WINDOW.c.started_at <= bindparam("over"),
    WINDOW.c.started_at > bindparam("ahead"),  # written before the clock was put back
)
COUNT = (
    insert(WINDOW)
    .values(token_id=bindparam("token"), started_at=bindparam("now"), count=1)
    .on_conflict_do_update(
        index_elements=["token_id"],
        set_={
            "started_at": case((_is_over, bindparam("now")), else_=WINDOW.c.started_at),
            "count": case((_is_over, 1), else_=WINDOW.c.count + 1),
        },
    )
    .returning(
        WINDOW.c.started_at,
        WINDOW.c.count,
        # A count that a power cut loses harms nobody, and waiting for the disk would.
        func.set_config("synchronous_commit", "off", True),
    )
)


@dataclass(frozen=True)
class _Minute:
    started_at: datetime
    count: int


class Throttle:
    """Counts requests: in memory on SQLite, in the database where processes may share one.

    A minute begins with the first request after the last one ended.
    """

    def __init__(self, db: Database, *, limit: int) -> None:
        """`limit` requests a minute; 0 means that nobody counts."""
        self._db = db
        self._limit = limit
        self._minutes: dict[int, _Minute] = {}
        self._lock = Lock()

    def check(self, caller: Caller) -> None:
        """Count this request.  Raises TooOften."""
        if not self._limit:
            return
        now = clock.now()
        here = self._db.is_sqlite
        minute = self._count(caller, now) if here else self._count_together(caller, now)
        if minute is not None and minute.count > self._limit:
            left = (minute.started_at + MINUTE - now) / timedelta(seconds=1)
            raise TooOften(min(max(ceil(left), 1), 60))

    def _count(self, caller: Caller, now: datetime) -> _Minute:
        with self._lock:
            before = self._minutes.get(caller.token_id)
            if before is not None and abs(now - before.started_at) < MINUTE:
                minute = _Minute(before.started_at, before.count + 1)
            else:
                minute = _Minute(now, 1)
            self._minutes[caller.token_id] = minute
            return minute

    def _count_together(self, caller: Caller, now: datetime) -> _Minute | None:
        """None when the database fails here: the request will succeed or fail by itself."""
        said = {
            "token": caller.token_id,
            "now": now,
            "over": now - MINUTE,
            "ahead": now + MINUTE,
        }
        try:
            with self._db.transaction(matters=False) as session:
                started_at, count, _ = session.execute(COUNT, said).one()
        except SQLAlchemyError as error:
            logger.info("a request of token %s was not counted: %s", caller.token_id, error)
            return None
        return _Minute(started_at, count)
