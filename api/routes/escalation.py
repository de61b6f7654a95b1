"""POST escalation/: page people, for something new or for an alert group that exists."""

import json
from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

from pydantic import BeforeValidator, Field, WithJsonSchema
from sqlmodel import Session, select

from api import fields, shapes
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.fields import Body, Flag, wrong
from api.people import AnyTeam, Known, Several
from api.resource import Filter, Resource
from api.shapes import AlertGroupShape
from core import alert_groups, paging, reports, requests
from core.errors import AlreadyAsked, Gone
from core.judging import Verdicts, judged
from core.models import (
    MESSAGE_SIZE,
    SOURCE_URL_LENGTH,
    TITLE_LENGTH,
    AlertGroup,
    Event,
    LogRecord,
    Role,
    SlackChannel,
)
from core.paging import Opened
from core.reports import Report
from core.requests import Asked

JUDGING = timedelta(seconds=1)  # for all routes: whoever asks waits, and others with them
METADATA_SIZE = 16 * 1024  # bytes
NOBODY = "No team or user(s) specified"

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


class Escalation(Body):
    """What is wrong and who should come: `users`, or a `team`."""

    title: Annotated[
        str | None,
        BeforeValidator(lambda value: fields.text(value, longest=TITLE_LENGTH)),
        Field(description="What is wrong, in a line; without one it says who pages whom."),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": TITLE_LENGTH}),
    ] = None
    message: Annotated[
        str | None,
        BeforeValidator(_message),
        Field(description="Everything else that helps."),
        WithJsonSchema({"type": ["string", "null"], "minLength": 1, "maxLength": MESSAGE_SIZE}),
    ] = None
    source_url: Annotated[
        str | None,
        BeforeValidator(
            fields.optional(lambda value: fields.url(value, longest=SOURCE_URL_LENGTH))
        ),
        Field(description="Where to look; every message links to it."),
        WithJsonSchema({"type": ["string", "null"], "format": "uri"}),
    ] = None
    team: Annotated[
        AnyTeam,
        Field(description="A team's id. Refused while nothing is configured for the team."),
    ] = None
    important_team_escalation: Annotated[
        Flag, Field(description="Becomes `payload.oncall.important`, which routes can match.")
    ] = False
    users: Annotated[Several, Field(description="Whom to page.")] = ()
    alert_group_id: Annotated[
        str | None,
        BeforeValidator(fields.text),
        Field(description="Page for this one; then without title, message and source_url."),
        WithJsonSchema({"type": "string"}),
    ] = None
    metadata: Annotated[
        dict[str, Any] | None,
        BeforeValidator(_metadata),
        Field(description="Kept in payload.oncall.metadata; 16 KiB at most."),
    ] = None


Caution = Annotated[
    str | None,
    Field(
        description="There only when nobody is called and a Slack channel alone hears of it.",
        examples=["Nobody is called: only #sre hears of it."],
        exclude_if=lambda value: value is None,
    ),
    WithJsonSchema({"type": "string"}),
]


class Escalated(AlertGroupShape):
    """The alert group that people were paged for."""

    warning: Caution = None


KEY = Filter(
    "Idempotency-Key",
    "The same key within 24 hours pages once, however often the request is sent.",
    example="deploy-1234",
)


@resource.post(
    "",
    role=Role.EDITOR,
    body=Escalation,
    answer=Escalated,
    headers=(KEY,),
    example={
        "title": "We are seeing a network outage in the datacenter",
        "message": "I need help investigating, can you join the investigation?",
        "users": [{"id": "ana@example.com", "important": False}],
    },
    refusals={
        404: "The alert group that this Idempotency-Key led to was deleted.",
        409: "The Idempotency-Key was used for another request.",
    },
)
def escalate(call: Call) -> Escalated:
    """Page people or a team

    Opens an alert group and pages `users`, or sends it the way of the `team`'s direct
    paging: to an escalation chain, a Slack channel, or both. With `alert_group_id` the
    users are paged onto that one. Answers the alert group.
    """
    found = page(call)
    if found is None:
        raise Fault(404, NOT_FOUND)
    return found


