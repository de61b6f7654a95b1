"""Reads the arguments of a Web API call, whichever way the client chose to send them."""

from email import message_from_bytes
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.shapes import ApiError, Json, read_json


async def read(request: Request) -> tuple[Json, str | None]:
    """The arguments and the token of a call: query, form, multipart or JSON."""
    arguments: Json = dict(request.query_params)
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    kind = content_type.split(";")[0].strip().lower()
    if body and kind == "application/json":
        arguments |= json_object(body)
    elif body and kind == "application/x-www-form-urlencoded":
        arguments |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif body and kind == "multipart/form-data":
        arguments |= multipart(content_type, body)
    elif body:
        raise ApiError("invalid_post_type")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        arguments.pop("token", None)
        return arguments, token.strip()
    return arguments, arguments.pop("token", None)


def json_object(body: bytes) -> Json:
    try:
        parsed = read_json(body)
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(parsed, dict):
        raise ApiError("json_not_object")
    # A null is the same as leaving the argument out.
    return {key: value for key, value in parsed.items() if value is not None}


def multipart(content_type: str, body: bytes) -> Json:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = message_from_bytes(head + body, policy=HTTP)
    arguments: Json = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            arguments[name] = content.decode()
    return arguments
