"""conversations.*: making channels, and coming, going and closing."""

import re
from dataclasses import replace

from sandbox import events
from sandbox.channels import Channel, Kind
from sandbox.limits import Tier
from sandbox.people import User
from sandbox.shapes import ApiError, Json
from sandbox.web_api.conversations import as_json
from sandbox.web_api.posting import readable_channel
from sandbox.web_api.registry import Call, method

WRITE_SCOPE: dict[Kind, tuple[str, ...]] = {
    "public": ("channels:manage",),
    "private": ("groups:write",),
    "im": ("im:write",),
    "mpim": ("mpim:write",),
}
CHANNEL_NAME = re.compile(r"[a-z0-9_\-]{1,80}")


def manageable(call: Call) -> Channel:
    channel = readable_channel(call.workspace, call.required("channel"))
    call.need(*WRITE_SCOPE[channel.kind])
    if channel.is_direct:
        raise ApiError("method_not_supported_for_channel_type")
    return channel


def enter(call: Call, channel: Channel, *people: User) -> Channel:
    workspace = call.workspace
    new = [person for person in people if person.id not in channel.members]
    members = (*channel.members, *(person.id for person in new))
    channel = workspace.save_channel(replace(channel, members=members))
    for person in new:
        event = events.about_member("member_joined_channel", workspace, channel, person)
        workspace.emit("member_joined_channel", event)
    return channel


def leave_channel(call: Call, channel: Channel, person: User) -> None:
    workspace = call.workspace
    members = tuple(each for each in channel.members if each != person.id)
    workspace.save_channel(replace(channel, members=members))
    event = events.about_member("member_left_channel", workspace, channel, person)
    workspace.emit("member_left_channel", event)


@method("conversations.join", scopes=("channels:join",))
def join(call: Call) -> Json:
    channel = readable_channel(call.workspace, call.required("channel"))
    if channel.archived:
        raise ApiError("is_archived")
    if channel.kind != "public":
        raise ApiError("method_not_supported_for_channel_type")
    if call.workspace.bot.id in channel.members:
        return {
            "channel": as_json(call, channel),
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    return {"channel": as_json(call, enter(call, channel, call.workspace.bot))}


@method("conversations.invite")
def invite(call: Call) -> Json:
    channel = manageable(call)
    if channel.archived:
        raise ApiError("is_archived")
    if call.workspace.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    people = [call.workspace.user(each) for each in call.items("users")]
    if not people:
        raise ApiError("no_user")
    if any(person.deleted for person in people):
        raise ApiError("user_disabled")
    if all(person.id in channel.members for person in people):
        raise ApiError("already_in_channel")
    return {"channel": as_json(call, enter(call, channel, *people))}


@method("conversations.kick")
def kick(call: Call) -> Json:
    channel = manageable(call)
    person = call.workspace.user(call.required("user"))
    if person.id == call.workspace.bot.id:
        raise ApiError("cant_kick_self")
    if person.id not in channel.members:
        raise ApiError("not_in_channel")
    leave_channel(call, channel, person)
    return {}


@method("conversations.leave")
def leave(call: Call) -> Json:
    channel = manageable(call)
    if call.workspace.bot.id not in channel.members:
        return {"not_in_channel": True}
    leave_channel(call, channel, call.workspace.bot)
    return {}


@method("conversations.create", tier=Tier.TWO)
def create(call: Call) -> Json:
    workspace = call.workspace
    private = call.flag("is_private")
    call.need(*WRITE_SCOPE["private" if private else "public"])
    name = call.required("name")
    if not CHANNEL_NAME.fullmatch(name):
        raise ApiError("invalid_name_specials")
    if any(channel.name == name for channel in workspace.channels.values()):
        raise ApiError("name_taken")
    channel = workspace.add_channel(name, members=[workspace.bot], private=private)
    if not private:
        events.channel_happened("created", workspace, channel, workspace.bot)
    return {"channel": as_json(call, channel)}


@method("conversations.archive", tier=Tier.TWO)
def archive(call: Call) -> Json:
    channel = manageable(call)
    if channel.archived:
        raise ApiError("already_archived")
    if channel.name == "general":
        raise ApiError("cant_archive_general")
    workspace = call.workspace
    channel = workspace.save_channel(replace(channel, archived=True))
    events.channel_happened("archive", workspace, channel, workspace.bot)
    return {}


# A bot loses its membership when a channel is archived, so only a person can open it again.
@method("conversations.unarchive", tier=Tier.TWO, tokens=("user",))
def unarchive(_call: Call) -> Json:
    raise ApiError("not_allowed_token_type")
