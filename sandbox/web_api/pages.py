"""Cursor pagination, as the list methods share it."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from sandbox.shapes import ApiError, Json
from sandbox.web_api.registry import Call

Item = TypeVar("Item")


def page(
    call: Call, everything: Sequence[Item], *, default: int = 100, most: int = 1000
) -> tuple[Sequence[Item], Json]:
    """The page a call asks for, and the `response_metadata` that leads to the next one."""
    start = 0
    if cursor := call.text("cursor"):
        try:
            start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except (binascii.Error, ValueError):
            raise ApiError("invalid_cursor") from None
    limit = call.number("limit", default)
    if not 1 <= limit <= most:
        raise ApiError("invalid_limit")
    end = start + limit
    more = end < len(everything)
    following = base64.b64encode(f"next:{end}".encode()).decode() if more else ""
    return everything[start:end], {"next_cursor": following}
