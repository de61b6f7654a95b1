"""The bot's clock, as the page shows and moves it; whoever starts the bot says how to reach it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class TimeState:
    """`now` is what the bot writes into messages, in Unix seconds.

    `speed` is in seconds of the plan per second.
    """

    now: float
    speed: float
    paused: bool
    # Seconds of the plan until the bot does something, and what that is in a few words.
    next_in: float | None
    next_what: str


class Time(Protocol):
    """Every method may be called from any thread, may take a moment, and may raise."""

    def look(self) -> TimeState: ...

    def set_speed(self, speed: float) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def jump(self) -> None: ...
