"""Contact methods: where people can be reached, checked before it is kept."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, ValidationResult
from sqlmodel import Session, col, select

from core import people
from core.channels.webhook import check_url
from core.errors import Gone, Invalid
from core.models import ContactMethod, RuleType, User
from core.reports import is_storable

LONGEST = 2_000  # characters of an address
PHONE = re.compile(r"\+[0-9 ()./-]+")
NO_PHONE = "Write the number as it is dialled from abroad, such as +41 44 668 18 00."
WRONG_PHONE = {
    ValidationResult.INVALID_COUNTRY_CODE: f"No country has this code. {NO_PHONE}",
    ValidationResult.TOO_SHORT: f"This number is too short. {NO_PHONE}",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: f"This number lacks its area code. {NO_PHONE}",
    ValidationResult.TOO_LONG: f"This number is too long. {NO_PHONE}",
}
NO_CHANNEL = "Tocsin has no such channel, so it cannot reach people there."
# Why nobody can be given an address of these types.
REFUSED = {
    RuleType.WAIT: "A wait is a step of the notification rules; it reaches nobody.",
    RuleType.SLACK: "People are reached in Slack as who they are there; there is nothing to add.",
    RuleType.TELEGRAM: NO_CHANNEL,
    RuleType.MOBILE_APP: "There is no mobile app of Tocsin.",
    RuleType.MOBILE_APP_CRITICAL: "There is no mobile app of Tocsin.",
    RuleType.MSTEAMS: NO_CHANNEL,
}
WORDS = {
    RuleType.EMAIL: "e-mail address",
    RuleType.SMS: "number for text messages",
    RuleType.PHONE_CALL: "number for phone calls",
    RuleType.WEBHOOK: "webhook URL",
}


@dataclass(frozen=True)
class Contact:
    """Somewhere a user is reached.  `id` is None for what Slack says."""

    id: str | None
    type: RuleType
    address: str


def of(session: Session, user: User) -> list[Contact]:
    """Where the user is reached, in the order of the types: what Slack says, unless replaced."""
    mine = session.scalars(select(ContactMethod).where(ContactMethod.user_id == user.id))
    ids = {contact.type: contact.id for contact in mine}
    found = people.addresses(session, [user])[user.id]
    return [Contact(ids.get(way), way, found[way]) for way in RuleType if way in found]


def find(session: Session, user: User, contact_id: str) -> Contact:
    """Raises Gone."""
    for contact in of(session, user):
        if contact.id == contact_id:
            return contact
    raise Gone("This contact method does not exist any more.")


def add(session: Session, user_id: str, *, way: str, address: str, allow_private: bool) -> Contact:
    """Reach the user there from now on.  Raises Gone, and Invalid if they have such an address."""
    checked, right = check(way, address, allow_private=allow_private)
    user = people.hold(session, user_id)
    mine = select(ContactMethod).where(
        ContactMethod.user_id == user.id, ContactMethod.type == checked.value
    )
    if session.scalars(mine).one_or_none() is not None:
        said = f"{user.name} has {_a(WORDS[checked])} already: remove it first."
        raise Invalid(said, field="type")
    contact = ContactMethod(user_id=user.id, type=checked.value, address=right)
    session.add(contact)
    session.flush()
    return Contact(contact.id, checked, right)


def replace(
    session: Session, user: User, *, way: RuleType, address: str, allow_private: bool
) -> None:
    """Reach the user there in place of the address of before; an empty one takes that away.

    Raises Invalid.
    """
    held = people.hold(session, user.id)
    if not address.strip():
        people.set_address(session, held, way, None)
        return
    _, right = check(way.value, address, allow_private=allow_private)
    people.set_address(session, held, way, right)


def remove(session: Session, user_id: str, contact_id: str) -> None:
    """Do not reach the user there any more.  Raises Gone."""
    user = people.hold(session, user_id)
    contact = session.scalars(
        select(ContactMethod).where(
            col(ContactMethod.id) == contact_id, ContactMethod.user_id == user.id
        )
    ).one_or_none()
    if contact is None:
        raise Gone("This contact method does not exist any more.")
    session.delete(contact)


def check(way: str, address: str, *, allow_private: bool) -> tuple[RuleType, str]:
    """The type, and the address in the form in which it is kept.  Raises Invalid."""
    known = next((each for each in RuleType if each.value == way), None)
    if known is None or known in REFUSED:
        wanted = ", ".join(each.value for each in WORDS)
        why = REFUSED[known] if known else f"{way} is no way to reach somebody."
        raise Invalid(f"{why} Use one of {wanted}.", field="type")
    address = address.strip()
    if not is_storable(address) or len(address) > LONGEST:
        raise Invalid(f"This is no {WORDS[known]}.", field="address")
    if known is RuleType.WEBHOOK:
        return known, _url(address, allow_private=allow_private)
    return known, CHECKS[known](address)


def _url(address: str, *, allow_private: bool) -> str:
    try:
        return check_url(address, allow_private=allow_private)
    except Invalid as error:
        raise Invalid(str(error), field="address") from None


def _email(address: str) -> str:
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Invalid(f"This is no e-mail address. {error}", field="address") from None
    return found.ascii_email or found.normalized


def _phone(address: str) -> str:
    """In E.164.  Whether a possible number exists is not asked: new ones come all the time."""
    if not PHONE.fullmatch(address):
        raise Invalid(NO_PHONE, field="address")
    try:
        number = phonenumbers.parse(address)
        reason = phonenumbers.is_possible_number_with_reason(number)
    except phonenumbers.NumberParseException as error:
        if error.error_type != phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise Invalid(NO_PHONE, field="address") from None
        reason = ValidationResult.INVALID_COUNTRY_CODE
    if reason != ValidationResult.IS_POSSIBLE:
        raise Invalid(WRONG_PHONE.get(reason, NO_PHONE), field="address")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


CHECKS: Mapping[RuleType, Callable[[str], str]] = {
    RuleType.EMAIL: _email,
    RuleType.SMS: _phone,
    RuleType.PHONE_CALL: _phone,
}


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
