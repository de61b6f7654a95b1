"""conversations.history and conversations.replies: reading what was said."""

from dataclasses import dataclass

from sandbox.channels import Channel, Message
from sandbox.events import message_json
from sandbox.shapes import ApiError, Json
from sandbox.web_api.conversations import HISTORY_SCOPE
from sandbox.web_api.pages import page
from sandbox.web_api.posting import readable_channel
from sandbox.web_api.registry import Call, method


def read_channel(call: Call) -> Channel:
    channel = readable_channel(call.workspace, call.required("channel"))
    call.need(HISTORY_SCOPE[channel.kind])
    if call.workspace.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


@dataclass(frozen=True)
class Span:
    """The part of the past a call asks for."""

    oldest: float
    latest: float
    inclusive: bool

    @classmethod
    def of(cls, call: Call) -> "Span":
        return cls(moment(call, "oldest"), moment(call, "latest"), call.flag("inclusive"))

    def holds(self, message: Message) -> bool:
        ts = float(message.ts)
        if ts in (self.oldest, self.latest):
            return self.inclusive
        return self.oldest < ts and (not self.latest or ts < self.latest)


def moment(call: Call, name: str) -> float:
    try:
        return float(call.text(name) or 0)
    except ValueError:
        raise ApiError(f"invalid_ts_{name}") from None


@method("conversations.history")
def history(call: Call) -> Json:
    channel = read_channel(call)
    span = Span.of(call)
    newest_first = [
        message
        for message in reversed(call.workspace.history(channel.id))
        if (not message.is_reply or message.broadcast) and span.holds(message)
    ]
    part, metadata = page(call, newest_first)
    return {
        "messages": [message_json(call.workspace, message) for message in part],
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": 0,
        "response_metadata": metadata,
    }


@method("conversations.replies")
def replies(call: Call) -> Json:
    workspace = call.workspace
    channel = read_channel(call)
    root = workspace.find_message(channel.id, call.required("ts"))
    if root is None or root.ephemeral_to is not None:
        raise ApiError("thread_not_found")
    span = Span.of(call)
    answers = [each for each in workspace.replies(root) if span.holds(each)]
    part, metadata = page(call, [root, *answers], default=1000)
    return {
        "messages": [message_json(workspace, message) for message in part],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }
