"""The thread tells the story, and the author hears when nobody is left (P13)."""

from datetime import timedelta

import pytest

from core import clock
from core.channels import ChannelError
from core.models import Purpose, State
from tests.core.world import World


@pytest.fixture
def world(small_world: World) -> World:
    """The database does not matter here."""
    return small_world


@pytest.mark.parametrize("how", ["decline", "unpage"])
def test_the_author_hears_when_the_last_one_is_gone(world: World, how: str) -> None:
    ana, bob = world.user("ana", "sms", 60, "phone"), world.user("bob", "sms", 60, "phone")
    group = world.escalate(to=[ana, bob])
    getattr(world, how)(group, ana)
    assert world.slack.told(Purpose.UNANSWERED) == []
    getattr(world, how)(group, bob)
    assert world.slack.told(Purpose.UNANSWERED) == ["UALICE"]
    assert world.thread(group)[-1] == "unanswered"
    world.forward(hours=3)
    assert world.log(group).count("unanswered") == 1


def test_exhausted_declined_and_unpaged_together_leave_nobody(world: World) -> None:
    ana, bob, carol = (world.user(n, "sms") for n in ("ana", "bob", "carol"))
    group = world.escalate(to=[ana, bob, carol])
    world.decline(group, ana)
    world.unpage(group, bob)
    assert "unanswered" not in world.log(group)
    world.forward(minutes=5, seconds=2)
    assert world.log(group)[-2:] == ["exhausted carol", "unanswered"]


def test_declining_after_it_was_said_says_nothing_again(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.forward(minutes=6)
    world.decline(group, ana)
    world.unpage(group, ana)
    assert world.log(group).count("unanswered") == 1


@pytest.mark.parametrize("how", ["ack", "silence"])
def test_nobody_left_on_a_group_that_somebody_has_is_no_news(world: World, how: str) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[world.user("bob", "sms")])
    getattr(world, how)(group, world.alice)
    world.page(group, ana)
    world.decline(group, ana)
    assert "unanswered" not in world.log(group)


def test_the_word_to_the_author_is_not_sent_when_somebody_has_answered_meanwhile(
    world: World,
) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.slack.stumble()
    world.forward(minutes=7)
    assert "unanswered" in world.log(group)
    world.ack(group, ana)
    world.slack.mend()
    world.forward(minutes=5)
    assert world.slack.told(Purpose.UNANSWERED) == []


def test_exhaustion_counts_from_the_last_that_was_sent(world: World) -> None:
    ana = world.user("ana", "sms", 1, "phone")
    world.phone.stumble(times=6)
    group = world.escalate(to=[ana])
    world.forward(minutes=7)  # the call got through 108 s after its turn
    assert world.phone.addresses == ["phone:ana"]
    assert "exhausted ana" not in world.log(group)
    world.forward(minutes=1)
    assert world.log(group)[-2:] == ["exhausted ana", "unanswered"]


def test_minutes_pass_faster_under_another_clock_speed(world: World) -> None:
    clock.set_speed(60)
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.forward(seconds=4)
    assert world.phone.addresses == []
    world.forward(seconds=2)
    assert world.phone.addresses == ["phone:ana"]
    world.forward(seconds=5)
    assert world.log(group)[-2:] == ["exhausted ana", "unanswered"]


def test_retries_do_not_hurry_under_another_clock_speed(world: World) -> None:
    clock.set_speed(60)
    world.sms.fail(ChannelError("busy", retry_in=timedelta(seconds=30)), times=1)
    world.escalate(to=[world.user("ana", "sms")])
    world.forward(seconds=29)
    assert world.sms.addresses == []
    world.forward(seconds=2)
    assert world.sms.addresses == ["sms:ana"]


@pytest.mark.parametrize(("seconds", "real"), [(1800, 30), (-1, None)])
def test_silences_are_scaled_too(world: World, seconds: int, real: int | None) -> None:
    clock.set_speed(60)
    group = world.escalate(to=[world.user("ana", "sms")])
    world.silence(group, world.alice, seconds=seconds)
    world.forward(seconds=29)
    assert world.state(group) is State.SILENCED
    world.forward(hours=24 * 30)
    assert world.state(group) is (State.FIRING if real else State.SILENCED)


def test_a_change_while_the_message_is_being_rewritten_leads_to_another_rewrite(
    world: World,
) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.ack(group, ana, drain=False)
    world.board.during = lambda: world.unack(group, ana)
    world.drain()
    assert world.board.message(group.id).story.state is State.FIRING


def test_a_line_that_comes_while_the_thread_is_told_is_told_next(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.skip(seconds=1)
    world.board.during = lambda: world.ack(group, ana)
    world.drain()
    assert world.thread(group) == world.log(group)


def test_a_long_story_is_told_in_pieces_and_to_its_end(world: World) -> None:
    world.board.lines_per_call = 7
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.board.fail(ChannelError("server error"), times=12)
    for _ in range(70):
        world.ack(group, ana, drain=False)
        world.unack(group, ana, drain=False)
    world.forward(minutes=20)
    assert len(world.log(group)) > 200
    assert world.thread(group) == world.log(group)


def test_a_story_longer_than_one_reading_is_told_to_its_end(world: World) -> None:
    world.board.lines_per_call = 1000
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    for _ in range(70):
        world.ack(group, ana, drain=False)
        world.unack(group, ana, drain=False)
    assert len(world.log(group)) > 200
    assert world.thread(group) == world.log(group)


def test_faults_of_slack_leave_the_thread_complete_and_in_order(world: World) -> None:
    ana, bob = world.user("ana", "slack", 1, "sms"), world.user("bob", "sms", 1, "slack")
    for error in (
        ChannelError("ratelimited", retry_in=timedelta(seconds=3), attempted=False),
        ChannelError("server error"),
        TimeoutError("took too long"),
    ):
        world.board.fail(error, times=2)
        world.slack.fail(error, times=1)
    group = world.escalate(to=[ana, bob])
    world.forward(minutes=3)
    world.ack(group, bob)
    world.forward(minutes=3)
    assert world.slack.addresses == ["UANA", "UBOB"] or world.slack.addresses == ["UBOB", "UANA"]
    assert world.thread(group) == world.log(group)


def test_the_picture_shows_what_comes_next(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    [responder] = world.story(group).responders
    assert responder.next is not None
    assert responder.next.way is world.phone.way
    assert abs(responder.next.at - clock.now() - timedelta(minutes=5)) < timedelta(seconds=5)
    world.forward(minutes=5, seconds=1)
    [responder] = world.story(group).responders
    assert responder.next is not None
    assert responder.next.way is None
    assert [attempt.way for attempt in responder.attempts] == [world.sms.way, world.phone.way]
    world.ack(group, ana)
    [responder] = world.story(group).responders
    assert responder.next is None
