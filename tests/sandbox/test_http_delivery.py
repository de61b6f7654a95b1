"""Signed HTTP to a real Bolt app behind a small HTTP server."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any, ClassVar

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from sandbox import Sandbox
from sandbox.http_delivery import signature
from sandbox.shapes import Json
from tests.workspace import unhurried, workspace

SEEN: list[Json] = []
EVENTS: Queue[Json] = Queue()


@pytest.fixture(scope="module")
def box(manifest: Path) -> Iterator[Sandbox]:
    with workspace(manifest, redelivery_seconds=(0.0, 0.0)) as running:
        yield running


class Trouble:
    """What the listening server does instead of asking the app."""

    status: int | None = None
    no_retry = False
    headers: ClassVar[list[dict[str, str]]] = []


@pytest.fixture(scope="module", autouse=True)
def serving(box: Sandbox, app: App) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            Trouble.headers.append({name.lower(): value for name, value in self.headers.items()})
            if Trouble.status is not None:
                self.send_response(Trouble.status)
                if Trouble.no_retry:
                    self.send_header("X-Slack-No-Retry", "1")
                self.end_headers()
                return
            headers: Any = {name: [value] for name, value in self.headers.items()}
            answer = app.dispatch(BoltRequest(body=body, headers=headers))
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                for value in values:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write((answer.body or "").encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    @app.command("/echo")
    def opens(ack: Ack, body: Json, client: WebClient) -> None:
        SEEN.append(body)
        title = {"type": "plain_text", "text": "Form"}
        view = {
            "type": "modal",
            "callback_id": "form",
            "title": title,
            "submit": title,
            "blocks": [
                {
                    "type": "input",
                    "block_id": "say",
                    "label": title,
                    "element": {"type": "plain_text_input", "action_id": "a"},
                }
            ],
        }
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack("opened")

    @app.view("form")
    def refused(ack: Ack) -> None:
        ack(response_action="errors", errors={"say": "No"})

    @app.event("user_change")
    def changed(event: Json) -> None:
        EVENTS.put(event)

    unhurried(app)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        box.request_url = f"http://127.0.0.1:{server.server_address[1]}/slack/events"
        yield
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def calm(box: Sandbox) -> Iterator[None]:
    SEEN.clear()
    Trouble.headers = []
    yield
    Trouble.status, Trouble.no_retry = None, False
    box.http.forge, box.http.clock_offset = False, 0.0


def test_the_address_is_verified(box: Sandbox) -> None:
    assert box.verify_request_url()
    Trouble.status = 404
    assert not box.verify_request_url()


def test_a_command_and_a_modal_by_http(box: Sandbox) -> None:
    typed = box.person("alice").command("/echo", "hi", channel="incidents")
    assert typed.failed is None
    assert typed.text == "opened"
    assert SEEN[0]["text"] == "hi"
    [headers] = Trouble.headers
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert headers["x-slack-signature"].startswith("v0=")
    modal = typed.modal()
    modal.fill("say", "hello")
    assert modal.submit().errors == {"Form": "No"}


def test_a_forged_signature_is_refused(box: Sandbox) -> None:
    box.http.forge = True
    assert box.person("alice").command("/echo").failed is not None
    assert box.workspace.delivered[-1].failure == "http_error: 401"
    assert SEEN == []


def test_an_old_request_is_refused(box: Sandbox) -> None:
    box.http.clock_offset = -400.0
    assert box.person("alice").command("/echo").failed is not None
    assert box.workspace.delivered[-1].failure == "http_error: 401"
    assert SEEN == []


def test_an_event_comes_again_by_http(box: Sandbox) -> None:
    Trouble.status = 500
    before = len(box.workspace.delivered)
    box.admin.change("bob", real_name="Bob the Second")
    box.wait(lambda: len(box.workspace.delivered) == before + 3)
    retries = [
        (each.get("x-slack-retry-num"), each.get("x-slack-retry-reason"))
        for each in Trouble.headers
    ]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error")]


def test_an_app_can_ask_not_to_be_told_again(box: Sandbox) -> None:
    Trouble.status, Trouble.no_retry = 500, True
    before = len(box.workspace.delivered)
    box.admin.change("bob", real_name="Bob the Third")
    box.wait(lambda: len(box.workspace.delivered) == before + 1)
    Trouble.status = None
    box.admin.change("bob", real_name="Bob Miller")
    box.wait(lambda: len(box.workspace.delivered) == before + 2)
    event = EVENTS.get(timeout=20)
    assert event["user"]["real_name"] == "Bob Miller"


def test_nobody_listens(box: Sandbox) -> None:
    listening, box.request_url = box.request_url, "http://127.0.0.1:9/"
    assert box.person("alice").command("/echo").failed is not None
    assert box.workspace.delivered[-1].failure == "connection_failed"
    assert not box.verify_request_url()
    box.request_url = listening


def test_the_signature_is_the_documented_one() -> None:
    # The example of the platform's own documentation.
    secret = "8f742231b10e8888abcd99yyyzzz85a5"
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    assert signature(secret, "1531420618", body) == (
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )
