"""The state of the workspace: one lock, one condition to wait on, records that never change."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sandbox import events
from sandbox.channels import Channel, Kind, Message
from sandbox.manifest import Manifest
from sandbox.people import User
from sandbox.shapes import ApiError, Json, NotPossible, new_id

TEAM = "T0TOCSIN01"
PATIENCE = 20.0  # seconds to wait for what comes at once, unless the machine is busy


@dataclass(frozen=True)
class ApiCall:
    """One line of the journal: a call of the Web API and how it was answered."""

    at: float
    method: str
    arguments: Json
    answer: Json
    status: int
    seconds: float

    @property
    def ok(self) -> bool:
        return self.answer.get("ok") is True


@dataclass(frozen=True)
class Delivered:
    """One payload that was taken to the app: when, how, and what became of it."""

    at: float
    kind: str
    payload: Json
    attempt: int
    failure: str | None
    answer: Json | None
    seconds: float


@dataclass
class Workspace:
    manifest: Manifest
    team_id: str = TEAM
    name: str = "Sandbox"
    domain: str = "sandbox"
    app_id: str = field(default_factory=lambda: new_id("A"))
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    groups: dict[str, Json] = field(default_factory=dict)
    journal: list[ApiCall] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    # What the app did against the protocol without being told so in an answer.
    problems: list[str] = field(default_factory=list)
    # Set by the server; until then nobody listens.
    on_event: Callable[[str, Json], None] = lambda _subscription, _event: None

    def __post_init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        # Whoever wants to hear of every change: called with the lock held, so they must be quick.
        self.listeners: list[Callable[[], None]] = []
        # Every message that was posted or changed, in that order, until all are forgotten.
        self.touched: list[tuple[str, str]] = []
        self.times_forgotten = 0
        self._edits = 0
        self._last_ts = 0
        # Where to look first: channels by who talks there directly, replies by their root.
        self._directs: dict[frozenset[str], str] = {}
        self._replies: dict[tuple[str, str | None], list[str]] = {}
        self.bot = self.add_user(
            self.manifest.bot_name, self.manifest.name, is_bot=True, bot_id=new_id("B")
        )

    @contextmanager
    def editing(self) -> Iterator[None]:
        """Hold the lock, and wake whoever waits for a change when done."""
        with self.changed:
            self._edits += 1
            try:
                yield
            finally:
                self._edits -= 1
                self.changed.notify_all()
                if not self._edits:
                    for listener in self.listeners:
                        listener()

    def wait(self, predicate: Callable[[], object], timeout: float) -> bool:
        """Whether the predicate became true in time; it is asked at every change."""
        with self.changed:
            return bool(self.changed.wait_for(lambda: bool(predicate()), timeout))

    # People

    def add_user(
        self,
        name: str,
        real_name: str = "",
        *,
        email: str | None = None,
        team_id: str = "",
        tz: str = "UTC",
        is_admin: bool = False,
        is_bot: bool = False,
        is_restricted: bool = False,
        deleted: bool = False,
        bot_id: str = "",
        user_id: str = "",
        paused: tuple[int, int] | None = None,
    ) -> User:
        user = User(
            id=user_id or new_id("U"),
            team_id=team_id or self.team_id,
            name=name,
            real_name=real_name or name.title(),
            email=("" if is_bot else f"{name}@example.com") if email is None else email,
            tz=tz,
            is_admin=is_admin,
            is_bot=is_bot,
            bot_id=bot_id or (new_id("B") if is_bot else ""),
            is_restricted=is_restricted,
            deleted=deleted,
            paused=paused,
            updated=int(time.time()),
        )
        with self.editing():
            self.users[user.id] = user
        return user

    def save_user(self, user: User) -> None:
        """Keep a changed record of a person and send the event that tells apps about it."""
        with self.editing():
            before = self.users[user.id]
            user = replace(user, updated=int(time.time()))
            self.users[user.id] = user
        if before.paused != user.paused:
            self.emit("dnd_updated_user", events.dnd_updated(user))
        if replace(before, paused=None, updated=0) != replace(user, paused=None, updated=0):
            self.emit("user_change", events.about_user("user_change", self, user))

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise ApiError("user_not_found")
        return self.users[user_id]

    def find_user(self, name: str) -> User:
        """A person by name, `@name`, real name or id, as a test or a page names them."""
        name = name.removeprefix("@")
        for user in list(self.users.values()):
            if name in (user.id, user.name) or name == user.real_name:
                return user
        raise NotPossible(f"nobody here is called {name!r}")

    # Channels

    def add_channel(
        self,
        name: str,
        *,
        members: Sequence[User] = (),
        private: bool = False,
        kind: Kind | None = None,
        archived: bool = False,
        shared_with: Sequence[str] = (),
    ) -> Channel:
        kind = kind or ("private" if private else "public")
        channel = Channel(
            id=new_id("D" if kind == "im" else "C"),
            name=name,
            kind=kind,
            members=tuple(member.id for member in members),
            creator=members[0].id if members else self.bot.id,
            created=int(time.time()),
            archived=archived,
            shared_with=tuple(shared_with),
        )
        with self.editing():
            self.channels[channel.id] = channel
            self.messages[channel.id] = {}
        return channel

    def save_channel(self, channel: Channel) -> Channel:
        with self.editing():
            self.channels[channel.id] = channel
        return channel

    def find_channel(self, name: str) -> Channel:
        """A channel by name, `#name` or id, as a test or a page names it."""
        name = name.removeprefix("#")
        for channel in list(self.channels.values()):
            if name == channel.id or (name == channel.name and not channel.is_direct):
                return channel
        raise NotPossible(f"no channel is called {name!r}")

    def direct(self, *people: str) -> Channel:
        """The direct conversation between these people (user ids), opened if need be."""
        with self.editing():
            wanted = frozenset(people)
            if wanted in self._directs:
                return self.channels[self._directs[wanted]]
            users = [self.users[each] for each in dict.fromkeys(people)]
            if len(users) <= 2:
                channel = self.add_channel("", members=users, kind="im")
            else:
                name = "mpdm-" + "--".join(user.name for user in users) + "-1"
                channel = self.add_channel(name, members=users, kind="mpim")
            self._directs[wanted] = channel.id
            return channel

    # Messages

    def next_ts(self) -> str:
        with self.changed:
            self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def keep(self, message: Message) -> Message:
        """Put a message where it belongs, new or changed; no app is told."""
        with self.editing():
            self.messages[message.channel][message.ts] = message
            self.touched.append((message.channel, message.ts))
        return message

    def post(self, message: Message) -> Message:
        with self.editing():
            self.keep(message)
            if message.is_reply and message.ephemeral_to is None:
                root = (message.channel, message.thread_ts)
                self._replies.setdefault(root, []).append(message.ts)
        if message.ephemeral_to is None:
            events.message_posted(self, message)
        return message

    def save_message(self, message: Message) -> Message:
        """Keep a changed or deleted message and tell the apps that listen."""
        with self.editing():
            before = self.messages[message.channel][message.ts]
            self.keep(message)
        if message.ephemeral_to is None:
            events.message_changed(self, before, message)
        return message

    def find_message(self, channel: str, ts: str) -> Message | None:
        message = self.messages.get(channel, {}).get(ts)
        return None if message is None or message.deleted else message

    def history(self, channel: str) -> list[Message]:
        """What everybody in the channel can read, oldest first."""
        with self.changed:
            return [
                message
                for message in self.messages[channel].values()
                if not message.deleted and message.ephemeral_to is None
            ]

    def replies(self, root: Message) -> list[Message]:
        with self.changed:
            there = self.messages[root.channel]
            replies = [there.get(ts) for ts in self._replies.get((root.channel, root.ts), ())]
        return [reply for reply in replies if reply is not None and not reply.deleted]

    def forget_messages(self) -> None:
        """Empty every channel, so that a test starts on a clean page."""
        with self.editing():
            self._replies.clear()
            self.touched.clear()
            self.times_forgotten += 1
            for messages in self.messages.values():
                messages.clear()

    def emit(self, subscription: str, event: Json) -> None:
        if subscription in self.manifest.events:
            self.on_event(subscription, event)
