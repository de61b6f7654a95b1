"""A web server that takes webhooks."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from sandbox.workspace import PATIENCE


@dataclass(frozen=True)
class Hook:
    """One POST."""

    at: float
    path: str
    key: str
    body: dict[str, Any]


class Hooks:
    """Listens on 127.0.0.1.  While it is held its answers do not end: a byte now and then."""

    def __init__(self) -> None:
        self.received: list[Hook] = []
        self._let_go = threading.Event()
        self._let_go.set()
        self._came = threading.Condition()
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hooks.add(Hook(time.time(), self.path, self.headers["Idempotency-Key"], body))
                with suppress(OSError):  # whoever asked may have gone
                    self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nX-Slow: ")
                    while not hooks._let_go.wait(0.5):
                        self.wfile.write(b".")
                    self.wfile.write(b"\r\n\r\n")

            def log_message(self, *_: object) -> None:
                """Nothing: the tests look at what was received."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def add(self, hook: Hook) -> None:
        with self._came:
            self.received.append(hook)
            self._came.notify_all()

    @contextmanager
    def held(self) -> Iterator[None]:
        """In the block, whoever asks waits for the end of the answer."""
        self._let_go.clear()
        try:
            yield
        finally:
            self._let_go.set()

    def to(self, path: str) -> list[Hook]:
        return [hook for hook in list(self.received) if hook.path == path]

    def wait_for(self, path: str, count: int = 1, timeout: float = PATIENCE) -> Hook:
        """The `count`th POST to this path, as soon as it is there."""
        with self._came:
            came = self._came.wait_for(lambda: len(self.to(path)) >= count, timeout)
            assert came, f"{len(self.to(path))} came to {path}"
            return self.to(path)[count - 1]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._let_go.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
