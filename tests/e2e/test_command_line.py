"""`app.py` on the command line: what it says when it cannot start, and the sandbox."""

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_socket
from websockets.typing import Origin

from sandbox.shapes import Json
from tests.e2e.process import START, Process

ROOT = Path(__file__).parents[2]
WORKS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "TOCSIN_HTTP_PORT": "0",
}


def refused(folder: Path, environment: dict[str, str]) -> str:
    """What `serve` says when it will not start with these settings."""
    process = Process("serve", folder=folder, environment=environment)
    assert process.wait() == 1, process.log
    assert "Traceback" not in process.log
    return process.log


def test_without_tokens_it_says_how_to_get_them(tmp_path: Path) -> None:
    said = refused(tmp_path, {})
    for word in (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "make sandbox",
        "manifest.yml",
        "api.slack.com",
    ):
        assert word in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-wrong-kind-of-token"),
        ("SLACK_APP_TOKEN", "xoxb-wrong-kind-of-token"),
        ("SLACK_API_URL", "slack.com"),
        ("TOCSIN_HTTP_PORT", "http"),
        ("TOCSIN_CLOCK_SPEED", "0"),
        ("TOCSIN_DEFAULT_CHANNEL", "#incidents"),
        ("TOCSIN_PUBLIC_URL", "example.com"),
        ("TOCSIN_GUESTS_MAY_PAGE", "perhaps"),
        ("DATABASE_URL", "mysql://u:secret-password@host/db"),
        ("SMTP_PORT", "70000"),
        ("SMTP_HOST", "mail.example.com"),
        ("MAIL_FROM", "Tocsin"),
    ],
)
def test_a_setting_that_cannot_work_is_named(tmp_path: Path, name: str, value: str) -> None:
    said = refused(tmp_path, {**WORKS, name: value})
    expected = "MAIL_FROM" if name == "SMTP_HOST" else name
    assert expected in said
    assert "wrong-kind-of-token" not in said
    assert "secret-password" not in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://tocsin:secret-password@127.0.0.1:9/tocsin",
        "sqlite:////nowhere/at/all/tocsin.db",
    ],
)
def test_a_database_that_cannot_be_reached(tmp_path: Path, url: str) -> None:
    said = refused(tmp_path, {**WORKS, "DATABASE_URL": url})
    assert "DATABASE_URL" in said
    assert "secret-password" not in said


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(tmp_path, {**WORKS, "TOCSIN_HTTP_PORT": port})
    assert "TOCSIN_HTTP_PORT" in said
    assert port in said


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts `app.py sandbox`; none of them outlives the test."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(
            Process("sandbox", *options, folder=tmp_path, environment={})
        )


OPEN = "Open http://127.0.0.1:"
LAST = "Ctrl-C ends it."


def test_the_sandbox_says_where_its_page_is_and_ends_on_ctrl_c(
    tmp_path: Path, started: Callable[..., Process]
) -> None:
    process = started("--no-story", "--port", "0")
    process.wait_for(LAST)
    with urllib.request.urlopen(page_of(process), timeout=START) as page:
        assert page.status == 200
        assert page.headers.get_content_type() == "text/html"
    told = re.search(
        r"tried out at (\S+)docs, as Alice with the token\s+([0-9a-f]{64})", process.log
    )
    assert told
    asked = urllib.request.Request(f"{told[1]}api/v1/users/current/")
    asked.add_header("Authorization", told[2])
    with urllib.request.urlopen(asked, timeout=START) as answer:
        assert json.load(answer)["email"] == "alice@example.com"
    process.signal(signal.SIGINT)
    assert process.wait() == 0, process.log
    assert "Traceback" not in process.log
    assert "Checkout is down" not in process.log
    assert list(tmp_path.iterdir()) == []


