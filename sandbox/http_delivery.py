"""Signed HTTP: how commands, interactions and events reach an app that listens on an address."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import urlencode

import httpx2

from sandbox.delivery import Ack, Parcel
from sandbox.shapes import Json, read_json

RETRY_REASON = {"timeout": "http_timeout", "not_connected": "connection_failed"}


def signature(secret: str, timestamp: str, body: str) -> str:
    signed = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def encoded(parcel: Parcel) -> tuple[str, str]:
    """The body and its content type."""
    if parcel.kind == "slash_commands":
        return urlencode(parcel.payload), "application/x-www-form-urlencoded"
    if parcel.kind == "interactive":
        form = {"payload": json.dumps(parcel.payload)}
        return urlencode(form), "application/x-www-form-urlencoded"
    return json.dumps(parcel.payload), "application/json"


@dataclass
class HttpDelivery:
    secret: str
    ack_seconds: float
    url: str | None = None
    # What a test sets to see the app refuse: a wrong signature, or a clock that is off (seconds).
    forge: bool = False
    clock_offset: float = 0.0
    client: httpx2.AsyncClient | None = None

    @property
    def is_open(self) -> bool:
        return self.url is not None

    async def send(self, parcel: Parcel) -> Ack:
        body, content_type = encoded(parcel)
        headers = {}
        if parcel.attempt:
            reason = parcel.retry_reason or ""
            headers["X-Slack-Retry-Num"] = str(parcel.attempt)
            headers["X-Slack-Retry-Reason"] = RETRY_REASON.get(reason, reason.split(":")[0])
        try:
            response = await self._post(body, content_type, headers)
        except httpx2.TimeoutException:
            return Ack(failure="timeout")
        except httpx2.TransportError:
            return Ack(failure="connection_failed")
        may_repeat = response.headers.get("x-slack-no-retry") != "1"
        if response.status_code != 200:
            return Ack(failure=f"http_error: {response.status_code}", may_repeat=may_repeat)
        return Ack(answer=parsed(response))

    async def verify(self) -> bool:
        """Whether the address answers the challenge the platform sends when it is entered."""
        challenge = token_hex(20)
        body = json.dumps(
            {
                "token": "sandbox-verification-token",
                "challenge": challenge,
                "type": "url_verification",
            }
        )
        try:
            response = await self._post(body, "application/json", {})
        except httpx2.TransportError:
            return False
        if response.status_code != 200:
            return False
        answer = parsed(response) or {}
        return challenge in (answer.get("challenge"), answer.get("text"))

    async def _post(self, body: str, content_type: str, headers: dict[str, str]) -> httpx2.Response:
        if self.client is None or self.url is None:
            raise RuntimeError("not started, or no request_url")
        timestamp = str(int(time.time() + self.clock_offset))
        secret = "forged" if self.forge else self.secret
        return await self.client.post(
            self.url,
            content=body.encode(),
            timeout=self.ack_seconds,
            headers={
                "Content-Type": content_type,
                "X-Slack-Request-Timestamp": timestamp,
                "X-Slack-Signature": signature(secret, timestamp, body),
                **headers,
            },
        )


def parsed(response: httpx2.Response) -> Json | None:
    if not response.content:
        return None
    try:
        answer = read_json(response.content)
    except ValueError:
        return {"text": response.text}
    return answer if isinstance(answer, dict) else None
