"""alert_groups/{id}/responders/: who was asked to look at an alert group, and how that stands."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import Select, select
from sqlmodel import Session, col

from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.fields import Body, Moment, wrong
from api.pagination import Page, paginate
from api.people import Known, Several, Who
from api.resource import PAGES, Resource
from core import alert_groups, paging, telling
from core.models import AlertGroup, Outcome, Role, RuleType, User
from core.models import Page as PageRow
from core.story import Responder

resource = Resource("alert_groups", "Alert groups")

REFUSALS = {404: NOT_FOUND}


class Stands(StrEnum):
    """How it stands with somebody who was paged."""

    PAGED = "paged"  # is being paged
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    REMOVED = "removed"
    STOPPED = "stopped"  # somebody else acknowledged, silenced or resolved it
    NO_ANSWER = "no_answer"


STANDS = {
    None: Stands.PAGED,
    Outcome.ANSWERED: Stands.ACKNOWLEDGED,
    Outcome.DECLINED: Stands.DECLINED,
    Outcome.UNPAGED: Stands.REMOVED,
    Outcome.STOPPED: Stands.STOPPED,
    Outcome.EXHAUSTED: Stands.NO_ANSWER,
}


class NextStep(BaseModel):
    """What comes next for somebody who does not answer."""

    at: Moment
    type: RuleType | None = Field(description="null: then they count as not having answered.")


class ResponderShape(BaseModel):
    """Somebody who was paged.  `paged_by` is a user's id."""

    user_id: str
    username: str
    name: str
    important: bool
    state: Stands = Field(
        description="`paged`: is being paged. `stopped`: somebody else acknowledged, silenced or "
        "resolved it. `no_answer`: every step has run."
    )
    paged_by: str
    by_chain: bool = Field(
        description="A step of an escalation chain paged them, and nobody did by hand."
    )
    started_at: Moment
    ended_at: Moment | None
    next_step: NextStep | None


def _somebody(users: Sequence[Who]) -> Sequence[Who]:
    if not users:
        raise wrong("This list may not be empty.")
    return users


class Addition(Body):
    """Whom to page too."""

    users: Annotated[
        Several,
        AfterValidator(_somebody),
        Field(description="Whom to page.", json_schema_extra={"minItems": 1}),
    ]


@resource.get(
    "{id}/responders",
    role=Role.VIEWER,
    answer=Page[ResponderShape],
    filters=PAGES,
    refusals=REFUSALS,
)
def list_them(call: Call) -> Page[ResponderShape]:
    """List an alert group's responders

    Everybody who was ever paged for it, in the order in which they were.
    """
    with call.reading() as session:
        return _list(call, session, alert_groups.find(session, call.ids["id"]))


@resource.post(
    "{id}/responders",
    role=Role.EDITOR,
    body=Addition,
    answer=Page[ResponderShape],
    example={"users": [{"id": "bob@example.com", "important": True}]},
    refusals=REFUSALS,
)
def add(call: Call) -> Page[ResponderShape]:
    """Page more people for an alert group

    Whoever is being paged already goes on being paged; by their important rules, if
    they were not before and that is asked for.  Refused when it is resolved.
    """
    with call.transaction() as session:
        group = alert_groups.lock(session, call.ids["id"])
        known = Known.of(session, call.data)
        asked = call.parse(Addition, context=known)
        responders = known.responders(asked.users)
        by = call.user
        paging.page(session, group, responders, by=by, ways=call.desk.ways)
        # Before the commit: after it, a read that fails would have it all sent again.
        return _list(call, session, group)


@resource.delete("{id}/responders/{user_id}", role=Role.EDITOR, status=204, refusals=REFUSALS)
def remove(call: Call) -> None:
    """Take a responder off an alert group

    They are not paged for it any more.
    """
    with call.transaction() as session:
        group = alert_groups.lock(session, call.ids["id"])
        user = session.get(User, call.ids["user_id"])
        if user is None or not paging.unpage(session, group, user, by=call.user):
            raise Fault(404, NOT_FOUND)


def _list(call: Call, session: Session, group: AlertGroup) -> Page[ResponderShape]:
    rows: Select[*tuple[Any, ...]] = (
        select(PageRow, col(User.username))
        .join(User, col(User.id) == col(PageRow.user_id))
        .where(col(PageRow.alert_group_id) == group.id)
        .order_by(col(PageRow.started_at), col(PageRow.id))
    )
    return paginate(call, session, rows, lambda found: _shapes(session, group, found))


def _shapes(session: Session, group: AlertGroup, rows: Sequence[Any]) -> list[ResponderShape]:
    told = {each.page_id: each for each in telling.tell(session, group).responders}
    return [_shape(page, username, told[page.id]) for page, username in rows]


def _shape(page: PageRow, username: str, told: Responder) -> ResponderShape:
    coming = told.next
    return ResponderShape(
        user_id=page.user_id,
        username=username,
        name=told.person.name,
        important=page.important,
        state=STANDS[page.outcome],
        paged_by=page.paged_by_id,
        by_chain=page.by_chain,
        started_at=page.started_at,
        ended_at=page.ended_at,
        next_step=NextStep(at=coming.at, type=coming.way) if coming else None,
    )
