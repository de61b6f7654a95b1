"""What is done to the bot while people page."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.chaos.disk import squeeze
from tests.chaos.run import Variant
from tests.chaos.scene import Scene
from tests.e2e.process import look

Chaos = Callable[[Scene, random.Random], None]
OUTAGE = 20.0  # seconds the database is away


def kill(rounds: int) -> Chaos:
    """kill -9 at random moments, now and then while it is still starting."""

    def chaos(scene: Scene, draw: random.Random) -> None:
        for _ in range(rounds):
            bot = draw.choice(scene.bots)
            if draw.random() < 0.8:
                bot.running.wait_for("ready: ")
                time.sleep(draw.uniform(0.2, 2.5))
            else:
                time.sleep(draw.uniform(0.1, 1.5))
            scene.kill(bot)

    return chaos


def restart(rounds: int) -> Chaos:
    """Restarts as a deployment does them; nothing may come twice."""

    def chaos(scene: Scene, draw: random.Random) -> None:
        for number in range(rounds):
            time.sleep(draw.uniform(0.5, 2.5))
            scene.restart(scene.bots[number % len(scene.bots)])

    return chaos


def cut(rounds: int) -> Chaos:
    """Cuts the sockets again and again, beside the faults of the variant."""

    def chaos(scene: Scene, draw: random.Random) -> None:
        for _ in range(rounds):
            time.sleep(draw.uniform(1.0, 4.0))
            scene.box.drop()

    return chaos


def kill_and_cut(rounds: int) -> Chaos:
    """Everything at once."""

    def chaos(scene: Scene, draw: random.Random) -> None:
        for _ in range(rounds):
            kill(1)(scene, draw)
            scene.box.drop()

    return chaos


def lock() -> Chaos:
    """Somebody holds SQLite's lock for 20 s in the middle of pages."""

    def chaos(scene: Scene, draw: random.Random) -> None:
        time.sleep(draw.uniform(2.0, 4.0))
        holder = sqlite3.connect(sqlite_path(scene), timeout=30, isolation_level=None)
        try:
            holder.execute("BEGIN EXCLUSIVE")
            with outage(scene):
                time.sleep(OUTAGE)
            holder.execute("ROLLBACK")
        finally:
            holder.close()

    return chaos


def away(scene: Scene, draw: random.Random) -> None:
    """The database server is stopped for 20 s in the middle of pages."""
    assert scene.server is not None
    time.sleep(draw.uniform(2.0, 4.0))
    scene.server.stop()
    with outage(scene):
        time.sleep(OUTAGE)
    scene.server.start()


def fill(seconds: float = 10.0) -> Chaos:
    """The disk is full for a while; it has to be said, and nothing may be lost."""

    def chaos(scene: Scene, draw: random.Random) -> None:
        time.sleep(draw.uniform(2.0, 4.0))
        path = sqlite_path(scene)
        filler = squeeze(path.parent, path)
        try:
            with outage(scene):
                time.sleep(seconds)
        finally:
            filler.unlink()
        if "full" not in "".join(bot.log for bot in scene.bots):
            scene.wrong.append("the log does not say that the disk is full")

    return chaos


@contextmanager
def outage(scene: Scene) -> Iterator[None]:
    """Remember when it was; at its end every process has to have said so in /health."""
    began = time.time()
    yield
    for bot in scene.bots:
        health = look(bot.url)
        if health.status != 503 or not any("database" in each for each in health.problems):
            scene.wrong.append(f"/health without a database: {health.body}")
    scene.outages.append((began, time.time()))


def sqlite_path(scene: Scene) -> Path:
    return Path(scene.url.removeprefix("sqlite:///"))


def everything(rounds: int, groups: int, faults: float) -> Iterator[Variant]:
    """All there are, the longest first."""

    def variant(name: str, chaos: Chaos, processes: int = 0, share: float = 0.0) -> Variant:
        """On PostgreSQL if `processes` are given."""
        return Variant(
            name,
            chaos,
            groups=groups,
            processes=processes or 1,
            faults=share,
            is_postgresql=processes > 0,
        )

    fail = f"{faults:.0%} of calls fail"
    for processes in (4, 2, 1):
        if processes > 1:
            name = f"PostgreSQL, {processes} processes, restarts, no kill"
            yield variant(name, restart(rounds), processes)
        yield variant(f"PostgreSQL, {processes} processes, kill -9", kill(rounds), processes)
    yield variant(f"PostgreSQL, 2 processes, {fail}", cut(rounds), 2, faults)
    both = kill_and_cut(rounds)
    yield variant(f"PostgreSQL, 2 processes, kill -9 and {fail}", both, 2, faults)
    gone = variant("PostgreSQL, 2 processes, server away for 20 s", away, 2)
    yield replace(gone, stops_server=True)
    yield variant("SQLite, kill -9", kill(rounds))
    yield variant(f"SQLite, {fail}", cut(rounds), share=faults)
    yield variant("SQLite, locked for 20 s", lock())
    yield replace(variant("SQLite, disk full for 10 s", fill()), small_disk=True)
