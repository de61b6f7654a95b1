"""Checks a value that a page sends for an element: only what its screen can offer goes through."""

import re
from datetime import date

from sandbox import state
from sandbox.blocks.elements import OPTION
from sandbox.choices import options_of
from sandbox.driver import Person
from sandbox.shapes import Json, NotPossible

LONGEST_TEXT = 3_000
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENTS = range(1_000_000_000, 10_000_000_000)
NOT_OFFERED = "This is not offered here"


def checked(person: Person, field: state.Field, value: Json) -> Json:
    """The value in the shape that travels; of what the page sent only the choice is kept."""
    if field.type == "button":
        return {}
    if field.type == "overflow":
        return {"selected_option": offered(field, value.get("selected_option"))}
    key, _, empty = state.VALUES[field.type]
    held = value.get(key)
    clean: Json = field.initial() | {"type": field.type}
    if isinstance(empty, list):
        if not isinstance(held, list):
            raise NotPossible(f"`{key}` must be a list")
        most = field.element.get("max_selected_items")
        if most is not None and len(held) > most:
            raise NotPossible(f"No more than {most} can be chosen")
        chosen = [one(person, field, each) for each in held]
        if any(each in chosen[:number] for number, each in enumerate(chosen)):
            raise NotPossible("Nothing can be chosen twice")
        return clean | {key: chosen}
    return clean | {key: None if held in (None, "") else one(person, field, held)}


def one(person: Person, field: state.Field, held: object) -> object:
    """One choice, or what was typed."""
    kind = field.type.removeprefix("multi_")
    if kind in ("static_select", "checkboxes", "radio_buttons"):
        return offered(field, held)
    if kind == "external_select":
        if OPTION(held, ""):
            raise NotPossible(NOT_OFFERED)
        return held
    if kind == "datetimepicker":
        if not isinstance(held, int) or isinstance(held, bool) or held not in MOMENTS:
            raise NotPossible("This is no moment in time")
        return held
    if not isinstance(held, str):
        raise NotPossible("This must be a text")
    if kind == "users_select":
        return user(person, held)
    if kind in ("conversations_select", "channels_select"):
        return conversation(person, field, held)
    if kind == "datepicker":
        return day(held)
    if kind == "timepicker":
        if not TIME.fullmatch(held):
            raise NotPossible("This is no time of day")
        return held
    if kind == "rich_text_input":
        raise NotPossible("Nothing can be typed here")
    if len(held) > LONGEST_TEXT:
        raise NotPossible(f"Please enter at most {LONGEST_TEXT} characters")
    return held


def offered(field: state.Field, held: object) -> Json:
    """The option of the element that was meant, as the app wrote it."""
    wanted = held.get("value") if isinstance(held, dict) else None
    for option in options_of(field.element):
        if wanted is not None and option.get("value") == wanted:
            return option
    raise NotPossible(NOT_OFFERED)


def user(person: Person, held: str) -> str:
    found = person.host.workspace.users.get(held)
    if found is None or found.deleted:
        raise NotPossible(NOT_OFFERED)
    return held


def conversation(person: Person, field: state.Field, held: str) -> str:
    channel = person.host.workspace.channels.get(held)
    if channel is None or channel.archived or not person.can_see(channel):
        raise NotPossible(NOT_OFFERED)
    kinds = field.element.get("filter", {}).get("include")
    if field.type.endswith("channels_select"):
        kinds = ["public"]
    if kinds is not None and channel.kind not in kinds:
        raise NotPossible(NOT_OFFERED)
    return held


def day(held: str) -> str:
    try:
        if DATE.fullmatch(held):
            return date.fromisoformat(held).isoformat()
    except ValueError:
        pass
    raise NotPossible("This is no day of the calendar")
