"""Keeps sockets to Slack open: replaces those that break, and those Slack wants replaced."""

import logging
from time import monotonic

from slack_bolt import App

from bot.link import Link, back_off
from bot.slack import Slack
from bot.socket_mode import Socket
from core.channels import ChannelError

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.25  # seconds
SPARE_AFTER = 65.0  # seconds before a second socket: Slack lets us open one a minute
STABLE = 30.0  # seconds after which a socket counts as good
LEAVING = 30.0  # seconds a replaced socket stays at most; Slack closes it sooner


class Sockets:
    """Slack sends each envelope to one of the open sockets; a second one is the spare.

    `door` calls Slack with the app-level token, which can do nothing but open sockets.
    """

    def __init__(
        self,
        app: App,
        door: Slack,
        link: Link,
        *,
        wanted: int = 2,
        spare_after: float = SPARE_AFTER,
    ) -> None:
        self._app = app
        self._door = door
        self._link = link
        self._wanted = wanted
        self._spare_after = spare_after
        self._sockets: list[Socket] = []
        self._leaving: list[tuple[Socket, float]] = []  # replaced, and until when they may stay
        self._tries = 0  # since a socket last proved stable
        self._opened = -spare_after
        self._not_before = 0.0

    def run(self) -> None:
        """Until the link is told to stop."""
        while not self._link.stopping.is_set():
            try:
                self.look()
            except Exception:  # this loop must live
                logger.exception("keeping sockets open failed")
            self._link.stopping.wait(LOOK_EVERY)

    def look(self) -> None:
        """Drop what is dead, open what is missing."""
        self._drop_dead()
        self._drop_replaced()
        live = [socket for socket in self._sockets if not socket.is_leaving]
        now = monotonic()
        if live and now - self._opened > STABLE:
            self._tries = 0
        wants_spare = len(live) < self._wanted and now - self._opened >= self._spare_after
        if (not live or wants_spare) and now >= self._not_before:
            self._open(now)
        elif live:
            self._release()
        self._link.turn(connected=bool(self._sockets))

    def wait_acknowledged(self, timeout: float) -> bool:
        """Whether every envelope that came has been answered within `timeout` seconds."""
        until = monotonic() + timeout
        return all(
            socket.wait_acknowledged(max(until - monotonic(), 0.0))
            for socket in [*self._sockets, *(each for each, _ in self._leaving)]
        )

    def close(self) -> None:
        while self._sockets:
            self._sockets.pop().close()
        while self._leaving:
            self._leaving.pop()[0].close()
        self._link.turn(connected=False)

    def _open(self, now: float) -> None:
        self._tries += 1
        self._opened = now
        try:
            url = self._door.read("apps.connections.open").get("url")
            if not isinstance(url, str) or not url.startswith(("ws://", "wss://")):
                raise ChannelError("Slack's answer makes no sense.")
            if not self._link.stopping.is_set():
                self._sockets.append(Socket(url, self._app))
        except (ChannelError, OSError) as error:
            logger.warning("no socket to Slack: %s", error)
            self._link.trouble = str(error)
            asked = getattr(error, "retry_in", None)
            wait = max(asked.total_seconds() if asked else 0.0, back_off(self._tries))
            self._not_before = monotonic() + wait
        else:
            # The first one that breaks may be replaced at once, not so the next ones.
            wait = back_off(self._tries - 1) if self._tries > 1 else 0.0
            self._not_before = monotonic() + wait

    def _drop_dead(self) -> None:
        for socket in [each for each in self._sockets if not each.is_open]:
            logger.info("a socket to Slack was closed")
            self._sockets.remove(socket)
            socket.close()

    def _release(self) -> None:
        """There is another one now for those that Slack wants to replace.

        They are left for Slack to close: an envelope that it sends while we close would be
        lost, and the person who waits for the answer would see an error.
        """
        for socket in [each for each in self._sockets if each.is_leaving]:
            self._sockets.remove(socket)
            self._leaving.append((socket, monotonic() + LEAVING))

    def _drop_replaced(self) -> None:
        for socket, until in list(self._leaving):
            if not socket.is_open or monotonic() >= until:
                self._leaving.remove((socket, until))
                socket.close()
