"""Reads what was typed after /escalate: `@bob @carol! db is down`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.views.chosen import MAX_PEOPLE, NOBODY, Chosen
from bot.views.text import escape, unescape

USAGE = (
    "*How to page:* `/escalate @bob @carol! db is down`. People first, then what is wrong. "
    "A `!` after a name pages by that person's important rules. Or fill in the form below."
)
LEFT_OUT_LENGTH = 2_500  # characters of what did not fit that are shown

# With `should_escape` Slack sends people as <@U123|bob>, and real <, > and & escaped.
PERSON = re.compile(r"[\s,:]*<@(?P<id>[UW][A-Z0-9]+)(?:\|[^>]*)?>(?P<important>!*)(?=[\s,:<]|$)")
SPECIAL = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")


@dataclass(frozen=True)
class Typed:
    """What was typed: people, message, and what did not fit into the form."""

    message: str = ""
    chosen: Chosen = NOBODY
    left_out: str = ""
    people_left_out: tuple[str, ...] = ()
    asks_for_help: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What to say above the form, as mrkdwn."""
        found = [USAGE] if self.asks_for_help else []
        if self.people_left_out:
            names = " ".join(f"<@{id_}>" for id_ in self.people_left_out)
            found.append(f"{MAX_PEOPLE} people fit. Page these later, with Responders: {names}")
        if self.left_out:
            shown = escape(self.left_out)
            if len(shown) > LEFT_OUT_LENGTH:
                shown = escape(self.left_out[: LEFT_OUT_LENGTH // 5]) + " …"
            found.append(
                f"Your text is too long: its last {len(self.left_out):,} characters are not in "
                f"the message. They are:\n{shown}"
            )
        return tuple(found)


def parse(text: str, *, limit: int, name_of: Callable[[str], str | None]) -> Typed:
    """Read the command's text.

    Mentions before the first other word are people.  Later ones become text, with the
    names that `name_of` knows by Slack id.  `limit` is how long a message may be.
    """
    people: dict[str, bool] = {}
    at = 0
    while match := PERSON.match(text, at):
        people[match["id"]] = people.get(match["id"], False) or bool(match["important"])
        at = match.end()
    rest = text[at:].lstrip(" \t\r\n,:") if people else text
    message = readable(rest, name_of).strip()
    chosen = tuple(people)[:MAX_PEOPLE]
    fits = cut(message, limit)
    return Typed(
        message=fits.rstrip(),
        chosen=Chosen(chosen, frozenset(id_ for id_ in chosen if people[id_])),
        left_out=message[len(fits) :].strip(),
        people_left_out=tuple(people)[MAX_PEOPLE:],
        asks_for_help=not people and message.lower() == "help",
    )


def cut(text: str, limit: int) -> str:
    """As much of the text as fits; Slack counts as JavaScript does, an emoji as two."""
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")


def mentioned(text: str) -> tuple[str, ...]:
    """Slack ids of everybody mentioned anywhere in the text."""
    return tuple(dict.fromkeys(re.findall(r"<@([UW][A-Z0-9]+)", text)))


def readable(text: str, name_of: Callable[[str], str | None]) -> str:
    """Slack's markup as people would read it, which is as they typed it."""

    def shown(match: re.Match[str]) -> str:
        target, label = match["target"], match["label"]
        if target.startswith("@"):
            return "@" + (label or name_of(target[1:]) or target[1:])
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return "@" + (label or target[1:].split("^")[0]).removeprefix("@")
        return label or target

    return unescape(SPECIAL.sub(shown, text))
