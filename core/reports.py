"""What somebody says is wrong: checked, with its title made up where they gave none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from core.errors import Invalid
from core.models import MESSAGE_SIZE, SOURCE_URL_LENGTH, TITLE_LENGTH, User

TYPED_LENGTH = 3_000  # characters of a message typed into a form
HEADLINE = 150  # characters of its first line, which becomes the title


@dataclass(frozen=True)
class Report:
    """What is wrong.  `metadata` is kept as it was sent, for whoever reads the alert."""

    title: str
    message: str = ""
    source_url: str | None = None
    metadata: Mapping[str, Any] | None = None
    important: bool = False  # what routes can tell urgent escalations by
    uid: str = field(default_factory=lambda: str(uuid4()))


def typed(message: str) -> Report:
    """The report in what a person typed into a form: its first line is the title.

    Raises Invalid.
    """
    text = message.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid("Say what is wrong.", field="message")
    if len(text) > TYPED_LENGTH:
        raise Invalid(
            f"The message is {len(text):,} characters long; {TYPED_LENGTH:,} fit.",
            field="message",
        )
    return Report(title=_shorten(text.splitlines()[0].strip(), HEADLINE), message=text)


def check(report: Report) -> None:
    """Raises Invalid unless the report can be stored as it is."""
    for name, text in (("message", report.message), ("title", report.title)):
        if not is_storable(text):
            raise Invalid(f"The {name} holds a character that cannot be stored.", field=name)
    if not report.title.strip():
        raise Invalid("Say what is wrong.", field="title")
    if len(report.title) > TITLE_LENGTH:
        raise Invalid(f"The title has more than {TITLE_LENGTH} characters.", field="title")
    if len(report.message.encode()) > MESSAGE_SIZE:
        raise Invalid(f"The message has more than {MESSAGE_SIZE:,} bytes.", field="message")
    if len(report.source_url or "") > SOURCE_URL_LENGTH:
        raise Invalid(
            f"The URL has more than {SOURCE_URL_LENGTH:,} characters.", field="source_url"
        )


def payload(report: Report, username: str) -> dict[str, Any]:
    """The alert as clients of the API know it, and as routes match it."""
    oncall: dict[str, Any] = {
        "title": report.title,
        "message": report.message or None,
        "uid": report.uid,
        "author_username": username,
        "permalink": report.source_url,
        "important": report.important,
    }
    if report.metadata is not None:
        oncall["metadata"] = dict(report.metadata)
    return {"oncall": oncall}


def is_storable(text: str) -> bool:
    """Whether every database takes this text: no NUL, no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def name_for(thing: str, name: str, *, longest: int) -> str:
    """The name without white space around it.  Raises Invalid if no `thing` can have it."""
    name = name.strip()
    if not name:
        raise Invalid(f"Give the {thing} a name.", field="name")
    if len(name) > longest:
        raise Invalid(f"The name has more than {longest} characters.", field="name")
    if not is_storable(name):
        raise Invalid("The name holds a character that cannot be stored.", field="name")
    return name


def title_for(by: User, names: Sequence[str]) -> str:
    """What a page without a title is called: `ana is paging bob and carol to join escalation`."""
    who = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return _shorten(f"{by.username} is paging {who} to join escalation", TITLE_LENGTH)


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
