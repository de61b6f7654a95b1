"""A Slack message before it is sent, and the blocks it is made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.views.fitting import pack, shorten, size, split
from bot.views.text import escape

Block = Mapping[str, Any]

HEADER_LENGTH = 150
LABEL_LENGTH = 75
UNTITLED = "Alert without text"
PLAIN_LENGTH = 3_800  # chat.update takes 4,000
# All the text of a message's blocks together.  Slack does not say how much it takes;
# it was seen to refuse 11,300 characters (slackapi/bolt-js#2509, #2867).
BLOCKS_LENGTH = 10_000


@dataclass(frozen=True)
class Message:
    """What to post.

    `text` is what push banners show and screen readers read: the essential, short.
    `plain` is all of it without blocks, sent when Slack refuses those.  A reply in a
    thread that `is_broadcast` is shown in the channel too.
    """

    text: str
    blocks: Sequence[Block] = ()
    plain: str = ""
    is_broadcast: bool = False


def header(title: str) -> Block:
    """Slack refuses an empty one."""
    return {"type": "header", "text": _plain(shorten(named(title), HEADER_LENGTH))}


def named(title: str) -> str:
    """The title in one line, or what is said in its place once it was removed."""
    return one_line(title) or UNTITLED


def one_line(text: str) -> str:
    return " ".join(text.split())


def section(mrkdwn: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}


def typed(text: str) -> Block:
    """What a person typed, none of it obeyed."""
    return {"type": "section", "text": _plain(text)}


def sections(text: str, marked: int) -> list[Block]:
    """The whole of what a person typed, over as many sections as it takes.

    3,000 times `&` are 15,000 characters once escaped, more than a message takes.  What
    is longer than `marked` then is shown as plain text, which needs no escaping; its
    links cannot be pressed.
    """
    pieces = split(text)
    if sum(map(size, pieces)) <= marked:
        return [section(piece) for piece in pieces]
    return [typed(piece) for piece in split(text, shown=str)]


def lines(written: Sequence[str]) -> list[Block]:
    """Escaped lines, over as many sections as it takes."""
    return [section("\n".join(group)) for group in pack(written)]


def context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]}


def actions(*elements: Block) -> Block:
    # No block id: Slack makes a new one at each edit, and so forgets what was chosen
    # in a select, which would else stand there as if it were in force.
    return {"type": "actions", "elements": list(elements)}


def button(
    label: str, action_id: str, value: str, *, about: str, style: str | None = None
) -> Block:
    """A button; `about` is the alert's title, which a screen reader adds to the label."""
    return {
        "type": "button",
        "text": _plain(label),
        "action_id": action_id,
        "value": value,
        "accessibility_label": shorten(f"{label}: {named(about)}", LABEL_LENGTH),
    } | ({"style": style} if style else {})


def select(placeholder: str, action_id: str, options: Sequence[tuple[str, str]]) -> Block:
    """A menu of (label, value)."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": _plain(placeholder),
        "options": [{"text": _plain(label), "value": value} for label, value in options],
    }


def link(url: str, label: str) -> str:
    return f"<{escape(url)}|{label}>"


def plain(*parts: str) -> str:
    """Escaped paragraphs as one text, cut where Slack would refuse it."""
    whole = "\n\n".join(part for part in parts if part)
    if len(whole) <= PLAIN_LENGTH:
        return whole
    cut = whole[:PLAIN_LENGTH]
    # Half an entity or half a link would be shown as it is, or worse.
    for opening, closing in ("&;", "<>"):
        if cut.rfind(opening) > cut.rfind(closing):
            cut = cut[: cut.rfind(opening)]
    return f"{cut}…"


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def length_of(blocks: Iterable[Block]) -> int:
    """How much text Slack counts in these header, section and context blocks."""
    texts = [block.get("text") or block["elements"][0] for block in blocks]
    return sum(size(text["text"]) for text in texts)
