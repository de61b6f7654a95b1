"""What one person sees of the workspace, in the shapes of docs/sandbox-page.md."""

from sandbox import state
from sandbox.channels import Channel, Message
from sandbox.driver import Person
from sandbox.people import ASSISTANT, User
from sandbox.shapes import Json
from sandbox.views import View
from sandbox.workspace import Workspace


def is_playable(user: User) -> bool:
    return not user.is_bot and not user.deleted and user.id != ASSISTANT


def people(workspace: Workspace) -> Json:
    return {
        user.id: {
            "id": user.id,
            "name": user.name,
            "real_name": user.real_name,
            "tz": user.tz,
            "is_bot": user.is_bot,
            "is_guest": user.is_restricted,
            "is_admin": user.is_admin,
            "deleted": user.deleted,
            "stranger": user.team_id != workspace.team_id,
            "playable": is_playable(user),
            "paused_until": user.paused[1] if user.paused and user.is_paused else None,
        }
        for user in workspace.users.values()
    }


def channels(person: Person) -> list[Channel]:
    """The channels a person can see, in the order of the sidebar."""
    workspace = person.host.workspace
    bot = workspace.bot.id

    def place(channel: Channel) -> tuple[int, str]:
        if channel.is_direct:
            others = [each for each in channel.members if each != person.id]
            names = ", ".join(workspace.users[each].name for each in others)
            return (3 if others == [bot] else 4, names)
        if channel.archived:
            return (2, channel.name)
        return (0 if person.id in channel.members else 1, channel.name)

    return sorted(filter(person.can_see, workspace.channels.values()), key=place)


def channel(person: Person, channel: Channel) -> Json:
    """A channel but for what is unread in it."""
    others = [each for each in channel.members if each != person.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "with": (others or [person.id])[0] if channel.kind == "im" else None,
        "members": list(channel.members),
        "joined": person.id in channel.members,
        "archived": channel.archived,
        "shared": bool(channel.shared_with),
        "can_write": person.can_write(channel),
    }


def in_channel(person: Person, channel_id: str) -> list[Message]:
    """What stands in a channel itself, oldest first: no replies but those sent there too."""
    there = person.host.workspace.messages[channel_id].values()
    shown = [
        each for each in there if person.can_read(each) and (not each.is_reply or each.broadcast)
    ]
    return sorted(shown, key=lambda each: each.ts)


def thread(person: Person, root: Message) -> list[Message]:
    """The root and the replies, those only this person sees included."""
    there = person.host.workspace.messages[root.channel].values()
    replies = [
        each
        for each in there
        if each.is_reply and each.thread_ts == root.ts and person.can_read(each)
    ]
    return [root, *sorted(replies, key=lambda each: each.ts)]


def message(workspace: Workspace, message: Message) -> Json:
    replies = [] if message.is_reply or message.ephemeral_to else workspace.replies(message)
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": list(message.blocks),
        "attachments": list(message.attachments),
        "thread_ts": message.thread_ts if message.is_reply else None,
        "edited": message.edited_ts is not None,
        "ephemeral": message.ephemeral_to is not None,
        "broadcast": message.broadcast,
        "reactions": [
            {"name": name, "users": list(users)} for name, users in message.reactions.items()
        ],
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "latest_reply": replies[-1].ts if replies else None,
    }


def view(view: View) -> Json:
    body = view.body
    return {
        "id": view.id,
        "type": view.kind,
        "title": view.title,
        "submit": text_of(body.get("submit")),
        "close": text_of(body.get("close")),
        "submit_disabled": bool(body.get("submit_disabled")),
        "blocks": view.blocks,
        "values": state.as_state(view.values)["values"],
        "errors": dict(view.errors),
    }


def text_of(text: Json | None) -> str | None:
    return None if text is None else str(text["text"])


def modals(person: Person) -> list[Json]:
    return [view(each) for each in person.host.views.stack(person.id)]


def home(person: Person) -> Json | None:
    shown = person.host.views.home(person.id)
    return None if shown is None else view(shown)


def features(person: Person) -> Json:
    """What the app offers, and names that never change while the page is open.

    To people of other companies, who meet it in a shared channel, it offers nothing.
    """
    workspace = person.host.workspace
    manifest = workspace.manifest
    offers = person.user.team_id == workspace.team_id
    return {
        "workspace": {"name": workspace.name, "bot": workspace.bot.id},
        "groups": {each["id"]: each["handle"] for each in workspace.groups.values()},
        "commands": [
            {"name": each.name, "description": each.description, "usage": each.usage_hint}
            for each in manifest.commands.values()
            if offers
        ],
        "shortcuts": [
            {"callback_id": each.callback_id, "name": each.name, "on_message": each.on_message}
            for each in manifest.shortcuts
            if offers
        ],
        "home_tab": manifest.home_tab and offers,
    }
