"""Slack as a way to reach a human: direct messages, and private answers to whoever asked."""

from typing import Any

from bot.pace import Urgency
from bot.slack import Posted, Slack
from bot.views import author, direct
from bot.views.message import Message
from bot.views.report import whole_url
from core.channels import ChannelError, Notice
from core.models import Purpose


class SlackChannel:
    """Delivers notices; an address is a Slack user id, or a response_url."""

    def __init__(self, slack: Slack, *, public_url: str | None = None, seats: int = 16) -> None:
        """`public_url` is where people reach this installation, ending in a slash."""
        self._slack = slack
        self._public_url = public_url
        self._seats = seats

    @property
    def seats(self) -> int:
        return self._seats

    def send(self, notice: Notice) -> dict[str, Any]:
        """The receipt says where the message is; it is empty for a private answer."""
        if notice.purpose is Purpose.PAGE:
            whole = whole_url(self._public_url, notice.alert_group_id)
            return _receipt(self._write_to(notice.address, direct.page(notice, whole=whole)))
        if notice.purpose is Purpose.UNANSWERED:
            return _receipt(self._write_to(notice.address, author.unanswered(notice)))
        return self._tell_where(notice)

    def _tell_where(self, notice: Notice) -> dict[str, Any]:
        person: str | None = notice.address
        if notice.address.startswith(("https://", "http://")):
            if self._slack.respond(notice.address, author.posted(notice, in_direct=False)):
                return {}
            person = notice.author_slack_id
        if person is None:
            raise ChannelError("The command is too old to be answered.", permanent=True)
        return _receipt(self._write_to(person, author.posted(notice, in_direct=True)))

    def _write_to(self, person: str, message: Message) -> Posted:
        return self._slack.post(person, message, urgency=Urgency.PAGE)


def _receipt(posted: Posted) -> dict[str, Any]:
    return {"slack_channel": posted.slack_channel, "ts": posted.ts}
