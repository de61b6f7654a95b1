"""Measure everything the README's table promises, and print it: `make bench`, six minutes."""

import os
import platform
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks import api, chain, page, paging, start
from tests.page.browser import HOW_TO_GET_IT, chromium

REPEATS = 3  # of the figures that come from a single run; the median counts


@dataclass(frozen=True)
class Promise:
    """A figure and what it must stay under, or reach."""

    name: str
    what: str
    limit: float
    unit: str
    is_least: bool = False

    def is_kept(self, measured: float) -> bool:
        return measured >= self.limit if self.is_least else measured < self.limit

    def row(self, measured: float) -> str:
        met = "" if self.is_kept(measured) else "  MISSED"
        wanted = f"{'>=' if self.is_least else '<'} {self._say(self.limit)}"
        return f"{self.what:<58} {self._say(measured):>10} {wanted:>12}{met}"

    def _say(self, value: float) -> str:
        if self.unit == "ms":
            return f"{value * 1000:.1f} ms"
        return f"{value:.2f} s" if self.unit == "s" else f"{value:.0f} {self.unit}"


PROMISES = (
    Promise("submit to commit, p50", "submit to commit, 4 people, p50", 0.010, "ms"),
    Promise(
        "commit to channel, p50", "commit to the first notification's channel, p50", 0.025, "ms"
    ),
    Promise(
        "commit to channel, p99", "commit to the first notification's channel, p99", 0.100, "ms"
    ),
    Promise("burst", "100 pages of 4 people at once, all handed over", 4, "s"),
    Promise("chain", "a chain of 20 steps pages a team of 200, all handed over", 4, "s"),
    Promise("tick", "a tick over 100,000 waiting timers", 0.005, "ms"),
    Promise("due to picked up", "due until picked up, when nobody nudges", 1.5, "s"),
    Promise("memory", "memory of `serve` after 100 pages of 4 people", 150, "MiB"),
    Promise("ready", "`serve` started until /health answers", 3, "s"),
    Promise("api page", "POST escalation/ with one user, alone, p50", 0.008, "ms"),
    Promise("api page at work", "the same while the engine delivers them", 0.015, "ms"),
    Promise("api pages", "POST escalation/ on 8 connections, answered", 250, "/s", is_least=True),
    Promise(
        "api pages at work", "the same while the engine delivers them", 100, "/s", is_least=True
    ),
    Promise("api list", "GET alert_groups/, 50 of 10,000, p50", 0.015, "ms"),
    Promise("api rules", "GET personal_notification_rules/?user_id=", 600, "/s", is_least=True),
    Promise("first paint", "the sandbox's page: first paint", 1, "s"),
    Promise("open", "a channel with 2,000 messages opens", 1, "s"),
    Promise("slowest frame", "scrolling it to its start, slowest frame", 0.1, "ms"),
    Promise("new message", "a new message, from the sandbox to the screen", 0.1, "ms"),
)


def main() -> int:
    """Print the table; 1 if a promise was not kept."""
    print(machine(), end="\n\n", flush=True)
    measured = (
        _once(paging.idle)
        | _median(paging.burst)
        | _median(chain.chain)
        | _median(paging.waiting)
        | _median(start.start)
        | _median(api.answers)
        | _page()
    )
    print(f"{'figure':<58} {'measured':>10} {'wanted':>12}")
    looked_at = [promise for promise in PROMISES if promise.name in measured]
    for promise in looked_at:
        print(promise.row(measured[promise.name]))
    return int(any(not promise.is_kept(measured[promise.name]) for promise in looked_at))


def machine() -> str:
    """What this was measured on; two figures tell how fast it is just now."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    return (
        f"{_processor()}, {cores} cores, load {load:.1f}; {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} on disk, "
        f"synchronous=FULL\n"
        f"to compare machines: a million additions in Python {_additions() * 1000:.0f} ms, "
        f"4 KiB to the disk {_fsync() * 1000:.2f} ms"
    )


def _once(measure: Callable[[Path], dict[str, float]]) -> dict[str, float]:
    print(f"  {measure.__name__} ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder))


def _median(measure: Callable[[Path], dict[str, float]]) -> dict[str, float]:
    runs = [_once(measure) for _ in range(REPEATS)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _page() -> dict[str, float]:
    if chromium() is None:
        print(f"  the page is left out: it {HOW_TO_GET_IT}", file=sys.stderr)
        return {}
    return _median(page.look)


def _processor() -> str:
    """The processor's name where Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _additions() -> float:
    def once() -> float:
        begin = perf_counter()
        total = 0
        for number in range(1_000_000):
            total += number
        return perf_counter() - begin

    return min(once() for _ in range(5))


def _fsync() -> float:
    with tempfile.NamedTemporaryFile(buffering=0) as file:

        def once() -> float:
            begin = perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            return perf_counter() - begin

        return statistics.median(once() for _ in range(50))


if __name__ == "__main__":
    sys.exit(main())
