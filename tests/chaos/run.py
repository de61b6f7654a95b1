"""One variant from beginning to end: traffic, chaos, rest, and the count."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.db import Database
from tests.chaos import outside, rows
from tests.chaos.ledger import Ledger, check
from tests.chaos.scene import Scene, opened, trouble
from tests.chaos.traffic import Traffic
from tests.e2e.process import leaks, look

REST = 90.0  # seconds for everything to come to rest once the chaos is over


@dataclass(frozen=True)
class Variant:
    """What is done to the bot; `chaos` runs while people page."""

    name: str
    chaos: Callable[[Scene, random.Random], None]
    groups: int = 12
    seconds: float = 12.0
    processes: int = 1
    faults: float = 0.0
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    variant: Variant
    seed: int
    seconds: float
    counts: dict[str, int | float]
    violations: list[str]


def run(variant: Variant, url: str, *, seed: int) -> Result:
    began = time.monotonic()
    draw = random.Random(seed)
    with (
        folder() as here,
        opened(
            here, url or f"sqlite:///{here}/tocsin.db", processes=variant.processes, seed=seed
        ) as scene,
    ):
        if variant.faults:
            trouble(scene.faults, variant.faults)
        traffic = Traffic(scene, variant.groups, seconds=variant.seconds)
        traffic.run(lambda: variant.chaos(scene, draw))
        scene.faults.clear()
        database = Database(scene.url, threads=2)
        try:
            left = come_to_rest(scene, database)
            ledger = Ledger(scene, rows.read(database), outside.look(scene))
            ledger.violations += [f"did not come to rest: {each}" for each in left[:10]]
            ledger.violations += rows.stuck(database)
        finally:
            database.close()
        check(ledger, traffic.confirmed)
        check_processes(ledger, traffic)
        counts: dict[str, int | float] = {
            "kills": len(scene.kills),
            "restarts": scene.restarts,
            "calls made to fail": len(scene.faults.strikes),
            **dict(sorted(ledger.counts.items())),
            "slowest stop (s)": round(scene.slowest_stop, 1),
        }
        return Result(variant, seed, time.monotonic() - began, counts, ledger.violations)


def come_to_rest(scene: Scene, database: Database) -> list[str]:
    """Wait until nothing is left to do; what is left if it takes too long."""
    deadline = time.monotonic() + REST
    stuck_since = time.monotonic()
    draw = random.Random(scene.seed)
    for bot in scene.bots:
        bot.running.wait_for("ready: ")
    while left := rows.unfinished(database):
        if time.monotonic() > deadline:
            return left
        if not rows.only_edits(left):
            stuck_since = time.monotonic()
        elif time.monotonic() - stuck_since > 3:
            # Slack's allowance of edits is used up, as the bot counts it.  A new process
            # begins to count anew, and a restart like a deployment's loses nothing.
            scene.restart(draw.choice(scene.bots))
            stuck_since = time.monotonic()
        time.sleep(0.2)
    return []


def check_processes(ledger: Ledger, traffic: Traffic) -> None:
    """The processes themselves: healthy, silent about secrets, ended as they should."""
    scene = ledger.scene
    for message in traffic.given_up:
        ledger.complain(f"nobody could page for {message}")
    for bot in scene.bots:
        health = look(bot.url)
        if health.status != 200:
            ledger.complain(f"/health at rest: {health.problems}")
        began = time.monotonic()
        scene.codes.append(bot.stop())
        scene.slowest_stop = max(scene.slowest_stop, time.monotonic() - began)
        for line in leaks(bot.log, scene.box):
            ledger.complain(f"the log holds a secret: {line}")
        if "Traceback" in bot.log:
            at = bot.log.index("Traceback")
            ledger.complain(f"a traceback in the log:\n{bot.log[max(at - 300, 0) : at + 3000]}")
    if any(scene.codes):
        ledger.complain(f"exit codes {scene.codes}")
    for problem in scene.box.workspace.problems:
        # An envelope can be answered through a socket that has just been cut.
        ledger.complain(f"protocol: {problem}")


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tocsin-chaos-") as name:
        yield Path(name)
