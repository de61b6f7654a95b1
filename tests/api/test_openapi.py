"""openapi.json: valid, whole, and of some use to the generators of clients."""

from typing import Any

import httpx2
import pytest
import schemathesis

from api.openapi import document
from api.resource import Operation
from api.routes import RESOURCES
from tests.api.service import Service

OPERATIONS = [operation for resource in RESOURCES for operation in resource.operations]


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return document(RESOURCES, None)


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def said_of(whole: dict[str, Any], operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = whole["paths"][f"/{operation.path}/"][operation.method.lower()]
    return found


def test_the_document_is_openapi(whole: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(whole).validate()


def test_every_reference_leads_somewhere_and_every_shape_is_wanted(whole: dict[str, Any]) -> None:
    wanted = set(_references(whole))
    parts = whole["components"]
    there = {
        f"#/components/{kind}/{name}" for kind in ("schemas", "responses") for name in parts[kind]
    }
    assert wanted == there


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for each in value.values() for found in _references(each)]
    if isinstance(value, list):
        return [found for each in value for found in _references(each)]
    return []


def test_the_names_of_operations_are_their_own(whole: dict[str, Any]) -> None:
    names = [said_of(whole, operation)["operationId"] for operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert {"escalation", "alert_groups_list", "alert_groups_get"} <= set(names)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_operation_is_told_in_full(whole: dict[str, Any], operation: Operation) -> None:
    said = said_of(whole, operation)
    assert said["summary"]
    assert not said["summary"].endswith(".")
    assert f"Role: {operation.role.value}." in said["description"]
    assert {"400", "403", "429", "503"} <= set(said["responses"])
    for parameter in said.get("parameters", []):
        assert parameter["description"]
        if parameter["in"] == "path":
            assert parameter.get("example"), (
                f"{parameter['name']}: put its kind into api.openapi.IDS"
            )
            assert "404" in said["responses"]
    if operation.body is not None:
        assert {"413", "415"} <= set(said["responses"])
        content = said["requestBody"]["content"]
        assert content["application/json"]["example"] == operation.example


def test_anybody_may_read_it(small: Service) -> None:
    answer = httpx2.get(f"{small.url}/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == document(RESOURCES, None)
    assert answer.json()["servers"] == [{"url": "/api/v1"}]


def test_the_public_address_is_said() -> None:
    assert document(RESOURCES, "https://pager.example.com/tocsin/")["servers"] == [
        {"url": "https://pager.example.com/tocsin/api/v1"}
    ]


def test_every_field_of_a_body_is_explained(whole: dict[str, Any]) -> None:
    silent = {
        f"{name}.{field}"
        for name, shape in whole["components"]["schemas"].items()
        if name in _asked(whole)
        for field, said in shape.get("properties", {}).items()
        if not said.get("description")
    }
    assert silent == set()


def _asked(whole: dict[str, Any]) -> set[str]:
    """The names of the shapes that requests have."""
    schemas = whole["components"]["schemas"]
    todo = [
        reference
        for path in whole["paths"].values()
        for operation in path.values()
        for reference in _references(operation.get("requestBody"))
    ]
    found: set[str] = set()
    while todo:
        name = todo.pop().rpartition("/")[2]
        if name not in found:
            found.add(name)
            todo += _references(schemas[name])
    return found
