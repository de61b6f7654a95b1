"""The alert message in every state, whatever people typed and however many they are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import ids
from bot.views.alert_group import render
from core import reports
from core.models import DeliveryOutcome, Outcome, RuleType, State
from core.story import Attempt, Next, Person
from tests.bot.views.tales import (
    AT_ONCE,
    BOB,
    CAROL,
    DAVE,
    NOON,
    after,
    buttons,
    check_mentions_nobody,
    responder,
    sent,
    shown,
    story,
)

BUTTONS = {
    State.FIRING: ["Acknowledge", "Resolve", "Silence", "Responders"],
    State.ACKNOWLEDGED: ["Unacknowledge", "Resolve", "Silence", "Responders"],
    State.SILENCED: ["Acknowledge", "Resolve", "Unsilence", "Responders"],
    State.RESOLVED: ["Unresolve"],
}


@pytest.mark.parametrize("state", list(State))
def test_each_state_has_its_buttons_and_its_words(state: State) -> None:
    message = render(story(responder(BOB), state=state))
    assert buttons(message) == BUTTONS[state]
    assert state.value in shown(message).lower()
    assert message.text.lower().startswith(state.value)
    assert "db is down" in message.text


def test_buttons_carry_the_group_and_say_what_they_are_about() -> None:
    [actions] = [block for block in render(story()).blocks if block["type"] == "actions"]
    acknowledge, _, silence, _ = actions["elements"]
    assert acknowledge["value"] == "IGROUP123456A"
    assert acknowledge["style"] == "primary"
    assert acknowledge["accessibility_label"] == "Acknowledge: db is down"
    options = [(each["text"]["text"], each["value"]) for each in silence["options"]]
    assert options[0] == ("30 min", "IGROUP123456A:1800")
    assert options[-2:] == [("24 h", "IGROUP123456A:86400"), ("Forever", "IGROUP123456A:-1")]
    assert len(options) == 11
    assert silence["action_id"] == ids.SILENCE


def test_the_state_is_said_in_words() -> None:
    assert "nobody has answered yet" in shown(render(story(responder(BOB))))
    nobody = shown(render(story(responder(BOB, Outcome.DECLINED))))
    assert "nobody is being paged any more" in nobody
    acknowledged = shown(render(story(state=State.ACKNOWLEDGED)))
    assert "*Acknowledged* by Carol" in acknowledged
    assert "Carol has it" in acknowledged
    assert "*Silenced* by Carol for ever" in shown(render(story(state=State.SILENCED)))
    until = story(state=State.SILENCED, silenced_until=NOON + timedelta(hours=24))
    assert "5 Mar 12:00 UTC" in shown(render(until))
    assert "*Resolved* by somebody" in shown(render(story(state=State.RESOLVED, holder=None)))


def test_each_responder_stands_in_words() -> None:
    paged = responder(BOB, None, sent(), important=True, next_=Next(after(5), RuleType.EMAIL))
    text = shown(render(story(paged)))
    assert "*Bob*: being paged by important rules. Slack sent " in text
    assert f"e-mail at <!date^{int(after(5).timestamp())}^{{time}}|12:05 UTC>." in text
    waiting = responder(BOB, None, sent(), next_=Next(after(10), None))
    assert "waiting for an answer until" in shown(render(story(waiting)))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.DECLINED, "can't"),
        (Outcome.UNPAGED, "removed"),
        (Outcome.STOPPED, "not paged any more"),
        (Outcome.EXHAUSTED, "no answer"),
        (Outcome.ANSWERED, "answered before"),
    ],
)
def test_every_end_of_a_page_has_words(outcome: Outcome, words: str) -> None:
    assert f"*Bob*: {words}." in shown(render(story(responder(BOB, outcome, sent()))))


def test_who_answered_is_not_who_has_it() -> None:
    told = story(responder(BOB, Outcome.ANSWERED), state=State.ACKNOWLEDGED)
    assert "*Bob*: answered." in shown(render(told))


def test_the_holder_has_it() -> None:
    told = story(responder(CAROL, Outcome.ANSWERED), state=State.ACKNOWLEDGED)
    assert "*Carol*: has it." in shown(render(told))


def test_failures_and_pauses_are_told() -> None:
    failed = Attempt(RuleType.PHONE_CALL, DeliveryOutcome.FAILED, NOON, "it is not set up here")
    trying = Attempt(RuleType.EMAIL, None, NOON, "the server is busy")
    going = Attempt(RuleType.SLACK, None, NOON)
    text = shown(render(story(responder(BOB, None, failed, trying, going))))
    assert "Phone call failed (it is not set up here)" in text
    assert "e-mail is being tried again (the server is busy)" in text
    assert "Slack is on its way" in text
    paused = replace(sent(), paused_until=after(60))
    there = shown(render(story(responder(BOB, None, paused), responder(DAVE, None, paused))))
    assert "notifications paused until 08:00 there" in there  # New York
    assert "notifications paused until 13:00 there" in there  # a zone nobody knows: UTC
    nothing = responder(BOB, Outcome.EXHAUSTED, failed)
    assert "*Bob*: nothing could reach them." in shown(render(story(nothing)))


@pytest.mark.parametrize("message", ["&" * 3000, "\N{FIRE}" * 3000, "w " * 1500, AT_ONCE * 40])
def test_the_whole_message_is_shown(message: str) -> None:
    told = story(responder(BOB), title=message[:150], message=message)
    text = shown(render(told))
    assert sum(text.count(char) for char in "&\N{FIRE}w") >= sum(
        message.count(char) for char in "&\N{FIRE}w"
    )


@pytest.mark.parametrize(
    ("message", "times"),
    [
        ("db is down", 1),
        ("db is down\n\nsince 14:02", 1),
        ("see https://wiki/db\nnow", 2),  # a header has no links
        ("`db01` is down\nnow", 2),
        ("x" * 160, 1),
    ],
)
def test_the_title_is_repeated_only_where_the_header_cannot_show_it(
    message: str, times: int
) -> None:
    told = story(title=reports.typed(message).title, message=message)
    text = shown(render(told))
    assert all(line in text for line in message.splitlines())
    assert text.count(message.splitlines()[0]) == times


def test_nobody_is_mentioned_whatever_was_typed() -> None:
    typist = Person("UX", AT_ONCE, "U0X", "UTC")
    told = story(
        responder(typist, None, Attempt(RuleType.SLACK, None, NOON, AT_ONCE)),
        title=AT_ONCE,
        message=AT_ONCE,
        author=typist,
        holder=typist,
    )
    for state in State:
        check_mentions_nobody(render(replace(told, state=state)))


def test_a_crowd_is_summed_up() -> None:
    crowd = [
        responder(
            Person(f"U{n}", f"Person {n} {'&' * 60}", None, "UTC"), Outcome.DECLINED, *[sent()] * 9
        )
        for n in range(60)
    ]
    crowd.append(responder(BOB))
    message = render(story(*crowd, message="&" * 3000))
    text = shown(message)
    assert "*Bob*" in text  # whoever is being paged comes first
    assert "more people." in text
    assert text.count("can't") <= 30
    assert len(message.blocks) <= 50
