"""What apps are told when something happens in the workspace: the inner events."""

import time
from typing import TYPE_CHECKING

from sandbox.channels import CHANNEL_TYPE, Channel, Message
from sandbox.people import User
from sandbox.shapes import Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

SUBSCRIPTION = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


def message_json(workspace: "Workspace", message: Message) -> Json:
    """The message object, as history and interactions show it."""
    body: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.users[message.user].team_id,
    }
    if message.subtype:
        body["subtype"] = message.subtype
    if message.bot_id:
        author = workspace.users[message.user]
        body["bot_id"] = message.bot_id
        if author.id == workspace.bot.id:
            body["app_id"] = workspace.app_id
        body["bot_profile"] = {
            "id": message.bot_id,
            "deleted": False,
            "name": author.real_name,
            "updated": author.updated,
            "app_id": body.get("app_id", ""),
            "icons": {"image_48": "https://example.com/bot_48.png"},
            "team_id": author.team_id,
        }
    if message.blocks:
        body["blocks"] = list(message.blocks)
    if message.attachments:
        body["attachments"] = list(message.attachments)
    if message.metadata:
        body["metadata"] = message.metadata
    if message.edited_ts:
        body["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.reactions:
        body["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in message.reactions.items()
        ]
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
        root = workspace.messages[message.channel].get(message.thread_ts)
        if message.is_reply and root:
            body["parent_user_id"] = root.user
    if not message.is_reply and message.ephemeral_to is None:
        replies = workspace.replies(message)
        if replies:
            authors = list(dict.fromkeys(reply.user for reply in replies))
            body |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users": authors,
                "reply_users_count": len(authors),
                "latest_reply": replies[-1].ts,
                "is_locked": False,
                "subscribed": False,
            }
    return body


def message_posted(workspace: "Workspace", message: Message) -> None:
    channel = workspace.channels[message.channel]
    if workspace.bot.id not in channel.members:
        return
    if not {SUBSCRIPTION[channel.kind], "app_mention"} & workspace.manifest.events:
        return
    seen = {**message_json(workspace, message), "channel": channel.id, "event_ts": message.ts}
    # The platform tells an app about a mention without saying what kind of channel it was in.
    if f"<@{workspace.bot.id}" in message.text and message.user != workspace.bot.id:
        workspace.emit("app_mention", {**seen, "type": "app_mention"})
    workspace.emit(SUBSCRIPTION[channel.kind], {**seen, "channel_type": CHANNEL_TYPE[channel.kind]})


def message_changed(workspace: "Workspace", before: Message, after: Message) -> None:
    channel = workspace.channels[after.channel]
    if workspace.bot.id not in channel.members:
        return
    if SUBSCRIPTION[channel.kind] not in workspace.manifest.events:
        return
    ts = workspace.next_ts()
    event: Json = {
        "type": "message",
        "channel": channel.id,
        "channel_type": CHANNEL_TYPE[channel.kind],
        "hidden": True,
        "previous_message": message_json(workspace, before),
        "ts": ts,
        "event_ts": ts,
    }
    if after.deleted:
        event |= {"subtype": "message_deleted", "deleted_ts": after.ts}
    else:
        event |= {"subtype": "message_changed", "message": message_json(workspace, after)}
    workspace.emit(SUBSCRIPTION[channel.kind], event)


def about_user(kind: str, workspace: "Workspace", user: User) -> Json:
    email = "users:read.email" in workspace.manifest.scopes
    return {
        "type": kind,
        "user": user.as_json(team_id=workspace.team_id, email=email),
        "cache_ts": int(time.time()),
        "event_ts": workspace.next_ts(),
    }


def dnd_updated(user: User) -> Json:
    return {
        "type": "dnd_updated_user",
        "user": user.id,
        "dnd_status": user.dnd(),
        "event_ts": f"{time.time():.6f}",
    }


def about_member(kind: str, workspace: "Workspace", channel: Channel, user: User) -> Json:
    return {
        "type": kind,
        "user": user.id,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "public" else "G",
        "team": user.team_id,
        "event_ts": workspace.next_ts(),
    }


def about_channel(kind: str, workspace: "Workspace", channel: Channel, by: User) -> Json:
    event: Json = {
        "type": kind,
        "channel": channel.id,
        "user": by.id,
        "event_ts": workspace.next_ts(),
    }
    if kind in ("channel_created", "channel_rename", "group_rename"):
        event["channel"] = {"id": channel.id, "name": channel.name, "created": channel.created}
    return event


def channel_happened(what: str, workspace: "Workspace", channel: Channel, by: User) -> None:
    """Something about a channel as such: of a private one only those in it are told."""
    if channel.kind == "public":
        kind = f"channel_{what}"
    elif channel.kind == "private" and workspace.bot.id in channel.members:
        kind = f"group_{what}"
    else:
        return
    workspace.emit(kind, about_channel(kind, workspace, channel, by))


def about_reaction(
    kind: str, workspace: "Workspace", message: Message, user: User, name: str
) -> Json:
    return {
        "type": kind,
        "user": user.id,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": workspace.next_ts(),
    }


def callback(workspace: "Workspace", event: Json, *, event_id: str, event_context: str) -> Json:
    """The outer event: what travels."""
    return {
        "token": "sandbox-verification-token",
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": is_shared(workspace, event),
        "event_context": event_context,
    }


def is_shared(workspace: "Workspace", event: Json) -> bool:
    where = event.get("channel")
    channel = workspace.channels.get(where) if isinstance(where, str) else None
    return channel is not None and bool(channel.shared_with)
