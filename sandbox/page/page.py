"""The open tabs, what they share, and what whoever starts the bot hooks in."""

import asyncio
import logging
from asyncio import AbstractEventLoop, Future, Task
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from sandbox import state
from sandbox.channels import Message
from sandbox.cutting import cut
from sandbox.driver import Person
from sandbox.host import Host
from sandbox.page import controls, files, forms, sight, talk  # noqa: F401 - they fill the table
from sandbox.page.clock import Clock
from sandbox.page.guard import PAGE_LINK
from sandbox.page.phones import Phones
from sandbox.page.tab import Tab
from sandbox.page.time import Time
from sandbox.page.traffic import Traffic
from sandbox.page.trouble import Trouble
from sandbox.page.unread import Marks
from sandbox.page.verbs import Work
from sandbox.shapes import Json, NotPossible

logger = logging.getLogger("sandbox.page")

THREADS = 32  # requests that may wait for the bot at once


class Page:
    """Set `time` to let the page move the bot's clock, `start_over` to let it empty everything."""

    def __init__(self, host: Host, trouble: Trouble) -> None:
        self.host = host
        self.trouble = trouble
        self.workspace = host.workspace
        self.marks = Marks(self.workspace)
        self.phones = Phones(self.workspace)
        self.traffic = Traffic(host)
        self.clock = Clock(self.workspace)
        self.start_over: Callable[[], None] | None = None
        self.is_starting_over = False
        self.times_started_over = 0
        self.tabs: list[Tab] = []
        self._chosen: dict[tuple[str, str, str], dict[state.Key, Json]] = {}
        self._waking = False
        self._following: Task[None] | None = None

    @property
    def time(self) -> Time | None:
        return self.clock.time

    @time.setter
    def time(self, time: Time | None) -> None:
        self.clock.time = time

    def routes(self) -> list[BaseRoute]:
        return [*files.routes(), WebSocketRoute(PAGE_LINK, self.endpoint)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self._loop: AbstractEventLoop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sandbox-page")
        try:
            yield
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def in_thread(self, work: Work) -> "Future[Json]":
        return self._loop.run_in_executor(self._threads, work)

    # Tabs

    async def endpoint(self, websocket: WebSocket) -> None:
        await websocket.accept()
        person = self.person(websocket.query_params.get("as", ""))
        if person is None:
            await websocket.close(1008, "There is nobody to be.")
            return
        ours = person.user.team_id == self.workspace.team_id
        if ours and self.workspace.manifest.messages_tab:
            # The direct messages with the bot are always in the list.
            self.workspace.direct(person.id, self.workspace.bot.id)
        tab = Tab(self, websocket, person)
        self._add(tab)
        try:
            await tab.run()
        finally:
            self._remove(tab)

    def person(self, name: str) -> Person | None:
        """The person of this name or id; else the first one there is to be, if any."""
        playable = [user for user in self.workspace.users.values() if sight.is_playable(user)]
        for user in playable:
            if name in (user.id, user.name):
                return Person(self.host, user.id)
        return Person(self.host, playable[0].id) if playable else None

    def _add(self, tab: Tab) -> None:
        with self.workspace.editing():
            self.tabs.append(tab)
            if len(self.tabs) > 1:
                return
            self.workspace.listeners.append(self.wake)
        self._following = self._loop.create_task(self.clock.follow(self.in_thread))

    def _remove(self, tab: Tab) -> None:
        with self.workspace.editing():
            self.tabs.remove(tab)
            if self.tabs:
                return
            self.workspace.listeners.remove(self.wake)
        if self._following is not None:
            self._following.cancel()

    def wake(self) -> None:
        """Something has changed; may be called from any thread, and often."""
        if not self._waking:
            self._waking = True
            self._loop.call_soon_threadsafe(self._wake_tabs)

    def _wake_tabs(self) -> None:
        self._waking = False
        for tab in self.tabs:
            tab.changed.set()

    async def close(self) -> None:
        """Cut every tab, at once."""
        for tab in self.tabs:
            cut(tab.websocket)

    def chosen_in(self, person: Person, message: Message) -> dict[state.Key, Json]:
        """What somebody has chosen so far in the elements of a message."""
        return self._chosen.setdefault((person.id, message.channel, message.ts), {})

    # Starting over

    def begin_starting_over(self) -> Work:
        start_over = self.start_over
        if start_over is None:
            raise NotPossible("This workspace cannot start over")
        with self.workspace.editing():
            self.is_starting_over = True
            self.times_started_over += 1

        def work() -> Json:
            try:
                start_over()
            except NotPossible:
                raise
            except Exception as error:
                logger.exception("starting over failed")
                raise NotPossible("Starting over failed; the log says why") from error
            finally:
                with self.workspace.editing():
                    self.is_starting_over = False
            return {}

        return work

    def clear(self) -> None:
        """Forget what was read, what rang, what was said and what was switched on."""
        with self.workspace.editing():
            self.marks.clear()
            self.phones.clear()
            self.traffic.clear()
            self.trouble.clear()
            self.clock.forget()
            self._chosen.clear()
