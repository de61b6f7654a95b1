"""The HTTP application: /health, the API, and POST /slack/events where Slack calls us."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Route

from api import body, docs, web
from api.call import PREFIX, Desk
from api.edge import Edge
from api.endpoint import Endpoint, Seats, Throttle
from api.errors import NOT_FOUND, Fault
from api.resource import Operation
from api.routes import RESOURCES


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


def create_api(
    health: Callable[[], Health],
    desk: Desk,
    throttle: Throttle,
    slack: SlackHandler | None = None,
) -> FastAPI:
    """`slack` takes body and headers of a request of Slack's; None in Socket Mode."""
    api = FastAPI(
        title="Tocsin", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    api.add_middleware(Edge)
    api.router.routes.extend([*_endpoints(desk, throttle), *docs.routes(desk.settings)])
    api.router.routes.append(web.route(desk, throttle))

    @api.exception_handler(HTTPException)
    def not_there(request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        said = NOT_FOUND if status == 404 else str(getattr(error, "detail", error))
        headers = getattr(error, "headers", None)
        return JSONResponse({"detail": said}, status, headers=headers)

    @api.api_route("/health", methods=["GET", "HEAD"])  # monitors ask either way
    def get_health() -> JSONResponse:
        state = health()
        status = "failing" if state.problems else "ok"
        content = {"status": status, "problems": state.problems} | state.details
        return JSONResponse(content, status_code=503 if state.problems else 200)

    if slack is not None:

        @api.post("/slack/events")
        async def post_slack_events(request: Request) -> Response:
            try:
                data = await body.read(request.receive, request.headers.get("content-length"))
            except (Fault, ConnectionError):
                return Response("The request is too large.", status_code=413)
            # Bolt is synchronous: on the event loop one listener would hold up /health.
            answer = await run_in_threadpool(slack, data, dict(request.headers))
            return Response(answer.body, status_code=answer.status, headers=answer.headers)

    return api


def _endpoints(desk: Desk, throttle: Throttle) -> list[Route]:
    """A route for each path; fixed words before those that may be anything."""
    seats = Seats(desk.db)
    paths: dict[str, dict[str, Operation]] = {}
    for resource in RESOURCES:
        for operation in resource.operations:
            paths.setdefault(operation.path, {})[operation.method] = operation
    return [
        Route(PREFIX + path, Endpoint(paths[path], desk, throttle, seats))
        for path in sorted(paths, key=lambda path: ("{" in path, path))
    ]
