"""What a team costs at once does not grow with its people: others wait for the same lock."""

import pytest

from core import engine
from core.models import Outcome
from tests.core.teams import Teams, members
from tests.core.world import World
from tests.counting import statements


def run_timers(world: World) -> int:
    """Run what is due, and nothing else; how many statements that took."""
    with statements(world.db) as seen:
        for _ in engine.run_due_timers(world.db, world.outbox.ways):
            pass
    return len(seen)


@pytest.mark.parametrize("lacks", [[], ["phone"]])
def test_second_notices_and_ends(world: World, teams: Teams, lacks: list[str]) -> None:
    costs = []
    for size in (3, 30):
        people = [world.user(f"p{size}-{n}", "sms", 5, "phone", lacks=lacks) for n in range(size)]
        sre = teams.make(f"Team of {size}", *people)
        teams.leads(sre, teams.chain(f"for {size}", members(sre)))
        about = teams.page(sre)
        world.skip(minutes=5, seconds=1)
        second = run_timers(world)
        world.drain()
        world.skip(minutes=5, seconds=1)
        end = run_timers(world)
        world.drain()
        assert set(teams.paged(about).values()) == {Outcome.EXHAUSTED.value}
        assert teams.events(about).count("unanswered") == 1
        costs.append((second, end))
    assert costs[0] == costs[1]
    assert len(world.phone.addresses) == (0 if lacks else 33)


def test_raising_many_at_once(world: World, teams: Teams) -> None:
    costs = []
    for size in (3, 30):
        people = [world.user(f"p{size}-{n}", "sms", 60, "sms") for n in range(size)]
        for user in people:
            world.rules(user, "phone", important=True)
        sre = teams.make(f"Team of {size}", *people)
        steps = (members(sre), 5, members(sre, important=True))
        teams.leads(sre, teams.chain(f"for {size}", *steps))
        about = teams.page(sre)
        world.skip(minutes=5, seconds=1)
        costs.append(run_timers(world))
        world.drain()
        world.resolve(about, world.alice)
    assert costs[0] == costs[1]
    assert len(world.phone.addresses) == 33
