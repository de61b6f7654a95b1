"""Calls keep within Slack's limits, and what matters goes first."""

from datetime import timedelta

import pytest

from bot.pace import POST, SWEEP_AT, UPDATE, Pace, Urgency


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock)


def allowed(pace: Pace, method: str, where: str | None, urgency: Urgency, times: int = 100) -> int:
    """How many of so many calls may be made now."""
    return sum(pace.take(method, where, urgency) is None for _ in range(times))


def test_an_idle_conversation_takes_a_small_burst_and_then_one_a_second(
    pace: Pace, clock: Clock
) -> None:
    assert allowed(pace, POST, "C1", Urgency.PAGE) == 4
    clock.now += 1
    assert allowed(pace, POST, "C1", Urgency.PAGE) == 1
    assert allowed(pace, POST, "C2", Urgency.PAGE) == 4  # conversations do not delay each other


def test_the_thread_leaves_room_for_a_first_post(pace: Pace) -> None:
    assert allowed(pace, POST, "C1", Urgency.THREAD) == 3
    assert allowed(pace, POST, "C1", Urgency.PAGE) == 1


def test_updates_stay_below_fifty_a_minute(pace: Pace, clock: Clock) -> None:
    made = 0
    for _ in range(60 * 4):
        made += allowed(pace, UPDATE, "C1", Urgency.ALERT, 10)
        clock.now += 0.25
    assert 45 <= made <= 50


def test_edits_of_direct_messages_leave_room_for_alert_messages(pace: Pace, clock: Clock) -> None:
    assert allowed(pace, UPDATE, "D1", Urgency.DIRECT) == 14
    assert allowed(pace, UPDATE, "C1", Urgency.ALERT) == 6
    clock.now += 2
    assert allowed(pace, UPDATE, "D1", Urgency.DIRECT) == 0  # while it is short, alerts first
    assert allowed(pace, UPDATE, "C1", Urgency.ALERT) == 1


def test_pages_never_wait_for_our_guess_of_the_whole(pace: Pace) -> None:
    for person in range(400):
        assert pace.take(POST, f"U{person}", Urgency.PAGE) is None
    assert pace.take(POST, "C1", Urgency.THREAD) is not None
    assert pace.take(POST, "C1", Urgency.PAGE) is None


def test_a_flood_of_pages_silences_the_thread_for_a_while_only(pace: Pace, clock: Clock) -> None:
    for person in range(1000):
        pace.take(POST, f"U{person}", Urgency.PAGE)
    clock.now += 21
    assert pace.take(POST, "C1", Urgency.THREAD) is None


def test_who_is_sent_away_comes_back_one_by_one(pace: Pace) -> None:
    allowed(pace, POST, "C1", Urgency.PAGE, 4)
    waits = [pace.take(POST, "C1", Urgency.PAGE) for _ in range(4)]
    assert waits == [timedelta(seconds=n) for n in (1, 2, 3, 4)]


def test_no_hint_is_longer_than_a_minute(pace: Pace) -> None:
    for _ in range(200):
        wait = pace.take(POST, "C1", Urgency.PAGE)
        assert wait is None or wait <= timedelta(seconds=60)


def test_a_refused_method_is_left_alone_until_then(pace: Pace, clock: Clock) -> None:
    pace.close(UPDATE, "C1", timedelta(seconds=30))
    assert pace.take(UPDATE, "D9", Urgency.ALERT) == timedelta(seconds=30)
    assert pace.take(POST, "C1", Urgency.PAGE) is None  # another method
    clock.now += 30
    assert pace.take(UPDATE, "D9", Urgency.ALERT) is None


def test_a_refused_post_closes_its_conversation_and_a_second_one_all_of_them(
    pace: Pace, clock: Clock
) -> None:
    pace.close(POST, "C1", timedelta(seconds=30))
    assert pace.take(POST, "C1", Urgency.PAGE) is not None
    assert pace.take(POST, "U2", Urgency.PAGE) is None
    pace.close(POST, "C1", timedelta(seconds=30))
    assert pace.take(POST, "U2", Urgency.PAGE) is None  # the same one again proves nothing
    pace.close(POST, "U2", timedelta(seconds=10))
    assert pace.take(POST, "U3", Urgency.PAGE) == timedelta(seconds=10)
    clock.now += 10
    assert pace.take(POST, "U3", Urgency.PAGE) is None
    assert pace.take(POST, "C1", Urgency.PAGE) is not None


def test_full_buckets_are_forgotten(pace: Pace, clock: Clock) -> None:
    for person in range(SWEEP_AT + 10):
        pace.take(POST, f"U{person}", Urgency.PAGE)
    clock.now += 60
    pace.take(POST, "U9", Urgency.PAGE)
    pace.take(POST, "new", Urgency.PAGE)
    assert len(pace._buckets) < 10


def test_other_methods_have_no_pace(pace: Pace) -> None:
    assert allowed(pace, "chat.getPermalink", None, Urgency.DIRECT) == 100
    assert allowed(pace, "users.list", None, Urgency.DIRECT) == 5
