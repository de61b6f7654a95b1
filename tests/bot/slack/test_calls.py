"""Calls to Slack over real sockets, and everything that can come back."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from bot.failures import Malformed
from bot.pace import Urgency
from bot.slack import Slack
from bot.views.message import Message, section
from core.channels import ChannelError
from core.channels.publisher import MessageGone
from sandbox import Sandbox
from tests.bot.slack import canned
from tests.ports import quiet_port

HELLO = Message("hello", [section("*hello*")], "hello in plain")


def channel(box: Sandbox, name: str = "incidents") -> str:
    return box.workspace.find_channel(name).id


def say(slack: Slack, where: str, message: Message = HELLO) -> tuple[str, str]:
    posted = slack.post(where, message, urgency=Urgency.PAGE)
    return posted.slack_channel, posted.ts


def calls(box: Sandbox, method: str) -> int:
    return sum(call.method == method for call in box.workspace.journal)


def test_a_message_is_posted_rewritten_and_linked(box: Sandbox, slack: Slack) -> None:
    where, ts = say(slack, channel(box))
    slack.update(where, ts, Message("bye", [section("*bye*")]), urgency=Urgency.ALERT)
    message = box.workspace.find_message(where, ts)
    assert message is not None
    assert message.text == "bye"
    assert message.edited_ts
    link = slack.permalink(where, ts)
    assert link is not None
    assert link.endswith("p" + ts.replace(".", ""))
    assert box.workspace.problems == []


def test_links_in_a_message_are_not_unfurled(box: Sandbox, slack: Slack) -> None:
    say(slack, channel(box))
    given = box.workspace.journal[-1].arguments
    assert (given["unfurl_links"], given["unfurl_media"]) == (False, False)


def test_a_person_is_written_to_directly(box: Sandbox, slack: Slack) -> None:
    where, _ = say(slack, box.workspace.find_user("bob").id)
    assert where.startswith("D")


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("old-war-room", "That channel is archived."),
        ("secret-room", "I cannot see that channel: if it is private, invite me with"),
    ],
)
def test_a_place_that_refuses_is_named(box: Sandbox, slack: Slack, where: str, words: str) -> None:
    with pytest.raises(ChannelError, match=words) as refused:
        say(slack, channel(box, where))
    assert refused.value.permanent


@pytest.mark.parametrize("who", ["rob", "deploybot"])
def test_nobody_to_write_to(box: Sandbox, slack: Slack, who: str) -> None:
    with pytest.raises(ChannelError) as refused:
        say(slack, box.workspace.find_user(who).id)
    assert refused.value.permanent


def test_a_deleted_message_is_gone(box: Sandbox, slack: Slack) -> None:
    with pytest.raises(MessageGone):
        slack.update(channel(box), "1.000001", HELLO, urgency=Urgency.ALERT)
    with pytest.raises(MessageGone):
        slack.post(channel(box), HELLO, urgency=Urgency.THREAD, thread_ts="1.000001")


def test_what_slack_does_not_like_goes_out_in_plain_text(
    box: Sandbox, slack: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    odd = Message("short", [section("secret " * 1000)], "all of it")
    where, ts = say(slack, channel(box), odd)
    message = box.workspace.find_message(where, ts)
    assert message is not None
    assert (message.text, message.blocks) == ("all of it", [])
    assert "/blocks/0/text" in caplog.text
    assert "secret" not in caplog.text


def test_a_rewrite_in_plain_text_takes_the_old_blocks_away(box: Sandbox, slack: Slack) -> None:
    where, ts = say(slack, channel(box))
    slack.update(where, ts, Message("short", [section("x" * 3001)]), urgency=Urgency.ALERT)
    message = box.workspace.find_message(where, ts)
    assert message is not None
    assert (message.text, list(message.blocks)) == ("short", [])


def test_what_stays_wrong_in_plain_text_is_permanent(box: Sandbox, slack: Slack) -> None:
    box.faults.add("chat.postMessage", error="msg_too_long")
    with pytest.raises(Malformed):
        say(slack, channel(box))
    assert calls(box, "chat.postMessage") == 2
    with pytest.raises(Malformed):
        say(slack, channel(box), Message("no blocks to leave out"))
    assert calls(box, "chat.postMessage") == 3


def test_a_rate_limit_is_kept_without_asking_again(box: Sandbox) -> None:
    slack = Slack(box.bot_token, base_url=box.api_url, clock=lambda: 1000.0)
    box.faults.add("chat.update", retry_after=7, count=1)
    where, ts = say(slack, channel(box))
    for _ in range(3):
        with pytest.raises(ChannelError) as limited:
            slack.update(where, ts, HELLO, urgency=Urgency.ALERT)
        assert not limited.value.attempted
        assert limited.value.retry_in == timedelta(seconds=7)
    assert calls(box, "chat.update") == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503},
        {"status": 500, "nonsense": True},
        {"nonsense": True},
        {"drop": "before"},
        {"drop": "after"},
        {"error": "internal_error"},
        {"error": "fatal_error", "status": 500},
        {"error": "never_heard_of_it"},
        {"error": "is_archived", "status": 502},
    ],
)
def test_what_passes_is_temporary(
    box: Sandbox, slack: Slack, fault: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    box.faults.add("chat.postMessage", count=1, **fault)  # type: ignore[arg-type]
    with pytest.raises(ChannelError) as error:
        say(slack, channel(box))
    assert not error.value.permanent
    assert error.value.attempted
    assert "hello" not in caplog.text
    say(slack, channel(box))


def test_a_slow_answer_is_given_up(box: Sandbox) -> None:
    box.faults.add("chat.postMessage", delay=1.3, count=1)
    hasty = Slack(box.bot_token, base_url=box.api_url, timeout=1)
    with pytest.raises(ChannelError, match="did not answer in time"):
        say(hasty, channel(box))


def test_an_answer_that_drips_in_is_given_up() -> None:
    with canned.serving(canned.http(b" " * 1000), drip=0.2) as url:
        hasty = Slack("xoxb-test", base_url=url, timeout=1)
        with pytest.raises(ChannelError, match="did not answer in time"):
            hasty.read("auth.test")


@pytest.mark.parametrize(
    "answer",
    [
        canned.http(b'{"ok": true, "channel": "C1", "ts": "1.2"'),
        canned.http(b'{"ok": true}', length=900),
        canned.http(b"[]"),
        canned.http(b"null"),
        canned.http(b'"ok"'),
        canned.http(b"\xff\xfe\x00"),
        canned.http(b'{"ok": true, "channel": 7, "ts": null}'),
        canned.http(b"", status="404 Not Found"),
        canned.http(b"<html>proxy</html>", status="407 Proxy Authentication Required"),
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
    ],
)
def test_a_body_that_makes_no_sense_is_temporary(answer: bytes) -> None:
    with canned.serving(answer) as url:
        slack = Slack("xoxb-test", base_url=url)
        with pytest.raises(ChannelError) as error:
            slack.post("C1", HELLO, urgency=Urgency.PAGE)
        assert not error.value.permanent
        assert slack.permalink("C1", "1.2") is None
        assert not slack.is_public("C1")


def test_nobody_listening_is_temporary() -> None:
    with (
        quiet_port() as port,
        pytest.raises(ChannelError, match="cannot be reached") as error,
    ):
        Slack("xoxb-test", base_url=f"http://127.0.0.1:{port}/api/").read("auth.test")
    assert not error.value.permanent


def test_a_refused_token_is_remembered_until_it_works_again(box: Sandbox, slack: Slack) -> None:
    box.refuse_token("token_revoked")
    with pytest.raises(ChannelError, match="was revoked") as refused:
        say(slack, channel(box))
    assert not refused.value.permanent
    assert refused.value.retry_in == timedelta(seconds=60)
    assert box.bot_token not in str(refused.value)
    assert slack.token_state.trouble is not None
    box.accept_token()
    say(slack, channel(box))
    assert slack.token_state.trouble is None


def test_silence_is_remembered_until_an_answer_comes(box: Sandbox) -> None:
    now = [1000.0]
    slack = Slack(box.bot_token, base_url=box.api_url, clock=lambda: now[0])

    def fail(**fault: Any) -> None:
        box.faults.add("auth.test", count=1, **fault)
        with pytest.raises(ChannelError):
            slack.read("auth.test")

    for fault in ({"status": 503}, {"drop": "before"}, {"nonsense": True}):
        fail(**fault)
        assert slack.reach.problem is None
        now[0] += 21
    fail(error="internal_error")
    assert slack.reach.problem == "Slack has not answered for 63 s."
    now[0] += 91  # nobody has asked since
    assert slack.reach.problem is None
    fail(status=500)
    assert slack.reach.problem is not None
    fail(error="channel_not_found")  # is an answer
    assert slack.reach.problem is None


def test_only_public_channels_are_public(box: Sandbox, slack: Slack) -> None:
    assert slack.is_public(channel(box))
    assert not slack.is_public(channel(box, "secret-room"))
    assert not slack.is_public(say(slack, box.workspace.find_user("bob").id)[0])
    assert not slack.is_public("CNOWHERE")


def test_whether_a_channel_is_public_is_asked_once_in_a_while(box: Sandbox) -> None:
    now = [1000.0]
    slack = Slack(box.bot_token, base_url=box.api_url, clock=lambda: now[0])
    for _ in range(30):
        assert slack.is_public(channel(box))
    assert calls(box, "conversations.info") == 1
    now[0] += 601
    assert slack.is_public(channel(box))
    assert calls(box, "conversations.info") == 2


def test_nothing_said_is_logged(
    box: Sandbox, slack: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    say(slack, channel(box), Message("the secret plan", [section("the secret plan")]))
    assert "secret" not in caplog.text
    assert box.bot_token not in caplog.text
