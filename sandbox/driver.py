"""What people do, in plain verbs: for tests, and for a page in which a person does it."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox import payloads, reactions, state
from sandbox.channels import Channel, Message
from sandbox.choices import chosen, options_of, pick_option
from sandbox.escape import as_sent
from sandbox.host import Host
from sandbox.modals import Interaction, Modal, OpenView, failure_word, interact
from sandbox.people import User
from sandbox.plain_text import Reader
from sandbox.responses import post_acknowledgement
from sandbox.shapes import Json, NotPossible
from sandbox.suggestions import suggested
from sandbox.workspace import PATIENCE


@dataclass(frozen=True)
class Person:
    """One person in front of their screen."""

    host: Host
    id: str

    @property
    def user(self) -> User:
        return self.host.workspace.users[self.id]

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    # Where things are

    def channel(self, name: str) -> Channel:
        """A channel by name, or by `@name` the direct messages with somebody."""
        workspace = self.host.workspace
        if name.startswith("@"):
            return workspace.direct(self.id, workspace.find_user(name).id)
        channel = workspace.find_channel(name)
        if not self.can_see(channel):
            raise NotPossible(f"{self.user.name} cannot see #{channel.name}")
        return channel

    def can_see(self, channel: Channel) -> bool:
        is_ours = self.user.team_id == self.host.workspace.team_id and not self.user.is_restricted
        return (is_ours and channel.kind == "public") or self.id in channel.members

    def can_read(self, message: Message) -> bool:
        return not message.deleted and message.ephemeral_to in (None, self.id)

    def messages(self, channel: str) -> list[Message]:
        """What the person sees in a channel, replies and ephemeral messages included."""
        where = self.channel(channel).id
        with self.host.workspace.changed:
            every = self.host.workspace.messages[where].values()
            return [message for message in every if self.can_read(message)]

    def message(self, *, channel: str, containing: str = "", timeout: float = PATIENCE) -> Message:
        """The newest message with this text in it, as soon as there is one."""
        found: list[Message] = []

        def there() -> bool:
            found[:] = [each for each in self.messages(channel) if containing in self.reads(each)]
            return bool(found)

        if not self.host.workspace.wait(there, timeout):
            shown = Reader(self.host).channel(self.channel(channel).id, reader=self.user)
            raise AssertionError(f"{containing!r} is not in {channel}:\n{shown}")
        return found[-1]

    def newest(self, message: Message) -> Message:
        """The message as it is now."""
        return self.host.workspace.messages[message.channel][message.ts]

    def thread(self, message: Message) -> list[Message]:
        return self.host.workspace.replies(message)

    def ephemerals(self, channel: str) -> list[str]:
        """What only this person sees there, as text."""
        return [self.reads(message) for message in self.messages(channel) if message.ephemeral_to]

    def dm_with_bot(self) -> list[str]:
        """The direct messages with the bot, as text, oldest first."""
        return [self.reads(message) for message in self.messages("@" + self.bot_name)]

    @property
    def bot_name(self) -> str:
        return self.host.workspace.bot.name

    def reads(self, message: Message) -> str:
        return Reader(self.host).content(message)

    def sees(self, channel: str) -> str:
        """A channel with everything in it as this person reads it."""
        return Reader(self.host).channel(self.channel(channel).id, reader=self.user)

    def wait_for(self, predicate: Callable[[], object], timeout: float = PATIENCE) -> None:
        if not self.host.workspace.wait(predicate, timeout):
            raise AssertionError(f"{self.user.name} waited {timeout} s in vain")

    # What they do

    def command(self, command: str, text: str = "", *, channel: str = "general") -> Interaction:
        """Type a slash command."""
        self.check_here()
        workspace = self.host.workspace
        where = self.channel(channel)
        declared = workspace.manifest.commands.get(command)
        if declared is None or self.user.team_id != workspace.team_id:
            raise NotPossible(f"{command} is not a valid command.")
        if where.archived:
            raise NotPossible(f"#{where.name} is archived")
        trigger_id = self.host.triggers.issue(self.id, channel=where.id)
        payload = payloads.slash_command(
            workspace,
            self.user,
            where,
            command,
            as_sent(workspace, text, names=True) if declared.escapes else text,
            response_url=self.host.url + self.host.response_urls.issue(self.id, where.id),
            trigger_id=trigger_id,
        )
        ack = self.host.deliver("slash_commands", payload)
        word = failure_word(ack)
        failed = word and f'{command} failed with the error "{word}"'
        said = post_acknowledgement(self.host, self.id, where.id, ack.answer)
        return Interaction(self.host, self.id, trigger_id, ack, failed, said)

    def press(
        self, message: Message, name: str, option: str | None = None, *, stale: bool = False
    ) -> Interaction:
        """Press a button, or choose `option` in a select, by its text or action id.

        Acts on the message as it is now; with `stale` on the copy given, which is what somebody
        does who has not seen the change yet.  Confirmation dialogs are accepted.
        """
        self.check_here()
        shown = message if stale else self.newest(message)
        if not self.can_read(shown):
            raise NotPossible("the message is not there")
        field = self.find(shown, name)
        values = state.initial_values(shown.all_blocks)
        if field.type == "button":
            return self.act(shown, field, {}, values)
        if field.type == "overflow":
            picked = pick_option(options_of(field.element), option or "")
            return self.act(shown, field, {"selected_option": picked}, values)
        wanted = [] if option is None else [option]
        offered = []
        if field.type.endswith("external_select"):
            offered = self.suggestions(shown, name, option or "")
        value = chosen(self.host, self.id, field, wanted, offered)
        return self.act(shown, field, value, values | {field.key: value})

    def suggestions(self, message: Message, name: str, query: str) -> list[Json]:
        """The options the app suggests for what was typed into an external select."""
        return options_of(self.suggested(message, self.find(message, name), query))

    def suggested(self, message: Message, field: state.Field, query: str) -> Json:
        """The same, in groups if the app groups them."""

        def payload(where: Json) -> Json:
            workspace = self.host.workspace
            return payloads.block_suggestion_in_message(workspace, self.user, message, where)

        return suggested(self.host, field, query, payload)

    def find(self, message: Message, name: str) -> state.Field:
        fields = list(state.interactive(message.all_blocks))
        for field in fields:
            placeholder = field.element.get("placeholder", {}).get("text")
            if name in (field.key[1], field.label, placeholder):
                return field
        raise NotPossible(f"there is no {name!r}; there is {[field.label for field in fields]}")

    def act(
        self, message: Message, field: state.Field, value: Json, values: state.Values
    ) -> Interaction:
        return interact(self.host, self.id, self.action(message, field, value, values))

    def action(
        self, message: Message, field: state.Field, value: Json, values: state.Values
    ) -> Json:
        """What the app is sent when an element of a message is used."""
        workspace = self.host.workspace
        trigger_id = self.host.triggers.issue(self.id, channel=message.channel)
        path = self.host.response_urls.issue(
            self.id, message.channel, message_ts=message.ts, thread_ts=message.thread_ts
        )
        return payloads.block_actions_in_message(
            workspace,
            self.user,
            message,
            values,
            [payloads.action(field, value)],
            response_url=self.host.url + path,
            trigger_id=trigger_id,
        )

    def shortcut(self, callback_id: str, *, message: Message | None = None) -> Interaction:
        """Use a global shortcut, or one on a message."""
        self.check_here()
        workspace = self.host.workspace
        known = {each.callback_id: each for each in workspace.manifest.shortcuts}
        declared = known.get(callback_id)
        if declared is None or declared.on_message != (message is not None):
            raise NotPossible(f"there is no such shortcut: {callback_id}")
        if message is None:
            trigger_id = self.host.triggers.issue(self.id)
            payload = payloads.shortcut(workspace, self.user, callback_id, trigger_id=trigger_id)
        else:
            trigger_id = self.host.triggers.issue(self.id, channel=message.channel)
            path = self.host.response_urls.issue(
                self.id, message.channel, message_ts=message.ts, thread_ts=message.thread_ts
            )
            payload = payloads.message_shortcut(
                workspace,
                self.user,
                self.newest(message),
                callback_id,
                response_url=self.host.url + path,
                trigger_id=trigger_id,
            )
        return interact(self.host, self.id, payload)

    def say(self, text: str, *, channel: str, thread: Message | None = None) -> Message:
        """Write a message; apps that listen there are told."""
        self.check_here()
        workspace = self.host.workspace
        where = self.channel(channel)
        if self.bot_is_silent(where):
            raise NotPossible("the app takes no messages")
        if not self.can_write(where):
            raise NotPossible(f"{self.user.name} cannot write in {channel}")
        return workspace.post(
            Message(
                ts=workspace.next_ts(),
                channel=where.id,
                user=self.id,
                text=as_sent(workspace, text, names=False),
                thread_ts=thread.thread_ts or thread.ts if thread else None,
            )
        )

    def bot_is_silent(self, where: Channel) -> bool:
        """Whether these are direct messages with the app, and it takes none."""
        workspace = self.host.workspace
        silent = workspace.manifest.read_only or not workspace.manifest.messages_tab
        return silent and where.kind == "im" and workspace.bot.id in where.members

    def can_write(self, where: Channel) -> bool:
        return not where.archived and self.id in where.members and not self.bot_is_silent(where)

    def react(self, message: Message, name: str) -> None:
        """Put an emoji on a message."""
        self.check_here()
        reactions.put(self.host.workspace, message, self.user, name)

    def take_reaction_back(self, message: Message, name: str) -> None:
        self.check_here()
        reactions.take_back(self.host.workspace, message, self.user, name)

    def open_home(self, tab: str = "home") -> OpenView | None:
        """Open the app's home tab, or `messages`; what is shown there at once (see `home`)."""
        self.check_here()
        workspace = self.host.workspace
        manifest = workspace.manifest
        if not (manifest.home_tab if tab == "home" else manifest.messages_tab):
            raise NotPossible(f"the app has no {tab} tab")
        published = self.host.views.home(self.id)
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": workspace.direct(self.id, workspace.bot.id).id,
            "tab": tab,
            "event_ts": workspace.next_ts(),
        }
        if published is not None and tab == "home":
            event["view"] = published.as_json(workspace)
        workspace.emit("app_home_opened", event)
        return OpenView(self.host, self.id, published.id) if published else None

    def home(self) -> OpenView | None:
        published = self.host.views.home(self.id)
        return OpenView(self.host, self.id, published.id) if published else None

    def modal(self) -> Modal | None:
        """The modal in front of the person."""
        stack = self.host.views.stack(self.id)
        return Modal(self.host, self.id, stack[-1].id) if stack else None

    def check_here(self) -> None:
        if self.user.deleted:
            raise NotPossible(f"{self.user.name} is deactivated")
