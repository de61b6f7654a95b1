"""Every operation that the API declares, to be tried with something wrong."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2

from api.body import MAX_BODY
from api.call import PREFIX
from api.resource import Operation
from api.routes import RESOURCES
from tests.api.service import Service

OPERATIONS: tuple[Operation, ...] = tuple(
    operation for resource in RESOURCES for operation in resource.operations
)
WRITING = tuple(each for each in OPERATIONS if each.method != "GET")
TOO_LARGE = b" " * (MAX_BODY + 1)
TOO_LARGE_ANSWER = {"detail": "The request is larger than 1024 KiB."}


def name(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def path(operation: Operation, id_: str = "IXXXXXXXXXXXX") -> str:
    """Its path with this for every id."""
    return PREFIX + re.sub(r"\{\w+\}", lambda _: id_, operation.path) + "/"


class Stranger:
    """Sends anything, with any token or none."""

    def __init__(self, service: Service, token: str | None = None) -> None:
        self.http = httpx2.Client(base_url=service.url, timeout=30)
        self.token = token

    def __call__(
        self, operation: Operation, *, kind: str = "application/json", **more: Any
    ) -> httpx2.Response:
        headers = {} if self.token is None else {b"Authorization": self.token.encode()}
        if "content" in more:
            headers[b"Content-Type"] = kind.encode()
        return self.http.request(operation.method, path(operation), headers=headers, **more)


def chunks(body: bytes) -> Iterator[bytes]:
    """A body whose length nobody says."""
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


def is_plain(content: Any) -> bool:
    """Whether clients can read it as an error: objects, lists and texts."""
    if isinstance(content, dict):
        return all(is_plain(item) for item in content.values())
    if isinstance(content, list):
        return all(is_plain(item) for item in content)
    return isinstance(content, str)
