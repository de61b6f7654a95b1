"""When a wait ends: at one speed, and across changes of speed, pauses and leaps."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from core import clock
from core.course import FAR, Course

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROUNDING = timedelta(milliseconds=10)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize("wait", [seconds(0), minutes(5), timedelta(days=3650), seconds(0.000001)])
def test_in_real_time_a_wait_is_as_long_as_it_says(wait: timedelta) -> None:
    start = clock.now()
    assert clock.after(start, wait) == start + wait
    assert clock.after(start - minutes(90), wait) == start - minutes(90) + wait
    assert clock.course().plan(start) == start


@pytest.mark.parametrize("speed", [60, 3600, 0.5, 7.3])
def test_at_a_steady_speed_a_wait_is_shorter_by_it_also_if_it_began_before(speed: float) -> None:
    clock.set_speed(speed)
    assert clock.speed() == speed
    for start in (clock.now(), clock.now() - minutes(30)):
        assert clock.after(start, minutes(5)) == start + minutes(5) / speed


def test_the_clock_can_be_put_back_to_real_time() -> None:
    clock.set_speed(60)
    clock.follow(clock.course().changed(clock.now(), 0))
    clock.reset()
    assert clock.after(NOON, minutes(5)) == NOON + minutes(5)
    assert clock.speed() == 1


def test_a_slower_speed_in_the_middle_of_a_wait() -> None:
    course = Course.steady(60, NOON).changed(NOON + seconds(2), 1)
    assert course.after(NOON, minutes(5)) == NOON + seconds(2) + minutes(3)
    assert course.after(NOON, minutes(1)) == NOON + seconds(1)
    assert course.after(NOON + seconds(2), minutes(5)) == NOON + seconds(2) + minutes(5)


def test_while_it_stands_still_what_is_to_come_is_far_away_in_the_right_order() -> None:
    pause = NOON + minutes(2)
    course = Course.steady(1, NOON).changed(pause, 0)
    assert course.speed == 0
    assert course.plan(pause + minutes(90)) == pause
    assert course.after(NOON, minutes(5)) == pause + FAR + minutes(3)
    assert course.after(pause + minutes(10), minutes(1)) == pause + FAR + minutes(1)
    assert course.after(NOON, minutes(1)) == NOON + minutes(1)
    assert course.after(NOON, minutes(2)) == pause
    assert course.plan(pause + FAR + minutes(3)) == NOON + minutes(5)


def test_it_goes_on_exactly_where_it_stood_still() -> None:
    paused = Course.steady(1, NOON).changed(NOON + minutes(2), 0)
    due = paused.after(NOON, minutes(5))
    course = paused.changed(NOON + minutes(60), 1)
    assert course.real(paused.plan(due)) == NOON + minutes(63)
    assert course.after(NOON, minutes(5)) == NOON + minutes(63)
    assert course.after(NOON + minutes(30), minutes(5)) == NOON + minutes(65)


def test_what_a_leap_passes_over_ends_when_it_leaps() -> None:
    leap = NOON + minutes(1)
    course = Course.steady(1, NOON).leapt(leap, NOON + minutes(5))
    assert course.after(NOON, minutes(3)) == leap
    assert course.after(NOON, minutes(5)) == leap
    assert course.after(NOON, minutes(6)) == leap + minutes(1)
    assert course.after(NOON, seconds(30)) == NOON + seconds(30)
    assert course.after(leap, minutes(6)) == leap + minutes(6)


def test_what_waits_while_it_stands_still_is_told_as_if_it_went_on_at_once() -> None:
    now = NOON + minutes(60)
    running = Course.steady(1, NOON)
    paused = running.changed(NOON + minutes(2), 0)
    assert paused.expected(paused.after(NOON, minutes(5)), now) == now + minutes(3)
    assert paused.expected(NOON + minutes(1), now) == NOON + minutes(1)
    assert running.expected(NOON + FAR + minutes(5), now) == NOON + FAR + minutes(5)


def test_a_leap_while_it_stands_still_leaves_it_there() -> None:
    course = Course.steady(60, NOON).changed(NOON, 0).leapt(NOON + minutes(1), NOON + minutes(5))
    assert course.speed == 0
    assert course.after(NOON, minutes(5)) == NOON + minutes(1)
    assert course.after(NOON, minutes(7)) == NOON + minutes(1) + FAR + minutes(2)


def test_it_never_leaps_back() -> None:
    course = Course.steady(1, NOON).leapt(NOON + minutes(5), NOON)
    assert course.plan(NOON + minutes(5)) == NOON + minutes(5)


@pytest.mark.parametrize("seed", range(200))
def test_however_it_runs_a_wait_ends_when_so_much_of_the_plan_has_passed(seed: int) -> None:
    """Told second by second, with waits that end with a second."""
    chance = random.Random(seed)
    course, plan, passed = Course.steady(60, NOON), 0, [0]
    speed = 60
    for second in range(120):
        now = NOON + seconds(second)
        plan += speed
        passed.append(plan)
        after = now + seconds(1)
        match chance.choice(["speed", "pause", "leap", *["go on"] * 9]):
            case "speed":
                speed = chance.choice([1, 2, 30, 60])
                course = course.changed(after, speed)
            case "pause":
                speed = 0
                course = course.changed(after, 0)
            case "leap":
                plan += chance.randrange(1, 600)
                passed[-1] = plan
                course = course.leapt(after, NOON + seconds(plan))
    for start in chance.sample(range(120), 10):
        for wait in {passed[end] - passed[start] for end in range(start, 121)} - {0}:
            first = next(end for end in range(121) if passed[end] >= passed[start] + wait)
            assert course.after(NOON + seconds(start), seconds(wait)) == NOON + seconds(first)


@pytest.mark.parametrize("seed", range(100))
def test_what_was_written_down_and_is_moved_at_each_change_ends_where_it_should(seed: int) -> None:
    chance = random.Random(seed)
    now, course = NOON, Course.steady(chance.choice([1, 60]), NOON)
    waits: list[tuple[datetime, timedelta]] = []
    due: list[datetime] = []
    for _ in range(chance.randrange(2, 25)):
        now += seconds(chance.uniform(0.001, 90))
        wait = seconds(chance.choice([60, 300, 900, 3600]))
        waits.append((now, wait))
        due.append(course.after(now, wait))
        now += seconds(chance.uniform(0.001, 90))
        old = course
        match chance.randrange(3):
            case 0:
                course = course.changed(now, chance.choice([0.5, 1, 3, 60, 3600]))
            case 1:
                course = course.changed(now, 0)
            case 2:
                ahead = [at for at in due if at > now]
                leap = old.plan(min(ahead)) + seconds(1) if ahead else now
                course = course.leapt(now, leap)
        before = sorted(range(len(due)), key=due.__getitem__)
        due = [course.real(old.plan(at)) if at > now else at for at in due]
        assert all(due[a] <= due[b] for a, b in pairwise(before)), "the order changed"
    if not course.speed:
        course, old = course.changed(now + minutes(7), 1), course
        due = [course.real(old.plan(at)) if at > now + minutes(7) else at for at in due]
    for at, (start, wait) in zip(due, waits, strict=True):
        assert abs(at - course.after(start, wait)) <= ROUNDING
