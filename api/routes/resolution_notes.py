"""resolution_notes/: what people write down about an alert group for later."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from sqlalchemy import Select, select
from sqlmodel import col

from api import fields
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.fields import Body, Moment
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from core import alert_groups, notes
from core.errors import Gone
from core.models import AlertGroup, ResolutionNote, Role

resource = Resource("resolution_notes", "Resolution notes")

SHOWN: Select[*tuple[Any, ...]] = (
    select(ResolutionNote)
    .join(AlertGroup, col(AlertGroup.id) == col(ResolutionNote.alert_group_id))
    .where(col(AlertGroup.deleted_at).is_(None))
)
NEWEST = SHOWN.order_by(col(ResolutionNote.created_at).desc(), col(ResolutionNote.id).desc())

REFUSALS = {404: NOT_FOUND}

Text = Annotated[
    str,
    BeforeValidator(lambda value: fields.text(value, longest=notes.LENGTH)),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": notes.LENGTH}),
    Field(description="White space around it is cut."),
]


class NoteShape(BaseModel):
    """A resolution note.  `author` is a user's id."""

    id: str
    alert_group_id: str
    author: str
    source: Literal["Web"] = "Web"
    created_at: Moment
    text: str


class NewNote(Body):
    """A note, and what it is about."""

    alert_group_id: Annotated[
        str,
        BeforeValidator(fields.text),
        Field(description="What the note is about."),
        WithJsonSchema({"type": "string", "minLength": 1}),
    ]
    text: Text


class NoteChange(Body):
    """What it says now."""

    text: Annotated[Text | None, Field(description="The new text.")] = None


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[NoteShape],
    filters=(
        Filter("alert_group_id", "Those about this alert group.", example="I5UVFYJ8BK4LW"),
        *PAGES,
    ),
)
def list_them(call: Call) -> Page[NoteShape]:
    """List resolution notes

    Newest first.
    """
    about = call.query.get("alert_group_id")
    rows = NEWEST.where(col(ResolutionNote.alert_group_id) == about) if about else NEWEST
    with call.reading() as session:
        return paginate(call, session, rows, _shapes)


@resource.get("{id}", role=Role.VIEWER, answer=NoteShape, refusals=REFUSALS)
def get(call: Call) -> NoteShape:
    """Get a resolution note"""
    with call.reading() as session:
        note = session.scalars(SHOWN.where(col(ResolutionNote.id) == call.ids["id"])).one_or_none()
    if note is None:
        raise Fault(404, NOT_FOUND)
    return _shape(note)


@resource.post(
    "",
    role=Role.EDITOR,
    body=NewNote,
    answer=NoteShape,
    status=201,
    example={"alert_group_id": "I5UVFYJ8BK4LW", "text": "A full disk: logs were not rotated."},
)
def create(call: Call) -> NoteShape:
    """Write a resolution note

    It is posted to the alert group's thread.  Nothing can be written about an alert
    group that was wiped.
    """
    asked = call.parse(NewNote)
    with call.transaction() as session:
        try:
            group = alert_groups.lock(session, asked.alert_group_id)
        except Gone:
            raise Fault(400, {"alert_group_id": ["Object does not exist"]}) from None
        note = notes.add(session, group, by=call.user, text=asked.text)
        return _shape(note)


@resource.put(
    "{id}",
    role=Role.EDITOR,
    body=NoteChange,
    answer=NoteShape,
    example={"text": "A full disk: log rotation was off."},
    refusals=REFUSALS,
)
def update(call: Call) -> NoteShape:
    """Change a resolution note

    The thread tells who changed it.
    """
    with call.transaction() as session:
        group, note = notes.lock(session, call.ids["id"])
        asked = call.parse(NoteChange)
        if asked.text is not None:
            notes.change(session, group, note, by=call.user, text=asked.text)
        return _shape(note)


@resource.delete("{id}", role=Role.EDITOR, status=204, refusals=REFUSALS)
def remove(call: Call) -> None:
    """Delete a resolution note

    The thread tells who deleted it; what it has said of the note stays there.
    """
    with call.transaction() as session:
        group, note = notes.lock(session, call.ids["id"])
        notes.remove(session, group, note, by=call.user)


def _shapes(rows: Sequence[Any]) -> list[NoteShape]:
    return [_shape(row) for (row,) in rows]


def _shape(note: ResolutionNote) -> NoteShape:
    return NoteShape(
        id=note.id,
        alert_group_id=note.alert_group_id,
        author=note.author_id,
        created_at=note.created_at,
        text=note.text,
    )
