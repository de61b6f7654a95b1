"""Ways to reach a human: what a channel is asked to say, and how it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.chain_words import team_called
from core.models import Purpose, RuleType, State, Step


@dataclass(frozen=True)
class Notice:
    """Everything a channel needs to tell one person about one alert group; no session behind it.

    `address` is what the channel understands (a Slack user id, an e-mail address, a
    URL).  `link` leads to the alert and is None when this reader may not be able to
    open it, or when there is none yet.
    """

    delivery_id: int
    purpose: Purpose
    address: str
    alert_group_id: str
    title: str
    message: str
    state: State
    author_name: str
    author_slack_id: str | None
    user_id: str
    user_name: str
    user_slack_id: str | None
    user_timezone: str
    created_at: datetime
    link: str | None = None
    page_id: str | None = None
    important: bool = False
    paged_by_name: str = ""
    paged_by_slack_id: str | None = None
    team: str | None = None  # which was paged
    by_chain: bool = False  # a step of an escalation chain pages them
    run: int = 0
    step: int = 0
    plan: tuple[Step, ...] = ()
    # For Purpose.POSTED: where the alert message is, and why it is not where it was asked for.
    slack_channel: str | None = None
    refusal: str | None = None
    refused_by: str | None = None  # the Slack channel that would not take it
    heard_only_in: str | None = None  # the Slack channel that alone hears of it: `#sre`
    source_url: str | None = None

    @property
    def caller(self) -> str:
        """Who paged them, or had a team's chain do it."""
        return self.paged_by_name or self.author_name


def who_calls(by: str, team: str | None, *, by_chain: bool, again: bool = False) -> str:
    """`Alice paged you`, or how somebody else's page came to them; names as they are shown."""
    more = " again" if again else ""
    if not by_chain:
        return f"{by} paged you{more}"
    if team is None:
        return f"{by} asked for help: an escalation chain calls you{more}"
    return f"{by} paged {team_called(team)}: its escalation chain calls you{more}"


def begins_with_title(title: str, message: str) -> bool:
    """Whether the message says the title in its first line, so that it need not be said twice.

    A title that was made from a long first line is the beginning of it, and ends in `…`.
    """
    if title.endswith("…") and message.startswith(title.removesuffix("…")):
        return True
    return bool(title) and f"{message}\n".startswith(f"{title}\n")


class ChannelError(Exception):
    """A channel could not deliver.

    permanent: trying again cannot help; else `retry_in` says when to, if the other
    side said so, and `attempted` is False when it was never asked (a rate limit).
    The message is for people and holds no secrets.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_in: timedelta | None = None,
        attempted: bool = True,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_in = retry_in
        self.attempted = attempted


class Channel(Protocol):
    """One way to reach a human."""

    @property
    def seats(self) -> int:
        """How many notices may be on their way at once."""

    def send(self, notice: Notice) -> dict[str, Any]:
        """Deliver it and return a receipt (JSON).  Raises ChannelError."""


Channels = Mapping[RuleType, Channel]
