"""A web server that takes webhooks."""

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Hook:
    """One POST."""

    at: float
    path: str
    key: str
    body: dict[str, Any]


class Hooks:
    """Listens on 127.0.0.1; `status` is what it answers."""

    def __init__(self) -> None:
        self.received: list[Hook] = []
        self.status = 200
        self._came = threading.Condition()
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hooks.add(Hook(time.time(), self.path, self.headers["Idempotency-Key"], body))
                self.send_response(hooks.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

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

    def wait_for(self, path: str, timeout: float = 5.0) -> Hook:
        """The first POST to this path, as soon as it is there."""

        def found() -> list[Hook]:
            return [hook for hook in self.received if hook.path == path]

        with self._came:
            assert self._came.wait_for(found, timeout), f"nothing came to {path}"
            return found()[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
