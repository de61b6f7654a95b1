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


def counted(person: Person, channel: Channel, mark: str) -> Json:
    """How much is unread in a channel, how much of it is for this person, and its newest."""
    shown = sight.in_channel(person, channel.id)
    unread = [each for each in shown if each.ts > mark and each.user != person.id]
    mentions = [each for each in unread if channel.kind == "im" or mentions_person(person, each)]
    return {
        "unread": len(unread),
        "mentions": len(mentions),
        "latest": shown[-1].ts if shown else None,
    }


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
