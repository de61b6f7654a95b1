"""One variant from beginning to end: traffic, chaos, rest, and the count."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from core.db import Database
from tests.chaos import outside, rows
from tests.chaos.disk import small_disk
from tests.chaos.ledger import Ledger, check
from tests.chaos.outside import Outside
from tests.chaos.rows import Rows
from tests.chaos.scene import Scene, opened, trouble
from tests.chaos.server import Server
from tests.chaos.traffic import Traffic
from tests.e2e.process import leaks, look

Counts = dict[str, int | float]

REST = 240.0  # seconds for everything to come to rest once the chaos is over


@dataclass(frozen=True)
class Variant:
    """What is done to the bot; `chaos` runs while people page."""

    name: str
    chaos: Callable[[Scene, random.Random], None]
    groups: int = 12
    seconds: float = 10.0
    processes: int = 1
    faults: float = 0.0
    is_postgresql: bool = False
    stops_server: bool = False
    small_disk: bool = False


@dataclass(frozen=True)
class Result:
    variant: Variant
    seed: int
    seconds: float
    counts: Counts
    violations: list[str]
    evidence: "Evidence | None" = None


@dataclass(frozen=True)
class Evidence:
    """What is compared: rows, what arrived, and which forms had closed."""

    scene: Scene
    rows: Rows
    outside: Outside
    confirmed: frozenset[str]

    def weigh(self) -> Ledger:
        ledger = Ledger(self.scene, self.rows, self.outside)
        check(ledger, self.confirmed)
        return ledger


def run(variant: Variant, server: Server | None = None, *, seed: int) -> Result:
    """On a new database of this PostgreSQL server; without one, on SQLite."""
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-chaos-"))
        home = Path(name)
        if variant.small_disk:
            disk = stack.enter_context(small_disk(home))
            if disk is None:
                return Result(variant, seed, 0, {"skipped: no disk may be mounted here": 1}, [])
            home = disk
        began = time.monotonic()
        url = server.new_database() if server else f"sqlite:///{home}/tocsin.db"
        scene = stack.enter_context(opened(Path(name), url, processes=variant.processes, seed=seed))
        scene.server = server
        evidence, wrong = play(variant, scene)
        ledger = evidence.weigh()
        counts: Counts = {
            "kills": len(scene.kills),
            "restarts": scene.restarts,
            "calls made to fail": len(scene.faults.strikes),
            **dict(sorted(ledger.counts.items())),
            "slowest stop (s)": round(scene.slowest_stop, 1),
        }
        seconds = time.monotonic() - began
        return Result(variant, seed, seconds, counts, wrong + ledger.violations, evidence)


def play(variant: Variant, scene: Scene) -> tuple[Evidence, list[str]]:
    """The evidence, and what is wrong already without it."""
    if variant.faults:
        trouble(scene.faults, variant.faults)
    traffic = Traffic(scene, variant.groups, seconds=variant.seconds)
    traffic.run(lambda: variant.chaos(scene, random.Random(scene.seed)))
    scene.faults.clear()
    database = Database(scene.url, threads=2)
    try:
        left = come_to_rest(scene, database)
        evidence = Evidence(
            scene, rows.read(database), outside.look(scene), frozenset(traffic.confirmed)
        )
        wrong = [f"nobody could page for {message}" for message in traffic.given_up]
        wrong += [f"did not come to rest: {each}" for each in left[:10]]
        wrong += rows.stuck(database)
    finally:
        database.close()
    return evidence, [*scene.wrong, *wrong, *check_processes(scene)]


def come_to_rest(scene: Scene, database: Database) -> list[str]:
    """Wait until nothing is left to do; what is left if it takes too long."""
    deadline = time.monotonic() + REST
    stuck_since = time.monotonic()
    for bot in scene.bots:
        bot.running.wait_for("ready: ")
    while left := rows.unfinished(database):
        if time.monotonic() > deadline:
            return left
        if not rows.only_edits(left):
            stuck_since = time.monotonic()
        elif time.monotonic() - stuck_since > 2:
            # Slack's allowance of about 50 edits a minute is used up, as the bot counts it.
            # New processes begin to count anew; and a restart like a deployment's loses
            # nothing, which this proves too.
            for bot in scene.bots:
                scene.restart(bot)
            rows.hurry_edits(database)
            stuck_since = time.monotonic()
        time.sleep(0.2)
    return []


def check_processes(scene: Scene) -> Iterator[str]:
    """The processes themselves: healthy, silent about secrets, ended as they should."""
    for bot in scene.bots:
        health = look(bot.url)
        if health.status != 200:
            yield f"/health at rest: {health.problems}"
        began = time.monotonic()
        scene.codes.append(bot.stop())
        scene.slowest_stop = max(scene.slowest_stop, time.monotonic() - began)
        yield from (f"the log holds a secret: {line}" for line in leaks(bot.log, scene.box))
        if "Traceback" in bot.log:
            at = bot.log.index("Traceback")
            yield f"a traceback in the log:\n{bot.log[max(at - 300, 0) : at + 3000]}"
    if any(scene.codes):
        yield f"exit codes {scene.codes}"
    yield from (f"protocol: {problem}" for problem in scene.box.workspace.problems)
