"""What is wrong, as every message shows it: its title, its text, and the link to its source.

A text that does not fit is cut where everybody sees it, with a link to the whole.
"""

from typing import Protocol
from urllib.parse import quote

from bot.views import message
from bot.views.fitting import cut, shorten, size
from bot.views.message import Block
from bot.views.text import escape
from core.channels import begins_with_title

MARKED_LENGTH = 6_000  # of what a person typed, as Slack counts it
CUT_LENGTH = 5_000  # what is left of a text that does not fit
CUT_LINE = 400  # the line that says so
TITLE_LENGTH = 1_000  # of a long title with its marks obeyed; else it is shown as it was typed
LINK_LENGTH = 2_000
PLAIN_TITLE = 600
PLAIN_LENGTH = 2_800  # title, text and link in a fallback, which holds other things too
LEAST_PLAIN = 500


class About(Protocol):
    """A story or a notice, as far as it is shown here."""

    @property
    def title(self) -> str: ...

    @property
    def message(self) -> str: ...

    @property
    def source_url(self) -> str | None: ...


def whole_url(public_url: str | None, alert_group_id: str) -> str | None:
    """Where the whole message can be read; None when nobody said where we can be reached."""
    return f"{public_url}g/{alert_group_id}?whole=1" if public_url else None


def show(about: About, *, whole: str | None, room: int) -> list[Block]:
    """Header, title, text and source in blocks whose text counts at most `room`."""
    top = [message.header(about.title), *_long_title(about)]
    end = _source(about.source_url)
    left = room - message.length_of([*top, *end])
    return [*top, *_text(about, whole, min(left, MARKED_LENGTH)), *end]


def plain(about: About, *, whole: str | None) -> list[str]:
    """The same as escaped paragraphs, for a message without blocks."""
    title = (
        ""
        if begins_with_title(about.title, about.message)
        else escape(shorten(about.title, PLAIN_TITLE))
    )
    source = source_link(about.source_url)
    text = escape(about.message)
    room = max(PLAIN_LENGTH - size(title) - size(source), LEAST_PLAIN)
    if size(text) > room:
        head = cut(about.message, room - CUT_LINE, escape)
        text = f"{escape(head)}\n{_cut_line(about.message, head, whole)}"
    return [title, text, source]


def source_link(url: str | None) -> str:
    """A link that nothing in the URL can break out of; empty without one, or if it is too long."""
    if not _is_web(url):
        return ""
    made = message.link(_safe(url or ""), "Source")
    return made if size(made) <= LINK_LENGTH else ""


def _long_title(about: About) -> list[Block]:
    """The whole title, where the header is too short for it and the text does not begin with it."""
    title = message.one_line(about.title)
    fits = shorten(title, message.HEADER_LENGTH) == title
    if fits or begins_with_title(about.title, about.message):
        return []
    return message.sections(title, TITLE_LENGTH)


def _text(about: About, whole: str | None, room: int) -> list[Block]:
    text = _without_title(about)
    if len(text) <= room and size(text) <= room:
        return message.sections(text, room)
    head = cut(text, min(CUT_LENGTH, room - CUT_LINE))
    return [
        *message.sections(head, room - CUT_LINE),
        message.context(_cut_line(text, head, whole)),
    ]


def _without_title(about: About) -> str:
    """The message, without its first line where the header is that line.

    A header shows marks as they were typed, and its links cannot be pressed: then the
    line is repeated.
    """
    first, _, rest = about.message.partition("\n")
    said = first.strip() == shorten(about.title, message.HEADER_LENGTH)
    marked = any(mark in first for mark in ("://", "*", "_", "~", "`"))
    return rest.lstrip("\n") if said and not marked else about.message


def _cut_line(text: str, head: str, whole: str | None) -> str:
    """`… cut here: 1,234 more characters.`, and where all of it is."""
    more = len(text) - len(head)
    said = f"… cut here: {more:,} more character{'s' if more > 1 else ''}"
    return (
        f"{said}. {message.link(whole, 'Whole message')}" if whole else f"{said} of {len(text):,}."
    )


def _source(url: str | None) -> list[Block]:
    if made := source_link(url):
        return [message.context(made)]
    # A link of so many `&` that it grows beyond what Slack takes can still be copied.
    if not _is_web(url):
        return []
    written = _safe(url or "")
    shown = cut(written, LINK_LENGTH)
    return [message.typed(f"Source: {shown}{'…' if shown != written else ''}")]


def _is_web(url: str | None) -> bool:
    return bool(url) and str(url).lower().startswith(("https://", "http://"))


def _safe(url: str) -> str:
    """The URL without anything that ends a link in Slack: white space, `<`, `>`, `|`."""
    return "".join(
        quote(char) if char.isspace() or not char.isprintable() or char in '<>|"' else char
        for char in url
    )
