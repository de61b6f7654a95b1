"""A workspace with a bot in it that somebody tries out, and starts over as often as they like."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from sandbox.host import Tokens
from sandbox.page.time import Time
from sandbox.server import Sandbox
from sandbox.shapes import NotPossible

logger = logging.getLogger("sandbox.trial")

LEAVE_SECONDS = 2.0  # for the connections of a bot that was stopped, and for a start that hangs


class Bot(Protocol):
    """A bot that was started on nothing, and is forgotten with everything when it is stopped."""

    @property
    def time(self) -> Time: ...

    def stop(self) -> None:
        """Within a second or two; what it is still sending may be lost."""


class Trial:
    """Use it in a `with` statement; OSError there means that the port cannot be had.

    `start_bot` starts a bot that does not know of any other, and returns when it knows
    who is in the workspace.  `answer_seconds` is how long it may take over what a person does.
    """

    def __init__(
        self,
        manifest: Path,
        start_bot: Callable[[Sandbox], Bot],
        port: int = 0,
        *,
        answer_seconds: float = 3.0,
        connect_seconds: float = 15.0,
    ) -> None:
        self.box = Sandbox(
            manifest=manifest,
            port=port,
            ack_seconds=answer_seconds,
            trigger_seconds=answer_seconds,
        )
        self.asked = 0  # how often to start over
        self._served = 0  # how many of these have got what they asked for
        self._start_bot = start_bot
        self._connect_seconds = connect_seconds
        self._bot: Bot | None = None
        self._counting = threading.Lock()
        self._changing = threading.Lock()

    def start_over(self) -> None:
        """Empty the workspace and put a new bot in.  Who asks while that is done waits for it.

        Raises NotPossible if the new bot does not start; then one can ask again.
        """
        with self._counting:
            self.asked += 1
            number = self.asked
        with self._changing:
            if number > self._served:
                self._remove_bot()
                self.box.empty()
                self._add_bot()
                self._served = self.asked

    def __enter__(self) -> Self:
        self.box.start()
        try:
            self._add_bot()
        except BaseException:
            self.box.stop()
            raise
        self.box.page.start_over = self.start_over
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.box.page.start_over = None
        self._changing.acquire(timeout=LEAVE_SECONDS)  # and never let go: nothing starts any more
        try:
            self._remove_bot()
        finally:
            self.box.stop()

    def _add_bot(self) -> None:
        try:
            self._bot = self._start_bot(self.box)
            self.box.wait_connected(timeout=self._connect_seconds)
        except Exception as error:
            self._remove_bot()
            raise NotPossible(f"The bot does not start: {error}") from error
        self.box.page.time = self._bot.time

    def _remove_bot(self) -> None:
        self.box.page.time = None
        bot, self._bot = self._bot, None
        if bot is None:
            return
        try:
            bot.stop()
        except Exception:  # the next one must have its chance
            logger.exception("the bot did not stop as it should")
        # What is still on its way from it, or comes late, is refused.
        tokens = self.box.host.tokens
        tokens.bot, tokens.app = Tokens().bot, Tokens().app
        self.box.drop()
        self.box.wait(lambda: not self.box.sockets.connections, LEAVE_SECONDS)
