"""What is looked at before anything is routed: the path itself; and the access log."""

import logging
import re
from time import perf_counter
from urllib.parse import quote, unquote_to_bytes

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.call import PREFIX
from api.errors import NOT_FOUND

logger = logging.getLogger("tocsin.access")

TOKEN = re.compile(rb"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
LEAKED = "A token does not belong in a URL, where logs keep it: revoke it and send it as a header."


class Edge:
    """Cuts one slash, refuses paths that only look like one of ours, and logs without the query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        written = scope.get("raw_path") or path.encode()
        if TOKEN.search(unquote_to_bytes(written + b"?" + scope.get("query_string", b""))):
            await JSONResponse({"detail": LEAKED}, 400)(scope, receive, send)
            return
        # An encoded slash is part of a word, not of the path; a line feed is part of nothing.
        if b"%2f" in written.lower() or not path.isprintable():
            await JSONResponse({"detail": NOT_FOUND}, 404)(scope, receive, send)
            return
        # A copy: uvicorn looks at its own to see whether a body may be sent.
        inner = dict(scope)
        if len(path) > 1 and path.endswith("/") and not path.endswith("//"):
            inner["path"] = path[:-1]
        if not path.startswith(PREFIX):
            await self._app(inner, receive, send)
            return
        begun, status = perf_counter(), 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(inner, receive, note)
        finally:
            caller = inner.get("caller")
            logger.info(
                "%s %s %s %.0f ms token %s",
                scope["method"],
                quote(path),  # a line of the log stays one line
                status,
                (perf_counter() - begun) * 1000,
                caller.token_id if caller else "-",
            )
