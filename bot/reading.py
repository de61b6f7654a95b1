"""Reads from Slack without hurry: page by page, and as slowly as Slack wants it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.slack import Slack
from core.channels import ChannelError

PAGE = 200  # entries an answer
ATTEMPTS = 4  # at one page, before the whole list is tried again later
BETWEEN = timedelta(seconds=1)  # attempts

NONSENSE = "Slack's answer makes no sense."

Wait = Callable[[timedelta], None]


class PatientReader:
    """`wait` pauses between calls; it may raise to end everything."""

    def __init__(self, slack: Slack, wait: Wait) -> None:
        self._slack = slack
        self._wait = wait

    def read(
        self, method: str, params: Mapping[str, str | int] | None = None, *, about: str = ""
    ) -> Mapping[str, Any]:
        """Wait as long as Slack wants us to, and try again what may pass.  Raises ChannelError."""
        attempts = 0
        while True:
            try:
                return self._slack.read(method, params, about=about)
            except ChannelError as error:
                attempts += error.attempted
                refused = error.attempted and error.retry_in is not None  # the token
                if error.permanent or refused or attempts >= ATTEMPTS:
                    raise
                self._wait(error.retry_in or BETWEEN)

    def pages(
        self,
        method: str,
        key: str,
        params: Mapping[str, str | int] | None = None,
        *,
        about: str = "",
    ) -> Iterator[Sequence[Any]]:
        """What is listed under `key`, page by page, or ChannelError: never a part as the whole."""
        asked: dict[str, str | int] = {"limit": PAGE, **(params or {})}
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = self.read(method, asked | more, about=about)
            yield listed(answer, key)
            metadata = answer.get("response_metadata")
            following = text(metadata, "next_cursor") if isinstance(metadata, dict) else ""
            if not following:
                return
            if following == cursor:
                raise ChannelError(NONSENSE)
            cursor = following


def listed(answer: Mapping[str, Any], key: str) -> Sequence[Any]:
    """Raises ChannelError if there is no such list in the answer."""
    found = answer.get(key)
    if not isinstance(found, list):
        raise ChannelError(NONSENSE)
    return found


def text(answer: Mapping[str, Any], key: str) -> str:
    value = answer.get(key)
    return value if isinstance(value, str) else ""
