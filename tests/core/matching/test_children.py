"""The processes themselves: what they get to know, how they end, and that others take over."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core.matching import Matcher
from tests.core.matching import ENDLESS, GOOD, PAYLOAD, matches
from tests.core.running import until

ROOT = Path(__file__).parents[3]
SECRET = "xoxb-not-for-templates"


def test_secrets_stay_with_us(matcher: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", SECRET)
    matcher.start()
    assert len(matcher.pids) == 2
    assert matches(matcher, GOOD, PAYLOAD)
    for pid in matcher.pids:
        environment = b""
        while not environment:  # a process that was begun has none before it runs its program
            environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert [line.split(b"=")[0] for line in environment.split(b"\0") if line] == [b"PYTHONPATH"]


def test_no_file_is_handed_on(matcher: Matcher, tmp_path: Path) -> None:
    with (tmp_path / "ours").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        assert matches(matcher, GOOD, PAYLOAD)
        (pid,) = matcher.pids
        assert sorted(os.listdir(f"/proc/{pid}/fd")) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("limit", "most"),
    [
        ("Max open files", 3),  # those it has
        ("Max address space", 256 * 1024 * 1024),
        ("Max processes", 0),
        ("Max file size", 0),
        ("Max core file size", 0),
    ],
)
def test_rights_are_given_up_for_good(kept_matcher: Matcher, limit: str, most: int) -> None:
    assert matches(kept_matcher, GOOD, PAYLOAD)
    assert matches(kept_matcher, GOOD, PAYLOAD)
    for pid in kept_matcher.pids:
        lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
        (words,) = [line[len(limit) :].split() for line in lines if line.startswith(limit)]
        assert words[:2] == [str(most)] * 2  # soft and hard


def test_started_at_the_first_question(matcher: Matcher) -> None:
    assert matcher.pids == frozenset()
    assert matches(matcher, GOOD, PAYLOAD)
    assert len(matcher.pids) == 1


def test_children_that_were_killed_are_replaced(matcher: Matcher) -> None:
    matcher.start()
    assert matches(matcher, GOOD, PAYLOAD)
    before = matcher.pids
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert matches(matcher, GOOD, PAYLOAD)
    assert matches(matcher, GOOD, PAYLOAD)
    assert not matcher.pids & before


@pytest.fixture
def matcher_in_a_hurry() -> Iterator[Matcher]:
    """A second by the clock, which is also all that those have who take over on a busy machine."""
    matcher = Matcher(patience=timedelta(minutes=5))
    yield matcher
    matcher.stop()


def test_child_that_hangs_is_replaced(matcher_in_a_hurry: Matcher) -> None:
    matcher = matcher_in_a_hurry
    until(lambda: matches(matcher, GOOD, PAYLOAD))
    before = matcher.pids
    for pid in before:
        os.kill(pid, signal.SIGSTOP)
    until(lambda: matches(matcher, GOOD, PAYLOAD))
    assert not matcher.pids & before
    assert all(is_gone(pid) for pid in before)


def test_stop_leaves_nothing_behind(matcher: Matcher, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        matcher.start()
        matcher.start()
        pids = matcher.pids
        assert len(pids) == 2
        assert matches(matcher, GOOD, PAYLOAD)
        matcher.stop()
        matcher.stop()
        assert all(is_gone(pid) for pid in pids)
    assert caplog.messages == []
    assert not matches(matcher, GOOD, PAYLOAD)
    assert matcher.pids == frozenset()
    assert len(caplog.messages) == 1


def test_stop_ends_what_is_being_judged() -> None:
    a_while = timedelta(minutes=5)
    matcher = Matcher(limit=a_while, by_the_clock=a_while, patience=a_while * 2)
    matcher.start()
    pids = matcher.pids
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(matcher.match, [term, GOOD], PAYLOAD) for term in ENDLESS[:3]]
        wait_until_busy(pids)
        matcher.stop()
        assert [answer.result() for answer in asked] == [frozenset()] * 3
    assert all(is_gone(pid) for pid in pids)


@pytest.mark.parametrize("python", ["/no/such/python", "/bin/false"])
def test_children_that_cannot_be_started(
    matcher: Matcher,
    python: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with monkeypatch.context() as without_python:
        without_python.setattr(sys, "executable", python)
        matcher.start()
        assert matcher.match([GOOD], PAYLOAD) == frozenset()
    assert any("process that judges terms" in message for message in caplog.messages)
    assert any(matches(matcher, GOOD, PAYLOAD) for _ in range(2))


PARENT = """
import sys
from datetime import timedelta
from core.matching import Matcher
from tests.core.matching import ENDLESS, GOOD, PAYLOAD

a_while = timedelta(minutes=1)
matcher = Matcher(limit=timedelta(seconds=1), by_the_clock=a_while, patience=a_while)
matcher.start()
assert matcher.match([GOOD], PAYLOAD) == {GOOD}
print(*matcher.pids, flush=True)
if sys.argv[1] == "busy":
    matcher.match(ENDLESS[:1], PAYLOAD)
sys.stdin.read()
"""


@pytest.mark.parametrize("at", ["rest", "busy"])
def test_children_end_with_their_parent(at: str) -> None:
    with (
        subprocess.Popen(
            [sys.executable, "-c", PARENT, at],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as parent,
        end_of(parent) as line,
    ):
        pids = [int(word) for word in line.split()]
        watched = [os.pidfd_open(pid) for pid in pids]
        parent.kill()
        for ends in watched:
            with closing(os.fdopen(ends)):
                assert select.select([ends], [], [], 30)[0] == [ends]
    assert len(pids) == 2


@contextmanager
def end_of(parent: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """What it said first; it is killed at the end, whatever happens."""
    assert parent.stdout is not None
    try:
        yield parent.stdout.readline()
    finally:
        parent.kill()


def is_gone(pid: int) -> bool:
    """Ended and reaped: a zombie would still be there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def wait_until_busy(pids: frozenset[int]) -> None:
    """Until each has worked for longer than it takes to start."""
    while any(cpu_seconds(pid) < 0.6 for pid in pids):
        os.sched_yield()


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
