"""Notices reach people: pages, and private answers to whoever asked."""

from datetime import timedelta

import pytest

from bot.channel import SlackChannel
from bot.slack import Slack
from core.channels import ChannelError, Notice
from core.models import Purpose
from sandbox import Sandbox
from sandbox.channels import Message
from tests.bot.slack import canned
from tests.bot.views.tales import notice


@pytest.fixture
def channel(slack: Slack) -> SlackChannel:
    return SlackChannel(slack)


def to(box: Sandbox, name: str, purpose: Purpose = Purpose.PAGE, **changes: object) -> Notice:
    slack_id = box.workspace.find_user(name).id
    alice = box.workspace.find_user("alice").id
    return notice(**{"address": slack_id, "purpose": purpose, "author_slack_id": alice, **changes})


def direct(box: Sandbox, receipt: dict[str, str]) -> Message:
    message = box.workspace.find_message(receipt["slack_channel"], receipt["ts"])
    assert message is not None
    return message


def response_url(box: Sandbox) -> str:
    """What `/escalate` gives to Alice in a channel the bot is not in."""
    alice = box.workspace.find_user("alice").id
    where = box.workspace.find_channel("secret-room").id
    return box.url + box.host.response_urls.issue(alice, where)


def answers(box: Sandbox) -> list[Message]:
    """What only Alice sees there."""
    history = box.workspace.messages[box.workspace.find_channel("secret-room").id]
    return [message for message in history.values() if message.ephemeral_to]


def test_a_page_is_a_direct_message_with_buttons(box: Sandbox, channel: SlackChannel) -> None:
    receipt = channel.send(to(box, "bob"))
    message = direct(box, receipt)
    assert receipt["slack_channel"].startswith("D")
    assert message.text == "Alice paged you: db is down"
    box.person("bob").press(message, "I can't")
    assert "[Acknowledge] [I can't]" in box.reader.message(message)


def test_nobody_has_answered(box: Sandbox, channel: SlackChannel) -> None:
    message = direct(box, channel.send(to(box, "alice", Purpose.UNANSWERED)))
    assert "[Responders]" in box.reader.message(message)


def test_the_author_is_told_through_the_command(box: Sandbox, channel: SlackChannel) -> None:
    ops = box.workspace.find_channel("ops").id
    before = len(answers(box))
    told = to(box, "alice", Purpose.POSTED, address=response_url(box), slack_channel=ops)
    assert channel.send(told) == {}
    assert len(answers(box)) == before + 1
    assert answers(box)[-1].text.startswith(f"The alert is in <#{ops}>.")


@pytest.mark.parametrize("end", ["expired", "used up", "unknown", "not ours"])
def test_a_command_that_is_too_old_is_answered_by_direct_message(
    box: Sandbox, channel: SlackChannel, end: str
) -> None:
    url = response_url(box)
    told = to(box, "alice", Purpose.POSTED, address=url, slack_channel="C1")
    if end == "expired":
        box.host.response_urls.expire()
    elif end == "used up":
        for _ in range(5):
            channel.send(told)
    else:
        told = to(
            box, "alice", Purpose.POSTED, address=url + "x" if end == "unknown" else "http://"
        )
    assert direct(box, channel.send(told)).text.startswith("The alert is in")


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "before"}])
def test_trouble_on_the_way_is_tried_again_at_the_same_place(
    box: Sandbox, channel: SlackChannel, fault: dict[str, object]
) -> None:
    box.faults.add("response_url", count=1, **fault)  # type: ignore[arg-type]
    told = to(box, "alice", Purpose.POSTED, address=response_url(box))
    with pytest.raises(ChannelError) as error:
        channel.send(told)
    assert not error.value.permanent
    assert channel.send(told) == {}


def test_a_rate_limited_answer_waits(box: Sandbox, channel: SlackChannel) -> None:
    box.faults.add("response_url", retry_after=4, count=1)
    with pytest.raises(ChannelError) as error:
        channel.send(to(box, "alice", Purpose.POSTED, address=response_url(box)))
    assert error.value.retry_in == timedelta(seconds=4)


def test_without_a_slack_author_an_old_command_is_let_go(channel: SlackChannel) -> None:
    with canned.serving(canned.http(b"used_url", status="404 Not Found")) as url:
        told = notice(purpose=Purpose.POSTED, address=url, author_slack_id=None)
        with pytest.raises(ChannelError, match="too old") as error:
            channel.send(told)
    assert error.value.permanent


def test_a_direct_message_says_so(box: Sandbox, channel: SlackChannel) -> None:
    refusal = "That channel is archived."
    told = to(box, "alice", Purpose.POSTED, slack_channel="D123", refusal=refusal)
    text = direct(box, channel.send(told)).text
    assert text.startswith("That channel is archived. The alert is here, above.")
