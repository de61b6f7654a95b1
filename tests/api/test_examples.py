"""The examples of openapi.json, each sent as it stands: whatever people copy works."""

import json

import pytest

from api.openapi import document
from api.resource import Operation
from api.routes import RESOURCES
from tests.api.samples import prepare, real
from tests.api.service import Service

WHOLE = document(RESOURCES, None)
OPERATIONS = [operation for resource in RESOURCES for operation in resource.operations]
FILTERS = [
    (operation, each.name, each.example)
    for operation in OPERATIONS
    for each in operation.filters
    if each.example is not None
]
BEFORE = {"unacknowledge": "acknowledge", "unresolve": "resolve", "unsilence": "silence"}


def named(value: object) -> str:
    return f"{value.method} {value.path}" if isinstance(value, Operation) else str(value)


def path_of(operation: Operation, ids: dict[str, str]) -> str:
    """Under /api/v1/, with the examples of its ids."""
    said = WHOLE["paths"][f"/{operation.path}/"][operation.method.lower()]
    path = f"{operation.path}/"
    for parameter in said.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
    return real(path, ids)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_example_works(small: Service, operation: Operation) -> None:
    ids = prepare(small)
    path = path_of(operation, ids)
    client = small.client()
    undone = BEFORE.get(operation.path.rpartition("/")[2])
    if undone is not None:
        first = path.replace(operation.path.rpartition("/")[2], undone)
        assert client.post(first, {"delay": 3600}).status_code == 200
    body = json.loads(real(json.dumps(operation.example), ids))
    answer = client.http.request(
        operation.method,
        f"/api/v1/{path}",
        json=body,
        headers={each.name: str(each.example) for each in operation.headers},
    )
    assert answer.status_code == operation.status, answer.text
    if operation.answer is None:
        assert answer.content == b""
    else:
        operation.answer.model_validate_json(answer.text)


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if operation.example is not None],
    ids=named,
)
def test_every_example_of_a_form_works(small: Service, operation: Operation) -> None:
    said = WHOLE["paths"][f"/{operation.path}/"][operation.method.lower()]["requestBody"]
    example = said["content"].get("application/x-www-form-urlencoded", {}).get("example")
    if example is None:
        assert any(isinstance(each, list | dict) for each in (operation.example or {}).values())
        return
    ids = prepare(small)
    answer = small.client().http.request(
        operation.method,
        f"/api/v1/{path_of(operation, ids)}",
        data={key: real(str(value), ids) for key, value in example.items()},
    )
    assert answer.status_code == operation.status, answer.text


@pytest.mark.parametrize(("operation", "name", "example"), FILTERS, ids=named)
def test_every_example_of_a_filter_works(
    small: Service, operation: Operation, name: str, example: str
) -> None:
    ids = prepare(small)
    answer = small.client().get(path_of(operation, ids), **{name: real(example, ids)})
    assert answer.status_code == operation.status, answer.text
