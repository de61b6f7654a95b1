"""What the page can do with the bot's time; whoever runs the bot brings it along."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class TimeState:
    """How the time stands: `now` in Unix seconds, `next_in` in seconds of the plan, if anything."""

    now: float
    speed: float
    paused: bool
    next_in: float | None
    next_what: str


class Time(Protocol):
    """The time in which the bot's waits pass.  Every method may take a moment."""

    def look(self) -> TimeState: ...

    def set_speed(self, speed: float) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def jump(self) -> None:
        """To the next step."""
