"""The table of what the page may ask for, and the fields of a request, checked as they are read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.channels import Channel, Message
from sandbox.driver import Person
from sandbox.shapes import Json, NotPossible

if TYPE_CHECKING:
    from sandbox.page.tab import Tab

# What is left to do in a thread, because it waits for the bot.
Work = Callable[[], Json]


@dataclass(frozen=True)
class Picture:
    """An answer that is made when it leaves, so that it is never older than what was sent."""

    take: Work


Verb = Callable[["Tab", "Request"], Json | Work | Picture]
VERBS: dict[str, Verb] = {}

LONGEST_ID = 300
TS = re.compile(r"\d{10}\.\d{6}", re.ASCII)


def verb(name: str) -> Callable[[Verb], Verb]:
    """Registers what answers a request; it runs on the event loop, in the order of requests."""

    def register(run: Verb) -> Verb:
        VERBS[name] = run
        return run

    return register


@dataclass(frozen=True)
class Request:
    body: Json

    def text(self, name: str, *, most: int = LONGEST_ID) -> str:
        value = self.body.get(name)
        if not isinstance(value, str):
            raise NotPossible(f"`{name}` must be a text")
        if len(value) > most:
            raise NotPossible(f"This is too long: {most:,} characters at most")
        return value

    def optional(self, name: str) -> str | None:
        return None if self.body.get(name) is None else self.text(name)

    def flag(self, name: str, *, otherwise: bool | None = None) -> bool:
        value = self.body.get(name, otherwise)
        if not isinstance(value, bool):
            raise NotPossible(f"`{name}` must be true or false")
        return value

    def number(self, name: str, *, least: int, most: int, otherwise: int | None = None) -> int:
        value = self.body.get(name, otherwise)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise NotPossible(f"`{name}` must be a number from {least} to {most}")
        return value

    def object(self, name: str) -> Json:
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise NotPossible(f"`{name}` must be an object")
        return value

    def ts(self, name: str = "ts") -> str:
        value = self.text(name)
        if not TS.fullmatch(value):
            raise NotPossible(f"`{name}` must be the id of a message")
        return value

    def channel(self, person: Person) -> Channel:
        found = person.host.workspace.channels.get(self.text("channel"))
        if found is None or not person.can_see(found):
            raise NotPossible("There is no such channel here")
        return found

    def message(self, person: Person, ts: str = "ts") -> Message:
        channel = self.channel(person)
        found = person.host.workspace.messages[channel.id].get(self.ts(ts))
        if found is None or not person.can_read(found):
            raise NotPossible("The message is not there any more")
        return found
