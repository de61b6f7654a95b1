"""Lets in only who came by our own address: no page from elsewhere may drive the sandbox."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PAGE_LINK = "/page/link"


class Guard:
    """Checks `Host` (a name that leads here is not enough) and what a browser says of a page.

    `Origin` comes with whatever could do harm, `Sec-Fetch-Site` also with pictures, scripts and
    frames; from elsewhere only a link may lead here.  A bot sends neither.
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
        ours = [f"http://{host}" for host in hosts]
        if port == "80":  # browsers leave it out
            ours += ["http://127.0.0.1", "http://localhost"]
        if any(origin not in ours for origin in origins) or is_foreign(headers):
            return "Pages from elsewhere may not use this sandbox."
        if scope["path"] == PAGE_LINK and not origins:
            return "Only the sandbox's own page may use this connection."
        return None


def is_foreign(headers: Headers) -> bool:
    """Whether a page from elsewhere loads this for itself, rather than leads somebody here."""
    if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
        return False
    leads = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"))
    return leads != ("navigate", "document")
