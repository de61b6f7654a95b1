"""The SDK's client for Slack's Web API, with an end to every answer."""

import logging
from http.client import HTTPResponse
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from slack_sdk import WebClient

# The SDK's own lines hold what was sent and what came back.
quiet = logging.getLogger(f"{__name__}.sdk")
quiet.setLevel(logging.CRITICAL)

LARGEST = 20_000_000  # bytes of an answer
PIECE = 65_536


class BoundedClient(WebClient):
    """Gives up `timeout` seconds after the answer began, however slowly it drips in.

    The SDK's time-out is for each operation on the socket; and it leaves the socket
    open when the body cannot be read.  It repeats nothing and logs nothing.
    """

    def __init__(self, token: str, *, base_url: str, timeout: int) -> None:
        super().__init__(token, base_url=base_url, timeout=timeout, logger=quiet, retry_handlers=[])

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        if not url.lower().startswith(("http://", "https://")):
            raise ValueError("not a web address")  # urllib would open files, too
        handlers = [HTTPSHandler(context=self.ssl)]
        proxy = [ProxyHandler({"http": self.proxy, "https": self.proxy})] if self.proxy else []
        until = monotonic() + self.timeout
        try:
            response = build_opener(*proxy, *handlers).open(req, timeout=self.timeout)
        except HTTPError as error:
            response = error
        with response:
            body = _read(response, until)
        headers = dict(response.headers.items())
        return {"status": response.code, "headers": headers, "body": body}


def _read(response: HTTPResponse | HTTPError, until: float) -> str:
    pieces, length = [], 0
    while piece := response.read1(PIECE):
        pieces.append(piece)
        length += len(piece)
        if monotonic() > until:
            raise TimeoutError("the answer takes too long")
        if length > LARGEST:
            raise ValueError("the answer is too long")
    return b"".join(pieces).decode("utf-8", "replace")
