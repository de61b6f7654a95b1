"""Time that is made to run faster, stand still and leap while pages run."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import Invalid
from core.models import State
from core.timelapse import ONE_STEP, Lapse, Timelapse
from tests.core.world import World

HOUR = 3600


@pytest.fixture
def lapse(world: World) -> Timelapse:
    return Timelapse(world.db)


def jump(world: World, lapse: Timelapse) -> None:
    lapse.jump()
    world.drain()


def left(lapse: Timelapse) -> float:
    """Minutes of the plan until the next step."""
    look = lapse.look()
    assert look.next_in is not None
    return round(look.next_in.total_seconds() / 60, 2)


def test_a_pause_holds_a_page_and_it_goes_on_where_it_was(world: World, lapse: Timelapse) -> None:
    bob = world.user("bob", "sms", 5, "phone")
    world.escalate(to=[bob])
    world.forward(minutes=2)
    lapse.pause()
    world.forward(hours=30)
    assert world.phone.addresses == []
    assert left(lapse) == 3
    lapse.resume()
    world.forward(minutes=2, seconds=59)
    assert world.phone.addresses == []
    world.forward(seconds=1)
    assert world.phone.addresses == ["phone:bob"]


def test_the_time_for_an_answer_stands_still_too(world: World, lapse: Timelapse) -> None:
    bob = world.user("bob", "sms")
    group = world.escalate(to=[bob])
    world.forward(minutes=4)
    lapse.pause()
    world.forward(hours=30)
    lapse.resume()
    world.forward(seconds=59)
    assert "exhausted bob" not in world.log(group)
    world.forward(seconds=2)
    assert world.log(group)[-2:] == ["exhausted bob", "unanswered"]


@pytest.mark.parametrize("paused", [True, False])
@pytest.mark.parametrize("speed", [1, 60, 3600])
def test_jumps_go_step_by_step_until_nothing_waits(
    world: World, lapse: Timelapse, paused: bool, speed: float
) -> None:
    lapse.set_speed(speed)
    bob = world.user("bob", "sms", 5, "email", "phone", 15, 1, "slack")
    if paused:
        lapse.pause()
    group = world.escalate(to=[bob])
    seen = []
    while what := lapse.look().next_what:
        seen.append((what, left(lapse)))
        jump(world, lapse)
    assert seen == [
        ("bob: e-mail, phone call", 5),
        ("bob: the next wait begins", 15),
        ("bob: Slack", 1),
        ("bob: no answer, page ends", 5),
    ]
    assert len(world.email.addresses + world.phone.addresses + world.slack.addresses) == 3
    assert world.log(group)[-2:] == ["exhausted bob", "unanswered"]
    assert lapse.look().paused is paused
    jump(world, lapse)  # to nowhere
    assert world.log(group)[-2:] == ["exhausted bob", "unanswered"]


def test_a_jump_arrives_however_often_the_speed_has_changed(
    small_world: World,
) -> None:
    """Every change rounds to the microsecond, which is milliseconds of a plan that runs fast."""
    world, lapse = small_world, Timelapse(small_world.db)
    bob = world.user("bob", "sms")
    for _ in range(8):
        lapse.resume()
        group = world.escalate(to=[bob])
        for speed in (3600, 7.3, 61, 3599, 0.7, 1234.5):
            lapse.set_speed(speed)
            world.skip(seconds=0.000123)
        lapse.pause()
        jump(world, lapse)
        assert world.log(group)[-2:] == ["exhausted bob", "unanswered"]


def test_a_jump_takes_everybody_along_but_only_to_the_next_step(
    world: World, lapse: Timelapse
) -> None:
    bob, carol = world.user("bob", "sms", 5, "phone"), world.user("carol", "sms", 15, "phone")
    dave = world.user("dave", "sms", 5, "phone")
    lapse.pause()
    world.escalate(to=[bob, carol, dave])
    jump(world, lapse)
    assert sorted(world.phone.addresses) == ["phone:bob", "phone:dave"]
    world.forward(hours=1)
    assert len(world.phone.addresses) == 2
    assert left(lapse) == pytest.approx(5, abs=0.02)  # bob's and dave's answers
    jump(world, lapse)
    assert left(lapse) == pytest.approx(5, abs=0.05)
    assert lapse.look().next_what == "carol: phone call"


def test_a_jump_while_it_runs_goes_on_running(world: World, lapse: Timelapse) -> None:
    bob = world.user("bob", "sms", 5, "phone", 5, "email")
    world.escalate(to=[bob])
    jump(world, lapse)
    assert world.phone.addresses == ["phone:bob"]
    world.forward(minutes=5)
    assert len(world.email.addresses) == 1


def test_another_speed_in_the_middle_of_a_wait(world: World, lapse: Timelapse) -> None:
    lapse.set_speed(60)
    bob = world.user("bob", "sms", 5, "phone")
    world.escalate(to=[bob])
    world.forward(seconds=2)
    lapse.set_speed(1)
    assert lapse.look().speed == 1
    world.forward(minutes=2, seconds=59)
    assert world.phone.addresses == []
    world.forward(seconds=1)
    assert world.phone.addresses == ["phone:bob"]


def test_a_speed_that_is_set_in_a_pause_counts_after_it(world: World, lapse: Timelapse) -> None:
    bob = world.user("bob", "sms", 5, "phone")
    world.escalate(to=[bob])
    lapse.pause()
    lapse.pause()  # twice is once
    lapse.set_speed(60)
    look = lapse.look()
    assert look == Lapse(look.now, 60, True, look.next_in, "bob: phone call")
    assert left(lapse) == 5
    lapse.resume()
    lapse.resume()
    world.forward(seconds=4.9)
    assert world.phone.addresses == []
    world.forward(seconds=0.2)
    assert world.phone.addresses == ["phone:bob"]


@pytest.mark.parametrize("speed", [0, -1, 0.01, 3601, float("nan"), float("inf")])
def test_a_speed_that_cannot_be(world: World, lapse: Timelapse, speed: float) -> None:
    with pytest.raises(Invalid, match=r"0\.1 to 3600"):
        lapse.set_speed(speed)
    assert lapse.look().speed == 1


def test_who_is_paged_in_a_pause_hears_at_once_and_then_nothing(
    world: World, lapse: Timelapse
) -> None:
    lapse.pause()
    bob = world.user("bob", "slack", 5, "phone")
    group = world.escalate(to=[bob])
    assert world.slack.addresses == ["UBOB"]
    world.forward(hours=2)
    assert world.phone.addresses == []
    upcoming = world.story(group).responders[0].next
    assert upcoming is not None
    assert upcoming.at - clock.now() == pytest.approx(timedelta(minutes=5), abs=ONE_STEP)
    lapse.resume()
    world.forward(minutes=5)
    assert world.phone.addresses == ["phone:bob"]


def test_a_failure_in_a_pause_still_brings_the_next_way_forward(
    world: World, lapse: Timelapse
) -> None:
    lapse.pause()
    world.sms.refuse()
    bob = world.user("bob", "sms", 5, "phone")
    world.escalate(to=[bob])
    assert world.phone.addresses == ["phone:bob"]


def test_a_silence_stands_still_and_ends_by_a_jump(world: World, lapse: Timelapse) -> None:
    bob = world.user("bob", "sms")
    group = world.escalate(to=[bob])
    world.silence(group, world.alice, HOUR)
    lapse.pause()
    world.forward(hours=5)
    assert world.state(group) is State.SILENCED
    until = world.story(group).silenced_until
    assert until is not None
    assert until - clock.now() == pytest.approx(timedelta(hours=1), abs=ONE_STEP)
    assert (left(lapse), lapse.look().next_what) == (60, "silence ends")
    jump(world, lapse)
    assert world.state(group) is State.FIRING
    assert world.sms.addresses == ["sms:bob", "sms:bob"]


def test_a_silence_of_a_pause_goes_on_after_it(world: World, lapse: Timelapse) -> None:
    group = world.escalate(to=[world.user("bob", "sms")])
    lapse.pause()
    world.silence(group, world.alice, HOUR)
    world.forward(hours=5)
    lapse.set_speed(60)
    lapse.resume()
    world.forward(seconds=59)
    assert world.state(group) is State.SILENCED
    world.forward(seconds=2)
    assert world.state(group) is State.FIRING


def test_a_silence_for_ever_has_no_end_to_jump_to(world: World, lapse: Timelapse) -> None:
    group = world.escalate(to=[world.user("bob", "sms")])
    world.silence(group, world.alice)
    jump(world, lapse)
    assert world.state(group) is State.SILENCED
    assert lapse.look().next_in is None
    assert world.read(group).silenced_until is None
