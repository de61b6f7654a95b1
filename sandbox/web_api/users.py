"""users.*: who is here, and how to find them."""

from sandbox.limits import Tier
from sandbox.people import User
from sandbox.shapes import ApiError, Json
from sandbox.web_api.pages import page
from sandbox.web_api.registry import Call, method


def as_json(call: Call, user: User) -> Json:
    readable = "users:read.email" in call.workspace.manifest.scopes
    return user.as_json(team_id=call.workspace.team_id, email=readable)


@method("users.list", tier=Tier.TWO, scopes=("users:read",))
def users_list(call: Call) -> Json:
    everybody = list(call.workspace.users.values())
    # Without a limit the platform tries to answer with everybody at once.
    part, metadata = page(call, everybody, default=max(1, len(everybody)))
    return {
        "members": [as_json(call, user) for user in part],
        "cache_ts": int(max(user.updated for user in everybody)),
        "response_metadata": metadata,
    }


@method("users.info", tier=Tier.FOUR, scopes=("users:read",))
def users_info(call: Call) -> Json:
    return {"user": as_json(call, call.workspace.user(call.text("user")))}


@method("users.lookupByEmail", scopes=("users:read.email",))
def lookup_by_email(call: Call) -> Json:
    email = call.required("email").lower()
    for user in call.workspace.users.values():
        # Deactivated people are not found by their address.
        if user.email.lower() == email and not user.deleted:
            return {"user": as_json(call, user)}
    raise ApiError("users_not_found")


@method("users.conversations", scopes=("channels:read", "groups:read", "im:read", "mpim:read"))
def users_conversations(call: Call) -> Json:
    reader = call.text("user") or call.workspace.bot.id
    call.workspace.user(reader)
    types = call.items("types") or ["public_channel"]
    names = {"public": "public_channel", "private": "private_channel", "im": "im", "mpim": "mpim"}
    channels = [
        channel
        for channel in call.workspace.channels.values()
        if reader in channel.members
        and names[channel.kind] in types
        and (channel.kind == "public" or call.workspace.bot.id in channel.members)
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    part, metadata = page(call, channels)
    team = call.workspace.team_id
    return {
        "channels": [channel.as_json(team_id=team, reader=reader) for channel in part],
        "response_metadata": metadata,
    }


@method("users.profile.get", tier=Tier.FOUR, scopes=("users.profile:read",))
def profile_get(call: Call) -> Json:
    user = call.workspace.user(call.text("user") or call.workspace.bot.id)
    return {"profile": as_json(call, user)["profile"]}


@method("users.getPresence", scopes=("users:read",))
def get_presence(call: Call) -> Json:
    user = call.workspace.user(call.text("user") or call.workspace.bot.id)
    return {"presence": "away" if user.deleted or user.is_paused else "active"}
