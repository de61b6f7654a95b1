"""One process of Tocsin: the engine, the Slack connection and the HTTP server, put together."""

import gc
import logging
import socket
from typing import Any

from slack_bolt import App

from api.app import Health, SlackAnswer, SlackHandler, create_api
from api.call import Desk
from api.endpoint import THREADS as API_THREADS
from api.server import HttpServer
from bot.app import THREADS, create_app, create_desk
from bot.channel import SlackChannel
from bot.connection import Connection
from bot.http import dispatch
from bot.publisher import SlackPublisher
from bot.slack import Slack
from core import clock, health, migrations
from core.channels.configured import configured
from core.config import Settings, SettingsError
from core.matching import Matcher
from core.outbox import Outbox
from core.posts import Posts
from core.scheduler import Scheduler
from core.throttle import Throttle

logger = logging.getLogger("tocsin")

SEND_TIME = 10.0  # seconds that running sends get at the end
ANSWER_TIME = 3.0  # seconds that requests of Slack's get before that
SPARE = 8  # connections for the tick, the renewal, what is read from Slack, and /health


class Tocsin:
    """One process: the engine, the Slack connection and the HTTP server."""

    def __init__(self, settings: Settings, listening: socket.socket | None = None) -> None:
        """`listening`: where HTTP is answered, in place of the address of the settings."""
        self.settings = settings
        clock.set_speed(settings.clock_speed)
        slack = Slack.of(settings)
        address = settings.public_url
        channels = configured(settings, slack=SlackChannel(slack, public_url=address))
        seats = {way: channel.seats for way, channel in channels.items()}
        publisher = SlackPublisher(slack, public_url=address)
        threads = sum(seats.values()) + publisher.seats + THREADS + API_THREADS + SPARE
        self.db = migrations.open_database(settings.database_url, threads=threads)
        self.outbox = Outbox(self.db, channels)
        posts = Posts(self.db, publisher, default_channel=settings.default_channel)
        self.scheduler = Scheduler(self.db, self.outbox, posts, seats)
        self.matcher = Matcher()
        self.bolt = create_app(create_desk(settings, self.db, self.outbox.ways, self.matcher))
        self.connection = Connection(settings, self.bolt, self.db, slack)
        by_http = settings.slack_app_token is None
        handler = slack_handler(self.bolt, settings) if by_http else None
        desk = Desk(settings, self.db, self.outbox.ways, self.matcher)
        throttle = Throttle(self.db, limit=settings.api_rate_limit)
        api = create_api(self.health, desk, throttle.check, handler)
        self.http = HttpServer(
            api, host=settings.http_host, port=settings.http_port, listening=listening
        )

    def start(self) -> None:
        if self.settings.clock_speed != 1:
            speed = self.settings.clock_speed
            logger.warning("TOCSIN_CLOCK_SPEED=%g: waits and silences are that much faster", speed)
        try:
            self.http.start()
        except OSError as error:
            raise SettingsError(
                f"TOCSIN_HTTP_PORT: {error}; something else uses it, "
                "or TOCSIN_HTTP_HOST is not an address of this machine."
            ) from None
        self.matcher.start()
        self.scheduler.start()
        self.connection.start()
        # What is loaded now stays for good: looking through it again and again holds up pages.
        gc.collect()
        gc.freeze()
        logger.info("ready: http://%s:%s/health", self.settings.http_host, self.http.port)

    def stop(self, seconds: float = SEND_TIME) -> None:
        """Take nothing new, let running sends finish; the rest comes back at the next start."""
        logger.info("stopping")
        self.scheduler.pause()
        self.connection.stop(min(seconds, ANSWER_TIME))
        self.http.stop()
        self.matcher.stop()
        self.scheduler.stop(seconds)
        self.db.close()
        # In the sandbox another one is started in its place.
        self.bolt.listener_runner.listener_executor.shutdown(wait=False)
        gc.unfreeze()

    def health(self) -> Health:
        work = health.look(self.db)
        slack = self.connection.health()
        details: dict[str, Any] = {
            "database": "ok" if work.database else "failing",
            "overdue_seconds": round(work.overdue.total_seconds(), 1),
            "slack": {
                "mode": slack.mode,
                "connected": slack.connected,
                "since": slack.since.isoformat(timespec="seconds"),
                "notes": slack.notes,
            },
        }
        details |= {"clock_speed": clock.speed()} if clock.speed() != 1 else {}
        return Health(work.problems + ([slack.problem] if slack.problem else []), details)


def slack_handler(bolt: App, settings: Settings) -> SlackHandler:
    """Answers an HTTP request of Slack's, once its signature and age are checked."""
    signing = settings.slack_signing_secret
    secret = signing.get_secret_value() if signing else ""

    def handle(body: bytes, headers: dict[str, str]) -> SlackAnswer:
        answer = dispatch(bolt, secret, body, headers)
        return SlackAnswer(answer.status, answer.body, answer.first_headers())

    return handle