def page(call: Call) -> Escalated | None:
    """Page, and the alert group as it is then; None if it has been deleted meanwhile."""
    key, uid = _key(call), str(uuid4())
    try:
        return judged(
            call.desk.matcher,
            lambda verdicts: _commit(call, key, uid, verdicts),
            patience=JUDGING,
        )
    except AlreadyAsked as before:
        done = before.alert_group_id
    with call.reading() as session:
        return _again(call, session, done)


def _commit(call: Call, key: Asked | None, uid: str, verdicts: Verdicts) -> Escalated | None:
    """The one transaction; `uid` is the alert's, the same however often its routes are judged."""
    with call.transaction() as session:
        if key is not None:
            requests.check_new(session, call.user, key)
        done = _page(call, session, key, uid, verdicts)
        if not isinstance(done, Opened):
            # Before the commit: after it, a read that fails would have it all sent again.
            return _answer(shapes.one_alert_group(call, session, done))
        heard_in = session.get(SlackChannel, done.heard_only_in) if done.heard_only_in else None
    return _answer(shapes.new_alert_group(call, done), heard_in.shown if heard_in else None)


def _again(call: Call, session: Session, group_id: str) -> Escalated | None:
    """What an earlier request led to, as it is now; its warning still holds."""
    rows = select(LogRecord).where(
        LogRecord.alert_group_id == group_id, LogRecord.event == Event.OPENED
    )
    opening = session.scalars(rows).first() if call.data.get("alert_group_id") is None else None
    heard_in = opening.detail.get("heard_only_in") if opening else None
    return _answer(shapes.one_alert_group(call, session, group_id), heard_in)


def _answer(group: AlertGroupShape | None, heard_in: str | None = None) -> Escalated | None:
    """`heard_in` is the Slack channel that alone hears of it."""
    if group is None:
        return None
    warning = f"Nobody is called: only {heard_in} hears of it." if heard_in else None
    return Escalated.model_construct(**dict(group), warning=warning)


def _page(
    call: Call, session: Session, key: Asked | None, uid: str, verdicts: Verdicts
) -> Opened | str:
    """The new alert group, or the id of the one that people were paged onto.  Raises Fault."""
    by = call.user
    known = Known.of(session, call.data)
    asked = call.parse(Escalation, context=known)
    _check_exclusions(asked)
    group = _group(session, asked.alert_group_id) if asked.alert_group_id is not None else None
    responders = known.responders(asked.users)
    if not responders and asked.team is None:
        raise Fault(400, NOBODY)
    if group is not None:
        paging.page(session, group, responders, by=by, ways=call.desk.ways, asked=key)
        return group.id
    names = [asked.team.name] if asked.team is not None else []
    names += [responder.user.username for responder in responders]
    report = Report(
        title=asked.title or reports.title_for(by, names),
        message=asked.message or "",
        source_url=asked.source_url,
        metadata=asked.metadata,
        important=asked.important_team_escalation,
        uid=uid,
    )
    return paging.escalate(
        session,
        report,
        responders,
        by=by,
        ways=call.desk.ways,
        team=asked.team,
        verdicts=verdicts,
        asked=key,
    )


def _check_exclusions(asked: Escalation) -> None:
    """Raises Fault for what cannot be asked together."""
    onto = asked.alert_group_id is not None
    together = {
        "alert_group_id and (title, message, source_url)": onto
        and bool(asked.title or asked.message or asked.source_url),
        "users and team": bool(asked.users) and asked.team is not None,
        "alert_group_id and team": onto and asked.team is not None,
    }
    for both, are in together.items():
        if are:
            raise Fault(400, {"non_field_errors": [f"{both} are mutually exclusive"]})


def _group(session: Session, said: str) -> AlertGroup:
    """The alert group, locked.  Raises Fault."""
    try:
        return alert_groups.lock(session, said)
    except Gone:
        raise Fault(400, {"alert_group_id": [f"Alert group {said} does not exist"]}) from None


def _key(call: Call) -> Asked | None:
    """What makes a request sent again the same one.  Raises Fault."""
    key = call.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= 255 or not all(" " <= char <= "~" for char in key):
        raise Fault(400, "Idempotency-Key: 1 to 255 printable ASCII characters")
    return Asked.of(key, call.data, path=call.path)
