"""`app.py` as a process of its own: started, watched by its log and /health, stopped, killed."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox import Sandbox
from sandbox.workspace import PATIENCE

APP = Path(__file__).parents[2] / "app.py"
READY = re.compile(r"ready: (http://\S+)/health")
START = 180.0  # seconds; far more than it takes, on a machine that does much else
STOP = 180.0


class Process:
    """Runs `app.py` with these arguments and nothing of our own environment but the path.

    After a `with` statement it does not run any more, however the test has ended.
    """

    def __init__(self, *arguments: str, folder: Path, environment: Mapping[str, str]) -> None:
        """`folder` is where it runs, so that no .env and no database of ours gets in."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.lines: list[str] = []
        self._said = threading.Condition()
        self._ended = False
        self.popen = subprocess.Popen(
            [sys.executable, "-W", "default::ResourceWarning", str(APP), *arguments],
            cwd=folder,
            env={**kept, "PYTHONUNBUFFERED": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def log(self) -> str:
        with self._said:
            return "\n".join(self.lines)

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    def wait_for(self, text: str, timeout: float = START, *, count: int = 1) -> str:
        """The line with this text in it, as soon as it is written (for the `count`th time)."""

        def found() -> list[str]:
            return [line for line in self.lines if text in line]

        with self._said:
            self._said.wait_for(lambda: len(found()) >= count or self._ended, timeout)
            if len(found()) < count:
                said = "\n".join(self.lines)
                raise AssertionError(
                    f"{text!r} was not said {count} times within {timeout} s:\n{said}"
                )
            return found()[count - 1]

    def signal(self, number: int) -> None:
        self.popen.send_signal(number)

    def wait(self, timeout: float = STOP) -> int:
        """The exit code, once everything it said has been read."""
        try:
            code = self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.popen.kill()  # or it would outlive the tests
            raise AssertionError(f"it did not end within {timeout} s:\n{self.log}") from None
        self._reader.join(STOP)
        assert not self._reader.is_alive(), f"what it said has no end:\n{self.log}"
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.is_running:
            self.popen.kill()
            self.wait()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        with self.popen.stdout as output:
            for line in output:
                with self._said:
                    self.lines.append(line.rstrip("\n"))
                    self._said.notify_all()
        with self._said:
            self._ended = True
            self._said.notify_all()


@dataclass(frozen=True)
class Health:
    """What GET /health answered."""

    status: int
    body: dict[str, Any]

    @property
    def problems(self) -> list[str]:
        return [str(each) for each in self.body["problems"]]

    @property
    def is_connected(self) -> bool:
        return bool(self.body["slack"]["connected"])


class Bot:
    """One `app.py serve` that works in the sandbox `box`, on the database at `database_url`."""

    def __init__(
        self,
        box: Sandbox,
        database_url: str,
        folder: Path,
        settings: Mapping[str, str],
        *,
        socket: bool = True,
    ) -> None:
        self.box = box
        self.socket = socket
        way = (
            {"SLACK_APP_TOKEN": box.app_token}
            if socket
            else {"SLACK_SIGNING_SECRET": box.signing_secret}
        )
        self.environment = {
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": box.bot_token,
            "SLACK_API_URL": box.api_url,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(box.smtp_port),
            "SMTP_STARTTLS": "false",
            "MAIL_FROM": "Tocsin <tocsin@example.com>",
            "TOCSIN_HTTP_PORT": "0",
            **way,
            **settings,
        }
        self.folder = folder
        self.process: Process | None = None
        self.logs: list[str] = []

    def launch(self) -> Process:
        """Start it and do not wait for anything."""
        self.process = Process("serve", folder=self.folder, environment=self.environment)
        return self.process

    def start(self) -> Self:
        """Start it; returns when it works, is connected and knows who is in the workspace."""
        # Not how many are open: of a bot that was killed the sandbox may hear a moment later.
        before = self.box.sockets.connected_in_all
        process = self.launch()
        process.wait_for("ready: ")
        if self.socket:
            self.box.wait(lambda: self.box.sockets.connected_in_all > before, START)
        else:
            self.box.request_url = f"{self.url}/slack/events"
        process.wait_for("people read from Slack")
        return self

    def run(self, *arguments: str) -> tuple[int, str]:
        """Another command of `app.py` with the same settings: exit code and what it said."""
        process = Process(*arguments, folder=self.folder, environment=self.environment)
        return process.wait(), process.log

    @property
    def running(self) -> Process:
        assert self.process is not None, "not started"
        return self.process

    @property
    def url(self) -> str:
        match = READY.search(self.running.wait_for("ready: "))
        assert match is not None
        return match[1]

    @property
    def log(self) -> str:
        """Everything it ever said, also before it was started again."""
        return "\n".join([*self.logs, *([self.process.log] if self.process else [])])

    def health(self) -> Health:
        return look(self.url)

    def wait_health(self, true: Callable[[Health], object], timeout: float = PATIENCE) -> Health:
        """What GET /health answers, as soon as this is true of it."""
        deadline = time.monotonic() + timeout
        while not true(health := self.health()):
            assert time.monotonic() < deadline, health
            time.sleep(0.02)  # nobody tells when it changes
        return health

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.running.signal(signal.SIGTERM)
        return self.ended()

    def kill(self) -> None:
        """kill -9, and nothing of it is left when this returns."""
        self.running.signal(signal.SIGKILL)
        self.ended()

    def ended(self) -> int:
        """The exit code, once it has ended by itself or by a signal."""
        code = self.running.wait()
        self.logs.append(self.running.log)
        self.process = None
        return code


def look(url: str, timeout: float = PATIENCE) -> Health:
    """GET /health."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=timeout) as answer:
            return Health(answer.status, json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return Health(error.code, json.load(error))


def leaks(log: str, box: Sandbox) -> Sequence[str]:
    """Lines of a log that hold what must never be in one: secrets, or what people typed."""
    secrets = [box.bot_token, box.app_token, box.signing_secret]
    typed = {line for text in typed_messages(box) for line in text.splitlines() if len(line) > 8}
    return [line for line in log.splitlines() if any(word in line for word in [*secrets, *typed])]


def typed_messages(box: Sandbox) -> set[str]:
    """The text of every message somebody put into a form or after a command."""
    found = set()
    for each in list(box.workspace.delivered):
        found.add(str(each.payload.get("text") or ""))
        view = each.payload.get("view") or {}
        for actions in view.get("state", {}).get("values", {}).values():
            found |= {str(one.get("value") or "") for one in actions.values()}
    return found
