"""POST escalation/: page people, for something new or for an alert group that exists."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from api import fields, shapes
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.fields import Body, Flag, wrong
from api.resource import Filter, Resource
from api.shapes import AlertGroupShape
from core import alert_groups, paging, reports, requests
from core.errors import AlreadyAsked, Gone, Invalid
from core.models import (
    MESSAGE_SIZE,
    SOURCE_URL_LENGTH,
    TITLE_LENGTH,
    AlertGroup,
    Role,
    User,
)
from core.paging import Responder
from core.reports import Report
from core.requests import Asked

METADATA_SIZE = 16 * 1024  # bytes

resource = Resource("escalation", "Escalation")


def _message(value: Any) -> str | None:
    if value is None:
        return None
    found = fields.text(value)
    if len(found.encode()) > MESSAGE_SIZE:
        raise wrong(f"Ensure this field has no more than {MESSAGE_SIZE} bytes.")
    return found


def _metadata(value: Any) -> dict[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise wrong("Expected an object.")
    if len(json.dumps(value, ensure_ascii=False).encode()) > METADATA_SIZE:
        raise wrong(f"Ensure this field has no more than {METADATA_SIZE} bytes.")
    return value


class Who(Body):
    """Somebody to page, by their default or their important rules."""

    id: Annotated[
        str,
        BeforeValidator(lambda value: fields.text(value, longest=300)),
        Field(description="A public id, else an e-mail address, else a user name."),
    ]
    important: Flag


class Escalation(Body):
    """What is wrong and who should come: `users`, or a `team`."""

    title: Annotated[
        str | None,
        BeforeValidator(lambda value: fields.text(value, longest=TITLE_LENGTH)),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": TITLE_LENGTH}),
    ] = None
    message: Annotated[
        str | None,
        BeforeValidator(_message),
        WithJsonSchema({"type": ["string", "null"], "minLength": 1, "maxLength": MESSAGE_SIZE}),
    ] = None
    source_url: Annotated[
        str | None,
        BeforeValidator(
            fields.optional(lambda value: fields.url(value, longest=SOURCE_URL_LENGTH))
        ),
        WithJsonSchema({"type": ["string", "null"], "format": "uri"}),
    ] = None
    team: Annotated[
        Any, BeforeValidator(fields.no_team), WithJsonSchema({"type": ["string", "null"]})
    ] = None
    important_team_escalation: Flag = False
    users: Annotated[Sequence[Who], BeforeValidator(fields.items)] = ()
    alert_group_id: Annotated[
        str | None, BeforeValidator(fields.text), WithJsonSchema({"type": "string"})
    ] = None
    metadata: Annotated[
        dict[str, Any] | None,
        BeforeValidator(_metadata),
        Field(description="Kept in payload.oncall.metadata; 16 KiB at most."),
    ] = None


KEY = Filter(
    "Idempotency-Key",
    "The same key within 24 hours pages once, however often the request is sent.",
    example="deploy-1234",
)


@resource.post(
    "",
    role=Role.EDITOR,
    body=Escalation,
    answer=AlertGroupShape,
    headers=(KEY,),
    example={
        "title": "We are seeing a network outage in the datacenter",
        "message": "I need help investigating, can you join the investigation?",
        "users": [{"id": "ana@example.com", "important": False}],
    },
    refusals={409: "The Idempotency-Key was used for another request."},
)
def escalate(call: Call) -> AlertGroupShape:
    """Page people

    Opens an alert group and pages `users`; with `alert_group_id` they are paged onto
    that one.  Answers the alert group.
    """
    found = page(call)
    if found is None:
        raise Fault(404, NOT_FOUND)
    return found


def page(call: Call) -> AlertGroupShape | None:
    """Page, and the alert group as it is then; None if it has been deleted meanwhile."""
    key = _key(call)
    try:
        with call.transaction() as session:
            by = call.user(session)
            if key is not None:
                requests.check_new(session, by, key)
            group_id = _page(call, session, by, key)
    except AlreadyAsked as before:
        group_id = before.alert_group_id
    with call.reading() as session:
        return shapes.one_alert_group(call, session, group_id)


def _page(call: Call, session: Session, by: User, key: Asked | None) -> str:
    asked = call.parse(Escalation)
    users = _users(session, asked.users)
    if asked.team is not None:
        raise Fault(400, {"team": ["Object does not exist"]})
    if asked.alert_group_id is not None:
        group = _group(session, asked)
        paging.page(session, group, users, by=by, ways=call.desk.ways, asked=key)
        return group.id
    if not users:
        raise Fault(400, "No team or user(s) specified")
    names = [responder.user.username for responder in users]
    report = Report(
        title=asked.title or reports.title_for(by, names),
        message=asked.message or "",
        source_url=asked.source_url,
        metadata=asked.metadata,
    )
    return paging.escalate(session, report, users, by=by, ways=call.desk.ways, asked=key).id


def _group(session: Session, asked: Escalation) -> AlertGroup:
    said = asked.alert_group_id or ""
    if asked.title or asked.message or asked.source_url:
        only = "alert_group_id and (title, message, source_url) are mutually exclusive"
        raise Fault(400, {"non_field_errors": [only]})
    try:
        group = alert_groups.lock(session, said)
    except Gone:
        raise Fault(400, {"alert_group_id": [f"Alert group {said} does not exist"]}) from None
    if not asked.users:
        raise Fault(400, "No team or user(s) specified")
    return group


def _users(session: Session, users: Sequence[Who]) -> list[Responder]:
    """Whoever is meant.  Raises Fault, with an entry for each that nobody is."""
    found: list[Responder] = []
    problems: list[dict[str, Any]] = []
    for each in users:
        try:
            user = _user(session, each.id)
        except Invalid as error:
            problems.append({"non_field_errors": [str(error)]})
        else:
            problems.append({})
            found.append(Responder(user, each.important))
    if any(problems):
        raise Fault(400, {"users": problems})
    return found


def _user(session: Session, said: str) -> User:
    is_it = (
        col(User.id) == said,
        func.lower(col(User.email)) == said.lower(),
        func.lower(col(User.username)) == said.lower(),
    )
    known = (col(User.is_active), col(User.is_bot).is_(False))
    hits = session.scalars(select(User).where(or_(*is_it), *known)).all()
    for fitting in (
        [user for user in hits if user.id == said],
        [user for user in hits if (user.email or "").lower() == said.lower()],
        hits,
    ):
        if len(fitting) > 1:
            raise Invalid(f"{len(fitting)} users are called {said}: use the id", field="users")
        if fitting:
            return fitting[0]
    raise Invalid(f"User {said} does not exist", field="users")


def _key(call: Call) -> Asked | None:
    """What makes a request sent again the same one.  Raises Fault."""
    key = call.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= 255 or not all(" " <= char <= "~" for char in key):
        raise Fault(400, "Idempotency-Key: 1 to 255 printable ASCII characters")
    return Asked.of(key, call.data, path=call.path)
