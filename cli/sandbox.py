"""`sandbox`: try the bot in a local workspace, in a browser or as a story on the terminal."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory, mkdtemp
from time import monotonic, sleep
from typing import Protocol

import typer

from cli.door import Door
from cli.ending import told_to_stop
from core import people, rules
from core.config import Settings, SettingsError, exactly
from core.db import Database
from core.errors import TocsinError
from core.timelapse import Timelapse
from sandbox import Sandbox
from sandbox.demo import RULES, furnish, play
from sandbox.page.time import Time, TimeState
from sandbox.shapes import NotPossible
from sandbox.trial import Trial

MANIFEST = Path(__file__).parents[1] / "manifest.yml"
PORT = 8790  # if nobody has it
SPEED = 60.0  # at first a minute passes in a second
STOP_SECONDS = 0.5  # for running sends: somebody waits for the next bot
# Far more than it takes, on a machine that does much else.
KNOWN_WITHIN = 60.0  # seconds, until the bot has read who is in the workspace
CONNECTED_WITHIN = 60.0
# Slack waits three seconds.  Who tries it on a busy machine shall not see errors for that.
ANSWERED_WITHIN = 20.0


class Tocsin(Protocol):
    """The whole bot, as `tocsin.py` puts it together."""

    db: Database

    def start(self) -> None: ...

    def stop(self, seconds: float) -> None: ...


Build = Callable[[Settings, socket], Tocsin]


@dataclass(frozen=True)
class Bot:
    """A bot that is being tried, and how to be rid of it."""

    time: Time
    stop: Callable[[], None]


class PageTime:
    """The time of a bot, in the page's units."""

    def __init__(self, timelapse: Timelapse) -> None:
        self._timelapse = timelapse
        self.set_speed = timelapse.set_speed
        self.pause = timelapse.pause
        self.resume = timelapse.resume
        self.jump = timelapse.jump

    def look(self) -> TimeState:
        lapse = self._timelapse.look()
        left = None if lapse.next_in is None else lapse.next_in.total_seconds()
        return TimeState(lapse.now.timestamp(), lapse.speed, lapse.paused, left, lapse.next_what)


def run(build: Build, *, story: bool, port: int | None) -> None:
    """Until Ctrl-C or SIGTERM.  Raises SettingsError."""
    door = Door()
    with opened(build, port, door) as trial:
        if story:
            greet(trial, door)
            typer.echo("")
            play(trial.box, typer.echo)
        # Before the last word: whoever reads that may stop it at once.
        wait_for_the_end = told_to_stop()
        if story:
            typer.echo(f"That was the story. The workspace stays open: {trial.box.url}")
        else:
            greet(trial, door)
        wait_for_the_end()


def greet(trial: Trial, door: Door) -> None:
    typer.echo(f"Open {trial.box.url} in a browser.")
    typer.echo("You are Alice there: type /escalate in #incidents, and page Bob.")
    door.tell()
    typer.echo("A minute passes in a second. Ctrl-C ends it.")


@contextmanager
def opened(
    build: Build,
    port: int | None,
    door: Door | None = None,
    *,
    answer_seconds: float = ANSWERED_WITHIN,
) -> Iterator[Trial]:
    """The workspace with the bot in it, at this port, or at any if none is asked for."""
    way_in = door or Door()
    with ExitStack() as stack:
        stack.callback(way_in.close)
        # It outlives each bot: what one still sends when it is stopped wants to write that down.
        folder = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        problem = ""
        for wanted in (PORT, 0) if port is None else (port,):
            try:
                bot = partial(start, build, folder, way_in)
                trial = Trial(
                    MANIFEST,
                    bot,
                    wanted,
                    answer_seconds=answer_seconds,
                    connect_seconds=CONNECTED_WITHIN,
                )
                furnish(trial.box)
                stack.enter_context(trial)
                break
            except OSError as error:
                problem = os.strerror(error.errno or 0)
            except NotPossible as error:
                raise SettingsError(str(error)) from None
        else:
            raise SettingsError(
                f"Port {port} cannot be had ({problem}): name another, or leave --port out."
            )
        yield trial


def start(build: Build, folder: str, door: Door, box: Sandbox) -> Bot:
    """A bot on an empty database of its own, with rules for the demo people."""
    tocsin = build(settings(box, mkdtemp(dir=folder), door), door.listening)
    with ExitStack() as undo:
        tocsin.start()
        undo.callback(tocsin.stop, STOP_SECONDS)
        give_rules(tocsin.db)
        door.open(tocsin.db)
        return Bot(PageTime(Timelapse(tocsin.db)), undo.pop_all().close)


def settings(box: Sandbox, folder: str, door: Door) -> Settings:
    return exactly(
        database_url=f"sqlite:///{folder}/sandbox.db",
        slack_bot_token=box.bot_token,
        slack_app_token=box.app_token,
        slack_api_url=box.api_url,
        public_url=door.url,
        clock_speed=SPEED,
        smtp_host="127.0.0.1",
        smtp_port=box.smtp_port,
        smtp_starttls=False,
        mail_from="Tocsin <tocsin@example.com>",
    )


def give_rules(database: Database) -> None:
    """Give the demo people their rules, once the bot has read who is in the workspace."""
    deadline = monotonic() + KNOWN_WITHIN
    for email, (default, important) in RULES.items():
        while True:
            try:
                with database.transaction() as session:
                    user = people.find(session, email)
                    rules.replace(session, user, rules.parse(default), important=False)
                    rules.replace(session, user, rules.parse(important), important=True)
                break
            except TocsinError:
                if monotonic() > deadline:
                    raise
                sleep(0.05)
