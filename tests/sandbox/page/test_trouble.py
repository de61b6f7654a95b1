"""The switches: what the bot feels while one is on, and that it is over at once."""

from collections.abc import Callable
from operator import itemgetter

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from sandbox.shapes import Json
from tests.sandbox.page.client import Refused, Tab


@pytest.fixture(scope="module")
def listening(app: App, connect: Callable[[App], SocketModeHandler]) -> SocketModeHandler:
    @app.command("/echo")
    def answer(ack: Ack, body: Json) -> None:
        ack(f"you said {body['text']}")

    return connect(app)


def status_of(client: WebClient, tab: Tab) -> int:
    try:
        answer = client.chat_postMessage(channel=tab.id("general"), text="x")
    except SlackApiError as error:
        return int(error.response.status_code)
    return answer.status_code


def test_every_tab_sees_the_switches(alice: Tab, bob: Tab) -> None:
    for name in ("slow", "limited", "failing", "offline", "mail"):
        alice.ask("trouble", name=name, on=True)
        bob.wait_for("trouble", itemgetter(name))
        alice.ask("trouble", name=name, on=False)
        bob.wait_for("trouble", lambda switches: not any(switches.values()))
    with pytest.raises(Refused, match="no such switch"):
        alice.ask("trouble", name="fire", on=True)
    with pytest.raises(Refused, match="true or false"):
        alice.ask("trouble", name="slow", on=1)


def test_slow(alice: Tab, box: Sandbox) -> None:
    alice.ask("trouble", name="slow", on=True)
    assert [fault.delay for fault in box.faults.strike("auth.test")] == [2.0]
    alice.ask("trouble", name="slow", on=False)
    assert box.faults.strike("auth.test") == []


def test_limited(alice: Tab, box: Sandbox, client: WebClient) -> None:
    alice.ask("trouble", name="limited", on=True)
    assert box.limits.enabled
    statuses = [status_of(client, alice) for _ in range(12)]
    assert statuses.count(429) > 2
    assert 200 in statuses
    alice.ask("trouble", name="limited", on=False)
    assert [status_of(client, alice) for _ in range(12)] == [200] * 12


def test_failing(alice: Tab, client: WebClient) -> None:
    alice.ask("trouble", name="failing", on=True)
    assert {status_of(client, alice) for _ in range(12)} == {200, 500}
    alice.ask("trouble", name="failing", on=False)
    assert {status_of(client, alice) for _ in range(12)} == {200}


def test_offline(alice: Tab, box: Sandbox, client: WebClient, listening: SocketModeHandler) -> None:
    listening.client.auto_reconnect_enabled = False
    general = alice.id("general")
    alice.ask("command", channel=general, text="/echo before")
    address = box.host.open_socket()
    alice.ask("trouble", name="offline", on=True)
    assert not box.sockets.connections
    for call in (client.auth_test, listening.client.issue_new_wss_url):
        with pytest.raises(OSError, match=r"closed|reset|abort"):
            call()
    with pytest.raises(Refused, match="/echo failed"):
        alice.ask("command", channel=general, text="/echo during")
    alice.ask("trouble", name="offline", on=False)
    # An address from before is as good as a new one; it was not used up.
    listening.client.wss_uri = address
    listening.client.connect()
    box.wait_connected()
    alice.ask("command", channel=general, text="/echo after")
    assert alice.message("you said after")


def test_a_fault_of_a_test_stays(alice: Tab, box: Sandbox, client: WebClient) -> None:
    box.faults.add("auth.test", error="fatal_error")
    alice.ask("trouble", name="failing", on=True)
    alice.ask("trouble", name="failing", on=False)
    with pytest.raises(SlackApiError, match="fatal_error"):
        client.auth_test()
