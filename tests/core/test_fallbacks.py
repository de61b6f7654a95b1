"""A page never resolves to nobody (P1)."""

import pytest

from core.channels import ChannelError
from core.models import Outcome, Purpose
from tests.core.world import World


def test_an_empty_list_falls_back_to_slack_now_and_mail_after_five_minutes(world: World) -> None:
    ana = world.user("ana")
    world.escalate(to=[ana])
    assert world.slack.addresses == ["UANA"]
    assert world.email.addresses == []
    world.forward(minutes=5, seconds=1)
    assert world.email.addresses == ["ana@example.com"]


def test_without_mail_the_fallback_is_slack_alone(small_world: World) -> None:
    world = small_world
    world.unplug(world.email)
    ana = world.user("ana")
    group = world.escalate(to=[ana])
    assert world.slack.addresses == ["UANA"]
    world.forward(minutes=5, seconds=2)
    assert world.log(group)[-2:] == ["exhausted ana", "unanswered"]


def test_an_empty_important_list_falls_back_to_the_default_one(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms")
    world.escalate(to=[], important=[ana])
    assert world.sms.addresses == ["sms:ana"]
    assert world.slack.addresses == []


def test_important_rules_are_used_when_there_are_any(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms")
    world.rules(ana, "phone", important=True)
    world.escalate(to=[], important=[ana])
    assert world.phone.addresses == ["phone:ana"]
    assert world.sms.addresses == []


@pytest.mark.parametrize(
    "useless",
    [(5,), (5, 15), ("telegram",), ("telegram", 5), (1, "mobile_app", 1)],
    ids=["wait", "waits", "not set up", "not set up, wait", "not set up between waits"],
)
def test_rules_that_can_reach_nobody_are_replaced_at_once(
    small_world: World, useless: tuple[str | int, ...]
) -> None:
    world = small_world
    ana = world.user("ana", *useless)
    world.rules(ana, *useless, important=True)
    world.escalate(to=[], important=[ana])
    assert world.slack.addresses == ["UANA"]


def test_rules_without_a_contact_are_replaced(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms", 5, "phone", lacks=["sms", "phone"])
    world.escalate(to=[ana])
    assert world.slack.addresses == ["UANA"]


def test_important_rules_that_cannot_work_fall_back_to_default_ones_that_can(
    small_world: World,
) -> None:
    world = small_world
    ana = world.user("ana", "sms", lacks=["phone"])
    world.rules(ana, "phone", important=True)
    world.escalate(to=[], important=[ana])
    assert world.sms.addresses == ["sms:ana"]
    assert world.slack.addresses == []


def test_when_every_step_fails_the_fallback_runs_once_and_the_thread_says_so(world: World) -> None:
    ana = world.user("ana", "sms", 30, "phone")
    world.sms.refuse()
    world.phone.refuse()
    group = world.escalate(to=[ana])
    assert world.slack.addresses == ["UANA"]
    assert world.log(group) == [
        "opened by alice",
        "paged ana by alice",
        "failed ana sms",
        "failed ana phone_call",
        "fell_back ana",
        "sent ana slack",
    ]
    world.forward(minutes=5, seconds=1)
    assert world.email.addresses == ["ana@example.com"]
    world.forward(minutes=5, seconds=2)
    assert world.outcome(group, ana) is Outcome.EXHAUSTED
    assert world.log(group)[-3:] == ["sent ana email", "exhausted ana", "unanswered"]


def test_when_the_fallback_fails_too_the_thread_says_unreachable_and_the_author_is_told(
    world: World,
) -> None:
    ana = world.user("ana", "sms")
    for phone in (world.sms, world.email):
        phone.refuse()
    world.slack.fail(ChannelError("user_not_found", permanent=True), times=2)
    group = world.escalate(to=[ana])
    world.forward(minutes=1)
    assert world.log(group) == [
        "opened by alice",
        "paged ana by alice",
        "failed ana sms",
        "fell_back ana",
        "failed ana slack",
        "failed ana email",
        "unreachable ana",
        "unanswered",
    ]
    assert world.outcome(group, ana) is Outcome.EXHAUSTED


def test_somebody_without_any_address_is_named_at_once(world: World) -> None:
    ana = world.user("ana", "sms", lacks=["slack", "email", "sms", "phone"])
    group = world.escalate(to=[ana])
    assert world.thread(group)[-2:] == ["unreachable ana", "unanswered"]
    assert world.slack.told(Purpose.UNANSWERED) == ["UALICE"]


def test_one_unreachable_person_does_not_make_the_author_think_nobody_is_coming(
    world: World,
) -> None:
    ghost = world.user("ghost", lacks=["slack", "email", "sms", "phone"])
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ghost, ana])
    assert "unreachable ghost" in world.log(group)
    assert "unanswered" not in world.log(group)
    assert world.slack.told(Purpose.UNANSWERED) == []


def test_two_unreachable_people_are_one_word_to_the_author(world: World) -> None:
    ghosts = [world.user(n, lacks=["slack", "email", "sms", "phone"]) for n in ("ghost", "gone")]
    group = world.escalate(to=ghosts)
    ends = [line for line in world.log(group) if line.startswith("un")]
    assert ends == ["unreachable ghost", "unreachable gone", "unanswered"]
    assert world.slack.told(Purpose.UNANSWERED) == ["UALICE"]
