"""A step that cannot be delivered, and Slack that makes no sound (P6)."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from core import clock
from core.channels import ChannelError
from core.models import DeliveryOutcome
from tests.core.world import World


@pytest.fixture
def world(small_world: World) -> World:
    """The database does not matter here."""
    return small_world


def test_after_a_failed_step_the_next_way_starts_at_once(world: World) -> None:
    ana = world.user("ana", "sms", 30, "phone")
    world.sms.refuse()
    group = world.escalate(to=[ana])
    assert world.phone.addresses == ["phone:ana"]
    assert world.log(group)[2:] == ["failed ana sms", "sent ana phone_call"]


@pytest.mark.parametrize("lacking", ["contact", "channel"])
def test_a_step_without_contact_or_channel_skips_its_wait(world: World, lacking: str) -> None:
    ana = world.user("ana", "sms", 30, "phone", lacks=["sms"] if lacking == "contact" else [])
    if lacking == "channel":
        world.unplug(world.sms)
    group = world.escalate(to=[ana])
    assert world.phone.addresses == ["phone:ana"]
    assert "failed ana sms" in world.thread(group)
    [failed, _] = world.deliveries(group)
    assert failed.outcome is DeliveryOutcome.FAILED
    assert failed.reason


def test_a_wait_is_kept_when_anything_before_it_got_through(world: World) -> None:
    ana = world.user("ana", "slack", "sms", 5, "phone")
    world.sms.refuse()
    world.escalate(to=[ana])
    assert world.slack.addresses == ["UANA"]
    assert world.phone.addresses == []
    world.forward(minutes=5, seconds=1)
    assert world.phone.addresses == ["phone:ana"]


def test_a_failure_that_comes_in_the_middle_of_the_wait_ends_it(world: World) -> None:
    ana = world.user("ana", "sms", 30, "phone")
    group = world.escalate(to=[ana], drain=False)
    job = world.take(world.sms)
    world.drain()
    world.skip(seconds=10)
    assert world.phone.addresses == []
    world.sms.refuse()
    world.outbox.deliver(job)
    world.drain()
    assert world.phone.addresses == ["phone:ana"]
    assert world.log(group)[2:] == ["failed ana sms", "sent ana phone_call"]


def test_a_step_that_is_retried_and_then_refused_ends_the_wait(world: World) -> None:
    ana = world.user("ana", "sms", 30, "phone")
    world.sms.stumble(times=3)
    world.escalate(to=[ana], drain=False)
    world.drain()
    world.forward(seconds=4)
    world.sms.mend()
    world.sms.refuse()
    assert world.phone.addresses == []
    world.forward(seconds=10)
    assert world.phone.addresses == ["phone:ana"]


def test_two_failed_steps_before_a_wait_end_it_only_together(world: World) -> None:
    ana = world.user("ana", "slack", "sms", 30, "phone")
    world.escalate(to=[ana], drain=False)
    sms = world.take(world.sms)
    [slack] = world.outbox.claim({world.slack.way: 1})
    world.sms.refuse()
    world.outbox.deliver(sms)
    world.drain()
    assert world.phone.addresses == []
    world.slack.refuse()
    world.outbox.deliver(slack)
    world.drain()
    assert world.phone.addresses == ["phone:ana"]


def test_temporary_errors_are_retried_while_the_page_is_wanted(world: World) -> None:
    ana = world.user("ana", "sms", 60, "phone")
    tries: list[float] = []
    start = clock.now()
    world.sms.before = lambda notice: tries.append((clock.now() - start).total_seconds())
    world.sms.stumble()
    group = world.escalate(to=[ana])
    world.forward(minutes=4)
    gaps = [round(b - a) for a, b in pairwise(tries)]
    assert gaps[:6] == [1, 2, 5, 10, 30, 60]
    assert set(gaps[6:]) == {60}
    world.sms.mend()
    world.forward(minutes=1, seconds=1)
    assert world.sms.addresses == ["sms:ana"]
    assert world.thread(group)[-1] == "sent ana sms"


def test_a_way_that_does_not_get_through_does_not_hold_up_the_next(world: World) -> None:
    ana = world.user("ana", "sms", 60, "phone")
    world.sms.stumble()
    group = world.escalate(to=[ana])
    world.forward(seconds=7)  # the first three attempts
    assert world.phone.addresses == []
    world.forward(seconds=10)
    assert world.phone.addresses == ["phone:ana"]
    assert world.log(group)[2:] == ["failed ana sms (trying)", "sent ana phone_call"]
    world.sms.mend()
    world.forward(minutes=1)
    assert world.sms.addresses == ["sms:ana"]  # late is better than never
    assert world.phone.addresses == ["phone:ana"]


def test_if_nothing_in_the_rules_gets_through_the_fallback_runs_beside_it(world: World) -> None:
    ana = world.user("ana", "sms")
    world.sms.stumble()
    group = world.escalate(to=[ana])
    world.forward(seconds=20)
    assert world.slack.addresses == ["UANA"]
    assert world.log(group)[2:] == ["failed ana sms (trying)", "fell_back ana", "sent ana slack"]
    world.forward(minutes=4)
    assert world.email.addresses == []
    world.forward(minutes=1, seconds=1)
    assert world.email.addresses == ["ana@example.com"]
    world.sms.mend()
    world.forward(minutes=1)
    assert world.sms.addresses == ["sms:ana"]
    assert world.log(group).count("fell_back ana") == 1


def test_retries_end_with_the_page(world: World) -> None:
    ana = world.user("ana", "sms", 60, "phone")
    world.sms.stumble()
    group = world.escalate(to=[ana])
    world.forward(seconds=30)
    world.ack(group, ana)
    tried = len(world.sms.tried)
    world.sms.mend()
    world.forward(hours=1)
    assert len(world.sms.tried) == tried
    assert world.sms.addresses == []


def test_the_other_side_may_say_when_to_try_again(world: World) -> None:
    ana = world.user("ana", "sms")
    world.sms.fail(ChannelError("busy", retry_in=timedelta(seconds=42)), times=1)
    world.escalate(to=[ana])
    world.forward(seconds=41)
    assert world.sms.addresses == []
    world.forward(seconds=2)
    assert world.sms.addresses == ["sms:ana"]


def test_a_bug_in_a_channel_is_retried_and_stops_nothing(world: World) -> None:
    ana = world.user("ana", "sms", 1, "phone")
    world.sms.fail(ZeroDivisionError("oops"), times=2)
    world.escalate(to=[ana])
    world.forward(seconds=4)
    assert world.sms.addresses == ["sms:ana"]
    world.forward(minutes=1)
    assert world.phone.addresses == ["phone:ana"]


def test_waits_run_on_while_a_step_is_being_retried(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    world.sms.stumble()
    world.escalate(to=[ana])
    world.forward(minutes=5, seconds=1)
    assert world.phone.addresses == ["phone:ana"]


def _asleep(minutes: int = 60) -> dict[str, Any]:
    now = clock.now()
    return {
        "pause_starts_at": now - timedelta(minutes=5),
        "pause_ends_at": now + timedelta(minutes=minutes),
    }


def test_paused_slack_is_sent_and_its_wait_is_skipped(world: World) -> None:
    ana = world.user("ana", "slack", 30, "phone", **_asleep())
    group = world.escalate(to=[ana])
    assert world.slack.addresses == ["UANA"]
    assert world.phone.addresses == ["phone:ana"]
    world.thread(group)
    lines = world.board.message(group.id).thread
    [ends] = [x.detail["paused_until"] for x in lines if x.detail.get("paused_until")]
    assert ends == world.deliveries(group)[0].paused_until.isoformat()  # type: ignore[union-attr]


def test_a_pause_that_is_over_or_has_not_begun_counts_for_nothing(world: World) -> None:
    now = clock.now()
    over: dict[str, Any] = {
        "pause_starts_at": now - timedelta(hours=9),
        "pause_ends_at": now - timedelta(seconds=1),
    }
    later: dict[str, Any] = {
        "pause_starts_at": now + timedelta(hours=1),
        "pause_ends_at": now + timedelta(hours=9),
    }
    ana = world.user("ana", "slack", 30, "phone", **over)
    bob = world.user("bob", "slack", 30, "phone", **later)
    world.escalate(to=[ana, bob])
    assert world.slack.addresses == ["UANA", "UBOB"]
    assert world.phone.addresses == []


def test_with_nothing_but_slack_after_it_the_wait_is_kept(world: World) -> None:
    ana = world.user("ana", "slack", 5, "slack", **_asleep())
    world.escalate(to=[ana])
    assert world.slack.addresses == ["UANA"]
    world.forward(minutes=5, seconds=1)
    assert world.slack.addresses == ["UANA", "UANA"]


def test_paused_slack_beside_a_failed_step_skips_the_wait(world: World) -> None:
    ana = world.user("ana", "slack", "sms", 30, "phone", **_asleep())
    world.sms.refuse()
    world.escalate(to=[ana])
    assert world.phone.addresses == ["phone:ana"]


def test_a_wait_after_the_last_step_does_not_keep_the_author_waiting(world: World) -> None:
    ana = world.user("ana", "sms", 30)
    bob = world.user("bob", "sms", 1, 30)
    group = world.escalate(to=[ana, bob])
    world.forward(minutes=5, seconds=2)
    assert world.log(group)[-3:] == ["exhausted ana", "exhausted bob", "unanswered"]
