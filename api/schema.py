"""JSON Schema as pydantic writes it, told in the older words of OpenAPI 3.0."""

from collections.abc import Mapping, Sequence
from typing import Any

REFERENCE = "#/components/schemas/{model}"
FLAT = frozenset({"string", "integer", "number", "boolean"})

# Of these the two say the same; whatever else comes is a word to be thought about.
SAME = frozenset(
    {
        "default",
        "deprecated",
        "description",
        "enum",
        "example",
        "format",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "nullable",
        "pattern",
        "required",
        "type",
        "uniqueItems",
    }
)


def reference(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=name)}


def is_flat(schema: Mapping[str, Any]) -> bool:
    """Whether a form can hold it: neither a list nor an object."""
    return schema.get("type") in FLAT


def older(schema: Mapping[str, Any], names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The same in OpenAPI 3.0.  `names` are new ones of shapes that are referred to.

    Raises ValueError for what it has no words for.
    """
    if "$ref" in schema:
        return _referring(schema, names or {})
    said: dict[str, Any] = {}
    for word, value in schema.items():
        if word == "title" or (word == "default" and value is None):  # null: may be left out
            continue
        if word == "type" and not isinstance(value, str):
            said |= _types(value)
        elif word == "type" and value == "null":
            said |= {"type": "string", "nullable": True}
        elif word == "const":
            said["enum"] = [value]
        elif word == "examples":
            said["example"] = value[0]
        elif word in {"exclusiveMinimum", "exclusiveMaximum"}:
            said |= {word.removeprefix("exclusive").lower(): value, word: True}
        elif word == "properties":
            said[word] = {key: older(each, names) for key, each in value.items()}
        elif word in {"items", "additionalProperties", "not"}:
            said[word] = older(value, names) if isinstance(value, Mapping) else value
        elif word in {"anyOf", "oneOf", "allOf"}:
            said |= _several(word, value, names)
        elif word in SAME:
            said[word] = value
        else:
            raise ValueError(f"OpenAPI 3.0 has no word for {word}")
    return said


def _referring(schema: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Beside a reference nothing is read, so whatever stands there gets a place above it."""
    name = schema["$ref"].rpartition("/")[2]
    to = reference(names.get(name, name))
    beside = {word: value for word, value in schema.items() if word not in {"$ref", "title"}}
    return beside | {"allOf": [to]} if beside else dict(to)


def _types(types: Sequence[str]) -> dict[str, Any]:
    others = [each for each in types if each != "null"]
    said: dict[str, Any] = {"nullable": True} if "null" in types else {}
    if len(others) == 1:
        return said | {"type": others[0]}
    return said | {"anyOf": [{"type": each} for each in others]}


def _several(
    word: str, choices: Sequence[Mapping[str, Any]], names: Mapping[str, str] | None
) -> dict[str, Any]:
    others = [older(each, names) for each in choices if each.get("type") != "null"]
    if len(others) == len(choices):
        return {word: others}
    if len(others) == 1 and "$ref" not in others[0]:
        return others[0] | {"nullable": True}
    return {"allOf" if len(others) == 1 else word: others, "nullable": True}
