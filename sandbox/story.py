"""Tells what happens in the workspace while it happens, line by line, for somebody watching."""

from collections.abc import Iterator

from sandbox.channels import Channel, Message
from sandbox.host import Host
from sandbox.plain_text import Reader
from sandbox.views import View


class Story:
    """Remembers what was told already; every new or changed message is told once."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.reader = Reader(host)
        self._told: dict[tuple[str, str], Message] = {}
        self._shown: dict[str, str] = {}

    def news(self) -> list[str]:
        """What happened since the last time."""
        with self.host.workspace.changed:
            lines = [line for message in self._changed() for line in self._message(message)]
            return lines + [self._view(view) for view in self._changed_views()]

    def follow(self, timeout: float) -> Iterator[str]:
        """What happens from now on, as it happens; ends when nothing did for `timeout` seconds."""
        while True:
            news = self.news()
            if news:
                yield from news
            elif not self.host.workspace.wait(self._has_news, timeout):
                return

    def _has_news(self) -> bool:
        return bool(self._changed()) or bool(self._changed_views())

    def _changed(self) -> list[Message]:
        return [
            message
            for messages in self.host.workspace.messages.values()
            for message in messages.values()
            if self._told.get((message.channel, message.ts)) is not message
        ]

    def _changed_views(self) -> list[View]:
        return [
            view
            for view in self.host.views.by_id.values()
            if self._shown.get(view.id) != self._stamp(view)
        ]

    def _stamp(self, view: View) -> str:
        return "closed" if view.closed else view.hash

    def _message(self, message: Message) -> list[str]:
        self._told[(message.channel, message.ts)] = message
        where = self._name(self.host.workspace.channels[message.channel])
        if message.deleted:
            return [f"{where} | (a message was deleted)"]
        mark = "  " if message.is_reply else ""
        return [f"{where} | {mark}{line}" for line in self.reader.message(message).split("\n")]

    def _view(self, view: View) -> str:
        self._shown[view.id] = self._stamp(view)
        who = self.host.workspace.users[view.user].name
        if view.closed:
            return f"{who} | closed {view.title!r}"
        return "\n".join(f"{who} | {line}" for line in self.reader.view(view).split("\n"))

    def _name(self, channel: Channel) -> str:
        if not channel.is_direct:
            return f"#{channel.name}"
        people = [self.host.workspace.users[each].name for each in channel.members]
        return " and ".join(people)
