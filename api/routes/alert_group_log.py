"""alert_groups/{id}/log/: everything that has happened to an alert group."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Select, select
from sqlmodel import Session, col

from api.call import Call
from api.errors import NOT_FOUND
from api.fields import Moment
from api.pagination import Page, paginate
from api.resource import PAGES, Resource
from core import alert_groups, log_words, telling
from core.models import Event, LogRecord, Role
from core.story import Line, Person

resource = Resource("alert_groups", "Alert groups")


class LogShape(BaseModel):
    """One thing that happened.  `by` and `user` are users' ids."""

    id: int
    event: Event
    at: Moment
    by: str | None = Field(description="Who did it; null where nobody did.")
    user: str | None = Field(description="Whom it happened to, if somebody else.")
    text: str = Field(description="The same in words, for people.")


@resource.get(
    "{id}/log",
    role=Role.VIEWER,
    answer=Page[LogShape],
    filters=PAGES,
    refusals={404: NOT_FOUND},
)
def read(call: Call) -> Page[LogShape]:
    """Read an alert group's log

    Oldest first: who was paged and how, what was sent, what failed and why, and what
    people did.
    """
    rows: Select[*tuple[Any, ...]] = (
        select(LogRecord)
        .where(col(LogRecord.alert_group_id) == call.ids["id"])
        .order_by(col(LogRecord.id))
    )
    with call.reading() as session:
        alert_groups.find(session, call.ids["id"])
        return paginate(call, session, rows, lambda found: _shapes(session, found))


def _shapes(session: Session, rows: Sequence[Any]) -> list[LogShape]:
    records: list[LogRecord] = [record for (record,) in rows]
    ids = {id_ for record in records for id_ in _mentioned(record)}
    people = telling.persons(session, ids)
    return [_shape(record, people) for record in records]


def _mentioned(record: LogRecord) -> list[str]:
    known = [id_ for id_ in (record.by_id, record.user_id) if id_ is not None]
    return [*known, *log_words.mentioned(record.detail)]


def _shape(record: LogRecord, people: dict[str, Person]) -> LogShape:
    line = Line(
        id=record.id or 0,
        event=record.event,
        at=record.at,
        by=people.get(record.by_id or ""),
        user=people.get(record.user_id or ""),
        detail=record.detail,
    )
    return LogShape(
        id=line.id,
        event=line.event,
        at=line.at,
        by=record.by_id,
        user=record.user_id,
        text=log_words.sentence(line, people),
    )
