"""The page as a program: one tab, which keeps what it hears as the real page does."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from time import monotonic
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import connect
from websockets.typing import Origin

from sandbox import Sandbox
from sandbox.shapes import Json

PATIENCE = 20.0


class Refused(Exception):
    """The sandbox answered with a sentence."""


class Tab:
    def __init__(self, box: Sandbox, name: str) -> None:
        self.url = f"{box.url.replace('http', 'ws', 1)}/page/link?as={name}"
        self._open = ExitStack()
        self.socket = self._open.enter_context(
            # It takes everything in at once, so that it can always say goodbye.
            connect(self.url, origin=Origin(box.url), max_size=None, max_queue=None)
        )
        # Everything but answers, in the order in which it came.
        self.heard: list[Json] = []
        self.now: Json = {}
        self.messages: dict[tuple[str, str], Json] = {}
        self.answers: dict[object, Json] = {}
        self._ids = count(1)
        self.wait(lambda: self.now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    @property
    def me(self) -> str:
        return str(self.now["me"])

    # What it shows

    def channel(self, name: str) -> Json:
        """A channel by name, or by `@name` the direct messages with somebody."""
        for each in self.now["channels"]:
            other = self.now["people"].get(each["with"], {}).get("name")
            if name in (each["name"], f"@{other}"):
                return dict(each)
        raise LookupError(name)

    def id(self, name: str) -> str:
        return str(self.channel(name)["id"])

    def person(self, name: str) -> Json:
        return next(each for each in self.now["people"].values() if each["name"] == name)

    @property
    def modal(self) -> Json:
        return dict(self.now["modals"][-1])

    def message(self, containing: str) -> Json:
        """The newest message with this in it, as soon as it is there."""
        found: list[Json] = []

        def there() -> bool:
            found[:] = [each for each in self.messages.values() if containing in json.dumps(each)]
            return bool(found)

        self.wait(there)
        return found[-1]

    # What it asks and hears

    def send(self, do: str, **details: object) -> int:
        number = next(self._ids)
        self.socket.send(json.dumps({"id": number, "do": do, **details}))
        return number

    def answer(self, number: int) -> Json:
        self.wait(lambda: number in self.answers)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise Refused(answer["error"])
        return dict(answer["result"])

    def ask(self, do: str, **details: object) -> Json:
        return self.answer(self.send(do, **details))

    def wait(self, predicate: Callable[[], object]) -> None:
        """Hear until this is true; TimeoutError if it does not come true."""
        until = monotonic() + PATIENCE
        while not predicate():
            self.hear(json.loads(self.socket.recv(timeout=until - monotonic())))

    def wait_for(self, name: str, predicate: Callable[[Any], object]) -> None:
        """Hear until this part of what it knows is so."""
        self.wait(lambda: predicate(self.now[name]))

    def hear(self, message: Json) -> None:
        kind = message["type"]
        if kind == "answer":
            self.answers[message["id"]] = message
            return
        self.heard.append(message)
        if kind == "start":
            self.now = {key: each for key, each in message.items() if key != "type"}
            self.now["calls"] = []
            self.messages.clear()
        elif kind == "messages":
            for each in message["messages"]:
                self.messages[each["channel"], each["ts"]] = each
            for each in message["gone"]:
                self.messages.pop((each["channel"], each["ts"]), None)
        elif kind == "phones":
            self.now["phones"] += message["rings"]
        elif kind == "traffic":
            self.now["calls"] += message["calls"]
        elif kind != "wait":
            self.now[kind] = message[kind]

    def kinds(self) -> list[str]:
        return [each["type"] for each in self.heard]
