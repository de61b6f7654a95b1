"""How the API says no, as openapi.json tells it."""

from collections.abc import Iterator, Mapping
from typing import Any

from api import schema
from api.body import TOO_LARGE
from api.errors import FORBIDDEN, KEY_REUSED, NO_TOKEN, NOT_FOUND, UNAVAILABLE
from api.resource import Operation
from core.errors import TooOften

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

SHAPES: Mapping[str, Any] = {
    "Detail": {
        "type": "object",
        "description": "What is wrong, in one sentence.",
        "required": ["detail"],
        "properties": {"detail": {"type": "string"}},
    },
    "Problems": {
        "type": "object",
        "description": "What is wrong about each field, or `detail`.",
        "additionalProperties": schema.reference("Said"),
        "example": {"field": ["This field is required."]},
    },
    "Said": {
        "description": "A text, or more of them in lists and objects.",
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": schema.reference("Said")},
            schema.reference("Problems"),
        ],
    },
}


def _refusal(about: str, *, shape: str = "Detail", example: str = "", **more: Any) -> Any:
    content: dict[str, Any] = {"schema": schema.reference(shape)}
    if example:
        content["example"] = {"detail": example}
    return {"description": about, "content": {JSON: content}} | more


def _seconds(about: str) -> Any:
    return {
        "description": about,
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    }


RESPONSES: Mapping[str, Any] = {
    "Invalid": _refusal("Something in the request is wrong.", shape="Problems"),
    "Forbidden": _refusal(
        f"No token, an unknown one (`{NO_TOKEN}`), or its user may not (`{FORBIDDEN}`).",
        example=FORBIDDEN,
    ),
    "NotFound": _refusal("There is no such thing.", example=NOT_FOUND),
    "TooLarge": _refusal("The request is too large.", example=TOO_LARGE),
    "UnknownKind": _refusal(
        f"The body is neither `{JSON}` nor `{FORM}`.",
        example='Unsupported media type "text/plain" in request.',
    ),
    "TooMany": _refusal(
        "This token has asked too often.",
        example=str(TooOften(12)),
        headers={
            "Retry-After": _seconds("Seconds to wait before the next request."),
            "RateLimit-Reset": _seconds("The same, under the name that OnCall gives it."),
        },
    ),
    "Unavailable": _refusal(
        "The database does not answer; nothing was done.",
        example=UNAVAILABLE,
        headers={"Retry-After": _seconds("Seconds to wait before the next try.")},
    ),
}


def of(operation: Operation) -> Iterator[tuple[str, Any]]:
    """Everything that it can be refused with, by status."""
    common = {400: "Invalid", 403: "Forbidden", 429: "TooMany", 503: "Unavailable"}
    if "{" in operation.path:
        common[404] = "NotFound"
    if operation.body is not None:
        common |= {413: "TooLarge", 415: "UnknownKind"}
    for status in sorted({*common, *operation.refusals}):
        said = operation.refusals.get(status)
        if status == 404 and said == NOT_FOUND:
            common[404], said = "NotFound", None
        if said is None:
            yield str(status), {"$ref": f"#/components/responses/{common[status]}"}
        else:
            shape = "Problems" if status == 400 else "Detail"
            example = {404: NOT_FOUND, 409: KEY_REUSED}.get(status, "")
            yield str(status), _refusal(said, shape=shape, example=example)
