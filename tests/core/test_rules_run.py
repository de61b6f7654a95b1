"""A page runs its plan: each way in turn, waits between, until somebody answers."""

from datetime import timedelta

from core.models import Outcome, Purpose
from tests.core.world import World


def test_rules_run_in_order_and_wait_in_between(world: World) -> None:
    ana = world.user("ana", "sms", timedelta(minutes=5), "phone")
    world.escalate("db down", to=[ana])
    assert world.sms.addresses == ["sms:ana"]
    assert world.phone.addresses == []
    world.forward(minutes=4, seconds=55)
    assert world.phone.addresses == []
    world.forward(seconds=6)
    assert world.phone.addresses == ["phone:ana"]
    assert world.sms.addresses == ["sms:ana"]


def test_steps_without_a_wait_between_them_go_out_together(world: World) -> None:
    ana = world.user("ana", "sms", "phone", "slack")
    world.escalate(to=[ana])
    assert world.sms.addresses == ["sms:ana"]
    assert world.phone.addresses == ["phone:ana"]
    assert world.slack.addresses == ["UANA"]


def test_everybody_has_a_plan_of_their_own(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    bob = world.user("bob", 1, "sms")
    world.escalate(to=[ana, bob])
    assert world.sms.addresses == ["sms:ana"]
    world.forward(minutes=1, seconds=1)
    assert world.sms.addresses == ["sms:ana", "sms:bob"]
    world.forward(minutes=4)
    assert world.phone.addresses == ["phone:ana"]


def test_the_thread_tells_the_story_in_order(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.forward(minutes=5, seconds=1)
    world.ack(group, ana)
    assert world.thread(group) == [
        "opened by alice",
        "paged ana by alice",
        "sent ana sms",
        "sent ana phone_call",
        "acknowledged by ana",
    ]
    assert world.thread(group) == world.log(group)


def test_nobody_answers_and_the_author_is_told_five_minutes_after_the_last_was_sent(
    world: World,
) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.forward(minutes=9, seconds=58)
    assert world.outcome(group, ana) is None
    assert world.slack.told(Purpose.UNANSWERED) == []
    world.forward(seconds=10)
    assert world.outcome(group, ana) is Outcome.EXHAUSTED
    assert world.slack.told(Purpose.UNANSWERED) == ["UALICE"]
    assert world.thread(group)[-2:] == ["exhausted ana", "unanswered"]
    world.forward(hours=24)
    assert world.slack.told(Purpose.UNANSWERED) == ["UALICE"]
