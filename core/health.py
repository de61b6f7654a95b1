"""Whether this process can do its work: the database answers, and nothing is overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from core import clock, db
from core.db import Database
from core.models import Delivery, Post, Timer

OVERDUE = timedelta(seconds=30)  # a tick looks each second; this much behind is a stall


@dataclass(frozen=True)
class Work:
    """What the database says: `oldest_due` is the work that should have been done first."""

    database: bool
    oldest_due: datetime | None = None
    takes_writes: bool = True

    @property
    def overdue(self) -> timedelta:
        if self.oldest_due is None:
            return timedelta(0)
        return max(clock.now() - self.oldest_due, timedelta(0))

    @property
    def problems(self) -> list[str]:
        """What is wrong, in words; empty when all is well."""
        if not self.database:
            return ["the database does not answer"]
        if not self.takes_writes:  # a full disk can be read
            return ["the database cannot be written to: the log says why"]
        if self.overdue > OVERDUE:
            return [f"work is overdue by {int(self.overdue.total_seconds())} s"]
        return []


def look(database: Database) -> Work:
    """Ask the database, without waiting for writers."""
    try:
        with database.reading() as session:
            oldest = [
                session.scalars(
                    select(model.due_at)
                    .where(col(model.due_at) <= clock.now())
                    .order_by(col(model.due_at))
                    .limit(1)
                ).first()
                for model in (Timer, Delivery, Post)
            ]
    except Exception as error:
        if not db.is_unavailable(error):
            raise
        return Work(database=False)
    oldest_due = min((at for at in oldest if at), default=None)
    return Work(database=True, oldest_due=oldest_due, takes_writes=database.takes_writes)
