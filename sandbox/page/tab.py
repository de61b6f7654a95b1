"""One open page: takes its requests in order, and sends it what changed, at its own pace."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.driver import Person
from sandbox.page import sight
from sandbox.page.unread import Unread
from sandbox.page.verbs import VERBS, Picture, Request, Work
from sandbox.shapes import ApiError, Json, NotPossible, read_json

if TYPE_CHECKING:
    from sandbox.page.page import Page

logger = logging.getLogger("sandbox.page")

LARGEST_REQUEST = 200_000  # characters
MOST_AT_ONCE = 64  # requests taken before the answers to earlier ones were sent
NEWEST_CALLS = 200
POLICY_VIOLATION, TOO_BIG = 1008, 1009


class Tab:
    def __init__(self, page: "Page", websocket: WebSocket, person: Person) -> None:
        self.page = page
        self.websocket = websocket
        self.person = person
        self.workspace = person.host.workspace
        self.changed = asyncio.Event()
        self.changed.set()
        self.watching_from: int | None = None
        self._answers: list[Json] = []
        self._free = asyncio.Semaphore(MOST_AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        # What was sent last, to send only what is different.
        self._sent: Json = {}
        self._started: int | None = None
        # Who comes in the middle of it is told to wait, too.
        self._times_started_over = page.times_started_over - page.is_starting_over
        self._touched = 0
        self._rings = 0
        self._unread = Unread(person, page.marks)

    async def run(self) -> None:
        """Until the page goes away, or breaks the rules."""
        sides = [
            asyncio.create_task(self._receive_requests()),
            asyncio.create_task(self._send_news()),
        ]
        try:
            await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for side in sides:
                side.cancel()
            for ended in await asyncio.gather(*sides, return_exceptions=True):
                if isinstance(ended, Exception) and not self._is_farewell(ended):
                    logger.error("a tab broke", exc_info=ended)

    def _is_farewell(self, error: Exception) -> bool:
        """Whether this is only how a connection ends, by their hand or ours."""
        closed = self.websocket.application_state is WebSocketState.DISCONNECTED
        return closed or isinstance(error, WebSocketDisconnect)

    # What the page asks

    async def _receive_requests(self) -> None:
        while True:
            await self._free.acquire()
            received = await self.websocket.receive()
            if received["type"] == "websocket.disconnect":
                return
            text = received.get("text") or ""
            if len(text) > LARGEST_REQUEST:
                await self.websocket.close(TOO_BIG, "This request is too large.")
                return
            body = request_in(text)
            if body is None:
                await self.websocket.close(POLICY_VIOLATION, "This is not a request.")
                return
            self._begin(body)

    def _begin(self, body: Json) -> None:
        """Do what can be done at once; what waits for the bot goes on in a thread."""
        try:
            if self.page.is_starting_over:
                raise NotPossible("The workspace is starting over")
            wanted = body.get("do")
            run = VERBS.get(wanted) if isinstance(wanted, str) else None
            if run is None:
                raise NotPossible("The sandbox does not know this request")
            done = run(self, Request(body))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the page is answered
            self._answer(body, error=sentence_for(error))
            return
        if not callable(done):
            self._answer(body, result=done)
            return
        task = asyncio.get_running_loop().create_task(self._finish(body, done))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _finish(self, body: Json, work: Work) -> None:
        try:
            result = await self.page.in_thread(work)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the page is answered
            self._answer(body, error=sentence_for(error))
        else:
            self._answer(body, result=result)

    def _answer(self, body: Json, **outcome: object) -> None:
        self._answers.append({"type": "answer", "id": body["id"], **outcome})
        self.changed.set()

    # What the page is sent

    async def _send_news(self) -> None:
        while True:
            await self.changed.wait()
            self.changed.clear()
            waiting, self._answers = self._answers, []
            # First what changed: a page that has its answer shall see what it did.
            with self.workspace.changed:
                news = list(self._news())
                answers = [taken(each) for each in waiting]
            for message in (*news, *answers):
                await self.websocket.send_text(json.dumps(message))
            for _ in answers:
                self._free.release()

    def _news(self) -> Iterator[Json]:
        if self._times_started_over != self.page.times_started_over:
            self._times_started_over = self.page.times_started_over
            self._started = None
            yield {"type": "wait", "text": "Starting over ..."}
        if self.page.is_starting_over:
            return
        if self._started != self.workspace.times_forgotten:
            yield self._start()
            return
        channels = self._messages_since()
        whole = self._whole()
        for name in ("people", "channels"):
            yield from self._if_changed(name, whole[name])
        if channels["messages"] or channels["gone"]:
            yield {"type": "messages", **channels}
        for name in ("modals", "home", "time", "trouble"):
            yield from self._if_changed(name, whole[name])
        rings = self.page.phones.since(self._rings)
        if rings:
            self._rings = rings[-1]["id"]
            yield {"type": "phones", "rings": rings}
        yield from self._calls()

    def _start(self) -> Json:
        self._started = self.workspace.times_forgotten
        self._touched = len(self.workspace.touched)
        self._unread = Unread(self.person, self.page.marks)
        self._sent = self._whole()
        rings = self.page.phones.since(0)
        self._rings = rings[-1]["id"] if rings else 0
        return {
            "type": "start",
            "me": self.person.id,
            **sight.features(self.person),
            **self._sent,
            "time": self.page.clock.shown(),
            "phones": rings,
            "may_start_over": self.page.start_over is not None,
        }

    def _whole(self) -> Json:
        """What is sent as a whole, as it is now."""
        return {
            "people": sight.people(self.workspace),
            "channels": [
                sight.channel(self.person, each) | self._unread.count(each)
                for each in sight.channels(self.person)
            ],
            "modals": sight.modals(self.person),
            "home": sight.home(self.person),
            "time": self.page.clock.changes,
            "trouble": self.page.trouble.switches(),
        }

    def _if_changed(self, name: str, now: object) -> Iterator[Json]:
        if self._sent[name] != now:
            self._sent[name] = now
            yield {"type": name, name: self.page.clock.shown() if name == "time" else now}

    def _messages_since(self) -> Json:
        """The messages this person can see that are new, changed, or gone."""
        fresh = dict.fromkeys(self.workspace.touched[self._touched :])
        self._touched = len(self.workspace.touched)
        messages: dict[tuple[str, str], Json] = {}
        gone = []
        for channel_id, ts in fresh:
            self._unread.forget(channel_id)
            message = self.workspace.messages[channel_id][ts]
            if not self.person.can_see(self.workspace.channels[channel_id]):
                continue
            root = None
            if message.is_reply and message.ephemeral_to is None:
                root = self.workspace.find_message(channel_id, message.thread_ts or "")
            if message.deleted and message.ephemeral_to in (None, self.person.id):
                gone.append({"channel": channel_id, "ts": ts})
            # A root counts its replies, so it has changed too.
            for each in filter(None, (root, message)):
                if self.person.can_read(each):
                    shown = sight.message(self.workspace, each)
                    messages[channel_id, each.ts] = shown
        return {"messages": list(messages.values()), "gone": gone}

    def _calls(self) -> Iterator[Json]:
        if self.watching_from is None:
            return
        calls = self.page.traffic.since(self.watching_from, most=NEWEST_CALLS)
        if calls:
            self.watching_from = calls[-1]["id"]
            yield {"type": "traffic", "calls": calls}


def taken(answer: Json) -> Json:
    """An answer with what it shows as it is now."""
    picture = answer.get("result")
    if not isinstance(picture, Picture):
        return answer
    head = {"type": answer["type"], "id": answer["id"]}
    try:
        return head | {"result": picture.take()}
    except NotPossible as error:
        return head | {"error": sentence_for(error)}


def request_in(text: str) -> Json | None:
    """The request in a frame; None if it is nothing that could be answered."""
    try:
        body = read_json(text)
    except ValueError:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("id"), str | int):
        return None
    return body


def sentence_for(error: Exception) -> str:
    """What a person is told."""
    if isinstance(error, ApiError):
        return f"The workspace refused this: {error.error}."
    if not isinstance(error, NotPossible):
        logger.error("a request failed", exc_info=error)
        return "Something went wrong in the sandbox; its log says what."
    text = str(error)
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
