"""Buttons and menus in messages, shortcuts and the home tab, with a real app at the other end."""

from collections.abc import Callable

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox.shapes import Json
from tests.sandbox.forms import BUTTONS, option
from tests.sandbox.page.client import Refused, Tab
from tests.sandbox.page.echo import SEEN, kept, listen


@pytest.fixture(scope="module", autouse=True)
def listening(app: App, connect: Callable[[App], SocketModeHandler]) -> None:
    listen(app)
    connect(app)


def test_pressing_in_a_message(alice: Tab, bob: Tab) -> None:
    SEEN.clear()
    alice.ask("command", channel=alice.id("general"), text="/raw press me")
    message = bob.message("press me")
    where = {"channel": message["channel"], "ts": message["ts"]}
    pick = {"type": "static_select", "selected_option": option("red")}
    bob.ask("press", **where, block_id="picks", action_id="pick", value=pick)
    assert kept("block_actions")["actions"][0]["selected_option"] == option("red")
    bob.ask("press", **where, block_id="buttons", action_id="push", value={})
    body = kept("block_actions")
    assert body["user"]["id"] == bob.me
    assert body["actions"][0]["action_id"] == "push"
    # What was chosen before still stands there.
    assert body["state"]["values"]["picks"]["pick"] == pick
    menu = {"selected_option": option("keep")}
    bob.ask("press", **where, block_id="buttons", action_id="menu", value=menu)
    assert kept("block_actions")["actions"][0]["selected_option"] == option("keep")
    found = bob.ask("suggest", **where, block_id="picks", action_id="search", query="")
    assert found == {"groups": [{"label": "Services", "options": [option("billing")]}]}
    with pytest.raises(Refused, match="not there any more"):
        bob.ask("press", **where, block_id="buttons", action_id="gone", value={})
    forged = {"selected_option": option("forged")}
    with pytest.raises(Refused, match="not offered"):
        bob.ask("press", **where, block_id="buttons", action_id="menu", value=forged)


def test_pressing_what_was_drawn_anew(bob: Tab, client: WebClient) -> None:
    """An edit gives blocks without an id new ones; who presses meanwhile has not seen it yet."""
    SEEN.clear()
    blocks = [{key: each for key, each in BUTTONS.items() if key != "block_id"}]
    general = bob.id("general")
    ts = client.chat_postMessage(channel=general, text="before", blocks=blocks)["ts"]
    [seen] = bob.message("before")["blocks"]
    client.chat_update(channel=general, ts=ts, text="after", blocks=blocks)
    [block] = bob.message("after")["blocks"]
    assert block["block_id"] != seen["block_id"]
    where = {"channel": general, "ts": ts, "block_id": seen["block_id"]}
    bob.ask("press", **where, action_id="push", value={})
    assert kept("block_actions")["actions"][0]["block_id"] == block["block_id"]
    client.chat_update(channel=general, ts=ts, text="the end", blocks=[])
    with pytest.raises(Refused, match="not there any more"):
        bob.ask("press", **where, action_id="push", value={})


def test_shortcuts(alice: Tab) -> None:
    alice.ask("shortcut", callback_id="echo_global")
    alice.wait(lambda: alice.now["modals"])
    assert alice.modal["title"] == "Shortcut"
    first = alice.modal["id"]
    general = alice.id("general")
    alice.ask("say", channel=general, text="about this")
    alice.ask("shortcut", callback_id="echo_message", **at(alice.message("about this")))
    alice.wait(lambda: alice.modal["id"] != first)
    with pytest.raises(Refused, match="no such shortcut"):
        alice.ask("shortcut", callback_id="echo_message")
    alice.ask("command", channel=general, text="/echo")
    ours = alice.message("What should I echo?")
    with pytest.raises(Refused, match="cannot be shown"):
        alice.ask("shortcut", callback_id="echo_message", **at(ours))


def at(message: Json) -> Json:
    return {"channel": message["channel"], "ts": message["ts"]}


def test_the_home_tab(alice: Tab, bob: Tab) -> None:
    SEEN.clear()
    alice.ask("open_home")
    alice.wait(lambda: alice.now["home"])
    home: Json = alice.now["home"]
    assert home["type"] == "home"
    assert home["submit"] is None
    alice.ask("act", view=home["id"], block_id="buttons", action_id="push", value={})
    assert "home" not in bob.kinds()
    with pytest.raises(Refused, match="not open any more"):
        bob.ask("act", view=home["id"], block_id="buttons", action_id="push", value={})
    with pytest.raises(Refused, match="home or messages"):
        alice.ask("open_home", tab="about")
