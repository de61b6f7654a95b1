"""The preview says what will happen (P2, P6): plans, and what the engine then does with them."""

import random
from datetime import timedelta

import pytest

from core import clock, people, plan, rules
from core.models import RuleType, Step, User
from core.plan import Problem, Source
from core.rules import Rules
from tests.core.world import World

WAYS = frozenset({RuleType.SLACK, RuleType.SMS, RuleType.PHONE_CALL, RuleType.EMAIL})
EVERYWHERE = {way: way.value for way in RuleType}
WORDS = ("slack", "sms", "phone_call", "email", "telegram", "wait 1m", "wait 5m", "wait 15m")


def _steps(text: str) -> tuple[Step, ...]:
    return tuple(rules.parse(text))


@pytest.mark.parametrize(
    ("default", "important", "much", "source", "steps"),
    [
        ("sms", "phone_call", False, Source.DEFAULT, "sms"),
        ("sms", "phone_call", True, Source.IMPORTANT, "phone_call"),
        ("sms", "", True, Source.DEFAULT, "sms"),
        ("sms", "wait 5m, telegram", True, Source.DEFAULT, "sms"),
        ("", "phone_call", False, Source.FALLBACK, "slack, wait 5m, email"),
        ("wait 5m", "", True, Source.FALLBACK, "slack, wait 5m, email"),
        ("telegram, sms", "", False, Source.DEFAULT, "telegram, sms"),
    ],
)
def test_the_list_asked_for_or_what_stands_in_for_it(
    default: str, important: str, much: bool, source: Source, steps: str
) -> None:
    made = plan.make(Rules(_steps(default), _steps(important)), EVERYWHERE, WAYS, important=much)
    assert (made.source, made.steps, made.reachable) == (source, _steps(steps), True)


def test_a_plan_of_ones_own_has_the_fallback_in_reserve() -> None:
    made = plan.make(Rules(_steps("sms")), EVERYWHERE, WAYS, important=False)
    assert made.fallback == _steps("slack, wait 5m, email")
    made = plan.make(Rules(), EVERYWHERE, WAYS, important=False)
    assert made.fallback == ()


def test_nobody_is_promised_what_cannot_happen() -> None:
    made = plan.make(Rules(_steps("sms")), {}, WAYS, important=False)
    assert not made.reachable
    made = plan.make(Rules(), {RuleType.EMAIL: "a@b"}, {RuleType.SLACK}, important=False)
    assert not made.reachable
    made = plan.make(Rules(), {RuleType.EMAIL: "a@b"}, WAYS, important=False)
    assert made.reachable


def test_the_outlook_names_problems_and_pauses() -> None:
    now = clock.now()
    ana = User(pause_starts_at=now, pause_ends_at=now + timedelta(hours=8))
    stages = plan.outlook(
        _steps("telegram, wait 5m, sms, wait 5m, slack, wait 15m, phone_call"),
        ana,
        {RuleType.SLACK: "U1", RuleType.PHONE_CALL: "+1", RuleType.TELEGRAM: "t"},
        WAYS,
        at=now + timedelta(seconds=1),
    )
    assert [(s.way, s.after, s.problem, s.paused_until) for s in stages] == [
        (RuleType.TELEGRAM, timedelta(0), Problem.NOT_CONFIGURED, None),
        (RuleType.SMS, timedelta(0), Problem.NO_CONTACT, None),
        (RuleType.SLACK, timedelta(0), None, now + timedelta(hours=8)),
        (RuleType.PHONE_CALL, timedelta(0), None, None),
    ]


def test_a_pause_that_begins_before_the_step_counts() -> None:
    now = clock.now()
    ana = User(pause_starts_at=now + timedelta(minutes=3), pause_ends_at=now + timedelta(hours=8))
    stages = plan.outlook(
        _steps("slack, wait 5m, slack, wait 5m, sms"), ana, EVERYWHERE, WAYS, at=now
    )
    assert [(s.after, s.paused_until is not None) for s in stages] == [
        (timedelta(0), False),
        (timedelta(minutes=5), True),
        (timedelta(minutes=5), False),
    ]


@pytest.mark.parametrize("seed", range(16))
def test_what_the_preview_says_is_what_the_engine_does(small_world: World, seed: int) -> None:
    world = small_world
    dice = random.Random(seed)
    world.unplug(*(phone for phone in (world.email, world.phone) if dice.random() < 0.3))
    text = ", ".join(dice.choice(WORDS) for _ in range(dice.randint(1, 7)))
    start = clock.now() + timedelta(minutes=dice.choice([-10, 2, 12]))
    asleep = {"pause_starts_at": start, "pause_ends_at": start + timedelta(minutes=20)}
    ana = world.user(
        "ana",
        lacks=[word for word in ("sms", "phone", "email") if dice.random() < 0.2],
        **(asleep if dice.random() < 0.5 else {}),
    )
    with world.session() as session:
        found = session.get_one(User, ana.id)
        rules.replace(session, found, rules.parse(text), important=False)

    with world.session() as session:
        has = people.addresses(session, [ana])[ana.id]
        wanted = rules.of(session, [ana])[ana.id]
    made = plan.make(wanted, has, world.outbox.ways, important=False)
    begun = clock.now()
    expected = [
        (stage.way, round(stage.after.total_seconds()))
        for stage in plan.outlook(made.steps, ana, has, world.outbox.ways, at=begun)
        if stage.problem is None
    ]

    group = world.escalate(to=[ana])
    world.forward(hours=3)
    happened = [
        (delivery.channel, round((delivery.sent_at - begun).total_seconds()))
        for delivery in world.deliveries(group)
        if delivery.sent_at is not None
    ]
    assert happened == expected, f"{text} for {sorted(has)} by {sorted(world.outbox.ways)}"
    assert world.thread(group)[-1] == "unanswered"
