"""Where a phone would ring, and where Slack would show something: what was said is kept."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from core.channels import ChannelError, Notice
from core.channels.publisher import MessageGone, Published
from core.models import Purpose, RuleType
from core.story import Line, Story

Fault = Exception | Callable[[Notice], Exception | None]


class Phone:
    """A channel that keeps every notice, or fails as it is told to."""

    seats = 8

    def __init__(self, way: RuleType) -> None:
        self.way = way
        self.sent: list[Notice] = []
        self.tried: list[Notice] = []
        self.before: Callable[[Notice], object] = lambda notice: None
        self.extra: dict[str, Any] = {}  # also in every receipt
        self._faults: list[Exception] = []
        self._broken: Exception | None = None

    @property
    def pages(self) -> list[Notice]:
        return [notice for notice in self.sent if notice.purpose is Purpose.PAGE]

    @property
    def addresses(self) -> list[str]:
        """Where pages went, in order."""
        return [notice.address for notice in self.pages]

    def told(self, purpose: Purpose) -> list[str]:
        """Where notices that are no page went, in order."""
        return [notice.address for notice in self.sent if notice.purpose is purpose]

    def fail(self, error: Exception, *, times: int | None = None) -> None:
        """The next `times` notices fail, or all until `mend`."""
        if times is None:
            self._broken = error
        else:
            self._faults += [error] * times

    def refuse(self) -> None:
        self.fail(ChannelError("number does not exist", permanent=True))

    def stumble(self, *, times: int | None = None) -> None:
        self.fail(ChannelError("busy"), times=times)

    def mend(self) -> None:
        self._faults.clear()
        self._broken = None

    def send(self, notice: Notice) -> dict[str, Any]:
        self.tried.append(notice)
        self.before(notice)
        if self._faults:
            raise self._faults.pop(0)
        if self._broken is not None:
            raise self._broken
        self.sent.append(notice)
        if self.way is RuleType.SLACK and notice.purpose is Purpose.PAGE:
            return {"slack_channel": f"D{notice.address[1:]}", "ts": f"{len(self.sent)}.0001"}
        return {"id": str(len(self.sent))} | self.extra


class Message:
    """The alert message as it stands, and the thread under it."""

    def __init__(self, story: Story, slack_channel: str, ts: str) -> None:
        self.story = story
        self.slack_channel = slack_channel
        self.ts = ts
        self.thread: list[Line] = []
        self.deleted = False


class Board:
    """A publisher that keeps what it is given to show, or fails as it is told to."""

    seats = 6

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.directs: dict[tuple[str, str], Story] = {}
        self.private: set[str] = set()
        self.refused: set[str] = set()  # conversations that will not take anything
        self.tries: list[str] = []
        self.lines_per_call = 50
        self.permalinks = True
        self.during: Callable[[], object] = lambda: None
        self.after_lines: Callable[[], object] = lambda: None
        self.extra: dict[str, Any] = {}  # also in every receipt
        self._faults: list[Exception] = []
        self._ts = count(1)

    def fail(self, error: Exception, *, times: int = 1) -> None:
        self._faults += [error] * times

    def message(self, alert_group_id: str) -> Message:
        """The alert message that stands."""
        found = [m for m in self.messages if m.story.id == alert_group_id and not m.deleted]
        assert found, f"no alert message of {alert_group_id}"
        return found[-1]

    def post_alert(self, story: Story, slack_channel: str) -> Published:
        self._try(f"post {slack_channel}", slack_channel)
        where = f"D{slack_channel[1:]}" if slack_channel.startswith("U") else slack_channel
        message = Message(story, where, f"{next(self._ts)}.0001")
        self.messages.append(message)
        link = f"https://slack.test/{where}/{message.ts}" if self.permalinks else None
        return Published(where, message.ts, link)

    def update_alert(self, story: Story, slack_channel: str, ts: str) -> str | None:
        self._try(f"update {slack_channel}", slack_channel)
        self._find(slack_channel, ts).story = story
        if story.link is None and self.permalinks:
            return f"https://slack.test/{slack_channel}/{ts}"
        return None

    def post_lines(self, story: Story, lines: Sequence[Line], slack_channel: str, ts: str) -> int:
        self._try(f"thread {slack_channel}", slack_channel)
        fitting = lines[: self.lines_per_call]
        self._find(slack_channel, ts).thread += fitting
        after, self.after_lines = self.after_lines, lambda: None
        after()
        return fitting[-1].id

    def update_direct(self, story: Story, page_id: str, slack_channel: str, ts: str) -> None:
        self._try(f"direct {slack_channel}", slack_channel)
        self.directs[slack_channel, ts] = story

    def is_public(self, slack_channel: str) -> bool:
        return slack_channel.startswith("C") and slack_channel not in self.private

    def _try(self, what: str, slack_channel: str) -> None:
        self.tries.append(what)
        during, self.during = self.during, lambda: None
        during()
        if self._faults:
            raise self._faults.pop(0)
        if slack_channel in self.refused:
            raise ChannelError("is_archived", permanent=True)

    def _find(self, slack_channel: str, ts: str) -> Message:
        for message in self.messages:
            if (message.slack_channel, message.ts) == (slack_channel, ts) and not message.deleted:
                return message
        raise MessageGone("message_not_found")
