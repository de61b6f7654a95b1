"""Slack by signed HTTP: checks who sent a request, and hands it to the app."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

logger = logging.getLogger(__name__)

FORM = "application/x-www-form-urlencoded"


def dispatch(app: App, secret: str, raw: bytes, headers: Mapping[str, str]) -> BoltResponse:
    """Answer one POST; blocks for up to 3 s, so call it in a thread.

    `headers` have lower-case names.  Bolt could do it all, but it refuses a bad body
    with an exception, and answers nobody whose command has the word "payload" in it
    (it takes the form for an interaction).  So the body is checked and parsed here.
    """
    timestamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    try:
        genuine = SignatureVerifier(secret).is_valid(raw, timestamp, signature)
    except ValueError:  # no secret, or a timestamp that is no number
        genuine = False
    if not genuine:
        logger.warning("Refused a request to Slack's address: wrong signature, or too old")
        return BoltResponse(status=401, body={"error": "invalid request"})
    try:
        body = parse(raw, headers.get("content-type", ""))
    except ValueError:
        logger.warning("Refused a request from Slack that cannot be read")
        return BoltResponse(status=400, body={"error": "unreadable"})
    retries: dict[str, str | Sequence[str]] = {
        name: value for name, value in headers.items() if name.startswith("x-slack-retry")
    }
    # To Bolt it is a request whose sender is known already, as one by Socket Mode is.
    return app.dispatch(BoltRequest(mode="socket_mode", body=body, headers=retries))


def parse(raw: bytes, content_type: str) -> dict[str, Any]:
    """What was sent: JSON, a form, or JSON in a form's `payload`.  Raises ValueError."""
    text = raw.decode()
    if content_type.split(";")[0].strip() != FORM:
        return _object(text)
    form = dict(parse_qsl(text, keep_blank_values=True))
    return _object(form["payload"]) if "payload" in form and "command" not in form else dict(form)


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found
