"""users/{id}/contact_methods/: where somebody can be reached, which only they and admins see."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from sqlmodel import Session

from api import fields
from api.call import Call
from api.errors import NOT_FOUND
from api.fields import Body
from api.pagination import SIZE, Page
from api.resource import Resource
from api.routes import users
from core import contacts
from core.contacts import Contact
from core.models import Role, User

resource = Resource("users", "Contact methods")


class ContactShape(BaseModel):
    """Somewhere a user is reached."""

    id: str | None = Field(
        description="null for what comes from Slack, which cannot be removed here.",
        examples=["CM7GUFQKXSY5AB"],
    )
    type: str = Field(description="As in notification rules.", examples=["notify_by_sms"])
    address: str = Field(examples=["+41446681800"])
    source: str = Field(description="slack, or tocsin for what was added here.")


class NewContact(Body):
    """Where somebody wants to be reached."""

    type: Annotated[
        str,
        BeforeValidator(fields.text),
        WithJsonSchema({"type": "string", "enum": [way.value for way in contacts.WORDS]}),
        Field(description="What the address is for."),
    ]
    address: Annotated[
        str,
        BeforeValidator(lambda value: fields.text(value, longest=contacts.LONGEST)),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": contacts.LONGEST}),
        Field(
            description="An e-mail address, a phone number as it is dialled from abroad, or a URL.",
            examples=["+41 44 668 18 00"],
        ),
    ]


@resource.get(
    "{id}/contact_methods",
    role=Role.VIEWER,
    answer=Page[ContactShape],
    refusals={404: NOT_FOUND},
)
def list_them(call: Call) -> Page[ContactShape]:
    """List a user's contact methods

    Where they are reached at present, all on one page: what Slack says, and what was
    added here. Their own e-mail address stands in place of Slack's. Only for oneself,
    or for an admin; `current` as the id is whoever the token belongs to.
    """
    with call.reading() as session:
        found = [_shape(contact) for contact in contacts.of(session, _whose(call, session))]
    return Page[ContactShape](
        count=len(found),
        next=None,
        previous=None,
        results=found,
        current_page_number=1,
        page_size=SIZE,
        total_pages=1,
    )


@resource.post(
    "{id}/contact_methods",
    role=Role.VIEWER,
    body=NewContact,
    example={"type": "notify_by_sms", "address": "+41 44 668 18 00"},
    answer=ContactShape,
    status=201,
    refusals={
        400: "The address makes no sense, or there is one of this type already.",
        404: NOT_FOUND,
    },
)
def add(call: Call) -> ContactShape:
    """Add a contact method

    The address is checked and written in one form, a phone number as +41446681800. One
    address for each type: remove the old one first. Only for oneself, or for an admin;
    `current` as the id is whoever the token belongs to.
    """
    with call.reading() as session:
        user = _whose(call, session)
    asked = call.parse(NewContact)
    with call.transaction() as session:
        contact = contacts.add(
            session,
            user.id,
            way=asked.type,
            address=asked.address,
            allow_private=call.desk.settings.webhook_allow_private,
        )
    return _shape(contact)


@resource.get(
    "{id}/contact_methods/{contact_id}",
    role=Role.VIEWER,
    answer=ContactShape,
    refusals={404: NOT_FOUND},
)
def get(call: Call) -> ContactShape:
    """Get a contact method

    Only for oneself, or for an admin; `current` as the first id is whoever the token
    belongs to.
    """
    with call.reading() as session:
        user = _whose(call, session)
        return _shape(contacts.find(session, user, call.ids["contact_id"]))


@resource.delete(
    "{id}/contact_methods/{contact_id}",
    role=Role.VIEWER,
    status=204,
    refusals={404: NOT_FOUND},
)
def remove(call: Call) -> None:
    """Remove a contact method

    Steps of rules that need it fail from now on, and the next step starts at once. Only
    for oneself, or for an admin; `current` as the first id is whoever the token belongs to.
    """
    call.check_own(users.wanted_id(call))
    with call.transaction() as session:
        contacts.remove(session, users.wanted_id(call), call.ids["contact_id"])


def _whose(call: Call, session: Session) -> User:
    """The user in the path, if the caller may know where they are reached.  Raises Fault."""
    call.check_own(users.wanted_id(call))
    return users.known(call, session)


def _shape(contact: Contact) -> ContactShape:
    return ContactShape(
        id=contact.id,
        type=contact.type.value,
        address=contact.address,
        source="slack" if contact.id is None else "tocsin",
    )
