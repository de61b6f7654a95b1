"""What the HTTP side offers."""

from fastapi.routing import APIRoute

from api.app import Health, SlackAnswer, create_api


def test_nothing_but_health_and_slack_can_be_asked() -> None:
    """So nobody moves the time of a bot that serves: only the sandbox's command can."""
    api = create_api(lambda: Health([]), lambda body, headers: SlackAnswer(200, "", {}))
    routes = [route for route in api.routes if isinstance(route, APIRoute)]
    assert len(routes) == len(api.routes)
    assert {route.path: route.methods for route in routes} == {
        "/health": {"GET"},
        "/slack/events": {"POST"},
    }
