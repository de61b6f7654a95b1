"""What an interaction gives an app for answering: trigger ids and response URLs."""

import time
from dataclasses import dataclass, replace
from secrets import token_hex

from sandbox.shapes import ApiError


@dataclass(frozen=True)
class Trigger:
    id: str
    user: str
    channel: str | None
    # The modal the interaction came from, if it came from one.
    view: str | None
    expires: float
    used: bool = False


class Triggers:
    """Each trigger id opens one view, within seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.issued: dict[str, Trigger] = {}

    def issue(self, user: str, *, channel: str | None = None, view: str | None = None) -> str:
        number = len(self.issued) + 1
        trigger = Trigger(
            id=f"{number}.{time.time_ns() // 1_000_000}.{token_hex(16)}",
            user=user,
            channel=channel,
            view=view,
            expires=time.monotonic() + self.seconds,
        )
        self.issued[trigger.id] = trigger
        return trigger.id

    def exchange(self, trigger_id: str) -> Trigger:
        trigger = self.issued.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() > trigger.expires:
            raise ApiError("expired_trigger_id")
        self.issued[trigger_id] = replace(trigger, used=True)
        return trigger


@dataclass(frozen=True)
class ResponseUrl:
    token: str
    user: str
    channel: str
    # The message the person acted on; absent for a command.
    message_ts: str | None
    thread_ts: str | None
    expires: float
    uses_left: int


class ResponseUrls:
    """Each takes five answers within half an hour, also in channels the bot is not in."""

    uses = 5
    lifetime = 30 * 60.0

    def __init__(self) -> None:
        self.issued: dict[str, ResponseUrl] = {}

    def issue(
        self,
        user: str,
        channel: str,
        *,
        message_ts: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """A path under the sandbox's own address."""
        token = token_hex(12)
        self.issued[token] = ResponseUrl(
            token=token,
            user=user,
            channel=channel,
            message_ts=message_ts,
            thread_ts=thread_ts,
            expires=time.monotonic() + self.lifetime,
            uses_left=self.uses,
        )
        return f"/respond/{token}"

    def use(self, token: str) -> ResponseUrl:
        issued = self.issued.get(token)
        if issued is None:
            raise ApiError("invalid_url")
        if time.monotonic() > issued.expires:
            raise ApiError("expired_url")
        if issued.uses_left == 0:
            raise ApiError("used_url")
        self.issued[token] = replace(issued, uses_left=issued.uses_left - 1)
        return issued

    def expire(self) -> None:
        """Let half an hour pass for every address issued so far."""
        for token, issued in self.issued.items():
            self.issued[token] = replace(issued, expires=0.0)
