"""Builds the Slack app: what Bolt is told, and which listeners there are."""

import logging
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App, BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.listeners import (
    alert_group,
    chains,
    choosing,
    escalate,
    finding,
    home,
    people,
    responders,
    rooms,
    steps,
    team_choice,
    teams,
    unknown,
)
from bot.listeners.desk import Desk
from bot.listeners.lookup import Lookup
from core.config import Settings
from core.db import Database
from core.matching import Matcher
from core.models import RuleType

THREADS = 24  # listeners at once
TIMEOUT = 5  # seconds for a call to Slack that somebody waits for
# Seconds after which Bolt throws an answer away.  Its three are less than Slack's, which began
# to count before the request came; and the sandbox waits longer than Slack does.
ANSWER_TIME = 20
LOOKUP_TIMEOUT = 1  # seconds for one inside a listener that has to answer within three

FEATURES = (
    escalate,
    team_choice,
    responders,
    choosing,
    alert_group,
    home,
    teams,
    chains,
    steps,
    finding,
    people,
    rooms,
    unknown,
)


def create_app(desk: Desk) -> App:
    """The app for one workspace.

    Nothing is asked of Slack or the database here, nor before a listener runs.
    """
    settings = desk.settings
    secret = settings.slack_signing_secret
    app = App(
        name="tocsin",
        logger=_bolt_logger(),
        client=WebClient(base_url=settings.slack_api_url, timeout=TIMEOUT),
        signing_secret=secret.get_secret_value() if secret else "",
        token_verification_enabled=False,
        authorize=_authorize(_token(settings)),
        process_before_response=False,
        listener_executor=ThreadPoolExecutor(THREADS, thread_name_prefix="listener"),
    )
    app.middleware(note_arrival)
    for feature in FEATURES:
        feature.register(app, desk)
    for listener in app._listeners:  # only for functions does Bolt let itself be told
        listener.ack_timeout = ANSWER_TIME
    return app


def create_desk(
    settings: Settings, db: Database, ways: Collection[RuleType], matcher: Matcher
) -> Desk:
    """What the listeners work with; `ways` are the channels set up here."""
    asking = WebClient(
        _token(settings), settings.slack_api_url, timeout=LOOKUP_TIMEOUT, retry_handlers=[]
    )
    return Desk(settings=settings, db=db, ways=ways, lookup=Lookup(asking), matcher=matcher)


def note_arrival(context: BoltContext, next: Callable[[], None]) -> None:  # noqa: A002 - Bolt's
    """Remember when the request came: a listener may have to wait for a thread."""
    context["received"] = time.monotonic()
    next()


def _token(settings: Settings) -> str | None:
    return settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None


def _authorize(token: str | None) -> Callable[..., AuthorizeResult]:
    def authorize(
        enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult:
        """Every request is for our one workspace; `auth.test` would cost the form's time."""
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=token
        )

    return authorize


def _bolt_logger() -> logging.Logger:
    """Bolt's own logger, kept from writing what people typed, as its warnings do."""
    bolt = logging.getLogger("bot.bolt")
    bolt.setLevel(logging.ERROR)
    return bolt
