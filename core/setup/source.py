"""A YAML file as pieces that know their lines.  Nothing is guessed of what a value may mean.

Every scalar is text: the key decides how it is read, so `no`, `1.0` and `18:00` are what
they look like.  Aliases, tags and several documents in one file are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml
from yaml import events

from core.setup.problems import Problem, Unfit

# libyaml's, where it is there, is ten times faster and marks the same lines.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST = 2 * 1024 * 1024  # bytes
DEEPEST = 10  # the format itself needs half of that
NULLS = {"null", "Null", "NULL", "~"}
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Scalar:
    """A single value, as it is written, without its quotes."""

    line: int
    text: str
    is_plain: bool  # without quotes

    @property
    def is_null(self) -> bool:
        return self.is_plain and self.text in NULLS

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written, or nothing but a comment."""
        return self.is_plain and not self.text


@dataclass(frozen=True)
class Listing:
    """A list."""

    line: int
    items: tuple["Piece", ...]


@dataclass(frozen=True)
class Mapping:
    """Keys with their values, in order; no key comes twice."""

    line: int
    items: tuple[tuple[Scalar, "Piece"], ...]


Piece = Scalar | Listing | Mapping


def read(content: bytes) -> Piece:
    """The file's one document.  Raises Unfit, with the lines of what cannot be read."""
    if len(content) > LARGEST:
        _refuse(1, f"The file has more than {LARGEST // 1024 // 1024} MiB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(content[: error.start].count(b"\n") + 1, "This is not UTF-8.")
    if odd := UNPRINTABLE.search(text):
        line = text[: odd.start()].count("\n") + 1
        _refuse(line, f"The character U+{ord(odd[0]):04X} has to be written as an escape.")
    try:
        return _Reader(yaml.parse(text, Loader=LOADER)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _refuse(mark.line + 1 if mark else 1, _words(error, text[mark.index :][:1] if mark else ""))
    except yaml.YAMLError as error:
        _refuse(1, f"This is not YAML: {error}.")


class _Reader:
    def __init__(self, stream: Iterator[Any]) -> None:
        self._stream = stream
        self._twice: list[Problem] = []

    def document(self) -> Piece:
        next(self._stream)  # the stream's start
        start = next(self._stream)
        if not isinstance(start, events.DocumentStartEvent):
            _refuse(1, "Nothing is written in this file.")
        found = self._piece(next(self._stream), depth=0)
        next(self._stream)  # the document's end
        after = next(self._stream)
        if isinstance(after, events.DocumentStartEvent):
            _refuse(_line(after), "A second document begins here: write one only.")
        if self._twice:
            raise Unfit(self._twice)
        return found

    def _piece(self, event: Any, *, depth: int) -> Piece:
        line = _line(event)
        if isinstance(event, events.AliasEvent):
            _refuse(line, f"*{event.anchor} refers to another place: write it out here.")
        if event.anchor is not None:
            _refuse(line, f"&{event.anchor} is a mark for other places: leave it out.")
        if event.tag not in {None, "!"}:
            _refuse(line, f"The tag {event.tag} is not understood: leave it out.")
        if depth > DEEPEST:
            _refuse(line, "This is nested too deeply.")
        if isinstance(event, events.ScalarEvent):
            return Scalar(line, event.value, is_plain=event.style in {None, ""})
        if isinstance(event, events.SequenceStartEvent):
            return Listing(line, tuple(self._until(events.SequenceEndEvent, depth)))
        inside = list(self._until(events.MappingEndEvent, depth))
        pairs = zip(inside[::2], inside[1::2], strict=True)
        return Mapping(line, tuple(self._keyed(pairs)))

    def _until(self, end: type[Any], depth: int) -> Iterator[Piece]:
        while not isinstance(event := next(self._stream), end):
            yield self._piece(event, depth=depth + 1)

    def _keyed(self, pairs: Iterator[tuple[Piece, Piece]]) -> Iterator[tuple[Scalar, Piece]]:
        seen: dict[str, int] = {}
        for key, value in pairs:
            if not isinstance(key, Scalar):
                said = "A key has to be a single word or name."
                if isinstance(key, Mapping):
                    said += " Put a template, which begins with {{, in quotes."
                _refuse(key.line, said)
            if key.text in seen:
                said = f"{key.text} is written twice: it is in line {seen[key.text]} already."
                self._twice.append(Problem(key.line, said))
            seen[key.text] = key.line
            yield key, value


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _words(error: yaml.MarkedYAMLError, at: str) -> str:
    """`at` is the character at which it was found."""
    if at == "\t":
        return "Indent with spaces, not tabs."
    said = f"This is not YAML: {error.problem or error.context}."
    if "start any token" in said:
        said += " Put what begins with @, ` or % in quotes."
    elif "mapping values are not allowed" in said:
        said += " Put a name with a colon in it in quotes; check how far lines are indented."
    return said


def _refuse(line: int, said: str) -> NoReturn:
    raise Unfit([Problem(line, said)])
