"""The form of rules that people type."""

import random

import pytest

from core import rules
from core.errors import Invalid
from core.models import DURATIONS, NotificationRule, RuleType, Step
from tests.core.world import World


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("", ""),
        (" , ,", ""),
        ("slack", "slack"),
        ("slack, wait 5m, email", "slack, wait 5m, email"),
        ("SLACK,Wait 5 Min,  Email", "slack, wait 5m, email"),
        ("notify_by_phone_call", "phone_call"),
        (
            "wait 60s, wait 300 seconds, wait 60m, wait 1h, wait 15",
            "wait 1m, wait 5m, wait 60m, wait 60m, wait 15m",
        ),
        ("sms,sms,wait 1 minute,wait 1 minutes", "sms, sms, wait 1m, wait 1m"),
    ],
)
def test_it_is_read_generously_and_written_one_way(typed: str, written: str) -> None:
    steps = rules.parse(typed)
    assert rules.write(steps) == written
    assert rules.parse(rules.write(steps)) == steps


def test_whatever_is_written_reads_the_same() -> None:
    dice = random.Random(7)
    ways = [way for way in RuleType if way is not RuleType.WAIT]
    for _ in range(200):
        steps = [
            Step(RuleType.WAIT, dice.choice(DURATIONS))
            if dice.random() < 0.4
            else Step(dice.choice(ways))
            for _ in range(dice.randint(0, 12))
        ]
        assert rules.parse(rules.write(steps)) == steps


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("pigeon", "'pigeon' is not a way to notify: use slack, sms"),
        ("wait", "'wait' is not a wait: write wait 1m"),
        ("wait 7m", "'wait 7m' is not a wait"),
        ("wait 0", "is not a wait"),
        ("wait -5m", "is not a wait"),
        ("waiting", "is not a wait"),
        ("notify_by_wait", "is not a way to notify"),
        ("slack wait 5m", "is not a way to notify"),
        (", ".join(["sms"] * 31), "31 steps are too many"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(typed: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as caught:
        rules.parse(typed, field="default")
    assert caught.value.field == "default"


def test_both_lists_are_kept_in_order_and_apart(small_world: World) -> None:
    world = small_world
    ana, bob = world.user("ana", "sms", 5, "phone", 5, "sms"), world.user("bob", "slack")
    world.rules(ana, "phone", important=True)
    world.rules(ana, "email", 1, "sms")
    with world.session() as session:
        found = rules.of(session, [ana, bob])
    assert rules.write(found[ana.id].default) == "email, wait 1m, sms"
    assert rules.write(found[ana.id].important) == "phone_call"
    assert rules.write(found[bob.id].default) == "slack"
    assert found[bob.id].important == ()


def test_a_type_that_a_newer_release_wrote_is_passed_over(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms")
    with world.session() as session:
        session.add(NotificationRule(user_id=ana.id, position=9, type="notify_by_owl"))
    world.escalate(to=[ana])
    assert world.sms.addresses == ["sms:ana"]
