"""The thread tells every event in one line, and breaks at none."""

import re
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.views import thread
from bot.views.fitting import size
from core.models import Event, Outcome, RuleType, State, Step
from core.story import Person, Story
from tests.bot.views.tales import (
    ALICE,
    AT_ONCE,
    BOB,
    CAROL,
    DAVE,
    NOON,
    after,
    check,
    check_mentions_nobody,
    line,
    responder,
    story,
)

PLAN = "slack, wait 5m, email, wait 60m, wait 30m, phone_call"


def said(event: Event, told: Story | None = None, **changes: Any) -> str:
    return thread.sentence_for(line(event, **changes), told or story())


def test_paging_says_by_which_rules() -> None:
    paged = said(Event.PAGED, important=True, source="important", plan=PLAN, reachable=True)
    assert paged == (
        "Alice paged Bob (important rules: Slack, e-mail after 5 min, phone call after 1 h 30 min)."
    )
    instead = said(Event.PAGED, important=True, source="default", plan="slack", reachable=True)
    assert "(default rules, as there are no important ones that work: Slack)" in instead
    fallback = said(Event.PAGED, important=False, source="fallback", plan="slack", reachable=True)
    assert "(Bob has no rules that work, so: Slack)" in fallback
    nobody = said(Event.PAGED, important=False, source="fallback", plan="", reachable=False)
    assert nobody == "Alice paged Bob. *Nothing can reach Bob*: phone, or page someone else."
    assert "Alice raised the page to Bob (important rules: Slack)" in said(
        Event.RAISED, important=True, source="important", plan="slack"
    )


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event.OPENED, "Alice asked for help."),
        (Event.RESTARTED, "Bob is paged again, from the first step."),
        (Event.UNPAGED, "Alice took Bob off."),
        (Event.DECLINED, "Bob can't."),
        (Event.FELL_BACK, "Nothing in the rules of Bob got through."),
        (Event.UNREACHABLE, "*Nothing could reach Bob*: phone, or page someone else."),
        (Event.EXHAUSTED, "No answer from Bob: everything in the rules has run."),
        (Event.ACKNOWLEDGED, "Alice acknowledged: Alice has it."),
        (Event.JOINED, "Alice is on it too."),
        (Event.UNACKNOWLEDGED, "Alice unacknowledged: nobody has it any more."),
        (Event.UNSILENCED, "Alice ended the silence: it is firing again."),
        (Event.RESOLVED, "Alice resolved this."),
        (Event.UNRESOLVED, "Alice unresolved this: it is firing again."),
        (Event.WIPED, "Alice wiped this: its text was removed."),
        (Event.DELETED, "Alice deleted this."),
    ],
)
def test_every_event_has_a_sentence(event: Event, words: str) -> None:
    assert said(event).startswith(words)


def test_only_the_author_is_mentioned_and_only_when_nobody_answers() -> None:
    assert "<@U0ALICE>, page someone else" in said(Event.UNANSWERED)
    for event in Event:
        assert event is Event.UNANSWERED or "<@" not in said(event)
    without_slack = story(author=DAVE)
    assert "Dave, page someone else" in said(Event.UNANSWERED, without_slack)


def test_what_was_sent() -> None:
    assert said(Event.SENT, way="notify_by_slack") == "Slack message sent to Bob."
    assert said(Event.SENT, way="notify_by_phone_call") == "Phone call to Bob."
    paused = said(Event.SENT, way="notify_by_slack", paused_until=after(60).isoformat())
    assert paused == "Slack message sent to Bob (notifications paused until 08:00 there)."
    late = said(Event.SENT, way="notify_by_email", late=True)
    assert late == "E-mail to Bob (it was already on its way)."


def test_what_is_tried_when_nothing_got_through() -> None:
    fell_back = said(Event.FELL_BACK, plan="slack, wait 5m, email")
    assert fell_back.endswith("got through. Trying instead: Slack, e-mail after 5 min.")


def test_what_failed() -> None:
    failed = said(Event.FAILED, way="notify_by_email", reason="no such address.")
    assert failed == "E-mail to Bob failed: no such address."
    trying = said(Event.FAILED, way="notify_by_email", reason="busy", trying=True)
    assert trying == "E-mail to Bob is not getting through: busy. Trying it again."


def test_a_failure_says_that_the_next_way_starts_at_once_only_if_it_does() -> None:
    told = story(responder(BOB))
    slack = said(Event.FAILED, told, way="notify_by_slack", reason="x")
    assert slack == "Slack to Bob failed: x. Trying the next way at once."
    assert "at once" not in said(Event.FAILED, told, way="notify_by_email", reason="x")  # the last
    assert "at once" not in said(Event.FAILED, told, way="notify_by_sms", reason="x")  # not in it
    two = replace(
        responder(BOB),
        steps=(
            Step(RuleType.SLACK),
            Step(RuleType.EMAIL),
            Step(RuleType.WAIT, 60),
            Step(RuleType.SMS),
        ),
    )
    assert "at once" not in said(Event.FAILED, story(two), way="notify_by_slack", reason="x")


