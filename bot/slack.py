"""Calls Slack's Web API for the engine, and decides what each failure means."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot import failures
from bot.failures import Malformed
from bot.pace import POST, UPDATE, Pace, Urgency
from bot.reach import Reach
from bot.token_state import TokenState
from bot.views.message import Message
from bot.web_client import BoundedClient, quiet
from core.channels import ChannelError
from core.config import Settings

logger = logging.getLogger(__name__)

TIMEOUT = 10  # seconds for an answer
QUICK = 4  # seconds, for what can be had later: post, again in plain, link stay within 30
PUBLIC_FOR = 600.0  # seconds a channel is taken to be as public as it was
# What a call can fail with beside an answer: unreachable, timed out, cut off, or a body
# that is no JSON object, which the SDK trips over.
BROKEN = (OSError, HTTPException, ValueError, AttributeError, TypeError, SlackClientError)


@dataclass(frozen=True)
class Posted:
    """Where a message is: the conversation's id, even if a person's was given."""

    slack_channel: str
    ts: str


class Slack:
    """The bot's way to Slack; thread-safe.

    Everything raises ChannelError: permanent for a place that will not take it,
    MessageGone, or temporary.  The SDK repeats nothing: the engine does.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str,
        pace: Pace | None = None,
        timeout: int = TIMEOUT,
        clock: Callable[[], float] = monotonic,
        credential: str = "SLACK_BOT_TOKEN",
    ) -> None:
        """`credential` is what the token is called in the settings."""
        self.token_state = TokenState(credential)
        self.reach = Reach(clock)
        self._pace = pace or Pace(clock)
        self._clock = clock
        self._timeout = timeout
        self._base_url = base_url
        self._client = BoundedClient(token, base_url=base_url, timeout=timeout)
        self._quick = BoundedClient(token, base_url=base_url, timeout=min(timeout, QUICK))
        self._public: dict[str, tuple[bool, float]] = {}

    @classmethod
    def of(cls, settings: Settings) -> Self:
        token = settings.slack_bot_token
        return cls(token.get_secret_value() if token else "", base_url=settings.slack_api_url)

    def post(
        self,
        conversation: str,
        message: Message,
        *,
        urgency: Urgency,
        thread_ts: str | None = None,
    ) -> Posted:
        """Post in a channel, or to a person's direct messages."""
        place: dict[str, Any] = {"channel": conversation}
        place |= {"unfurl_links": False, "unfurl_media": False}
        if thread_ts is not None:
            place["thread_ts"] = thread_ts
            place |= {"reply_broadcast": True} if message.is_broadcast else {}
        answer = self._write(POST, conversation, place, message, urgency)
        channel, ts = answer.get("channel"), answer.get("ts")
        if not isinstance(channel, str) or not isinstance(ts, str):
            raise ChannelError("Slack's answer makes no sense.")
        return Posted(channel, ts)

    def update(self, conversation: str, ts: str, message: Message, *, urgency: Urgency) -> None:
        """Rewrite a message of ours."""
        self._write(UPDATE, conversation, {"channel": conversation, "ts": ts}, message, urgency)

    def permalink(self, conversation: str, ts: str) -> str | None:
        """A link to the message; None when Slack does not say at the moment."""
        place = {"channel": conversation, "message_ts": ts}
        try:
            answer = self.read("chat.getPermalink", place, quick=True)
        except ChannelError as error:
            logger.warning("no permalink of %s in %s: %s", ts, conversation, error)
            return None
        link = answer.get("permalink")
        return link if isinstance(link, str) and link else None

    def is_public(self, conversation: str) -> bool:
        """Whether everybody in the workspace can read it; False when in doubt."""
        known, until = self._public.get(conversation, (False, 0.0))
        if self._clock() < until:
            return known
        try:
            answer = self.read("conversations.info", {"channel": conversation}, quick=True)
        except ChannelError as error:
            logger.warning("conversations.info of %s: %s", conversation, error)
            return False
        info = answer.get("channel")
        known = (
            isinstance(info, dict)
            and info.get("is_channel") is True
            and info.get("is_private") is False
        )
        self._public[conversation] = known, self._clock() + PUBLIC_FOR
        return known

    def respond(self, url: str, message: Message) -> bool:
        """Answer somebody privately through a response_url; False when it is used up."""
        parts = urlsplit(url)
        allowed = {"https", urlsplit(self._base_url).scheme}
        if parts.scheme not in allowed or not parts.hostname:
            return False
        client = WebhookClient(url, timeout=self._timeout, logger=quiet, retry_handlers=[])
        body: dict[str, Any] = {"response_type": "ephemeral", "replace_original": False}
        body |= {"text": message.text} | ({"blocks": message.blocks} if message.blocks else {})
        try:
            answer = client.send_dict(body)
        except BROKEN as error:
            raise failures.broken(error) from error
        if answer.status_code == 429:
            raise failures.limited(failures.retry_after(answer.headers))
        if answer.status_code >= 500:
            raise failures.broken(f"HTTP {answer.status_code}")
        return answer.status_code == 200

    def read(
        self,
        method: str,
        params: Mapping[str, str | int] | None = None,
        *,
        quick: bool = False,
        about: str = "",
    ) -> Mapping[str, Any]:
        """Ask for something; the answer's JSON object.

        `about` says what is asked for where a scope is needed for that alone.
        """
        return self._call(
            method, None, Urgency.DIRECT, params=params or {}, quick=quick, about=about
        )

    def _write(
        self,
        method: str,
        conversation: str,
        place: Mapping[str, Any],
        message: Message,
        urgency: Urgency,
    ) -> Mapping[str, Any]:
        """Post or update; once more without blocks when Slack does not like those."""
        # An edit that does not name the blocks would leave the old ones standing.
        blocks = {"blocks": list(message.blocks)} if message.blocks or method == UPDATE else {}
        body = {**place, "text": message.text, **blocks}
        try:
            return self._call(method, conversation, urgency, json=body)
        except Malformed as error:
            if not message.blocks:
                raise
            logger.error("%s in %s: %s; again in plain text", method, conversation, error)
        body = {**place, "text": message.plain or message.text}
        body |= {"blocks": []} if method == UPDATE else {}
        return self._call(method, conversation, urgency, json=body)

    def _call(
        self,
        method: str,
        conversation: str | None,
        urgency: Urgency,
        *,
        json: dict[str, Any] | None = None,
        params: Mapping[str, str | int] | None = None,
        quick: bool = False,
        about: str = "",
    ) -> Mapping[str, Any]:
        wait = self._pace.take(method, conversation, urgency)
        if wait is not None:
            raise failures.limited(wait)
        client = self._quick if quick else self._client
        try:
            answer = client.api_call(method, json=json, params=dict(params or {})).data
        except SlackApiError as error:
            raise self._refused(method, conversation, error, about) from error
        except BROKEN as error:
            self.reach.failed()
            raise failures.broken(error) from error
        if not isinstance(answer, dict):
            self.reach.failed()
            raise failures.broken("no JSON object")
        self.reach.answered()
        self.token_state.accepted(method, about)
        return answer

    def _refused(
        self, method: str, conversation: str | None, error: SlackApiError, about: str
    ) -> ChannelError:
        refusal = failures.Refusal.of(error)
        if refusal.passes:
            self.reach.failed()
        else:
            self.reach.answered()
        if refusal.retry_after is not None:
            self._pace.close(method, conversation, refusal.retry_after)
        if refusal.is_token:
            self.token_state.refused(method, refusal.code, about)
        elif refusal.is_ours:
            logger.error("%s in %s: %s %s", method, conversation, refusal.code, refusal.pointers)
        return refusal.as_error()
