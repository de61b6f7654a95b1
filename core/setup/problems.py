"""What is wrong with a file, and in which lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import TocsinError

MOST = 50  # that are listed at once


@dataclass(frozen=True, order=True)
class Problem:
    """Something that cannot be done as it is written, and what to do instead."""

    line: int
    said: str


class Unfit(TocsinError):
    """A file that cannot be applied, with everything that was found wrong in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__(self.told("line "))

    def told(self, place: str) -> str:
        """One problem a line; `place` is written before each line's number."""
        lines = [f"{place}{each.line}: {_plain(each.said)}" for each in self.problems[:MOST]]
        if len(self.problems) > MOST:
            lines.append(f"and {len(self.problems) - MOST} more.")
        return "\n".join(lines)


def _plain(said: str) -> str:
    """What a file says may be quoted, but must neither move the cursor nor begin a line."""
    return "".join(char if char.isprintable() else " " for char in said)
