"""reactions.add, reactions.remove and reactions.get."""

from dataclasses import replace

from sandbox import events
from sandbox.channels import Message
from sandbox.shapes import ApiError, Json
from sandbox.web_api.posting import readable_channel
from sandbox.web_api.registry import Call, method


def message_argument(call: Call) -> Message:
    channel = readable_channel(call.workspace, call.required("channel"))
    message = call.workspace.find_message(channel.id, call.required("timestamp"))
    if message is None or message.ephemeral_to is not None:
        raise ApiError("message_not_found")
    if call.workspace.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    return message


def react(call: Call, message: Message, name: str, users: tuple[str, ...], kind: str) -> None:
    workspace = call.workspace
    reactions = {**message.reactions, name: users}
    kept = {name: users for name, users in reactions.items() if users}
    with workspace.editing():
        # A reaction is no edit: nobody gets a message_changed for it.
        workspace.messages[message.channel][message.ts] = replace(message, reactions=kept)
    event = events.about_reaction(kind, workspace, message, workspace.bot, name)
    workspace.emit(kind, event)


@method("reactions.add", scopes=("reactions:write",))
def add(call: Call) -> Json:
    message, name = message_argument(call), call.required("name").strip(":")
    users = message.reactions.get(name, ())
    if call.workspace.bot.id in users:
        raise ApiError("already_reacted")
    react(call, message, name, (*users, call.workspace.bot.id), "reaction_added")
    return {}


@method("reactions.remove", scopes=("reactions:write",))
def remove(call: Call) -> Json:
    message, name = message_argument(call), call.required("name").strip(":")
    users = message.reactions.get(name, ())
    if call.workspace.bot.id not in users:
        raise ApiError("no_reaction")
    rest = tuple(user for user in users if user != call.workspace.bot.id)
    react(call, message, name, rest, "reaction_removed")
    return {}


@method("reactions.get", scopes=("reactions:read",))
def get(call: Call) -> Json:
    message = message_argument(call)
    return {
        "type": "message",
        "channel": message.channel,
        "message": events.message_json(call.workspace, message),
    }
