"""Reads what a request brought along: bounded, of a kind we know, and storable."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Message, Receive

from api.errors import Fault
from core.reports import is_storable

MAX_BODY = 1024 * 1024  # bytes
DEEPEST = 64  # objects in objects
MOST_FIELDS = 1_000

TOO_LARGE = f"The request is larger than {MAX_BODY // 1024} KiB."


async def read(receive: Receive, length: str | None) -> bytes:
    """The body.  Raises Fault when it is too large, and ConnectionError if it never ends."""
    if length is not None and length.isdecimal() and int(length[:20]) > MAX_BODY:
        raise Fault(413, TOO_LARGE)
    body = bytearray()
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the client has gone")
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise Fault(413, TOO_LARGE)
        if not message.get("more_body"):
            return bytes(body)


def parse(body: bytes, content_type: str | None) -> Any:
    """What the body says: JSON or a form, by its media type.  Raises Fault."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if not body and not kind:
        return {}
    if kind == "application/json" or kind.endswith("+json"):
        return _json(body)
    if kind == "application/x-www-form-urlencoded":
        return _form(body)
    raise Fault(415, f'Unsupported media type "{content_type or ""}" in request.')


def _json(body: bytes) -> Any:
    if not body.strip():
        return {}
    try:
        found = json.loads(body.decode(), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise Fault(400, f"JSON parse error - this is not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise Fault(400, "JSON parse error - it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Fault(400, f"JSON parse error - {error}") from None
    except ValueError:  # thousands of digits
        raise Fault(400, "JSON parse error - it holds a number that is too large") from None
    _check(found, 0)
    return found


def _refuse(constant: str) -> None:
    raise Fault(400, f"JSON parse error - {constant} is not JSON")


def _check(value: Any, depth: int) -> None:
    """No text that a database would refuse, wherever it hides."""
    if depth > DEEPEST:
        raise Fault(400, "JSON parse error - it is nested too deeply")
    if isinstance(value, str):
        if not is_storable(value):
            raise Fault(400, "JSON parse error - it holds a character that cannot be stored")
    elif isinstance(value, float):
        if value in (float("inf"), float("-inf")):  # 1e999
            raise Fault(400, "JSON parse error - it holds a number that is too large")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth + 1)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise Fault(400, "Malformed form.") from None
    if not all(is_storable(key) and is_storable(value) for key, value in pairs):
        raise Fault(400, "The form holds a character that cannot be stored.")
    return dict(pairs)
