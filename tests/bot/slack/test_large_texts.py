"""The largest titles and texts that the API takes, in a real post and a real edit of it."""

from dataclasses import replace

import pytest

from bot.channel import SlackChannel
from bot.publisher import SlackPublisher
from bot.slack import Slack
from core.channels.publisher import Published
from core.models import Event, Outcome, State
from sandbox import Sandbox
from tests.bot.views.tales import ALICE, AT_ONCE, BOB, line, notice, responder, story

PUBLIC = "https://tocsin.example/ops/"
LARGEST = 64 * 1024  # bytes
MESSAGES = {
    "ampersands": "&" * LARGEST,
    "emoji": "\N{FIRE}" * (LARGEST // 4),
    "one long word": "x" * LARGEST,
    "mentions": f"{AT_ONCE} " * 900,
    "empty": "",
}
TITLES = {"angles": "<" * 500, "ampersands": "&" * 500, "emoji": "\N{FIRE}" * 500}
LONG_URL = "https://grafana.example/d/1?" + "a=1&" * 493


@pytest.fixture
def publisher(slack: Slack) -> SlackPublisher:
    return SlackPublisher(slack, public_url=PUBLIC)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
def test_slack_takes_it_with_its_buttons(
    box: Sandbox, publisher: SlackPublisher, slack: Slack, title: str, message: str
) -> None:
    told = story(
        *[responder(BOB)] * 30, title=title, message=message, author=ALICE, source_url=LONG_URL
    )
    posted = publisher.post_alert(told, box.workspace.find_user("alice").id)
    publisher.update_alert(told, posted.slack_channel, posted.ts)
    bob = box.workspace.find_user("bob").id
    made = notice(address=bob, title=title, message=message, source_url=LONG_URL)
    receipt = SlackChannel(slack, public_url=PUBLIC).send(made)
    publisher.update_direct(told, "PUBOB", receipt["slack_channel"], receipt["ts"])
    for channel, ts in (
        (posted.slack_channel, posted.ts),
        (receipt["slack_channel"], receipt["ts"]),
    ):
        found = box.workspace.find_message(channel, ts)
        assert found is not None
        assert found.blocks[-1]["type"] == "actions"  # it was not sent again in plain text
        text = str(found.blocks)
        assert ("cut here" in text) is (message != "")
        assert (f"<{PUBLIC}g/IGROUP123456A?whole=1|Whole message>" in text) is (message != "")
        assert "grafana.example" in text
    assert box.workspace.problems == []
    assert all(call.ok for call in list(box.workspace.journal))


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_without_blocks_it_is_cut_too(
    box: Sandbox, publisher: SlackPublisher, message: str
) -> None:
    box.faults.add("chat.postMessage", error="invalid_blocks", count=1)
    told = story(
        responder(BOB), title="<db> is down", message=message, source_url="https://x.example/1"
    )
    posted = publisher.post_alert(told, box.workspace.find_user("alice").id)
    found = box.workspace.find_message(posted.slack_channel, posted.ts)
    assert found is not None
    assert not found.blocks
    assert "&lt;db&gt; is down" in found.text
    assert "<https://x.example/1|Source>" in found.text
    assert ("|Whole message>" in found.text) is (message != "")


def test_what_is_wiped_and_deleted_leaves_no_text(box: Sandbox, publisher: SlackPublisher) -> None:
    told = story(responder(BOB))
    posted = publisher.post_alert(told, box.workspace.find_user("alice").id)
    gone = replace(
        told, title="", message="", is_wiped=True, removed_by=ALICE, state=State.RESOLVED
    )
    publisher.update_alert(gone, posted.slack_channel, posted.ts)
    wiped = read(box, posted)
    assert "Wiped by Alice: its text was removed." in wiped
    assert "db is down" not in wiped
    assert "[" not in wiped
    publisher.update_alert(replace(gone, is_deleted=True), posted.slack_channel, posted.ts)
    assert "Deleted by Alice." in read(box, posted)
    stopped = replace(gone, responders=(responder(BOB, Outcome.STOPPED),))
    publisher.update_direct(stopped, "PUBOB", posted.slack_channel, posted.ts)
    assert "Wiped by Alice" in read(box, posted)
    last = publisher.post_lines(gone, [line(Event.WIPED)], posted.slack_channel, posted.ts)
    assert last == line(Event.WIPED).id


def read(box: Sandbox, posted: Published) -> str:
    found = box.workspace.find_message(posted.slack_channel, posted.ts)
    assert found is not None
    return box.reader.message(found)
