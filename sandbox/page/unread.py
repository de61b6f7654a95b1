"""What each person has not read yet: counted from the start, until they open the channel."""

from sandbox.channels import Channel, Message
from sandbox.driver import Person
from sandbox.page import sight
from sandbox.shapes import Json
from sandbox.workspace import Workspace

BROADCASTS = ("<!here", "<!channel", "<!everyone")


class Marks:
    """Up to where each person has read each channel."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._read: dict[tuple[str, str], str] = {}

    def get(self, person: str, channel: str) -> str:
        return self._read.get((person, channel), "")

    def read(self, person: str, channel: str, ts: str) -> None:
        with self.workspace.editing():
            self._read[person, channel] = max(ts, self.get(person, channel))

    def clear(self) -> None:
        self._read.clear()


class Unread:
    """The counts of one person; what has been counted is not counted again."""

    def __init__(self, person: Person, marks: Marks) -> None:
        self.person = person
        self.marks = marks
        self._counts: dict[str, tuple[str, tuple[str, ...], Json]] = {}
        self._mentions: dict[tuple[str, str], tuple[Message, bool]] = {}

    def count(self, channel: Channel) -> Json:
        """How much is unread in a channel, how much of it is for this person, and its newest."""
        mark = self.marks.get(self.person.id, channel.id)
        known = self._counts.get(channel.id)
        if known is None or known[:2] != (mark, channel.members):
            count = self._count(channel, mark)
            known = self._counts[channel.id] = (mark, channel.members, count)
        return known[2]

    def forget(self, channel_id: str) -> None:
        """Something has changed in this channel."""
        self._counts.pop(channel_id, None)

    def _count(self, channel: Channel, mark: str) -> Json:
        shown = sight.in_channel(self.person, channel.id)
        me = self.person.id
        there = shown if me in channel.members else []
        unread = [each for each in there if each.ts > mark and each.user != me]
        is_direct = channel.kind == "im"
        return {
            "unread": len(unread),
            "mentions": sum(is_direct or self._is_for_person(each) for each in unread),
            "latest": shown[-1].ts if shown else None,
        }

    def _is_for_person(self, message: Message) -> bool:
        key = (message.channel, message.ts)
        known = self._mentions.get(key)
        if known is None or known[0] is not message:
            known = self._mentions[key] = (message, mentions_person(self.person, message))
        return known[1]


def mentions_person(person: Person, message: Message) -> bool:
    groups = person.host.workspace.groups.items()
    mine = [f"<!subteam^{key}" for key, group in groups if person.id in group["users"]]
    wanted = (f"<@{person.id}", *BROADCASTS, *mine)
    return holds([message.text, message.blocks, message.attachments], wanted, person.id)


def holds(part: object, wanted: tuple[str, ...], user_id: str) -> bool:
    """Whether one of these stands anywhere in the text and the blocks of a message."""
    if isinstance(part, str):
        return any(each in part for each in wanted)
    if isinstance(part, dict):
        if part.get("type") == "user" and part.get("user_id") == user_id:
            return True
        return any(holds(each, wanted, user_id) for each in part.values())
    if isinstance(part, list | tuple):
        return any(holds(each, wanted, user_id) for each in part)
    return False
