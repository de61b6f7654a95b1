"""What may be posted where: the checks every way of writing a message goes through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.blocks.surfaces import checked_blocks
from sandbox.channels import Channel
from sandbox.people import ASSISTANT, User
from sandbox.shapes import ApiError, Json
from sandbox.web_api.registry import Call
from sandbox.workspace import Workspace

LONGEST_POST = 40_000
LONGEST_EDIT = 4_000


@dataclass(frozen=True)
class Content:
    text: str
    blocks: Sequence[Json]
    attachments: Sequence[Json]
    metadata: Json | None = None


def content(call: Call, *, longest: int = LONGEST_POST) -> Content:
    """Text, blocks and attachments of a call, checked."""
    blocks: Any = call.structure("blocks", "invalid_blocks_format")
    attachments: Any = call.structure("attachments", "invalid_attachments")
    return checked_content(
        call.text("text"), blocks, attachments, call.structure("metadata"), longest=longest
    )


def checked_content(
    text: str, blocks: Any, attachments: Any, metadata: Any = None, *, longest: int = LONGEST_POST
) -> Content:
    if not isinstance(attachments or [], list):
        raise ApiError("invalid_attachments")
    if not all(isinstance(each, dict) for each in attachments or []):
        raise ApiError("invalid_attachments")
    if metadata is not None and set(metadata) != {"event_type", "event_payload"}:
        raise ApiError("invalid_metadata_format")
    filled = checked_blocks(blocks) if blocks else []
    kept = []
    for number, attachment in enumerate(attachments or []):
        inner = attachment.get("blocks")
        nested = checked_blocks(inner, f"/attachments/{number}/blocks") if inner else []
        kept.append({"id": number + 1, **attachment, **({"blocks": nested} if nested else {})})
    if not text and not filled and not kept:
        raise ApiError("no_text")
    if len(text) > longest:
        raise ApiError("msg_too_long")
    return Content(text, filled, kept, metadata)


def readable_channel(workspace: Workspace, channel_id: str) -> Channel:
    """A channel the bot may know of."""
    channel = workspace.channels.get(channel_id)
    if channel is None:
        raise ApiError("channel_not_found")
    if channel.kind != "public" and workspace.bot.id not in channel.members:
        raise ApiError("channel_not_found")
    return channel


def target(call: Call) -> Channel:
    """Where a message of the bot goes: a channel, or the direct messages with a person."""
    workspace = call.workspace
    named = call.required("channel")
    if named.startswith("#"):
        found = [each for each in workspace.channels.values() if f"#{each.name}" == named]
        named = found[0].id if found else named
    if named in workspace.users:
        return direct_with(workspace, workspace.users[named])
    channel = readable_channel(workspace, named)
    check_may_write(call, channel)
    return channel


def check_may_write(call: Call, channel: Channel) -> None:
    workspace = call.workspace
    if channel.archived:
        raise ApiError("is_archived")
    if channel.kind == "im":
        # Direct messages end when the other one leaves.
        others = [each for each in channel.members if each != workspace.bot.id]
        if any(workspace.users[each].deleted for each in others):
            raise ApiError("user_disabled")
        return
    if workspace.bot.id in channel.members:
        return
    if "chat:write.public" not in workspace.manifest.scopes:
        raise ApiError("not_in_channel")


def direct_with(workspace: Workspace, user: User) -> Channel:
    """The direct messages between the bot and a person."""
    if user.is_bot or user.id == ASSISTANT:
        raise ApiError("cannot_dm_bot")
    if not workspace.manifest.messages_tab:
        raise ApiError("messages_tab_disabled")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.team_id != workspace.team_id and not shares_channel(workspace, user):
        raise ApiError("channel_not_found")
    return workspace.direct(workspace.bot.id, user.id)


def shares_channel(workspace: Workspace, user: User) -> bool:
    return any(
        user.id in channel.members and workspace.bot.id in channel.members
        for channel in workspace.channels.values()
    )
