"""What the HTTP side offers."""

import httpx2
from fastapi.routing import APIRoute
from starlette.routing import Route

from api.app import Health, SlackAnswer, create_api
from api.call import Desk
from core.config import exactly
from core.db import Database
from tests.api.service import Service


def test_nobody_moves_the_time_of_a_bot_that_serves(sqlite: Database) -> None:
    """Only the sandbox's command can: there is the API, its description, health and Slack."""
    desk = Desk(exactly(), sqlite, ())
    slack = SlackAnswer(200, "", {})
    api = create_api(lambda: Health([]), desk, lambda caller: None, lambda body, headers: slack)
    routes = [route for route in api.routes if isinstance(route, Route | APIRoute)]
    assert len(routes) == len(api.routes)
    others = [route.path for route in routes if not route.path.startswith("/api/v1/")]
    assert others == [
        "/docs",
        "/docs/assets/{name}",
        "/openapi.json",
        "/g/{id}",
        "/health",
        "/slack/events",
    ]


def test_monitors_that_ask_for_the_head_alone_hear_that_all_is_well(small: Service) -> None:
    answer = httpx2.head(f"{small.url}/health")
    assert (answer.status_code, answer.content) == (200, b"")
    answer = httpx2.post(f"{small.url}/health")
    allowed = sorted(answer.headers["allow"].split(", "))
    assert (answer.status_code, allowed) == (405, ["GET", "HEAD"])
