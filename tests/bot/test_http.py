"""Signed HTTP: who is believed, and what becomes of nonsense."""

import json
import time
from collections.abc import Mapping

import pytest
from slack_bolt import BoltResponse

from bot import http
from sandbox.http_delivery import signature
from tests.bot.stage import Stage

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def post(
    stage: Stage,
    body: str,
    content_type: str = JSON,
    *,
    secret: str | None = None,
    age: float = 0,
    changes: Mapping[str, str] | None = None,
) -> BoltResponse:
    ours = stage.box.signing_secret
    timestamp = str(int(time.time() - age))
    headers = {
        "content-type": content_type,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature(secret or ours, timestamp, body),
    }
    return http.dispatch(stage.app, ours, body.encode(), {**headers, **(changes or {})})


def test_the_challenge(stage: Stage) -> None:
    answer = post(stage, json.dumps({"type": "url_verification", "challenge": "abc"}))
    assert answer.status == 200
    assert "abc" in answer.body


@pytest.mark.parametrize(
    ("secret", "age", "changes"),
    [
        ("forged", 0, {}),
        (None, 301, {}),
        (None, -301, {}),
        (None, 0, {"x-slack-signature": ""}),
        (None, 0, {"x-slack-request-timestamp": "yesterday"}),
        (None, 0, {"x-slack-request-timestamp": ""}),
    ],
)
def test_who_is_not_believed(
    stage: Stage, secret: str | None, age: float, changes: Mapping[str, str]
) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    answer = post(stage, body, secret=secret, age=age, changes=changes)
    assert answer.status == 401
    assert "abc" not in answer.body


def test_without_a_secret_nobody_is_believed(stage: Stage) -> None:
    assert http.dispatch(stage.app, "", b"{}", {}).status == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("this is no JSON", JSON),
        ("[1, 2]", JSON),
        ("null", JSON),
        ("", JSON),
        ("payload=nonsense", FORM),
        ("payload=%5B%5D", FORM),
    ],
)
def test_a_body_that_cannot_be_read(stage: Stage, body: str, content_type: str) -> None:
    assert post(stage, body, content_type).status == 400


@pytest.mark.parametrize("body", ["{}", '{"type": "block_actions", "actions": []}'])
def test_a_body_that_means_nothing(stage: Stage, body: str) -> None:
    assert post(stage, body).status in {400, 404, 500}
    assert stage.groups() == []


def test_by_the_sandbox_itself(by_http: Stage) -> None:
    by_http.clear()
    box = by_http.box
    assert box.verify_request_url()
    alice = box.person("alice")
    box.http.forge = True
    assert alice.command("/escalate", "@bob down").failed
    box.http.forge, box.http.clock_offset = False, -301.0
    assert alice.command("/escalate", "@bob down").failed
    box.http.clock_offset = 0.0
    assert alice.command("/escalate", "@bob down").modal().submit().closed
