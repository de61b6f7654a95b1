"""A tab that takes nothing in: it holds up nobody, and misses nothing once it reads again."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.typing import Origin
from websockets.uri import parse_uri

from sandbox import Sandbox
from sandbox.channels import Message
from sandbox.shapes import Json
from tests.sandbox.page.client import PATIENCE, Tab

SMALL = 4096  # bytes the operating system keeps for it


class Sleeper:
    """A tab whose socket is read only when it is told to."""

    def __init__(self, box: Sandbox, name: str) -> None:
        url = parse_uri(f"{box.url.replace('http', 'ws', 1)}/page/link?as={name}")
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        self.socket.connect((url.host, url.port))
        self.protocol = ClientProtocol(url, origin=Origin(box.url), max_size=None)
        self.protocol.send_request(self.protocol.connect())
        self.flush()

    def send(self, **request: object) -> None:
        self.protocol.send_text(json.dumps(request).encode())
        self.flush()

    def flush(self) -> None:
        self.socket.sendall(b"".join(self.protocol.data_to_send()))

    def read(self) -> Iterator[Json]:
        """Everything that was sent, in its order; TimeoutError where nothing follows."""
        while True:
            for event in self.protocol.events_received():
                if isinstance(event, Frame) and event.data:
                    yield json.loads(bytes(event.data))
            self.protocol.receive_data(self.socket.recv(1_000_000))


@pytest.fixture
def sleeper(box: Sandbox) -> Iterator[Sleeper]:
    opened = Sleeper(box, "alice")
    # It has begun: the first thing it was sent says so.
    assert next(opened.read())["type"] == "start"
    yield opened
    opened.socket.close()


def test_a_slow_reader(bob: Tab, sleeper: Sleeper, box: Sandbox) -> None:
    general = bob.id("general")
    # More than the operating system takes on the way.
    for number in range(300):
        text = f"flood {number} ".ljust(50_000, "x")
        ts = box.workspace.next_ts()
        box.workspace.post(Message(ts=ts, channel=general, user=bob.me, text=text))
    bob.ask("say", channel=general, text="after the flood")
    # What the sleeper asks is done all the same.
    sleeper.send(id=1, do="history", channel=general, limit=2)
    sleeper.send(id=2, do="say", channel=general, text="said asleep")
    said = bob.message("said asleep")
    box.workspace.save_message(
        replace(box.workspace.messages[general][said["ts"]], text="edited later")
    )
    bob.ask("say", channel=general, text="the end")

    shown: dict[str, str] = {}
    most = 0
    waiting = {1, 2}
    news = sleeper.read()
    while waiting or "the end" not in shown.values():
        heard = next(news)
        waiting.discard(heard.get("id", 0))
        messages = heard.get("messages") or heard.get("result", {}).get("messages") or []
        shown |= {each["ts"]: each["text"] for each in messages}
        most = max(most, len(messages))
    assert sum(text.startswith("flood") for text in shown.values()) == 300
    # An answer that had to wait does not bring back what was there before the edit.
    assert shown[said["ts"]] == "edited later"
    # What came while it slept came together.
    assert most > 2
