"""What keeps an alert group's messages in Slack true; the bot implements it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.channels import ChannelError
from core.story import Line, Story


@dataclass(frozen=True)
class Published:
    """Where a message went: the conversation's id, the message's ts, a link to it."""

    slack_channel: str
    ts: str
    permalink: str | None = None


class MessageGone(ChannelError):
    """The message was deleted; it can be posted anew in the same place."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class Publisher(Protocol):
    """Posts and rewrites messages.

    Everything raises ChannelError: permanent when this conversation will not take it
    (another place is tried), MessageGone when the message was deleted, else temporary.
    """

    @property
    def seats(self) -> int:
        """How many messages may be on their way at once."""

    def post_alert(self, story: Story, slack_channel: str) -> Published:
        """Post the alert message in a channel, or to a user id's direct messages."""

    def update_alert(self, story: Story, slack_channel: str, ts: str) -> str | None:
        """Rewrite it as things stand; returns its permalink if the story has none yet."""

    def post_lines(self, story: Story, lines: Sequence[Line], slack_channel: str, ts: str) -> int:
        """Post the log under the alert message; returns the id of the last line that fitted."""

    def update_direct(self, story: Story, page_id: str, slack_channel: str, ts: str) -> None:
        """Rewrite a responder's direct message as things stand."""

    def is_public(self, slack_channel: str) -> bool:
        """Whether everybody in the workspace can read this channel; False when in doubt."""
