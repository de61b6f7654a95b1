"""Requests that nobody would write by hand, made from openapi.json: answers are as told there."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.engine import Status, events, from_schema

from api.resource import Operation
from tests.api.samples import OPERATIONS, WHOLE, Samples, named
from tests.api.service import Service

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_answer_is_as_told(small: Service, operation: Operation) -> None:
    samples = Samples(small)
    samples.path(operation)
    people = {"enum": [*samples.people, "bob@example.com", "current"]}
    known = {"id": people, "user_id": people, "alert_group_id": {"enum": [samples.group]}}
    schema = schemathesis.openapi.from_dict(
        _sharpened(samples.real(WHOLE), known),
        config=schemathesis.Config.from_dict(_settings(small)),
    ).include(method=operation.method, path=f"/{operation.path}/")
    statuses: set[int] = set()
    problems: list[str] = []
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            problems.append(repr(event))
        elif isinstance(event, events.ScenarioFinished):
            problems += _failures(event)
            statuses |= {
                each.response.status_code
                for each in event.recorder.interactions.values()
                if each.response is not None
            }
    assert problems == [], "\n\n".join(problems[:5])
    assert operation.status in statuses, "not one of the requests went through"


def _settings(service: Service) -> dict[str, Any]:
    """The same requests every time, and an end to them."""
    return {
        "seed": 1,
        "cache": {"enabled": False},  # nothing of an earlier run
        "base-url": f"{service.url}/api/v1",
        "headers": {"Authorization": service.client().token},
        "generation": {"deterministic": True, "max-examples": 15, "database": "none"},
        "phases": {"stateful": {"enabled": False}},
        "checks": {"enabled": False} | {name: {"enabled": True} for name in CHECKS},
    }


def _sharpened(value: Any, known: dict[str, Any]) -> Any:
    """The same document, but ids in bodies are sometimes of something that exists."""
    if isinstance(value, list):
        return [_sharpened(each, known) for each in value]
    if not isinstance(value, dict):
        return value
    said = {key: _sharpened(each, known) for key, each in value.items()}
    fields = said.get("properties", {})
    fields |= {key: {"anyOf": [known[key], fields[key]]} for key in known.keys() & fields.keys()}
    return said


def _failures(event: events.ScenarioFinished) -> Iterator[str]:
    for case, checks in event.recorder.checks.items():
        for check in checks:
            if check.status is not Status.SUCCESS:
                curl = event.recorder.cases[case].value.as_curl_command()
                why = check.failure_info.failure if check.failure_info else check.status
                yield f"{check.name}: {why}\n{curl}"
