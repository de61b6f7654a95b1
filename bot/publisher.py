"""Keeps an alert group's messages in Slack true: posts and rewrites them."""

from collections.abc import Sequence

from bot.pace import Urgency
from bot.slack import Slack
from bot.views import alert_group, direct, thread
from bot.views.message import Message
from bot.views.report import whole_url
from core.channels.publisher import Published
from core.story import Line, Story


class SlackPublisher:
    """What core.channels.publisher.Publisher promises, by Slack's Web API."""

    def __init__(self, slack: Slack, *, public_url: str | None = None, seats: int = 8) -> None:
        """`public_url` is where people reach this installation, ending in a slash."""
        self._slack = slack
        self._public_url = public_url
        self._seats = seats

    @property
    def seats(self) -> int:
        return self._seats

    def post_alert(self, story: Story, slack_channel: str) -> Published:
        message = self._alert(story)
        posted = self._slack.post(slack_channel, message, urgency=Urgency.PAGE)
        # What was posted must be remembered, whatever becomes of the link.
        link = self._slack.permalink(posted.slack_channel, posted.ts)
        return Published(posted.slack_channel, posted.ts, link)

    def update_alert(self, story: Story, slack_channel: str, ts: str) -> str | None:
        message = self._alert(story)
        self._slack.update(slack_channel, ts, message, urgency=Urgency.ALERT)
        return None if story.link else self._slack.permalink(slack_channel, ts)

    def post_lines(self, story: Story, lines: Sequence[Line], slack_channel: str, ts: str) -> int:
        message, last = thread.render(story, lines)
        self._slack.post(slack_channel, message, urgency=Urgency.THREAD, thread_ts=ts)
        return last

    def update_direct(self, story: Story, page_id: str, slack_channel: str, ts: str) -> None:
        whole = whole_url(self._public_url, story.id)
        message = direct.follow(story, page_id, whole=whole)
        self._slack.update(slack_channel, ts, message, urgency=Urgency.DIRECT)

    def is_public(self, slack_channel: str) -> bool:
        return self._slack.is_public(slack_channel)

    def _alert(self, story: Story) -> Message:
        return alert_group.render(story, whole=whole_url(self._public_url, story.id))
