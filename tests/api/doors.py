"""Real sockets that are kept from test to test: to end a server takes longer than most tests."""

from threading import Condition
from typing import ClassVar

from starlette.types import ASGIApp, Receive, Scope, Send

from api.server import HttpServer

PATIENCE = 20.0  # seconds for what is still being answered


class Door:
    """A server on a port of its own, which serves one application after the other."""

    _free: ClassVar[list["Door"]] = []

    def __init__(self) -> None:
        self._application: ASGIApp | None = None
        self._answering = 0
        self._changed = Condition()
        server = HttpServer(self, host="127.0.0.1", port=0)
        server.start()
        self.url = f"http://127.0.0.1:{server.port}"

    @classmethod
    def open(cls, application: ASGIApp) -> "Door":
        """One that nobody uses, or a new one."""
        door = cls._free.pop() if cls._free else cls()
        door._application = application
        return door

    def close(self) -> None:
        """Returns once everything that was asked has been answered."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._answering, PATIENCE)
        self._application = None
        self._free.append(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        application = self._application
        assert application is not None, "asked after it was closed"
        self._count(1)
        try:
            await application(scope, receive, send)
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self._changed:
            self._answering += more
            self._changed.notify_all()
