"""The story as somebody watching reads it."""

import threading

from slack_sdk import WebClient

from sandbox import Sandbox
from sandbox.story import Story


def test_what_happens_is_told_once(box: Sandbox, client: WebClient) -> None:
    story = Story(box.host)
    story.news()
    incidents = box.workspace.find_channel("incidents").id
    bob = box.person("bob")
    root = bob.say("it burns", channel="incidents")
    ts = client.chat_postMessage(channel=incidents, text="first", thread_ts=root.ts)["ts"]
    client.chat_postMessage(channel=bob.id, text="psst")
    assert story.news() == [
        "#incidents | bob: it burns",
        "#incidents |   echo: first",
        "echo and bob | echo: psst",
    ]
    client.chat_update(channel=incidents, ts=ts, text="second")
    client.chat_postEphemeral(channel=incidents, user=bob.id, text="for you")
    assert story.news() == [
        "#incidents |   echo (edited): second",
        "#incidents | echo (only visible to Bob): for you",
    ]
    client.chat_delete(channel=incidents, ts=ts)
    assert story.news() == ["#incidents | (a message was deleted)"]
    assert story.news() == []


def test_modals_are_told_too(box: Sandbox, client: WebClient) -> None:
    story = Story(box.host)
    story.news()
    alice = box.person("alice")
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Form"},
        "blocks": [{"type": "divider"}],
    }
    client.views_open(trigger_id=box.host.triggers.issue(alice.id), view=view)
    assert story.news() == ["alice | == Form ==\nalice | ---"]
    modal = alice.modal()
    assert modal is not None
    modal.close()
    assert story.news() == ["alice | closed 'Form'"]


def test_it_can_be_followed(box: Sandbox) -> None:
    story = Story(box.host)
    story.news()
    later = threading.Timer(0.02, box.person("bob").say, ("hello",), {"channel": "general"})
    later.start()
    lines = story.follow(timeout=1)
    assert next(lines) == "#general | bob: hello"
    later.join()
    assert list(story.follow(timeout=0.01)) == []
