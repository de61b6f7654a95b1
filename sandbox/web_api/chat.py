"""chat.*: posting, changing and deleting messages."""

from dataclasses import replace

from sandbox.channels import Channel, Message
from sandbox.events import message_json
from sandbox.limits import Tier
from sandbox.shapes import ApiError, Json
from sandbox.web_api import posting
from sandbox.web_api.registry import Call, method


def thread_argument(call: Call, channel: Channel) -> str | None:
    """The thread a message goes to; it must start with a message of this channel."""
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    root = call.workspace.find_message(channel.id, thread_ts)
    if root is None or root.ephemeral_to is not None:
        raise ApiError("thread_not_found")
    # A reply to a reply joins the thread that one is in.
    return root.thread_ts or root.ts


def own_message(call: Call, error: str) -> Message:
    workspace = call.workspace
    channel = posting.readable_channel(workspace, call.required("channel"))
    message = workspace.find_message(channel.id, call.required("ts"))
    if message is None or message.ephemeral_to is not None:
        raise ApiError("message_not_found")
    if message.user != workspace.bot.id:
        raise ApiError(error)
    if channel.archived:
        raise ApiError("is_archived")
    return message


@method("chat.postMessage", tier=Tier.SPECIAL, scopes=("chat:write",))
def post_message(call: Call) -> Json:
    workspace = call.workspace
    channel = posting.target(call)
    thread_ts = thread_argument(call, channel)
    written = posting.content(call)
    message = workspace.post(
        Message(
            ts=workspace.next_ts(),
            channel=channel.id,
            user=workspace.bot.id,
            bot_id=workspace.bot.bot_id,
            text=written.text,
            blocks=written.blocks,
            attachments=written.attachments,
            metadata=written.metadata,
            thread_ts=thread_ts,
            broadcast=call.flag("reply_broadcast"),
        )
    )
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(workspace, message),
    }


@method("chat.meMessage", scopes=("chat:write",))
def me_message(call: Call) -> Json:
    workspace = call.workspace
    channel = posting.target(call)
    message = Message(
        ts=workspace.next_ts(),
        channel=channel.id,
        user=workspace.bot.id,
        bot_id=workspace.bot.bot_id,
        text=call.required("text"),
        subtype="me_message",
    )
    return {"channel": channel.id, "ts": workspace.post(message).ts}


@method("chat.postEphemeral", tier=Tier.FOUR, scopes=("chat:write",))
def post_ephemeral(call: Call) -> Json:
    workspace = call.workspace
    channel = posting.target(call)
    if workspace.bot.id not in channel.members:
        # `chat:write.public` is about messages for everybody only.
        raise ApiError("not_in_channel")
    user = workspace.user(call.required("user"))
    if user.id not in channel.members or user.deleted:
        raise ApiError("user_not_in_channel")
    written = posting.content(call)
    message = workspace.post(
        Message(
            ts=workspace.next_ts(),
            channel=channel.id,
            user=workspace.bot.id,
            bot_id=workspace.bot.bot_id,
            text=written.text,
            blocks=written.blocks,
            attachments=written.attachments,
            thread_ts=thread_argument(call, channel),
            ephemeral_to=user.id,
        )
    )
    return {"message_ts": message.ts}


@method("chat.update", tier=Tier.THREE, scopes=("chat:write",))
def update(call: Call) -> Json:
    workspace = call.workspace
    message = own_message(call, "cant_update_message")
    given = call.arguments
    written = posting.content(call, longest=posting.LONGEST_EDIT)
    # What is left out stays, except that new text without blocks takes the blocks away.
    keep_blocks = "blocks" not in given and "text" not in given
    changed = replace(
        message,
        text=written.text if "text" in given else message.text,
        blocks=message.blocks if keep_blocks else written.blocks,
        attachments=written.attachments if "attachments" in given else message.attachments,
        metadata=written.metadata if "metadata" in given else message.metadata,
        edited_ts=workspace.next_ts(),
    )
    workspace.save_message(changed)
    return {
        "channel": changed.channel,
        "ts": changed.ts,
        "text": changed.text,
        "message": message_json(workspace, changed),
    }


@method("chat.delete", scopes=("chat:write",))
def delete(call: Call) -> Json:
    message = own_message(call, "cant_delete_message")
    call.workspace.save_message(replace(message, deleted=True))
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink", tier=Tier.SPECIAL)
def get_permalink(call: Call) -> Json:
    workspace = call.workspace
    channel = posting.readable_channel(workspace, call.required("channel"))
    message = workspace.find_message(channel.id, call.required("message_ts"))
    if message is None or message.ephemeral_to is not None:
        raise ApiError("message_not_found")
    link = f"{call.host.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
