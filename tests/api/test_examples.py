"""The examples of openapi.json, each sent as it stands: whatever people copy works."""

import pytest

from api.resource import Operation
from tests.api.samples import OPERATIONS, Samples, named, said_of
from tests.api.service import Service

FORM = "application/x-www-form-urlencoded"
WITH_BODY = [operation for operation in OPERATIONS if operation.body is not None]
FILTERS = [
    (operation, each.name, each.example)
    for operation in OPERATIONS
    for each in operation.filters
    if each.example is not None
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_example_works(small: Service, operation: Operation) -> None:
    samples = Samples(small)
    answer = small.client().http.request(
        operation.method,
        f"/api/v1/{samples.path(operation)}",
        json=samples.real(operation.example),
        headers={each.name: str(each.example) for each in operation.headers},
    )
    assert answer.status_code == operation.status, answer.text
    if operation.answer is None:
        assert answer.content == b""
    else:
        operation.answer.model_validate_json(answer.text)


@pytest.mark.parametrize("operation", WITH_BODY, ids=named)
def test_every_example_of_a_form_works(small: Service, operation: Operation) -> None:
    content = said_of(operation)["requestBody"]["content"]
    example = content.get(FORM, {}).get("example")
    if example is None:
        assert any(isinstance(each, list | dict) for each in (operation.example or {}).values())
        return
    samples = Samples(small)
    answer = small.client().http.request(
        operation.method, f"/api/v1/{samples.path(operation)}", data=samples.real(example)
    )
    assert answer.status_code == operation.status, answer.text


@pytest.mark.parametrize(("operation", "name", "example"), FILTERS, ids=named)
def test_every_example_of_a_filter_works(
    small: Service, operation: Operation, name: str, example: str
) -> None:
    samples = Samples(small)
    query = {name: samples.real(example)}
    answer = small.client().get(samples.path(operation), **query)
    assert answer.status_code == operation.status, answer.text