def test_the_sandbox_plays_its_story_when_asked(
    tmp_path: Path, started: Callable[..., Process]
) -> None:
    process = started("--story", "--port", "0")
    process.wait_for("That was the story.", timeout=2 * START)
    process.signal(signal.SIGINT)
    assert process.wait() == 0, process.log
    told = process.log
    assert "Traceback" not in told
    for part in (
        "alice asked for help.",
        "carol acknowledged: carol has it.",
        "alice resolved this.",
        "[firing] Checkout is down",
        "The alert is in #incidents.",
        "There is nothing left to do.",
    ):
        assert part in told, told
    assert list(tmp_path.iterdir()) == []


def test_the_sandbox_takes_another_port_when_its_own_is_taken(
    started: Callable[..., Process],
) -> None:
    with ExitStack() as stack:
        with suppress(OSError):  # then somebody else has it, which does as well
            stack.enter_context(socket.create_server(("127.0.0.1", 8790)))
        process = started()
        process.wait_for(LAST)
        assert not page_of(process).endswith(":8790")
        process.signal(signal.SIGTERM)
        assert process.wait() == 0, process.log


def test_a_port_that_the_sandbox_is_told_to_take_is_not_replaced(
    started: Callable[..., Process],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = started("--port", port)
        assert process.wait() == 1, process.log
    assert process.log == (
        f"Port {port} cannot be had (Address already in use): name another, or leave --port out."
    )


def test_a_trial_is_paused_moved_on_and_started_over(started: Callable[..., Process]) -> None:
    process = started("--port", "0")
    process.wait_for(LAST)
    address = page_of(process)
    link = f"{address.replace('http', 'ws')}/page/link?as=alice"
    with open_socket(link, origin=Origin(address), proxy=None) as tab:
        start = until(tab, "start")
        assert start["may_start_over"]
        incidents = next(each for each in start["channels"] if each["name"] == "incidents")["id"]
        ask(tab, "command", channel=incidents, text="/escalate @bob Checkout is down")
        [form] = until(tab, "modals")["modals"]
        ask(tab, "time", set="pause")
        until(tab, "time", lambda said: said["time"]["paused"])  # they are not done in turn
        ask(tab, "submit", view=form["id"])
        coming = until(tab, "time", lambda said: said["time"]["next"])["time"]
        assert (coming["paused"], coming["next"]["what"]) == (True, "bob: e-mail")
        ask(tab, "time", set="jump")
        [ring] = until(tab, "phones")["rings"]
        assert ring["address"] == "bob@example.com"
        ask(tab, "start_over")
        start = until(tab, "start")
        assert start["phones"] == start["modals"] == []
        ask(tab, "time", set="speed", speed=60)
        time = until(tab, "time", lambda said: said["time"])["time"]
        assert (time["paused"], time["next"]) == (False, None)
        process.signal(signal.SIGINT)
        assert process.wait() == 0, process.log
    assert "Traceback" not in process.log


def page_of(process: Process) -> str:
    return process.wait_for(OPEN).split()[1]


def ask(tab: ClientConnection, do: str, **what: object) -> None:
    tab.send(json.dumps({"id": 1, "do": do, **what}))


def until(
    tab: ClientConnection, kind: str, true: Callable[[Json], object] = lambda said: True
) -> Json:
    """What the page is told, up to the first of this kind with which it is true."""
    while True:
        said: Json = json.loads(tab.recv(timeout=START))
        assert "error" not in said, said
        if said["type"] == kind and true(said):
            return said


def test_help_names_every_command(tmp_path: Path) -> None:
    process = Process("--help", folder=tmp_path, environment={})
    assert process.wait() == 0
    for command in ("serve", "sandbox", "people", "rules", "token", "users"):
        assert command in process.log


def test_a_signal_that_another_thread_is_given_is_heard() -> None:
    waiting = """
import signal, sys, threading
from queue import SimpleQueue
from cli.ending import told_to_stop

waits = SimpleQueue()

def give():
    waits.get()
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

def notice(_frame, event, called):
    if event == "c_call" and called.__name__ == "get":
        waits.put(True)

wait = told_to_stop()
threading.Thread(target=give).start()
sys.setprofile(notice)
wait()
"""
    subprocess.run([sys.executable, "-c", waiting], cwd=ROOT, check=True, timeout=START)
