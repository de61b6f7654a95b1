"""Redraws open forms so that nothing typed or chosen is lost, however fast people choose."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.interaction import SLACK_ERRORS, reason

logger = logging.getLogger(__name__)

KEPT = 1_000  # forms remembered; older ones fall back to the hash Slack sends along
TRIES = 4
LONGEST_PAUSE = 5.0  # seconds to wait for a rate limit; the person is looking at the form
CLOSED = {"not_found", "view_not_found"}

View = Mapping[str, Any]
Draw = Callable[[View], dict[str, Any]]


@dataclass
class _Form:
    """One open form: the newest thing done in it, and what it was last drawn from."""

    turn: Lock = field(default_factory=Lock)  # held while drawing, one at a time
    newest: float = -1.0  # by Slack's clock
    view: View = field(default_factory=dict)  # as Slack sent it with the newest
    drawn: float = -1.0
    is_awaited: bool = False  # somebody waits for their turn, and will draw what is newest then
    hash: str | None = None  # of what we drew last


class Forms:
    """The open forms of this process.

    Two choices made quickly are two requests on two threads, and the older may come
    last.  So only what was done last is ever drawn, one drawing at a time, and a
    `hash` that Slack refuses leads to another look at what is newest.  When another
    process has drawn in between, the last try goes without a hash: what is typed and
    chosen stays in the client anyway, only the lines about it are drawn.
    """

    def __init__(self) -> None:
        self._forms: OrderedDict[str, _Form] = OrderedDict()
        self._lock = Lock()

    def redraw(self, client: WebClient, view: View, *, at: float, draw: Draw) -> None:
        """Draw the form anew because of something done `at` this time of Slack's clock.

        `draw` is given the newest view and may be called several times.
        """
        form = self._note(view, at)
        if form is None:
            return
        with form.turn:
            form.is_awaited = False
            for _ in range(TRIES):
                if form.drawn >= form.newest:
                    return
                drawing, newest = form.newest, form.view
                failure = self._update(client, form, draw(newest))
                if failure is None:
                    form.drawn = drawing
                elif failure in CLOSED:
                    return
        if form.drawn < form.newest:
            logger.warning("The form %s could not be redrawn", view["id"])

    def forget(self, view_id: str) -> None:
        with self._lock:
            self._forms.pop(view_id, None)

    def _note(self, view: View, at: float) -> _Form | None:
        """Write down what was done; None if somebody else is going to draw it."""
        with self._lock:
            form = self._forms.setdefault(view["id"], _Form())
            self._forms.move_to_end(view["id"])
            while len(self._forms) > KEPT:
                self._forms.popitem(last=False)
            if at >= form.newest:
                form.newest, form.view = at, view
            if form.is_awaited:
                return None
            form.is_awaited = True
            return form

    def _update(self, client: WebClient, form: _Form, drawing: dict[str, Any]) -> str | None:
        """One attempt; returns what Slack refused it for."""
        known = form.hash if form.hash is not None else form.view.get("hash")
        try:
            answer = client.views_update(view_id=form.view["id"], hash=known or None, view=drawing)
        except SlackApiError as error:
            refused = reason(error)
            if refused == "hash_conflict":
                # First with the hash Slack sent last, then without any.
                form.hash = None if form.hash else ""
            elif refused == "ratelimited":
                wait = float(error.response.headers.get("Retry-After", 1))
                time.sleep(min(wait, LONGEST_PAUSE))
            elif refused not in CLOSED:
                logger.warning("views.update: %s", refused)
            return refused
        except SLACK_ERRORS as error:
            logger.info("views.update: %s", reason(error))
            return reason(error)
        form.hash = answer["view"]["hash"]
        return None
