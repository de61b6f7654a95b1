"""conversations.*: which channels there are, and who is in them."""

from sandbox.channels import Channel, Kind
from sandbox.limits import Tier
from sandbox.shapes import ApiError, Json
from sandbox.web_api.pages import page
from sandbox.web_api.posting import direct_with, readable_channel
from sandbox.web_api.registry import Call, method

READ_SCOPE: dict[Kind, str] = {
    "public": "channels:read",
    "private": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
HISTORY_SCOPE: dict[Kind, str] = {
    "public": "channels:history",
    "private": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
KIND_OF_TYPE: dict[str, Kind] = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}


def as_json(call: Call, channel: Channel, **more: object) -> Json:
    shown = channel.as_json(team_id=call.workspace.team_id, reader=call.workspace.bot.id)
    return shown | more


def channel_argument(call: Call) -> Channel:
    """The channel a call is about, if the app may read about channels of its kind."""
    channel = readable_channel(call.workspace, call.required("channel"))
    call.need(READ_SCOPE[channel.kind])
    return channel


@method("conversations.list", tier=Tier.TWO)
def conversations_list(call: Call) -> Json:
    kinds = []
    for name in call.items("types") or ["public_channel"]:
        if name not in KIND_OF_TYPE:
            raise ApiError("invalid_types")
        kinds.append(KIND_OF_TYPE[name])
        call.need(READ_SCOPE[KIND_OF_TYPE[name]])
    bot = call.workspace.bot.id
    channels = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or bot in channel.members)
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    part, metadata = page(call, channels)
    return {
        "channels": [as_json(call, each, num_members=len(each.members)) for each in part],
        "response_metadata": metadata,
    }


@method("conversations.info", tier=Tier.THREE)
def info(call: Call) -> Json:
    channel = channel_argument(call)
    if call.flag("include_num_members"):
        return {"channel": as_json(call, channel, num_members=len(channel.members))}
    return {"channel": as_json(call, channel)}


@method("conversations.members", tier=Tier.FOUR)
def members(call: Call) -> Json:
    part, metadata = page(call, channel_argument(call).members)
    return {"members": list(part), "response_metadata": metadata}


@method("conversations.open", scopes=("im:write", "mpim:write"))
def conversations_open(call: Call) -> Json:
    workspace = call.workspace
    if named := call.text("channel"):
        channel = readable_channel(workspace, named)
        if not channel.is_direct:
            raise ApiError("method_not_supported_for_channel_type")
        return {"channel": as_json(call, channel), "already_open": True, "no_op": True}
    people = call.items("users")
    if not people:
        raise ApiError("users_list_not_supplied")
    if len(people) > 8:
        raise ApiError("too_many_users")
    if len(people) == 1:
        call.need("im:write")
        opened = direct_with(workspace, workspace.user(people[0]))
    else:
        call.need("mpim:write")
        opened = workspace.direct(workspace.bot.id, *(workspace.user(each).id for each in people))
    if call.flag("return_im"):
        return {"channel": as_json(call, opened)}
    return {"channel": {"id": opened.id}}
