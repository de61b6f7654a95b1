"""The messages of an alert group follow it through its states."""

from dataclasses import replace
from typing import Any

import pytest

from bot.publisher import SlackPublisher
from bot.slack import Slack
from core.channels import ChannelError
from core.channels.publisher import MessageGone, Published
from core.models import Event, Outcome, State
from core.story import Story
from sandbox import Sandbox
from tests.bot.views.tales import ALICE, AT_ONCE, BOB, CAROL, line, responder, story


@pytest.fixture
def publisher(slack: Slack) -> SlackPublisher:
    return SlackPublisher(slack)


def post(box: Sandbox, publisher: SlackPublisher, told: Story | None = None) -> Published:
    return publisher.post_alert(told or story(responder(BOB)), channel(box))


def channel(box: Sandbox, name: str = "incidents") -> str:
    return box.workspace.find_channel(name).id


def read(box: Sandbox, slack_channel: str, ts: str) -> str:
    message = box.workspace.find_message(slack_channel, ts)
    assert message is not None
    return box.reader.message(message)


def test_an_alert_is_posted_with_a_link_to_it(box: Sandbox, publisher: SlackPublisher) -> None:
    posted = post(box, publisher)
    assert posted.slack_channel == channel(box)
    assert posted.permalink is not None
    assert posted.permalink.startswith(box.url)
    assert "[Acknowledge]" in read(box, posted.slack_channel, posted.ts)


def test_an_alert_is_posted_to_the_author(box: Sandbox, publisher: SlackPublisher) -> None:
    alice = box.workspace.find_user("alice").id
    assert publisher.post_alert(story(), alice).slack_channel.startswith("D")


@pytest.mark.parametrize("fault", [{"status": 500}, {"error": "message_not_found"}])
def test_what_was_posted_is_never_lost_for_want_of_a_link(
    box: Sandbox, publisher: SlackPublisher, fault: dict[str, object]
) -> None:
    box.faults.add("chat.getPermalink", **fault)  # type: ignore[arg-type]
    posted = post(box, publisher)
    assert posted.ts
    assert posted.permalink is None
    box.faults.clear()
    later = publisher.update_alert(story(), posted.slack_channel, posted.ts)
    assert later is not None
    linked = story(link=later)
    assert publisher.update_alert(linked, posted.slack_channel, posted.ts) is None


def test_a_state_change_is_shown(box: Sandbox, publisher: SlackPublisher) -> None:
    posted = post(box, publisher)
    acknowledged = story(responder(CAROL, Outcome.ANSWERED), state=State.ACKNOWLEDGED)
    publisher.update_alert(acknowledged, posted.slack_channel, posted.ts)
    assert "[Unacknowledge]" in read(box, posted.slack_channel, posted.ts)


def test_the_thread_is_told_in_pieces(box: Sandbox, publisher: SlackPublisher) -> None:
    posted = post(box, publisher)
    lines = [replace(line(Event.FAILED, reason="x" * 190), id=n) for n in range(1, 25)]
    told = 0
    while told < 24:
        rest = lines[told:]
        told = publisher.post_lines(story(), rest, posted.slack_channel, posted.ts)
    root = box.workspace.find_message(posted.slack_channel, posted.ts)
    assert root is not None
    replies = box.workspace.replies(root)
    assert sum(reply.text.count("Bob failed") for reply in replies) == 24
    assert len(replies) == 2


def test_a_step_that_calls_the_channel_is_shown_in_the_channel_too(
    box: Sandbox, publisher: SlackPublisher
) -> None:
    posted = post(box, publisher)
    told = replace(story(responder(BOB)), slack_channel=posted.slack_channel)
    facts: dict[str, Any] = {"step": 1, "of": 2, "type": "notify_whole_channel", "paged": [BOB.id]}
    loud = line(Event.STEPPED, channel="incidents", channel_id=posted.slack_channel, **facts)
    for each in (line(Event.OPENED, team=AT_ONCE), loud):
        publisher.post_lines(told, [each], posted.slack_channel, posted.ts)
    root = box.workspace.find_message(posted.slack_channel, posted.ts)
    assert root is not None
    [quiet, called] = box.workspace.replies(root)
    assert (quiet.broadcast, called.broadcast) == (False, True)
    assert "<!" not in quiet.text.replace("<!date^", "")
    assert called.text.count("<!channel>") == 1


def test_a_deleted_alert_is_noticed(box: Sandbox, publisher: SlackPublisher) -> None:
    with pytest.raises(MessageGone):
        publisher.update_alert(story(), channel(box), "1.000001")
    with pytest.raises(MessageGone):
        publisher.post_lines(story(), [line(Event.OPENED)], channel(box), "1.000001")


def test_a_direct_message_follows(box: Sandbox, publisher: SlackPublisher, slack: Slack) -> None:
    bob = box.workspace.find_user("bob").id
    sent = publisher.post_alert(story(responder(BOB)), bob)  # any message of ours will do
    ended = story(responder(BOB, Outcome.STOPPED), state=State.ACKNOWLEDGED)
    publisher.update_direct(ended, "PUBOB", sent.slack_channel, sent.ts)
    text = read(box, sent.slack_channel, sent.ts)
    assert "Carol has it" in text
    assert "[" not in text


def test_a_channel_that_refuses_is_permanent(box: Sandbox, publisher: SlackPublisher) -> None:
    with pytest.raises(ChannelError) as refused:
        publisher.post_alert(story(), channel(box, "old-war-room"))
    assert refused.value.permanent
    assert publisher.is_public(channel(box))
    assert not publisher.is_public(channel(box, "secret-room"))


@pytest.mark.parametrize("message", ["&" * 3000, "\N{FIRE}" * 3000, AT_ONCE * 40])
def test_a_long_message_reaches_the_channel_whole(
    box: Sandbox, publisher: SlackPublisher, message: str
) -> None:
    told = story(responder(BOB), title=message[:149] + "…", message=message, author=ALICE)
    posted = post(box, publisher, told)
    text = read(box, posted.slack_channel, posted.ts)
    assert message in text.replace("\n  ", "")
    assert "[Acknowledge]" in text
    assert box.workspace.problems == []
