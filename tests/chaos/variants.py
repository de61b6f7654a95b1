"""What is done to the bot while people page."""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.run import Variant
from tests.chaos.scene import Scene

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


def lock(path: Callable[[Scene], Path]) -> Chaos:
    """Somebody holds SQLite's lock for 20 s in the middle of pages."""

    def chaos(scene: Scene, draw: random.Random) -> None:
        time.sleep(draw.uniform(2.0, 4.0))
        holder = sqlite3.connect(path(scene), timeout=30, isolation_level=None)
        try:
            holder.execute("BEGIN EXCLUSIVE")
            with outage(scene):
                time.sleep(OUTAGE)
            holder.execute("ROLLBACK")
        finally:
            holder.close()

    return chaos


def away(stop: Callable[[], None], start: Callable[[], None]) -> Chaos:
    """The database server is stopped for 20 s in the middle of pages."""

    def chaos(scene: Scene, draw: random.Random) -> None:
        time.sleep(draw.uniform(2.0, 4.0))
        with outage(scene):
            stop()
            time.sleep(OUTAGE)
            start()

    return chaos


def fill(disk: Path, seconds: float = 10.0) -> Chaos:
    """The disk is full for a while; it has to be said, and nothing may be lost."""

    def chaos(scene: Scene, draw: random.Random) -> None:
        time.sleep(draw.uniform(2.0, 4.0))
        filler = disk / "filler"
        with outage(scene):
            squeeze(scene, filler)
            time.sleep(seconds)
            filler.unlink()
        if "database or disk is full" not in "".join(bot.log for bot in scene.bots):
            scene.health.append("the log does not say that the disk is full")

    return chaos


def squeeze(scene: Scene, filler: Path) -> None:
    """Take all the room there is, also what the write-ahead log has set aside."""
    path = sqlite_path(scene)
    with filler.open("wb") as file:
        try:
            while True:
                file.write(b"x" * 4096)
                file.flush()
        except OSError:
            pass
    connection = sqlite3.connect(path, timeout=5, isolation_level=None)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError:
        pass
    finally:
        connection.close()
    with filler.open("ab") as file:
        try:
            while True:
                file.write(b"x" * 4096)
                file.flush()
        except OSError:
            pass


@contextmanager
def outage(scene: Scene) -> Iterator[None]:
    """Remember when it was; /health has to turn red for it."""
    began = time.time()
    seen = threading.Event()
    yield
    del seen
    scene.outages.append((began, time.time()))


def sqlite_path(scene: Scene) -> Path:
    return Path(scene.url.removeprefix("sqlite:///"))


def quick(rounds: int = 3) -> Variant:
    """Short enough for every run of the tests."""
    return Variant("kill -9, SQLite", kill(rounds), groups=6, seconds=5.0)
