"""Where a bot may write, and what becomes of its messages."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox


def error(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def channel(box: Sandbox, name: str) -> str:
    return box.workspace.find_channel(name).id


def test_where_a_bot_may_write(box: Sandbox, client: WebClient) -> None:
    post = client.chat_postMessage
    assert post(channel=channel(box, "general"), text="hello")["ok"]
    # It is not in #ops, but may write to public channels.
    assert post(channel=channel(box, "ops"), text="hello")["ok"]
    assert post(channel="#ops", text="hello")["channel"] == channel(box, "ops")
    assert error(post, channel=channel(box, "secret-room"), text="x") == "channel_not_found"
    assert error(post, channel=channel(box, "old-war-room"), text="x") == "is_archived"
    assert error(post, channel="C000", text="x") == "channel_not_found"
    assert error(post, channel=box.person("deploybot").id, text="x") == "cannot_dm_bot"
    assert error(post, channel=box.person("assistant").id, text="x") == "cannot_dm_bot"
    assert error(post, channel=box.person("rob").id, text="x") == "user_disabled"
    box.admin.put_in("echo", "secret-room")
    assert post(channel=channel(box, "secret-room"), text="hello")["ok"]
    box.admin.take_out("echo", "secret-room")


def test_a_user_id_means_their_direct_messages(box: Sandbox, client: WebClient) -> None:
    bob = box.person("bob")
    answer = client.chat_postMessage(channel=bob.id, text="for you & you")
    assert answer["channel"].startswith("D")
    assert bob.dm_with_bot() == ["for you & you"]
    opened = client.conversations_open(users=bob.id)["channel"]["id"]
    assert opened == answer["channel"]
    assert client.conversations_open(users=[bob.id], return_im=True)["channel"]["user"] == bob.id
    assert error(client.conversations_open, users=["U000"]) == "user_not_found"
    assert error(client.conversations_open, users=[box.person("rob").id]) == "user_disabled"


def test_what_a_message_must_have(box: Sandbox, client: WebClient) -> None:
    general = channel(box, "general")
    assert error(client.api_call, api_method="chat.postMessage", json={"channel": general}) == (
        "no_text"
    )
    post = client.chat_postMessage
    assert error(post, channel=general, text="x" * 40_001) == "msg_too_long"
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}
    assert error(post, channel=general, text="x", blocks=[section] * 5) == "msg_blocks_too_long"
    blocks = [{"type": "divider"}] * 51
    assert error(post, channel=general, text="x", blocks=blocks) == "invalid_blocks"
    assert error(post, channel=general, text="x", thread_ts="1.1") == "thread_not_found"
    wrong = error(post, channel=general, text="x", attachments=["text"])
    assert wrong == "invalid_attachments"
    wrong = error(post, channel=general, text="x", metadata={"a": "b"})
    assert wrong == "invalid_metadata_format"
    history = client.conversations_history
    assert error(history, channel=general, oldest="yesterday") == "invalid_ts_oldest"


def test_attachments_may_be_empty(box: Sandbox, client: WebClient) -> None:
    attachments: list[Any] = [{"blocks": None, "text": "beside it"}, {"blocks": []}]
    client.chat_postMessage(channel="#ops", text="the message", attachments=attachments)
    message = box.person("alice").message(channel="ops", containing="the message")
    assert box.person("alice").reads(message) == "the message\nbeside it"
    assert message.all_blocks == []


def test_threads(box: Sandbox, client: WebClient) -> None:
    general = channel(box, "general")
    root = client.chat_postMessage(channel=general, text="the root of it")["ts"]
    first = client.chat_postMessage(channel=general, text="one", thread_ts=root)["ts"]
    client.chat_postMessage(channel=general, text="two", thread_ts=first)
    answer = client.conversations_replies(channel=general, ts=root)
    assert [each["text"] for each in answer["messages"]] == ["the root of it", "one", "two"]
    assert answer["messages"][0]["reply_count"] == 2
    assert answer["messages"][1]["thread_ts"] == root
    message = box.person("alice").message(channel="general", containing="the root of it")
    assert box.reader.thread(message) == "echo: the root of it\n    echo: one\n    echo: two"
    history = client.conversations_history(channel=general, limit=1)["messages"]
    assert history[0]["text"] == "the root of it"


def test_changing_and_deleting(box: Sandbox, client: WebClient) -> None:
    general = channel(box, "general")
    ts = client.chat_postMessage(channel=general, text="first")["ts"]
    answer = client.chat_update(channel=general, ts=ts, text="second")
    assert answer["message"]["edited"]["user"] == box.workspace.bot.id
    bobs = box.person("bob").say("mine", channel="general")
    update = client.chat_update
    assert error(update, channel=general, ts=bobs.ts, text="x") == "cant_update_message"
    assert error(client.chat_delete, channel=general, ts=bobs.ts) == "cant_delete_message"
    assert error(update, channel=general, ts="1.1", text="x") == "message_not_found"
    assert error(update, channel=general, ts=ts, text="x" * 4001) == "msg_too_long"
    assert client.chat_delete(channel=general, ts=ts)["ts"] == ts
    assert error(update, channel=general, ts=ts, text="x") == "message_not_found"
    assert "second" not in box.plain_text("general")


def test_new_text_without_blocks_takes_the_blocks_away(box: Sandbox, client: WebClient) -> None:
    general = channel(box, "general")
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Big"}}]
    ts = client.chat_postMessage(channel=general, text="small", blocks=blocks)["ts"]
    message = box.person("bob").message(channel="general", containing="Big")
    client.chat_update(channel=general, ts=ts, text="changed")
    assert box.person("bob").reads(box.person("bob").newest(message)) == "changed"


def test_ephemeral_messages(box: Sandbox, client: WebClient) -> None:
    general = channel(box, "general")
    alice, bob = box.person("alice"), box.person("bob")
    client.chat_postEphemeral(channel=general, user=alice.id, text="just for you")
    assert alice.ephemerals("general") == ["just for you"]
    assert bob.ephemerals("general") == []
    assert "echo (only visible to Alice): just for you" in alice.sees("general")
    assert "just for you" not in box.plain_text("general")
    post = client.chat_postEphemeral
    stella = box.person("stella").id
    assert error(post, channel=general, user=stella, text="x") == "user_not_in_channel"
    assert error(post, channel=channel(box, "ops"), user=bob.id, text="x") == "not_in_channel"


def test_permalinks_and_reactions(box: Sandbox, client: WebClient) -> None:
    general = channel(box, "general")
    ts = client.chat_postMessage(channel=general, text="look")["ts"]
    link = client.chat_getPermalink(channel=general, message_ts=ts)["permalink"]
    assert link == f"{box.url}/archives/{general}/p{ts.replace('.', '')}"
    client.reactions_add(channel=general, timestamp=ts, name="eyes")
    add = client.reactions_add
    assert error(add, channel=general, timestamp=ts, name="eyes") == "already_reacted"
    got = client.reactions_get(channel=general, timestamp=ts)["message"]["reactions"]
    assert got == [{"name": "eyes", "users": [box.workspace.bot.id], "count": 1}]
    client.reactions_remove(channel=general, timestamp=ts, name="eyes")
    remove = client.reactions_remove
    assert error(remove, channel=general, timestamp=ts, name="eyes") == "no_reaction"
    assert client.chat_meMessage(channel=general, text="waves")["ok"]


def test_channels_are_listed_as_the_bot_may_see_them(box: Sandbox, client: WebClient) -> None:
    def names(**arguments: Any) -> set[str]:
        return {each["name"] for each in client.conversations_list(**arguments)["channels"]}

    assert {"general", "ops", "old-war-room", "shared-vendor"} <= names()
    assert "old-war-room" not in names(exclude_archived=True)
    assert "secret-room" not in names(types="public_channel,private_channel")
    info = client.conversations_info(channel=channel(box, "ops"), include_num_members=True)
    assert info["channel"]["is_member"] is False
    assert info["channel"]["num_members"] == 3
    shared = client.conversations_info(channel=channel(box, "shared-vendor"))["channel"]
    assert shared["is_ext_shared"] is True
    assert error(client.conversations_info, channel=channel(box, "secret-room")) == (
        "channel_not_found"
    )
    assert error(client.conversations_list, types="rooms") == "invalid_types"
    mine = {each["name"] for each in client.users_conversations()["channels"]}
    assert mine == {"general", "incidents", "shared-vendor"}


def test_coming_and_going(box: Sandbox, client: WebClient) -> None:
    made = client.conversations_create(name="war-room")["channel"]["id"]
    assert error(client.conversations_create, name="war-room") == "name_taken"
    assert error(client.conversations_create, name="No Good") == "invalid_name_specials"
    alice, rob = box.person("alice").id, box.person("rob").id
    client.conversations_invite(channel=made, users=[alice])
    invite = client.conversations_invite
    assert error(invite, channel=made, users=[alice]) == "already_in_channel"
    assert error(invite, channel=made, users=[rob]) == "user_disabled"
    client.conversations_kick(channel=made, user=alice)
    client.conversations_leave(channel=made)
    assert error(client.conversations_history, channel=made) == "not_in_channel"
    client.conversations_join(channel=made)
    assert client.conversations_join(channel=made)["warning"] == "already_in_channel"
    client.conversations_archive(channel=made)
    assert error(client.conversations_archive, channel=made) == "already_archived"
    assert error(client.conversations_join, channel=made) == "is_archived"
    assert error(client.conversations_unarchive, channel=made) == "not_allowed_token_type"


def test_history_in_a_span_of_time(box: Sandbox, client: WebClient) -> None:
    made = client.conversations_create(name="timeline")["channel"]["id"]
    stamps = [client.chat_postMessage(channel=made, text=str(each))["ts"] for each in range(3)]

    def texts(**span: Any) -> list[str]:
        answer = client.conversations_history(channel=made, **span)
        return [each["text"] for each in answer["messages"]]

    assert texts() == ["2", "1", "0"]
    assert texts(oldest=stamps[0]) == ["2", "1"]
    assert texts(oldest=stamps[0], latest=stamps[2]) == ["1"]
    assert texts(oldest=stamps[1], latest=stamps[1], inclusive=True) == ["1"]
