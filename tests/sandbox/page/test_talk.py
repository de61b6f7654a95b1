"""Reading and writing on the page: two people, threads, reactions, what is unread."""

import pytest
from slack_sdk import WebClient

from sandbox import Sandbox
from tests.sandbox.page.client import Refused, Tab
from tests.sandbox.page.conftest import OpenTab


@pytest.fixture(autouse=True)
def empty(box: Sandbox) -> None:
    box.workspace.forget_messages()


def test_what_one_says_the_other_reads(alice: Tab, bob: Tab) -> None:
    general = alice.id("general")
    alice.ask("say", channel=general, text="hello @bob <b> & *bold*")
    heard = bob.message("hello")
    assert heard["text"] == f"hello <@{bob.me}> &lt;b&gt; &amp; *bold*"
    assert (heard["user"], heard["channel"]) == (alice.me, general)
    assert heard["thread_ts"] is None
    assert not heard["edited"]
    # Whoever asked has seen it before the answer.
    assert (general, heard["ts"]) in alice.messages


def test_a_thread_grows_and_its_root_counts(alice: Tab, bob: Tab) -> None:
    general = alice.id("general")
    alice.ask("say", channel=general, text="the root")
    root = bob.message("the root")
    bob.ask("say", channel=general, text="one", thread=root["ts"])
    reply = alice.message("one")
    assert reply["thread_ts"] == root["ts"]
    again = alice.message("the root")
    assert (again["reply_count"], again["reply_users"]) == (1, [bob.me])
    assert again["latest_reply"] == reply["ts"]
    alice.ask("say", channel=general, text="two", thread=reply["ts"])
    shown = bob.ask("thread", channel=general, ts=root["ts"])["messages"]
    assert [each["text"] for each in shown] == ["the root", "one", "two"]
    assert bob.ask("thread", channel=general, ts=reply["ts"])["messages"] == shown
    history = bob.ask("history", channel=general)["messages"]
    assert [each["text"] for each in history] == ["the root"]


def test_a_reply_for_everybody_stands_in_the_channel_too(bob: Tab, client: WebClient) -> None:
    general = bob.id("general")
    ts = client.chat_postMessage(channel=general, text="root")["ts"]
    client.chat_postMessage(channel=general, text="both", thread_ts=ts, reply_broadcast=True)
    history = bob.ask("history", channel=general)["messages"]
    assert [(each["text"], each["broadcast"]) for each in history] == [
        ("root", False),
        ("both", True),
    ]


def test_edits_and_deletions_arrive(bob: Tab, client: WebClient) -> None:
    general = bob.id("general")
    ts = client.chat_postMessage(channel=general, text="first")["ts"]
    bob.message("first")
    client.chat_update(channel=general, ts=ts, text="second")
    assert bob.message("second")["edited"]
    client.chat_delete(channel=general, ts=ts)
    bob.wait(lambda: (general, ts) not in bob.messages)
    assert bob.heard[-1]["gone"] == [{"channel": general, "ts": ts}]
    with pytest.raises(Refused, match="not there any more"):
        bob.ask("thread", channel=general, ts=ts)


def test_history_goes_back_piece_by_piece(bob: Tab, client: WebClient) -> None:
    general = bob.id("general")
    for number in range(6):
        client.chat_postMessage(channel=general, text=f"number {number}")
    newest = bob.ask("history", channel=general, limit=2)
    assert texts(newest) == ["number 4", "number 5"]
    assert newest["more"] is True
    before = newest["messages"][0]["ts"]
    older = bob.ask("history", channel=general, limit=3, before=before)
    assert texts(older) == ["number 1", "number 2", "number 3"]
    oldest = bob.ask("history", channel=general, before=older["messages"][0]["ts"])
    assert texts(oldest) == ["number 0"]
    assert oldest["more"] is False
    far = bob.ask("history", channel=general, limit=1, back_to=older["messages"][1]["ts"])
    assert texts(far) == ["number 2", "number 3", "number 4", "number 5"]
    assert far["more"] is True


