"""The values of a file read as what their key wants; what does not fit is remembered."""

import re
from collections import abc
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from core.reports import is_storable
from core.setup.problems import Problem
from core.setup.shape import Ref
from core.setup.source import Listing, Mapping, Piece, Scalar

Words = abc.Mapping[str, str]

DURATION = re.compile(r"(\d{1,10})(s|m|h|d)")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
NO_WORDS: Words = {}
ALIKE = 0.7  # less than that: `owner` would be `none`
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?Z?")


class Values:
    """Reads pieces.  Each wrong one adds a problem, and something harmless is returned."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, line: int, said: str) -> None:
        self.problems.append(Problem(line, said))

    def keys(
        self, piece: Piece, what: str, *, known: Iterable[str], meant: Words = NO_WORDS
    ) -> dict[str, Piece]:
        """The values of a mapping in which only these keys may be; nothing is an empty one.

        `meant` are other words for some of them.
        """
        words = list(known)
        found = {}
        for key, value in self.entries(piece, what):
            if key.text in words:
                found[key.text] = value
            else:
                other = meant.get(key.text)
                self.wrong(key.line, unknown(key.text, what, words, meant=other))
        return found

    def entries(self, piece: Piece, what: str) -> Iterator[tuple[Scalar, Piece]]:
        if isinstance(piece, Mapping):
            yield from piece.items
        elif not (isinstance(piece, Scalar) and piece.is_empty):
            self.wrong(piece.line, f"{what}: write keys with their values here, such as `key: x`.")

    def items(self, piece: Piece, what: str) -> tuple[Piece, ...]:
        """Of a list."""
        if isinstance(piece, Listing):
            return piece.items
        self.wrong(piece.line, f"{what}: write a list here, [] for an empty one.")
        return ()

    def text(
        self, piece: Piece, what: str, *, none: bool = False, blank: bool = False
    ) -> str | None:
        """A text; None is also what a wrong one comes to.  `blank`: white space does as well."""
        if not isinstance(piece, Scalar):
            self.wrong(piece.line, f"{what}: write a single value here.")
        elif piece.is_empty:
            hint = " For none write null." if none else ""
            said = f"{what}: nothing is written here; # begins a comment, so put #name in quotes."
            self.wrong(piece.line, said + hint)
        elif piece.is_null:
            if not none:
                self.wrong(piece.line, f"{what}: null is not possible here.")
        elif not (piece.text if blank else piece.text.strip()):
            self.wrong(piece.line, f"{what}: nothing is written between the quotes.")
        elif not is_storable(piece.text):
            self.wrong(piece.line, f"{what}: this holds a character that cannot be stored.")
        else:
            return piece.text
        return None

    def ref(self, piece: Piece, what: str) -> Ref | None:
        """A name, or null for none."""
        text = self.text(piece, what, none=True)
        return None if text is None else Ref(text, piece.line)

    def refs(self, piece: Piece, what: str) -> tuple[Ref, ...]:
        """A list of names."""
        found: dict[Ref, None] = {}
        for item in self.items(piece, what):
            text = self.text(item, what)
            if text is None:
                continue
            if Ref(text) in found:
                self.wrong(item.line, f"{what}: {shown(text)} is in this list already.")
            found[Ref(text, item.line)] = None
        return tuple(found)

    def flag(self, piece: Piece, what: str) -> bool:
        text = self.text(piece, what)
        if text not in {None, "true", "false"}:
            self.wrong(piece.line, f"{what}: write true or false.")
        return text == "true"

    def number(self, piece: Piece, what: str, *, least: int, most: int) -> int | None:
        """A whole number, or null for none."""
        text = self.text(piece, what, none=True)
        if text is None:
            return None
        if text.isascii() and text.isdecimal() and len(text) < 12 and least <= int(text) <= most:
            return int(text)
        self.wrong(piece.line, f"{what}: write a whole number from {least} to {most}.")
        return None

    def seconds(self, piece: Piece, what: str) -> int | None:
        """A duration, or null for none."""
        text = self.text(piece, what, none=True)
        if text is None:
            return None
        if match := DURATION.fullmatch(text):
            return int(match[1]) * SECONDS[match[2]]
        self.wrong(piece.line, f"{what}: write a time such as 90s, 5m, 2h or 1d.")
        return None

    def clock(self, piece: Piece, what: str) -> str | None:
        """A time of day (UTC) as HH:MM:SSZ, or null for none."""
        text = self.text(piece, what, none=True)
        if text is None:
            return None
        if match := CLOCK.fullmatch(text):
            return f"{match[1]}:{match[2]}:{match[3] or '00'}Z"
        self.wrong(piece.line, f"{what}: write a time of day in UTC, such as 08:00.")
        return None


def unknown(word: str, what: str, known: Iterable[str], *, meant: str | None = None) -> str:
    """What to say of a word that is not one of those that can stand there."""
    words = list(known)
    hint = did_you_mean(meant or near(word, words))
    return f"{what}: {shown(word)} is not understood.{hint} Possible are: {', '.join(words)}."


def near(word: str, known: Iterable[str]) -> str | None:
    """The one of these that was probably meant."""
    plain = {each.casefold().removeprefix("#").removeprefix("@"): each for each in known}
    wanted = word.casefold().removeprefix("#").removeprefix("@")
    found = get_close_matches(wanted, plain, n=1, cutoff=ALIKE)
    return plain[found[0]] if found else None


def did_you_mean(name: str | None) -> str:
    """The end of a sentence, if there is anything to ask."""
    return f" Did you mean {name}?" if name else ""


def shown(text: str) -> str:
    """A name in quotes, short enough for a sentence, and without what moves the cursor."""
    clean = "".join(char if char.isprintable() else " " for char in text)
    return f'"{clean[:60]}..."' if len(clean) > 63 else f'"{clean}"'


def duration(seconds: int) -> str:
    """As `Values.seconds` reads it, in the largest unit that leaves nothing over."""
    unit = next(unit for unit in "hms" if seconds % SECONDS[unit] == 0)
    return f"{seconds // SECONDS[unit]}{unit}"


def clock(written: str | None) -> str | None:
    """As `Values.clock` reads it: 08:00, with seconds only if there are any."""
    if written is None:
        return None
    time = written.removesuffix("Z")
    return time[:5] if time[5:] == ":00" else time