def test_an_acknowledgement_says_whose_pages_it_stopped() -> None:
    told = story(
        responder(BOB, Outcome.STOPPED, ended_at=NOON),
        responder(DAVE),  # stopped, and paged anew before this was posted
        responder(CAROL, Outcome.ANSWERED, ended_at=NOON),
        state=State.ACKNOWLEDGED,
    )
    acknowledged = said(Event.ACKNOWLEDGED, told, by=CAROL, stopped=[BOB.id, DAVE.id])
    assert acknowledged == "Carol acknowledged: Carol has it. Pages to Bob and Dave stopped."
    assert said(Event.RESOLVED, told, stopped=[]) == "Alice resolved this."
    silenced = said(Event.SILENCED, told, seconds=3600, stopped=[BOB.id])
    assert silenced == "Alice silenced this for 1 h. The page to Bob stopped."


def test_a_silence_says_how_long() -> None:
    assert said(Event.SILENCED, seconds=-1) == "Alice silenced this for ever."
    assert said(Event.SILENCED, seconds=1800) == "Alice silenced this for 30 min."
    over = said(Event.UNSILENCED, by=None)
    assert over == "The silence is over: it is firing again."


def test_an_event_of_a_newer_release_is_told_by_its_name() -> None:
    newer = cast(Event, "handed_over")
    assert said(newer) == "Handed over (Alice, Bob)."
    assert said(newer, by=None, user=None) == "Handed over."


@pytest.mark.parametrize("event", list(Event))
@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"plan": 7, "source": None, "way": "pigeon", "reason": 3, "seconds": "x"},
        {"plan": ",,wait x,pigeon", "paused_until": "soon", "way": None, "trying": "yes"},
        {"paused_until": "2026-03-04T12:00:00", "seconds": 0, "stopped": 3},
    ],
)
def test_missing_and_odd_details_break_nothing(event: Event, detail: dict[str, Any]) -> None:
    message, last = thread.render(story(), [line(event, by=None, user=None, **detail)])
    check(message)
    assert last == 7


def test_what_people_typed_mentions_nobody() -> None:
    typist = Person("UX", AT_ONCE, None, "UTC")
    told = story(responder(typist, Outcome.STOPPED, ended_at=NOON), author=typist)
    for event in Event:
        odd = line(
            event,
            by=typist,
            user=typist,
            reason=AT_ONCE,
            plan=AT_ONCE,
            source=AT_ONCE,
            stopped=[typist.id],
        )
        check_mentions_nobody(thread.render(told, [odd])[0])


def test_lines_are_posted_together_as_far_as_they_fit() -> None:
    lines = [replace(line(Event.FAILED, reason="x" * 150), id=n) for n in range(1, 100)]
    message, last = thread.render(story(), lines)
    assert size(message.text) <= thread.POST_LENGTH
    assert message.text.count("\n") + 1 == last
    again, rest = thread.render(story(), lines[last:])
    assert rest > last
    check(again)


def test_one_line_always_goes_out() -> None:
    crowd = [
        responder(Person(f"U{n}", "&" * 80, None, "UTC"), Outcome.STOPPED, ended_at=NOON)
        for n in range(30)
    ]
    stopped = [each.person.id for each in crowd]
    huge = line(Event.ACKNOWLEDGED, by=Person("UX", "<" * 500, None, "UTC"), stopped=stopped)
    message, last = thread.render(story(*crowd), [huge])
    assert last == 7
    assert size(message.text) <= thread.POST_LENGTH
    assert ALICE.name not in message.text


def noted(text: str, change: str = "new", **who: Any) -> str:
    return said(Event.NOTED, **{"user": None, "text": text, "change": change, **who})


def test_notes_are_told() -> None:
    assert noted("disk was full") == "Alice noted: disk was full"
    assert noted("<!channel> & co") == "Alice noted: &lt;!channel&gt; &amp; co"
    assert noted("one\n<two>\n\nthree\n") == "Alice noted:\n>one\n>&lt;two&gt;\n>\n>three"
    assert noted("better", "changed") == "Alice changed a note: better"
    assert noted("gone", "deleted") == "Alice deleted a note."
    assert noted("better", "changed", user=BOB) == "Alice changed a note of Bob's: better"
    assert noted("gone", "deleted", user=BOB) == "Alice deleted a note of Bob's."


def test_a_note_whose_text_was_wiped_is_told_without_it() -> None:
    assert noted("") == "Alice wrote a note."
    assert noted("", "changed") == "Alice changed a note."
    assert noted("", "deleted") == "Alice deleted a note."


@pytest.mark.parametrize("text", ["&" * 3_000, "\N{FIRE}" * 3_000, "a\n" * 1_500, "x" * 3_000])
def test_a_long_note_is_cut_where_everybody_sees_it(text: str) -> None:
    told = noted(text)
    assert re.search(r"… cut here: [\d,]+ more characters\.$", told)
    assert size(told) <= thread.POST_LENGTH
    many = [line(Event.NOTED, user=None, text=text, change="new")] * 3
    message, _ = thread.render(story(), many)
    check(message)
