"""reactions.add, reactions.remove and reactions.get."""

from sandbox import events, reactions
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


@method("reactions.add", scopes=("reactions:write",))
def add(call: Call) -> Json:
    message, name = message_argument(call), call.required("name").strip(":")
    if call.workspace.bot.id in message.reactions.get(name, ()):
        raise ApiError("already_reacted")
    reactions.put(call.workspace, message, call.workspace.bot, name)
    return {}


@method("reactions.remove", scopes=("reactions:write",))
def remove(call: Call) -> Json:
    message, name = message_argument(call), call.required("name").strip(":")
    if call.workspace.bot.id not in message.reactions.get(name, ()):
        raise ApiError("no_reaction")
    reactions.take_back(call.workspace, message, call.workspace.bot, name)
    return {}


@method("reactions.get", scopes=("reactions:read",))
def get(call: Call) -> Json:
    message = message_argument(call)
    return {
        "type": "message",
        "channel": message.channel,
        "message": events.message_json(call.workspace, message),
    }
