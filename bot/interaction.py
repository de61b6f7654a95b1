"""One thing a person did in Slack, and every way there is to answer them."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.views.chosen import notice
from bot.views.text import escape

logger = logging.getLogger(__name__)

LATE = 2.5  # seconds; Slack shows its own error after 3, and the answer has a way to go
SLACK_ERRORS = (SlackApiError, SlackClientError, OSError)  # OSError: unreachable, or timed out


class Kind(Enum):
    COMMAND = auto()
    FORM = auto()  # a modal was submitted
    BUTTON = auto()  # on a message
    IN_FORM = auto()  # a button or a choice inside a modal
    OTHER = auto()  # an event, a shortcut


@dataclass(frozen=True)
class Press:
    """A button or a choice that was used; `value` is the button's, or the chosen option's."""

    action_id: str
    value: str
    at: float  # when, by Slack's clock


class Interaction:
    """What Slack sent, parsed as far as every listener needs it.

    `received` is `time.monotonic()` of when it came.
    """

    def __init__(
        self, *, ack: Ack, body: Mapping[str, Any], client: WebClient, received: float
    ) -> None:
        self.body = body
        self.client = client
        self.received = received
        self.is_acknowledged = False
        self._ack = ack

    @property
    def kind(self) -> Kind:
        if "command" in self.body:
            return Kind.COMMAND
        if self.body.get("type") == "view_submission":
            return Kind.FORM
        if self.body.get("type") == "block_actions":
            return Kind.IN_FORM if "view" in self.body else Kind.BUTTON
        return Kind.OTHER

    @property
    def name(self) -> str:
        """What was used, for the log; never what was typed."""
        if self.kind is Kind.COMMAND:
            return str(self.body["command"])
        if self.body.get("actions"):
            return str(self.body["actions"][0].get("action_id"))
        view, event = self.body.get("view") or {}, self.body.get("event") or {}
        return str(view.get("callback_id") or event.get("type") or self.body.get("callback_id"))

    @property
    def user_id(self) -> str:
        """The Slack id of who did it; empty for an event that nobody did."""
        user = self.body.get("user")
        return str(user["id"] if isinstance(user, dict) else self.body.get("user_id") or "")

    @property
    def team_id(self) -> str:
        """The workspace of who did it, which in a shared channel may not be ours."""
        user, team = self.body.get("user"), self.body.get("team")
        of_user = user.get("team_id") if isinstance(user, dict) else None
        of_team = team.get("id") if isinstance(team, dict) else None
        return str(of_user or of_team or self.body.get("team_id") or "")

    @property
    def view(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.body.get("view") or {}
        return found

    @property
    def trigger_id(self) -> str:
        return str(self.body.get("trigger_id", ""))

    @property
    def response_url(self) -> str | None:
        return self.body.get("response_url") or None

    @property
    def press(self) -> Press:
        action = self.body["actions"][0]
        chosen = action.get("selected_option") or {}
        return Press(
            action_id=action["action_id"],
            value=str(action.get("value") or chosen.get("value") or ""),
            at=float(action.get("action_ts") or 0),
        )

    @property
    def is_late(self) -> bool:
        """Whether Slack may have told them by now that nobody answered."""
        return time.monotonic() - self.received > LATE

    def left(self, seconds: float) -> float:
        """How much is left of so many seconds after it came."""
        return max(0.0, self.received + seconds - time.monotonic())

    def acknowledge(self, **answer: Any) -> None:
        """Answer Slack itself: closes a modal unless `answer` says otherwise.  Once only."""
        if not self.is_acknowledged:
            self.is_acknowledged = True
            self._ack(**answer)

    def refuse(self, text: str, *, block_id: str | None = None) -> None:
        """Say why it was not done, as near as possible to where they look.

        `block_id` is the input it is about; in a form without it, it stands at the first.
        A menu that is searched stays empty: one would be told at each letter.
        """
        if self.body.get("type") == "block_suggestion":
            self.acknowledge(options=[])
            return
        if self.kind is Kind.FORM and not self.is_acknowledged:
            inputs = [b["block_id"] for b in self.view["blocks"] if b["type"] == "input"]
            at = block_id if block_id in inputs else next(iter(inputs), None)
            if at is not None:
                self.acknowledge(response_action="errors", errors={at: text})
                if not self.is_late:
                    return
        elif self.kind is Kind.COMMAND and not self.is_acknowledged:
            self.acknowledge(text=escape(text))
            if not self.is_late:
                return
        self.acknowledge()
        if self.kind is not Kind.IN_FORM or not self._lay_over(text):
            self.whisper(text)

    def whisper(self, text: str, *, response_url: str | None = None) -> None:
        """Tell them privately, by the first way that works; `text` is plain text."""
        self.say(escape(text), response_url=response_url)

    def say(self, mrkdwn: str, *, response_url: str | None = None) -> None:
        """As `whisper`, of text that is mrkdwn already."""
        if not self.user_id:
            return
        url = response_url or self.response_url
        if url and self._respond(url, mrkdwn):
            return
        channel = (self.body.get("channel") or {}).get("id") or self.body.get("channel_id")
        if channel and not str(channel).startswith("D"):
            try:
                self.client.chat_postEphemeral(channel=channel, user=self.user_id, text=mrkdwn)
            except SLACK_ERRORS as error:
                logger.info("No ephemeral message to %s: %s", self.user_id, reason(error))
            else:
                return
        try:
            self.client.chat_postMessage(channel=self.user_id, text=mrkdwn)
        except SLACK_ERRORS as error:
            logger.warning("%s was not told how it went: %s", self.user_id, reason(error))

    def _lay_over(self, text: str) -> bool:
        """Say it over the modal or Home tab in front of them, while the trigger lasts."""
        told = notice("Tocsin", [text])
        try:
            if self.view.get("type") == "home":
                self.client.views_open(trigger_id=self.trigger_id, view=told)
            else:
                self.client.views_push(trigger_id=self.trigger_id, view=told)
        except SLACK_ERRORS as error:
            logger.info("No form for %s: %s", self.user_id, reason(error))
            return False
        return True

    def _respond(self, url: str, mrkdwn: str) -> bool:
        webhook = WebhookClient(url, timeout=self.client.timeout)
        try:
            answer = webhook.send(text=mrkdwn, response_type="ephemeral", replace_original=False)
        except SLACK_ERRORS as error:
            logger.info("response_url of %s: %s", self.user_id, reason(error))
            return False
        return answer.status_code == 200


def reason(error: Exception) -> str:
    """What a failed call to Slack may say in the log: Slack's word, or the kind of error."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error"))
    return type(error).__name__