def texts(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [each["text"] for each in answer["messages"]]


def test_unread_until_it_is_read(alice: Tab, bob: Tab, box: Sandbox, client: WebClient) -> None:
    general = bob.id("general")
    ts = client.chat_postMessage(channel=general, text="one")["ts"]
    client.chat_postMessage(channel=general, text=f"<@{bob.me}> two")
    client.chat_postMessage(channel=general, text="<!here> three")
    client.chat_postMessage(channel=general, text="a reply", thread_ts=ts)
    alice.ask("say", channel=general, text="four")
    bob.message("four")
    assert unread(bob, "general") == (4, 2)
    assert bob.channel("general")["latest"] == bob.message("four")["ts"]
    # What one says oneself is read.
    assert unread(alice, "general") == (3, 1)
    client.chat_update(channel=general, ts=ts, text="edited")
    bob.message("edited")
    assert unread(bob, "general") == (4, 2)
    with_another_tab = Tab(box, "bob")
    bob.ask("read", channel=general, ts=bob.message("two")["ts"])
    assert unread(bob, "general") == (2, 1)
    with with_another_tab as other:
        other.wait(lambda: unread(other, "general") == (2, 1))
    bob.ask("read", channel=general, ts=ts)
    assert unread(bob, "general") == (2, 1)


def test_what_counts_as_for_me(bob: Tab, box: Sandbox, client: WebClient) -> None:
    incidents = bob.id("incidents")
    group = box.admin.add_group("sre", "bob")
    client.chat_postMessage(channel=incidents, text=f"<!subteam^{group}>")
    mention = [{"type": "user", "user_id": bob.me}]
    section = {"type": "rich_text_section", "elements": mention}
    client.chat_postMessage(
        channel=incidents, text="x", blocks=[{"type": "rich_text", "elements": [section]}]
    )
    client.chat_postEphemeral(channel=incidents, user=bob.me, text="just you")
    client.chat_postMessage(channel=bob.me, text="a direct one")
    bob.message("a direct one")
    assert unread(bob, "incidents") == (3, 2)
    assert unread(bob, "@echo") == (1, 1)


def test_only_where_one_is_in_something_can_be_unread(open_tab: OpenTab, box: Sandbox) -> None:
    with_bob = box.admin.add_channel("with-bob", "bob")
    box.person("bob").say("anybody here?", channel="with-bob")
    carol = open_tab("carol")
    assert unread(carol, "with-bob") == (0, 0)
    assert carol.channel("with-bob")["latest"] is not None
    ts = carol.ask("history", channel=with_bob.id)["messages"][0]["ts"]
    with pytest.raises(Refused, match="only read here"):
        carol.ask("react", channel=with_bob.id, ts=ts, name="eyes")
    box.admin.put_in("carol", "with-bob")
    carol.wait(lambda: unread(carol, "with-bob") == (1, 0))
    carol.ask("react", channel=with_bob.id, ts=ts, name="eyes")


def unread(tab: Tab, name: str) -> tuple[int, int]:
    channel = tab.channel(name)
    return channel["unread"], channel["mentions"]


def test_reactions_come_and_go(alice: Tab, bob: Tab) -> None:
    general = alice.id("general")
    alice.ask("say", channel=general, text="good news")
    message = bob.message("good news")
    bob.ask("react", channel=general, ts=message["ts"], name="tada")
    alice.wait(lambda: alice.message("good news")["reactions"])
    assert alice.message("good news")["reactions"] == [{"name": "tada", "users": [bob.me]}]
    bob.ask("react", channel=general, ts=message["ts"], name="tada")
    alice.wait(lambda: not alice.message("good news")["reactions"])
    with pytest.raises(Refused, match="no such emoji"):
        bob.ask("react", channel=general, ts=message["ts"], name="<b>")


def test_direct_messages_open_when_needed(alice: Tab, bob: Tab) -> None:
    channel = alice.ask("direct", user=bob.me)["channel"]
    assert alice.ask("direct", user=bob.me)["channel"] == channel
    alice.ask("say", channel=channel, text="psst")
    assert bob.message("psst")["channel"] == channel
    assert bob.channel("@alice")["kind"] == "im"
    assert unread(bob, "@alice") == (1, 1)
    with pytest.raises(Refused, match="nobody to write to"):
        alice.ask("direct", user=alice.person("rob")["id"])


def test_what_is_private_stays_so(alice: Tab, box: Sandbox, client: WebClient) -> None:
    box.person("alice").say("the secret plan", channel="secret-room")
    box.person("alice").say("dear bob", channel="@bob")
    client.chat_postEphemeral(channel=alice.id("general"), user=alice.me, text="for alice only")
    own = alice.message("for alice only")
    assert own["ephemeral"]
    secret, direct = alice.message("secret plan"), alice.message("dear bob")
    with Tab(box, "carol") as carol:
        box.person("bob").say("not for carol", channel="secret-room")
        box.person("bob").say("for all", channel="general")
        carol.message("for all")
        assert [each["text"] for each in carol.messages.values()] == ["for all"]
        assert texts(carol.ask("history", channel=carol.id("general"))) == ["for all"]
        for place in (secret, direct):
            for do, details in (
                ("history", {}),
                ("thread", {"ts": place["ts"]}),
                ("read", {"ts": place["ts"]}),
                ("say", {"text": "x"}),
                ("react", {"ts": place["ts"], "name": "x"}),
                ("command", {"text": "/echo"}),
                ("shortcut", {"callback_id": "echo_message", "ts": place["ts"]}),
            ):
                with pytest.raises(Refused, match="no such channel"):
                    carol.ask(do, channel=place["channel"], **details)
        with pytest.raises(Refused, match="not there any more"):
            carol.ask("thread", channel=own["channel"], ts=own["ts"])
    assert texts(alice.ask("history", channel=alice.id("general"))) == ["for alice only", "for all"]


def test_what_cannot_be_written(alice: Tab) -> None:
    for name, text, sentence in (
        ("general", "  ", "There is nothing to send."),
        ("general", "x" * 12_001, "This is too long: 12,000 characters at most."),
        ("old-war-room", "hi", "Alice cannot write"),
    ):
        with pytest.raises(Refused, match=sentence.lower()[1:]):
            alice.ask("say", channel=alice.id(name), text=text)


def test_forgetting_the_messages_starts_the_page_anew(alice: Tab, box: Sandbox) -> None:
    alice.ask("say", channel=alice.id("general"), text="soon gone")
    box.workspace.forget_messages()
    alice.wait(lambda: alice.kinds().count("start") == 2)
    assert alice.messages == {}
    assert alice.channel("general")["latest"] is None
