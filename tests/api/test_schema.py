"""Shapes of pydantic's in the words of OpenAPI 3.0."""

from typing import Any

import pytest

from api.schema import is_flat, older

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("newer", "said"),
    [
        ({"type": ["string", "null"], "maxLength": 5}, TEXT | {"nullable": True, "maxLength": 5}),
        ({"type": ["string", "integer"]}, {"anyOf": [TEXT, {"type": "integer"}]}),
        ({"type": "null"}, TEXT | {"nullable": True}),
        ({"anyOf": [TEXT, {"type": "null"}], "default": None}, TEXT | {"nullable": True}),
        ({"anyOf": [TEXT, {"type": "integer"}]}, {"anyOf": [TEXT, {"type": "integer"}]}),
        ({"const": "Web", "type": "string"}, TEXT | {"enum": ["Web"]}),
        (TEXT | {"examples": ["a", "b"]}, TEXT | {"example": "a"}),
        (
            {"type": "integer", "exclusiveMinimum": 0},
            {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        ),
        ({"not": {"const": 0}}, {"not": {"enum": [0]}}),
        (
            {"type": "object", "properties": {"title": TEXT | {"title": "Title"}}, "title": "It"},
            {"type": "object", "properties": {"title": TEXT}},
        ),
        ({"items": {"const": 1}, "type": "array"}, {"items": {"enum": [1]}, "type": "array"}),
        ({"additionalProperties": True}, {"additionalProperties": True}),
        ({"$ref": "#/components/schemas/Old"}, {"$ref": "#/components/schemas/New"}),
        (
            {"$ref": "#/components/schemas/Old", "description": "It."},
            {"allOf": [{"$ref": "#/components/schemas/New"}], "description": "It."},
        ),
        (
            {"anyOf": [{"$ref": "#/components/schemas/Old"}, {"type": "null"}]},
            {"allOf": [{"$ref": "#/components/schemas/New"}], "nullable": True},
        ),
    ],
)
def test_the_same_in_older_words(newer: dict[str, Any], said: dict[str, Any]) -> None:
    assert older(newer, {"Old": "New"}) == said


def test_a_word_that_there_is_not_is_not_passed_on() -> None:
    with pytest.raises(ValueError, match="no word for prefixItems"):
        older({"type": "array", "prefixItems": [TEXT]})


@pytest.mark.parametrize(
    ("said", "flat"),
    [(TEXT, True), ({"type": "array"}, False), ({"allOf": []}, False), ({}, False)],
)
def test_what_a_form_can_hold(said: dict[str, Any], flat: bool) -> None:
    assert is_flat(said) is flat
