"""Follows the bot's clock while a page is open, and notices what is more than time passing."""

import asyncio
import threading
from collections.abc import Callable
from time import monotonic

from sandbox.page.time import Time, TimeState
from sandbox.shapes import Json, NotPossible
from sandbox.workspace import Workspace

LOOK_SECONDS = 0.5
SPEEDS = (1, 60)


class Clock:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.time: Time | None = None
        # Counts up when the page has to be told.
        self.changes = 0
        self._looking = threading.Lock()
        self._state: TimeState | None = None
        self._seen_at = 0.0

    async def follow(
        self, in_thread: Callable[[Callable[[], Json]], "asyncio.Future[Json]"]
    ) -> None:
        """Look again and again; it is for the next look to make good what failed."""
        while True:
            if self.time is not None:
                await asyncio.gather(in_thread(self.look), return_exceptions=True)
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> Json:
        """Ask the bot, which may take a moment: never on the event loop."""
        with self._looking:
            time = self.time
            state = None if time is None else time.look()
            # Meanwhile the bot may have gone, and another come.
            if state is not None and time is self.time:
                self._take(state)
        return {}

    def change(self, how: Callable[[Time], None]) -> Json:
        """Move the clock and look at it: never on the event loop."""
        if self.time is None:
            raise NotPossible("The bot's clock cannot be moved here")
        try:
            how(self.time)
            return self.look()
        except Exception as error:
            raise NotPossible("The bot does not answer") from error

    def _take(self, state: TimeState) -> None:
        now = monotonic()
        with self.workspace.changed:
            before, self._state = self._state, state
            passed, self._seen_at = now - self._seen_at, now
            if before is None or differs(before, state, passed):
                with self.workspace.editing():
                    self.changes += 1

    def shown(self) -> Json | None:
        """Time as the page is told it, brought up to this moment."""
        state = self._state
        if self.time is None or state is None:
            return None
        passed = monotonic() - self._seen_at
        left = None
        if state.next_in is not None:
            left = {
                "in": max(0.0, state.next_in - of_the_plan(state, passed)),
                "what": state.next_what,
            }
        return {
            "now": state.now + passed,
            "speed": state.speed,
            "paused": state.paused,
            "next": left,
        }

    def forget(self) -> None:
        self._state = None


def differs(before: TimeState, after: TimeState, passed: float) -> bool:
    """Whether more has changed than that so many seconds have passed."""
    if (before.speed, before.paused, before.next_what) != (
        after.speed,
        after.paused,
        after.next_what,
    ):
        return True
    if (before.next_in is None) != (after.next_in is None):
        return True
    # Half a second of ours is how far off a page may be before it is put right.
    if abs(after.now - before.now - passed) > 0.5:
        return True
    if before.next_in is None or after.next_in is None:
        return False
    expected = before.next_in - of_the_plan(before, passed)
    return abs(after.next_in - expected) > max(1.0, before.speed) / 2


def of_the_plan(state: TimeState, passed: float) -> float:
    """How many seconds of the plan so many of ours are."""
    return 0.0 if state.paused else passed * state.speed
