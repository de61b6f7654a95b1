"""The bricks the tables of Block Kit are made of: a check looks at a value and names its faults."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.shapes import Json


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where: a JSON pointer from the top of what was sent."""

    pointer: str
    message: str
    code: str = "failed_constraint"

    def text(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"

    def as_json(self) -> Json:
        return {"pointer": self.pointer, "code": self.code, "message": self.message}


Check = Callable[[Any, str], list[Fault]]


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> list[Fault]:
        if not isinstance(value, str):
            return [Fault(at, "must be a string")]
        if len(value) > most:
            return [Fault(at, f"must be less than {most + 1} characters")]
        if len(value) < least:
            return [Fault(at, f"must be more than {least - 1} characters")]
        return []

    return check


def matching(pattern: str, what: str) -> Check:
    def check(value: Any, at: str) -> list[Fault]:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return []
        return [Fault(at, f"must be {what}")]

    return check


def flag(value: Any, at: str) -> list[Fault]:
    return [] if isinstance(value, bool) else [Fault(at, "must be a boolean")]


def integer(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> list[Fault]:
        if not isinstance(value, int) or isinstance(value, bool):
            return [Fault(at, "must be an integer")]
        if not least <= value <= most:
            return [Fault(at, f"must be between {least} and {most}")]
        return []

    return check


def one_of(*words: str) -> Check:
    def check(value: Any, at: str) -> list[Fault]:
        return [] if value in words else [Fault(at, f"must be one of: {', '.join(words)}")]

    return check


def items(check_one: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> list[Fault]:
        if not isinstance(value, list):
            return [Fault(at, "must be an array")]
        if len(value) > most:
            return [Fault(at, f"no more than {most} items allowed")]
        if len(value) < least:
            return [Fault(at, f"no fewer than {least} items allowed")]
        return [
            fault
            for number, each in enumerate(value)
            for fault in check_one(each, f"{at}/{number}")
        ]

    return check


def shape(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *more: Check
) -> Check:
    """An object with these keys and no others; `more` look at it when its keys are right."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str) -> list[Fault]:
        if not isinstance(value, dict):
            return [Fault(at, "must be an object")]
        faults = [
            Fault(at, f"missing required field: {key}", "missing_field")
            for key in required
            if key not in value
        ]
        for key, each in value.items():
            if key not in known:
                faults.append(
                    Fault(at, f"invalid additional property: {key}", "additional_property")
                )
            else:
                faults += known[key](each, f"{at}/{key}")
        if not faults:
            for look in more:
                faults += look(value, at)
        return faults

    return check


def by_type(table: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check it has to pass."""

    def check(value: Any, at: str) -> list[Fault]:
        if not isinstance(value, dict):
            return [Fault(at, "must be an object")]
        if "type" not in value:
            return [Fault(at, "missing required field: type", "missing_field")]
        kind = value["type"]
        if not isinstance(kind, str) or kind not in table:
            return [Fault(f"{at}/type", f"unsupported type: {kind}", "unsupported_type")]
        return table[kind](value, at)

    return check


def exactly_one(*keys: str) -> Check:
    def check(value: Any, at: str) -> list[Fault]:
        given = [key for key in keys if key in value]
        if len(given) == 1:
            return []
        return [Fault(at, f"exactly one of {', '.join(keys)} is needed")]

    return check


def at_least_one(*keys: str) -> Check:
    def check(value: Any, at: str) -> list[Fault]:
        if any(key in value for key in keys):
            return []
        return [Fault(at, f"missing required field: {keys[0]}", "missing_field")]

    return check


def constant(word: str) -> Check:
    return one_of(word)


def plain_text(most: int, least: int = 1) -> Check:
    required = {"type": constant("plain_text"), "text": string(most, least)}
    return by_type({"plain_text": shape(required, {"emoji": flag})})


def any_text(most: int, least: int = 1) -> Check:
    """Plain text or mrkdwn."""
    plain = shape({"type": constant("plain_text"), "text": string(most, least)}, {"emoji": flag})
    marked = shape({"type": constant("mrkdwn"), "text": string(most, least)}, {"verbatim": flag})
    return by_type({"plain_text": plain, "mrkdwn": marked})


def only(table: Mapping[str, Check], names: Sequence[str]) -> dict[str, Check]:
    return {name: table[name] for name in names}
