"""Starting and stopping: ports, threads, two at a time, calls that are still under way."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from slack_sdk import WebClient

from sandbox import Sandbox


def test_it_leaves_nothing_behind(manifest: Path) -> None:
    before = set(threading.enumerate())
    with Sandbox(manifest=manifest) as first, Sandbox(manifest=manifest) as second:
        assert first.url != second.url
        assert first.bot_token != second.bot_token
        assert first.api_url.startswith("http://127.0.0.1:")
        assert first.api_url.endswith("/api/")
        assert first.bot_token.startswith("xoxb-")
        assert first.app_token.startswith("xapp-")
    assert set(threading.enumerate()) <= before
    first.stop()


def test_it_takes_the_port_it_is_given(manifest: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            Sandbox(manifest=manifest, port=port).start()
    with Sandbox(manifest=manifest, port=port) as again:
        assert again.url == f"http://127.0.0.1:{port}"


def test_a_taken_mail_port_is_said_too(manifest: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            Sandbox(manifest=manifest, smtp_port=port).start()


def test_it_stops_while_a_call_is_under_way(manifest: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        with Sandbox(manifest=manifest) as box:
            slow = box.faults.add("auth.test", delay=60, count=1)
            client = WebClient(box.bot_token, base_url=box.api_url)
            client.retry_handlers.clear()
            waiting = pool.submit(client.auth_test)
            while slow.left:  # until it is under way
                WebClient(box.bot_token, base_url=box.api_url).api_test()
            started = time.monotonic()
        assert time.monotonic() - started < 30  # the call would take a minute
        assert waiting.exception(timeout=30) is not None


def test_an_empty_workspace(manifest: Path) -> None:
    with Sandbox(manifest=manifest, seeded=False) as box:
        client = WebClient(box.bot_token, base_url=box.api_url)
        assert [user["name"] for user in client.users_list()["members"]] == ["echo"]
        with pytest.raises(AssertionError, match="did not happen within"):
            box.wait(lambda: False, timeout=0.05)
