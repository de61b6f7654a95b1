"""Takes payloads to the app, by socket or signed HTTP, and repeats events nobody acknowledged."""

import asyncio
import time
from asyncio import AbstractEventLoop, Task
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sandbox import events
from sandbox.shapes import Json, NotPossible, new_id
from sandbox.workspace import Delivered, Workspace

Kind = Literal["slash_commands", "interactive", "events_api"]

# When an event is taken there again: at once, after a minute, after five.
REDELIVERY_SECONDS = (0.0, 60.0, 300.0)


@dataclass(frozen=True)
class Ack:
    """The app's answer; `failure` says why there is none."""

    answer: Json | None = None
    failure: str | None = None
    may_repeat: bool = True

    def check(self, about: str = "") -> None:
        """Raises NotPossible, which says why nobody answered, and adds what is said about it."""
        if self.failure is None:
            return
        late = self.failure == "timeout"
        why = "The bot did not answer in time" if late else "The bot cannot be reached"
        raise NotPossible(f"{why}: {about}" if about else why)


@dataclass(frozen=True)
class Parcel:
    kind: Kind
    payload: Json
    attempt: int = 0
    retry_reason: str | None = None

    @property
    def takes_answer(self) -> bool:
        """Whether what the app puts into its acknowledgement is looked at."""
        if self.kind == "interactive":
            return self.payload["type"] in ("view_submission", "block_suggestion")
        return self.kind == "slash_commands"


class Way(Protocol):
    """A way to reach the app."""

    @property
    def is_open(self) -> bool: ...

    async def send(self, parcel: Parcel) -> Ack: ...


class Courier:
    def __init__(
        self,
        workspace: Workspace,
        ways: Sequence[Way],
        redelivery_seconds: Sequence[float] = REDELIVERY_SECONDS,
    ) -> None:
        self.workspace = workspace
        self.ways = ways
        self.redelivery_seconds = redelivery_seconds
        # Nothing reaches the app while this is set, whichever way.
        self.is_cut_off = False
        self._announced = 0  # events that the app has not heard of yet, and may still hear of
        self._under_way: set[Task[None]] = set()

    @property
    def is_idle(self) -> bool:
        """Whether the app has heard of every event, or never will."""
        return not self._announced

    def announce(self, event: Json, loop: AbstractEventLoop) -> None:
        """Let the event loop take an event there, and again if need be; from any thread."""
        with self.workspace.editing():
            self._announced += 1
        loop.call_soon_threadsafe(self._begin, event)

    def _begin(self, event: Json) -> None:
        task = asyncio.get_running_loop().create_task(self.deliver_event(event))
        self._under_way.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: Task[None]) -> None:
        self._under_way.discard(task)
        with self.workspace.editing():
            self._announced -= 1

    def give_up(self) -> None:
        """Nothing that was begun goes on."""
        for task in self._under_way:
            task.cancel()

    async def deliver(self, parcel: Parcel) -> Ack:
        """One attempt, by the first way that is open."""
        started = time.monotonic()
        open_ways = [way for way in self.ways if way.is_open and not self.is_cut_off]
        way = open_ways[0] if open_ways else None
        ack = Ack(failure="not_connected") if way is None else await way.send(parcel)
        with self.workspace.editing():
            if ack.answer and not parcel.takes_answer:
                what = parcel.payload["type"]
                self.workspace.problems.append(f"{what} takes no answer, got {sorted(ack.answer)}")
            self.workspace.delivered.append(
                Delivered(
                    at=time.time(),
                    kind=parcel.kind,
                    payload=parcel.payload,
                    attempt=parcel.attempt,
                    failure=ack.failure,
                    answer=ack.answer,
                    seconds=time.monotonic() - started,
                )
            )
        return ack

    async def deliver_event(self, event: Json) -> None:
        """An event, again and again until it is acknowledged or the attempts are used up."""
        payload = events.callback(
            self.workspace, event, event_id=new_id("Ev"), event_context=new_id("4-")
        )
        ack = await self.deliver(Parcel("events_api", payload))
        for attempt, seconds in enumerate(self.redelivery_seconds, start=1):
            if ack.failure is None or not ack.may_repeat:
                return
            await asyncio.sleep(seconds)
            ack = await self.deliver(Parcel("events_api", payload, attempt, ack.failure))
