"""The bot's clock on the page, with a clock of our own in the place of the bot's."""

from collections.abc import Iterator
from dataclasses import replace
from time import time

import pytest

from sandbox import Sandbox
from sandbox.page.clock import differs
from sandbox.page.time import TimeState
from sandbox.shapes import Json
from tests.sandbox.page.client import Refused, Tab
from tests.sandbox.page.conftest import OpenTab


class Plan:
    """A clock that goes as clocks do, with waits that stand still unless they are moved."""

    def __init__(self) -> None:
        self.state = TimeState(now=0.0, speed=60.0, paused=True, next_in=300.0, next_what="mail")
        self.answers = True

    def look(self) -> TimeState:
        if not self.answers:
            raise ConnectionError("gone")
        return replace(self.state, now=time())

    def set_speed(self, speed: float) -> None:
        self.change(speed=speed)

    def pause(self) -> None:
        self.change(paused=True)

    def resume(self) -> None:
        self.change(paused=False)

    def jump(self) -> None:
        self.change(next_in=None, next_what="")

    def change(self, **changes: object) -> None:
        self.look()
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]


@pytest.fixture
def plan(box: Sandbox) -> Iterator[Plan]:
    box.page.clock.forget()
    box.page.time = plan = Plan()
    yield plan
    box.page.time = None


def without_now(tab: Tab) -> Json:
    return {key: value for key, value in tab.now["time"].items() if key != "now"}


def test_the_clock_is_shown_and_moved(plan: Plan, open_tab: OpenTab) -> None:
    alice, bob = open_tab("alice"), open_tab("bob")
    shown = {"speed": 60.0, "paused": True, "next": {"in": 300.0, "what": "mail"}}
    before = time()
    alice.wait(lambda: alice.now["time"])
    assert without_now(alice) == shown
    assert before - 60 < alice.now["time"]["now"] <= time()
    bob.ask("time", set="speed", speed=1)
    assert without_now(bob) == shown | {"speed": 1}
    alice.wait(lambda: alice.now["time"]["speed"] == 1)
    bob.ask("time", set="jump")
    assert bob.now["time"]["next"] is None
    bob.ask("time", set="resume")
    assert bob.now["time"]["paused"] is False
    bob.ask("time", set="pause")
    assert bob.now["time"]["paused"] is True


def test_what_happens_by_itself_arrives_too(plan: Plan, alice: Tab) -> None:
    alice.wait(lambda: alice.now["time"])
    plan.change(next_in=900.0, next_what="another mail")
    alice.wait(lambda: alice.now["time"]["next"] == {"in": 900.0, "what": "another mail"})


def test_that_time_passes_is_no_news() -> None:
    """However long it was between two looks; else the page is told."""
    before = TimeState(now=1000.0, speed=60.0, paused=False, next_in=900.0, next_what="mail")
    for passed in (0.0, 0.5, 10.0):
        after = replace(before, now=1000 + passed, next_in=900 - 60 * passed)
        assert not differs(before, after, passed)
        assert differs(before, replace(after, next_what="the end"), passed)
        assert differs(before, replace(after, next_in=300 - 60 * passed), passed)
    still = replace(before, paused=True)
    assert not differs(still, replace(still, now=1010.0), 10.0)


def test_a_bot_that_does_not_answer(plan: Plan, alice: Tab) -> None:
    alice.wait(lambda: alice.now["time"])
    plan.answers = False
    with pytest.raises(Refused, match=r"^The bot does not answer\.$"):
        alice.ask("time", set="pause")
    plan.answers = True
    alice.ask("time", set="pause")


@pytest.mark.parametrize(
    "wanted", [{"set": "speed", "speed": 2}, {"set": "speed"}, {"set": "back"}, {"set": "look"}]
)
def test_only_what_the_page_offers(plan: Plan, alice: Tab, wanted: dict[str, object]) -> None:
    with pytest.raises(Refused, match="must be"):
        alice.ask("time", **wanted)
    assert plan.state.speed == 60.0


def test_without_a_clock(alice: Tab) -> None:
    assert alice.now["time"] is None
    with pytest.raises(Refused, match="cannot be moved here"):
        alice.ask("time", set="pause")
