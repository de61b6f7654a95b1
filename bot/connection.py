"""Connects us to Slack, beside an engine that works without: who we are, who is here, sockets."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic

from slack_bolt import App

from bot.link import Link, Stopping, back_off
from bot.mirror import Mirror
from bot.roster import Roster
from bot.slack import Slack
from bot.sockets import SPARE_AFTER, Sockets
from core.channels import ChannelError
from core.config import Settings
from core.db import Database, is_unavailable

logger = logging.getLogger(__name__)

HOUR, QUARTER = 3600.0, 900.0
SOON = 5.0  # seconds until the members of a channel that a route has got are asked for


@dataclass(frozen=True)
class Health:
    """How the connection stands.  `problem` says in words why somebody should look."""

    connected: bool
    mode: str  # "socket", "http" (Slack calls us), or "off"
    since: datetime
    problem: str | None = None
    notes: tuple[str, ...] = ()  # what works less well than it could


@dataclass
class _Chore:
    """Something to do every `every` seconds, sooner if it failed."""

    do: Callable[[], None]
    every: float
    due: float = 0.0
    failures: int = 0


class Connection:
    """Lives in threads of its own.

    `app` answers what comes through the sockets.  Without it, or without an app-level
    token, Slack calls us, and only who is here is kept up to date.
    """

    def __init__(
        self,
        settings: Settings,
        app: App | None,
        db: Database,
        slack: Slack | None = None,
        *,
        sockets: int = 2,
        spare_after: float = SPARE_AFTER,
        soon: float = SOON,
    ) -> None:
        """`sockets` are held open, the second one `spare_after` seconds after the first.

        Every `soon` seconds we look whether a route has got a channel.
        """
        self._settings = settings
        self._slack = slack or Slack.of(settings)
        self._soon = soon
        self._link = Link()
        self._roster = Roster(self._slack, db, self._link.wait)
        self._mirror = Mirror(self._slack, db, self._link.wait)
        self._introduced = threading.Event()
        self._threads: list[threading.Thread] = []
        self._sockets: Sockets | None = None
        token = settings.slack_app_token
        if app is not None and token is not None:
            self._door = Slack(
                token.get_secret_value(),
                base_url=settings.slack_api_url,
                credential="SLACK_APP_TOKEN",
            )
            self._sockets = Sockets(
                app, self._door, self._link, wanted=sockets, spare_after=spare_after
            )

    @property
    def mode(self) -> str:
        if self._settings.slack_bot_token is None:
            return "off"
        return "socket" if self._sockets is not None else "http"

    def start(self) -> None:
        """Returns at once; connects in the background and stays connected."""
        if self.mode == "off":
            return
        # Long lists are read slowly; what is short must not wait for them.
        people = [
            _Chore(self._introduce, HOUR),
            _Chore(self._roster.read_people, HOUR),
            _Chore(self._roster.read_pauses, QUARTER),
        ]
        rooms = [_Chore(self._mirror.read_groups, HOUR), _Chore(self._mirror.read_channels, HOUR)]
        members = [_Chore(self._mirror.read_members, self._soon)]
        self._spawn("slack-people", partial(self._keep, people))
        self._spawn("slack-channels", partial(self._keep_when_known, rooms))
        self._spawn("slack-members", partial(self._keep_when_known, members))
        if self._sockets is not None:
            self._spawn("slack-sockets", self._keep_sockets)

    def stop(self, timeout: float = 3.0) -> None:
        """Wait `timeout` seconds at most until all that came is acknowledged, and leave."""
        self._link.stopping.set()
        if self._sockets is not None:
            self._sockets.wait_acknowledged(timeout)
        until = monotonic() + 0.5  # longer only if it waits for Slack, which it may do alone
        for thread in self._threads:
            thread.join(max(until - monotonic(), 0.05))
        if self._sockets is not None:
            self._sockets.close()
        self._link.turn(connected=False)

    def health(self) -> Health:
        link = self._link
        notes = tuple(trouble.words for trouble in self._slack.token_state.lacking)
        notes += self._mirror.notes
        return Health(link.connected, self.mode, link.since, self._problem(), notes)

    def _problem(self) -> str | None:
        if self.mode == "off":
            return None
        states = [self._slack.token_state]
        if self._sockets is not None:
            states.append(self._door.token_state)
        troubles = [state.trouble for state in states if state.trouble is not None]
        if troubles:
            return troubles[0].words
        return self._link.problem or self._slack.reach.problem

    def _spawn(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _keep_sockets(self) -> None:
        # Until we know which workspace is ours, nobody can be told apart from a stranger.
        if self._is_known():
            assert self._sockets is not None  # noqa: S101 - see start
            self._sockets.run()

    def _is_known(self) -> bool:
        """Wait until we know which workspace is ours; False if it ends before that."""
        while not self._introduced.wait(0.25):
            if self._link.stopping.is_set():
                return False
        return True

    def _keep_when_known(self, chores: Sequence[_Chore]) -> None:
        if self._is_known():
            self._keep(chores)

    def _keep(self, chores: Sequence[_Chore]) -> None:
        """Until the link is told to stop; the first one alone until we know where we are."""
        while not self._link.stopping.is_set():
            for chore in chores:
                if chore.due <= monotonic():
                    self._run(chore)
                if not self._introduced.is_set():
                    break  # the others make no sense before that
            known = chores if self._introduced.is_set() else chores[:1]
            self._link.stopping.wait(max(min(each.due for each in known) - monotonic(), 0.05))

    def _run(self, chore: _Chore) -> None:
        wait = 0.0
        try:
            chore.do()
        except Stopping:
            return
        except ChannelError as error:
            logger.warning("reading from Slack: %s", error)
            wait = error.retry_in.total_seconds() if error.retry_in else 0.0
        except Exception as error:  # this loop must live
            if is_unavailable(error):
                logger.warning("reading from Slack: the database does not answer")
            else:
                logger.exception("reading from Slack failed")
        else:
            chore.failures, chore.due = 0, monotonic() + chore.every
            return
        chore.failures += 1
        chore.due = monotonic() + max(wait, back_off(chore.failures))

    def _introduce(self) -> None:
        try:
            self._roster.read_workspace()
        except ChannelError as error:
            self._link.trouble = str(error)
            raise
        self._introduced.set()
        if self._sockets is None:
            self._link.turn(connected=True)
