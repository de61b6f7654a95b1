"""Where it happens: a workspace full of people with rules, one database, several processes."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core import people, rules
from core.db import Database
from core.models import RuleType
from sandbox import Sandbox
from sandbox.faults import Fault, Faults
from tests.chaos import rows, team
from tests.chaos.server import Server
from tests.e2e.hooks import Hooks
from tests.e2e.process import START, Bot
from tests.workspace import workspace

SPEED = 120  # a minute in half a second
CHANNELS = 8
PEOPLE = 16
RULES = (
    ("slack, wait 1m, email", "slack, email"),
    ("slack, email, wait 1m, webhook", "slack, webhook"),
    ("email, wait 1m, slack, wait 5m, webhook", "email, slack"),
    ("", ""),  # the organization's fallback
    ("wait 1m, slack", "slack, wait 1m, webhook"),
    ("sms, wait 5m, slack, wait 5m, email", "phone_call, wait 1m, slack"),  # SMS is not set up
)


@dataclass(frozen=True)
class Strike:
    """A call of the Web API that something was done to."""

    at: float
    method: str
    hits: list[Fault]


@dataclass(frozen=True)
class Kill:
    """When a process was killed, and what was leased then: all that it can have been sending."""

    at: float
    leased: frozenset[str]  # as `rows.name` has it


class Recorder(Faults):
    """Faults that remember whom they hit, so that a repeated message can be explained."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.strikes: list[Strike] = []

    def strike(self, method: str) -> list[Fault]:
        hits = super().strike(method)
        if hits:
            self.strikes.append(Strike(time.time(), method, hits))
        return hits


@dataclass
class Scene:
    """`kills` and `outages` are filled in as they happen; times are Unix times."""

    box: Sandbox
    faults: Recorder
    hooks: Hooks
    url: str
    bots: list[Bot]
    seed: int
    server: Server | None = None
    kills: list[Kill] = field(default_factory=list)
    outages: list[tuple[float, float]] = field(default_factory=list)
    restarts: int = 0
    slowest_stop: float = 0.0
    wrong: list[str] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)

    @property
    def channels(self) -> list[str]:
        return [f"team{number}" for number in range(1, CHANNELS + 1)]

    @property
    def people(self) -> list[str]:
        return [f"person{number}" for number in range(1, PEOPLE + 1)]

    def kill(self, bot: Bot) -> None:
        """kill -9, and start it again without waiting for it to be ready."""
        at = time.time()
        bot.kill()
        database = Database(self.url, threads=1)
        self.kills.append(Kill(at, rows.leased_now(database)))
        database.close()
        bot.launch()

    def restart(self, bot: Bot) -> None:
        """Stop it as an operator does, and start it again."""
        began = time.monotonic()
        self.codes.append(bot.stop())
        self.slowest_stop = max(self.slowest_stop, time.monotonic() - began)
        self.restarts += 1
        bot.start()


@contextmanager
def opened(
    folder: Path, url: str, *, processes: int, seed: int, **settings: str
) -> Iterator[Scene]:
    """Everything is up, everybody is known and has rules; all of it is gone afterwards."""
    box = workspace()
    faults = Recorder(seed)
    box.faults = box.web_api.faults = faults
    box.admin.add_people(PEOPLE)
    for number in range(1, CHANNELS + 1):
        box.admin.add_channel(f"team{number}", "alice", "bob", "carol")
    settings = {
        "TOCSIN_CLOCK_SPEED": str(SPEED),
        "TOCSIN_WEBHOOK_ALLOW_PRIVATE": "true",
        **settings,
    }
    with box, Hooks() as hooks:
        bots = [Bot(box, url, folder, settings) for _ in range(processes)]
        scene = Scene(box, faults, hooks, url, bots, seed)
        try:
            for bot in bots:
                bot.launch()
            for bot in bots:
                bot.running.wait_for("ready: ", START)
                bot.running.wait_for("people read from Slack", START)
            box.wait_connected(processes)
            give_rules(scene)
            yield scene
        finally:
            for bot in bots:
                if bot.process is not None:
                    bot.kill()


def give_rules(scene: Scene) -> None:
    """Different ones to different people, and a chain to a team of them."""
    database = Database(scene.url, threads=1)
    draw = random.Random(scene.seed)
    with database.transaction() as session:
        for number, name in enumerate(scene.people):
            user = people.find(session, f"{name}@example.com")
            default, important = RULES[(number + draw.randrange(2)) % len(RULES)]
            rules.replace(session, user, rules.parse(default), important=False)
            rules.replace(session, user, rules.parse(important), important=True)
            people.set_address(session, user, RuleType.WEBHOOK, f"{scene.hooks.url}/{name}")
        team.make(session, scene.people)
    database.close()


def trouble(faults: Faults, share: float) -> None:
    """`share` of all calls go wrong, in every way there is."""
    ways: list[tuple[float, dict[str, Any]]] = [
        (0.27, {"retry_after": 1}),
        (0.2, {"status": 503}),
        (0.1, {"error": "internal_error", "status": 500}),
        (0.05, {"nonsense": True, "status": 502}),
        (0.18, {"drop": "before"}),
        (0.15, {"drop": "after"}),
        (0.05, {"delay": 11.0}),  # longer than anybody waits
    ]
    left = 1.0
    for part, what in ways:
        # Each one is only asked where those before it did not strike.
        chance = share * part / left
        faults.add(**what, probability=min(chance, 1.0))
        left -= share * part
