"""The HTTP application: GET /health, and POST /slack/events where Slack calls us."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

MAX_BODY = 1024 * 1024  # bytes; Slack's own requests stay far below


@dataclass(frozen=True)
class Health:
    """The state of this process, for people and for monitors; `problems` empty means green."""

    problems: list[str]
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SlackAnswer:
    """What a Slack request is answered with."""

    status: int
    body: str
    headers: dict[str, str]


SlackHandler = Callable[[bytes, dict[str, str]], SlackAnswer]


def create_api(health: Callable[[], Health], slack: SlackHandler | None = None) -> FastAPI:
    """`slack` takes body and headers of a request of Slack's; None in Socket Mode."""
    api = FastAPI(title="Tocsin", docs_url=None, redoc_url=None, openapi_url=None)

    @api.get("/health")
    def get_health() -> JSONResponse:
        state = health()
        status = "failing" if state.problems else "ok"
        content = {"status": status, "problems": state.problems} | state.details
        return JSONResponse(content, status_code=503 if state.problems else 200)

    if slack is not None:

        @api.post("/slack/events")
        async def post_slack_events(request: Request) -> Response:
            body = await _read(request)
            if body is None:
                return Response("The request is too large.", status_code=413)
            # Bolt is synchronous: on the event loop one listener would hold up /health.
            answer = await run_in_threadpool(slack, body, dict(request.headers))
            return Response(answer.body, status_code=answer.status, headers=answer.headers)

    return api


async def _read(request: Request) -> bytes | None:
    """The body, or None when it is larger than anything Slack sends."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return body
