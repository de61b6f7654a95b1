"""Lets in only who came by our own address: no page from elsewhere may drive the sandbox."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PAGE_LINK = "/page/link"


class Guard:
    """Checks `Host` (a name that leads here is not enough) and, where there is one, `Origin`.

    A bot sends no `Origin`; a browser sends it with everything by which a page could do harm.
    """

    def __init__(self, app: ASGIApp, url: Callable[[], str]) -> None:
        self.app = app
        self.url = url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self.refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await PlainTextResponse(refusal + "\n", status_code=403)(scope, receive, send)

    def refusal(self, scope: Scope) -> str | None:
        port = self.url().rpartition(":")[2]
        hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        headers = Headers(scope=scope)
        given = headers.getlist("host")
        # Some clients leave the port out; the name is what counts.
        if len(given) != 1 or given[0] not in (*hosts, "127.0.0.1", "localhost"):
            return f"This sandbox answers only at {self.url()}."
        origins = headers.getlist("origin")
        if any(origin not in [f"http://{host}" for host in hosts] for origin in origins):
            return "Pages from elsewhere may not use this sandbox."
        if scope["path"] == PAGE_LINK and not origins:
            return "Only the sandbox's own page may use this connection."
        return None
