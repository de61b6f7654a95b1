"""One child process as its parent sees it: started, asked, killed."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from signal import SIGPROF
from time import monotonic

PROGRAM = Path(__file__).with_name("judge.py")
# It imports from nowhere but the standard library and PYTHONPATH, runs nothing that other
# packages start with every Python, writes no files, and says no warnings.
OPTIONS = ("-P", "-s", "-S", "-B", "-W", "ignore")
SLOWEST_START = 30  # seconds
LONGEST_LINE = 65_536  # bytes of an answer


class Outcome(StrEnum):
    MATCHES = "matches"
    DIFFERS = "differs"
    INCORRECT = "incorrect"  # cannot be compiled
    FAILED = "failed"  # an error while it was rendered
    LONG = "long"
    MEMORY = "memory"
    SLOW = "slow"
    ENDED = "ended"  # the child ended while it was at it
    UNJUDGED = "unjudged"  # no child had time for it


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    reason: str = ""


class Lost(Exception):
    """The child is of no more use; says why."""


class Late(Exception):
    """It has not said anything by then."""


class Child:
    """A process that judges one term at a time; used by one thread at a time, but for `kill`."""

    def __init__(self, limit: float, by_the_clock: float) -> None:
        """Start it, and do not wait until it is ready.  Raises OSError.

        The limit is of the child's own work, and the kernel ends it then.
        """
        self._limit = limit
        self._by_the_clock = by_the_clock
        self._started = monotonic()
        self._heard = b""
        self._is_ready = False
        self._socket, theirs = socket.socketpair()
        with theirs:
            try:
                # Our environment holds tokens: the child gets none of it.
                self._process = subprocess.Popen(  # noqa: S603
                    [sys.executable, *OPTIONS, str(PROGRAM), str(limit)],
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=subprocess.DEVNULL,
                    env={"PYTHONPATH": os.pathsep.join(_folders())},
                    cwd="/",
                    start_new_session=True,  # Ctrl+C is for us to deal with
                )
            except BaseException:
                self._socket.close()
                raise
        self.is_usable = True

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_ready(self, until: float) -> None:
        """Raises Late if it is still starting, Lost if it ended instead."""
        if self._is_ready:
            return
        try:
            self._expect(b"ready", until)
        except Late:
            self.is_usable = monotonic() - self._started < SLOWEST_START
            raise
        except Lost as error:
            raise Lost(f"ended as it started, with code {self.end()}") from error
        self._is_ready = True

    def judge(self, kind: str, text: str, payload: bytes, begin_by: float) -> Verdict:
        """Begun by then, it may take its time.  Raises Lost if the child did not begin."""
        question = json.dumps([kind, text]).encode() + b"\n" + payload + b"\n"
        at_once = min(monotonic() + self._by_the_clock, begin_by)
        try:
            self._socket.settimeout(max(at_once - monotonic(), 0.001))
            self._socket.sendall(question)
            self._expect(b"begun", at_once)
        except (OSError, Late) as error:
            self.is_usable = False
            raise Lost("did not begin") from error
        try:
            # What begins at the last moment still has as much as it was promised.
            answer = self._line(min(monotonic() + self._by_the_clock, begin_by + self._limit))
        except Late:
            self.is_usable = False
            return Verdict(Outcome.SLOW)
        except Lost:
            return Verdict(Outcome.SLOW if self.end() == -SIGPROF else Outcome.ENDED)
        verdict = _parse(answer)
        # What filled the memory may not have left it altogether.
        self.is_usable = verdict.outcome not in {Outcome.MEMORY, Outcome.ENDED}
        return verdict

    def kill(self) -> None:
        """Whoever waits for an answer gets none.  Any thread may do this."""
        self._process.kill()

    def end(self) -> int:
        """Kill it, wait for its end and leave nothing behind; how it ended.  Not to be asked
        any more."""
        self.is_usable = False
        self._process.kill()
        code = self._process.wait()
        self._socket.close()
        return code

    def _expect(self, word: bytes, until: float) -> None:
        if self._line(until) != word:
            self.is_usable = False
            raise Lost("said something else")

    def _line(self, until: float) -> bytes:
        while b"\n" not in self._heard:
            rest = until - monotonic()
            if rest <= 0:
                raise Late
            self._socket.settimeout(rest)
            try:
                more = self._socket.recv(LONGEST_LINE)
            except TimeoutError as error:
                raise Late from error
            except OSError as error:
                self.is_usable = False
                raise Lost("is not there") from error
            self._heard += more
            if not more or len(self._heard) > LONGEST_LINE:
                self.is_usable = False
                raise Lost("had ended")
        line, self._heard = self._heard.split(b"\n", 1)
        return line


def _parse(answer: bytes) -> Verdict:
    try:
        outcome, reason = json.loads(answer)
        return Verdict(Outcome(outcome), str(reason))
    except (ValueError, TypeError):
        return Verdict(Outcome.ENDED)


def _folders() -> set[str]:
    """Where what the child imports is installed."""
    folders = set()
    for name in ("jinja2", "markupsafe"):
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"{name} is not installed")
        folders.add(str(Path(spec.origin).parent.parent))
    return folders
