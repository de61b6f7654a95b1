"""Turns whatever went wrong on the way to Slack into a ChannelError with a decided outcome."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from slack_sdk.errors import SlackApiError

from bot.refusals import Outcome, outcome_of, words_of
from bot.token_state import SCOPE
from core.channels import ChannelError
from core.channels.publisher import MessageGone

WAIT = timedelta(seconds=10)  # when Slack does not say how long, or says nonsense
LONGEST_WAIT = timedelta(minutes=5)
TOKEN_RETRY = timedelta(seconds=60)  # a person may be mending it
CODE = re.compile(r"[a-z][a-z0-9_]{1,60}")
POINTER = re.compile(r"json-pointer:\s*([\w/]*)")
NONSENSE = "nonsense"


class Malformed(ChannelError):
    """Slack does not accept how we said it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class MissingScope(ChannelError):
    """The token works, but does not allow this call: a person has to install the app again."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retry_in=TOKEN_RETRY)


@dataclass(frozen=True)
class Refusal:
    """What Slack answered instead of doing it."""

    code: str
    outcome: Outcome
    retry_after: timedelta | None = None
    pointers: tuple[str, ...] = ()  # which parts of the blocks it does not like; no contents

    @classmethod
    def of(cls, error: SlackApiError) -> Self:
        response = error.response
        data = response.data if isinstance(response.data, dict) else {}
        said = data.get("error")
        # For a body that is not JSON the SDK puts the body itself here.
        code = said if isinstance(said, str) and CODE.fullmatch(said) else NONSENSE
        if response.status_code == 429:
            return cls(code, Outcome.LIMITED, retry_after(response.headers))
        if response.status_code >= 500 or code == NONSENSE:
            return cls(code, Outcome.RETRY)
        outcome = outcome_of(code)
        limited = retry_after(response.headers) if outcome is Outcome.LIMITED else None
        return cls(code, outcome, limited, _pointers(data))

    @property
    def passes(self) -> bool:
        """Whether Slack is in trouble itself."""
        return self.outcome is Outcome.RETRY

    @property
    def is_token(self) -> bool:
        return self.outcome is Outcome.TOKEN

    @property
    def is_ours(self) -> bool:
        return self.outcome is Outcome.OURS

    def as_error(self) -> ChannelError:
        words = words_of(self.code)
        if self.outcome is Outcome.LIMITED:
            return limited(self.retry_after or WAIT)
        if self.outcome is Outcome.ELSEWHERE:
            return ChannelError(words, permanent=True)
        if self.outcome is Outcome.GONE:
            return MessageGone(words)
        if self.outcome is Outcome.OURS:
            return Malformed(words)
        if self.outcome is Outcome.TOKEN and self.code in SCOPE:
            return MissingScope(words)
        if self.outcome is Outcome.TOKEN:
            return ChannelError(words, retry_in=TOKEN_RETRY)
        return broken(self.code)


def limited(wait: timedelta) -> ChannelError:
    """Nothing was asked of Slack, or it did not listen."""
    return ChannelError("Slack takes no more messages for now.", retry_in=wait, attempted=False)


def broken(why: Exception | str) -> ChannelError:
    """It is not known whether Slack did what was asked; it will be asked again."""
    if isinstance(why, TimeoutError) or "timed out" in str(why):
        return ChannelError("Slack did not answer in time.")
    if isinstance(why, OSError):
        return ChannelError("Slack cannot be reached.")
    what = type(why).__name__ if isinstance(why, Exception) else why
    return ChannelError(f"Slack is in trouble ({what}).")


def retry_after(headers: Mapping[str, Any]) -> timedelta:
    """How long Slack wants to be left alone."""
    said = next((value for key, value in headers.items() if key.lower() == "retry-after"), "")
    try:
        wait = timedelta(seconds=float(said))
    except (TypeError, ValueError, OverflowError):
        return WAIT
    return min(max(wait, timedelta(seconds=1)), LONGEST_WAIT) if wait >= timedelta(0) else WAIT


def _pointers(data: Mapping[str, Any]) -> tuple[str, ...]:
    metadata = data.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    found = messages if isinstance(messages, list) else []
    return tuple(pointer for each in found for pointer in POINTER.findall(str(each)))
