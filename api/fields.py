"""The kinds of fields that requests have, checked with the words clients may know."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from core.reports import is_storable

NULL = "This field may not be null."
BLANK = "This field may not be blank."
TRUE = frozenset({"t", "y", "yes", "true", "on", "1"})
FALSE = frozenset({"f", "n", "no", "false", "off", "0"})
LARGEST = 2_147_483_647


class Body(BaseModel):
    """A request's fields; those it does not know are ignored.

    A field that may be left out has a default; a partial update looks at
    `model_fields_set` to tell what was sent.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)


def wrong(said: str) -> PydanticCustomError:
    """The error with exactly these words."""
    return PydanticCustomError("invalid", "{said}", {"said": said})


def text(value: Any, *, longest: int | None = None, blank: bool = False, trim: bool = True) -> str:
    """A text of what was sent, numbers too.  Raises PydanticCustomError."""
    if value is None:
        raise wrong(NULL)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong("Not a valid string.")
    found = str(value).strip() if trim else str(value)
    if not is_storable(found):
        raise wrong("This text holds a character that cannot be stored.")
    if not found and not blank:
        raise wrong(BLANK)
    if longest is not None and len(found) > longest:
        raise wrong(f"Ensure this field has no more than {longest} characters.")
    return found


def whole(value: Any, *, least: int, most: int = LARGEST) -> int:
    """A whole number of what was sent, text too.  Raises PydanticCustomError."""
    if value is None:
        raise wrong(NULL)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and re.fullmatch(r"\s*[-+]?[0-9]{1,20}\s*", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong("A valid integer is required.")
    if value < least:
        raise wrong(f"Ensure this value is greater than or equal to {least}.")
    if value > most:
        raise wrong(f"Ensure this value is less than or equal to {most}.")
    return value


def flag(value: Any) -> bool:
    """True or false, also as the words and numbers people send.  Raises PydanticCustomError."""
    if value is None:
        raise wrong(NULL)
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int | float):
        word = str(int(value) if value in (0, 1) else value).strip().lower()
        if word in TRUE | FALSE:
            return word in TRUE
    raise wrong("Must be a valid boolean.")


def url(value: Any, *, longest: int) -> str:
    """An http or https address.  Raises PydanticCustomError."""
    found = text(value, longest=longest)
    try:
        parts = urlsplit(found)
        is_good = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        is_good = False
    if not is_good or any(
        not char.isprintable() or char.isspace() or char in '<>"|' for char in found
    ):
        raise wrong("Enter a valid URL.")
    return found


def optional(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, but null is fine."""
    return lambda value: None if value is None else check(value)


def no_team(value: Any) -> Any:
    """Clients write null, "" and "null" for no team."""
    return None if value in (None, "", "null") else value


def items(value: Any) -> list[Any]:
    """A list of whatever.  Raises PydanticCustomError."""
    if value is None:
        raise wrong(NULL)
    if not isinstance(value, list):
        raise PydanticCustomError(
            "not_a_list", 'Expected a list of items but got type "{kind}".', {"kind": _kind(value)}
        )
    return value


def _kind(value: Any) -> str:
    return type(value).__name__


Flag = Annotated[bool, BeforeValidator(flag), WithJsonSchema({"type": "boolean"})]


def written(at: datetime) -> str:
    """`2024-08-15T18:05:36.801215Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[
    datetime,
    PlainSerializer(written, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
