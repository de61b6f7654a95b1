"""Make text fit: Slack counts characters after `&`, `<` and `>` have been escaped."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.views.text import escape

SECTION_LENGTH = 3_000
NAME_LENGTH = 60
ISOLATE, POP = "\u2068", "\u2069"  # begin and end a piece with a direction of its own
ISOLATES = dict.fromkeys(range(0x2066, 0x206A))  # all such marks
# Unicode's classes of letters from right to left, and of what turns the direction.
TURNING = {"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "RLI", "LRI", "FSI"}

Shown = Callable[[str], str]


def size(text: str) -> int:
    """How long Slack finds it: UTF-16 units, in which most emoji count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """At most `limit` once escaped, visibly cut if it was longer; not escaped yet."""
    if _fitting(text, limit) == len(text):
        return text
    return text[: _fitting(text, limit - 1)].rstrip() + "…"


def split(text: str, limit: int = SECTION_LENGTH, shown: Shown = escape) -> list[str]:
    """The whole text as it is `shown`, in pieces of at most `limit`; no entity is cut in two.

    A piece ends with a line or a word if one ends in the second half of what fits.
    """
    pieces = []
    while text:
        end = _end(text, limit, shown)
        pieces.append(shown(text[:end]))
        text = text[end:]
    return [piece for piece in pieces if piece.strip()]  # Slack refuses a blank section


def cut(text: str, limit: int, shown: Shown = str) -> str:
    """The beginning of the text that counts at most `limit` as it is `shown`.

    It ends with a line rather than with a word, if one ends in the second half.
    """
    end = _end(text, limit, shown)
    line = text.rfind("\n", end // 2, end) if end < len(text) else -1
    return text[: line if line > 0 else end].rstrip()


def pack(lines: Iterable[str], limit: int = SECTION_LENGTH) -> Iterator[list[str]]:
    """Escaped lines in groups, each of which fits once it is joined by line ends."""
    group: list[str] = []
    used = 0
    for line in lines:
        if group and used + size(line) + 1 > limit:
            yield group
            group, used = [], 0
        used += size(line) + bool(group)
        group.append(line)
    if group:
        yield group


def called(name: str) -> str:
    """Somebody's name, escaped, and no longer than fits in a line."""
    return escape(short(name))


def short(name: str) -> str:
    """The same, not escaped yet.  One from right to left does not turn what stands around it."""
    if not any(unicodedata.bidirectional(char) in TURNING for char in name):
        return shorten(name, NAME_LENGTH)
    inside = shorten(name.translate(ISOLATES), NAME_LENGTH - len(ISOLATE + POP))
    return f"{ISOLATE}{inside}{POP}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """`Bob`, `Bob and Dave`, `Bob, Dave and 7 others`; the names are escaped here."""
    shown = [called(name) for name in names[:most]]
    rest = len(names) - len(shown)
    if rest:
        shown.append(f"{rest} others" if rest > 1 else "1 other")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _end(text: str, limit: int, shown: Shown) -> int:
    """Where to cut: after a line or a word if one ends in the second half of what fits."""
    end = _fitting(text, limit, shown)
    if end == len(text):
        return end
    blank = max(text.rfind("\n", end // 2, end), text.rfind(" ", end // 2, end))
    return blank + 1 if blank > 0 else end


def _fitting(text: str, limit: int, shown: Shown = escape) -> int:
    """How many characters of the text count at most `limit` as they are shown."""
    text = text[: max(limit, 0)]  # each counts at least one
    if size(shown(text)) <= limit:
        return len(text)
    for at, char in enumerate(text):
        limit -= size(shown(char))
        if limit < 0:
            return at
    return len(text)
