"""Short words for rules and log records, in which stories are told."""

from datetime import timedelta

from core.models import Event
from core.story import Line

ALIASES = {"phone": "phone_call"}


def tell(line: Line) -> str:
    """A log record in a few words."""
    words: list[str] = [line.event.value]
    if line.user is not None and line.event is not Event.UNANSWERED:
        words.append(line.user.name)
    if "way" in line.detail:
        words.append(line.detail["way"].removeprefix("notify_by_"))
    if line.detail.get("trying"):
        words.append("(trying)")
    if line.by is not None:
        words += ["by", line.by.name]
    return " ".join(words)


def step_word(step: str | int | timedelta) -> str:
    if isinstance(step, timedelta):
        return f"wait {int(step.total_seconds())}s"
    return f"wait {step}m" if isinstance(step, int) else ALIASES.get(step, step)
