"""The thread tells what pages of teams and steps of chains did, and calls a channel once."""

from dataclasses import replace
from typing import Any

import pytest

from bot.views import thread
from core.models import Event, Outcome, PolicyType, State
from core.story import Person, Story
from tests.bot.views.tales import (
    ALICE,
    AT_ONCE,
    BOB,
    CAROL,
    DAVE,
    after,
    check,
    check_mentions_nobody,
    line,
    responder,
    story,
)

SRE = "C0SRE"
FOUR = story(responder(BOB), responder(CAROL), responder(DAVE), responder(ALICE))


def said(event: Event, told: Story = FOUR, **detail: Any) -> str:
    return thread.sentence_for(line(event, user=None, **detail), told)


def step(type_: PolicyType, told: Story = FOUR, **detail: Any) -> str:
    return said(Event.STEPPED, told, **{"step": 2, "of": 5, "type": type_.value, **detail})


def whole_channel(**detail: Any) -> dict[str, Any]:
    return {
        "step": 3,
        "of": 4,
        "type": PolicyType.NOTIFY_CHANNEL.value,
        "channel": "#sre",
        "channel_id": SRE,
        "paged": [BOB.id, CAROL.id],
        "important": False,
        **detail,
    }


def test_the_first_line_says_which_team_was_paged() -> None:
    assert said(Event.OPENED) == "Alice asked for help."
    assert said(Event.OPENED, team="SRE", important=False) == "Alice paged the SRE team."
    assert said(Event.OPENED, team="SRE", important=True) == (
        "Alice paged the SRE team (important)."
    )
    assert said(Event.OPENED, team="Web Team") == "Alice paged the Web Team."
    assert said(Event.OPENED, team="Team Blue") == "Alice paged Team Blue."


def test_the_first_line_says_that_nobody_is_called() -> None:
    heard: dict[str, Any] = {"team": "SRE", "important": False, "heard_only_in": "#sre"}
    assert said(Event.OPENED, **heard, people=0) == (
        "Alice paged the SRE team. *Nobody is called: only #sre hears of this.*"
    )
    assert said(Event.OPENED, **heard, people=2) == (
        "Alice paged the SRE team. Nobody else is called: #sre hears of this."
    )
    elsewhere = replace(FOUR, refusal="That channel is archived.")
    assert said(Event.OPENED, elsewhere, **heard) == (
        "Alice paged the SRE team. *Nobody is called, and #sre does not hear of this*: "
        "page someone."
    )


def test_a_chain_starts_and_ends() -> None:
    calm: dict[str, Any] = {"chain": "SRE calm", "steps": 4}
    assert said(Event.CHAIN_STARTED, **calm, again=False) == (
        'Escalation chain "SRE calm" starts (4 steps).'
    )
    assert said(Event.CHAIN_STARTED, chain="x", steps=1).endswith("starts (1 step).")
    assert said(Event.CHAIN_STARTED, **calm, again=True) == (
        'Escalation chain "SRE calm" starts again from its first step.'
    )
    assert said(Event.CHAIN_ENDED, chain="SRE calm") == "The escalation chain has run to its end."
    resolved = thread.sentence_for(line(Event.RESOLVED, by=None, stopped=[BOB.id]), FOUR)
    assert resolved == "The escalation chain resolved this. The page to Bob stopped."


@pytest.mark.parametrize(
    ("type_", "detail", "words"),
    [
        (
            PolicyType.NOTIFY_PERSONS,
            {"paged": [BOB.id, CAROL.id], "important": True},
            "Step 2 of 5 pages Bob and Carol (important rules).",
        ),
        (
            PolicyType.NOTIFY_NEXT,
            {"paged": [BOB.id], "important": False},
            "Step 2 of 5 pages Bob, whose turn it is (default rules).",
        ),
        (
            PolicyType.NOTIFY_TEAM,
            {"paged": [BOB.id], "team": "SRE", "important": False},
            "Step 2 of 5 pages the SRE team: Bob (default rules).",
        ),
        (
            PolicyType.NOTIFY_USER_GROUP,
            {"paged": [BOB.id, CAROL.id], "group": "sre", "important": False},
            "Step 2 of 5 pages the user group @sre: Bob and Carol (default rules).",
        ),
        (
            PolicyType.NOTIFY_CHANNEL,
            {"paged": [BOB.id], "channel": "#sre", "channel_id": SRE, "important": False},
            "Step 2 of 5 pages everybody in #sre: Bob (default rules).",
        ),
        (
            PolicyType.NOTIFY_PERSONS,
            {"raised": [BOB.id], "already": [CAROL.id], "off": [DAVE.id], "important": True},
            (
                "Step 2 of 5 raises Bob to important rules. Already being paged: Carol. "
                "Left alone, as they cannot help or were taken off: Dave."
            ),
        ),
        (
            PolicyType.NOTIFY_TEAM,
            {"paged": [BOB.id], "raised": [CAROL.id], "team": "SRE", "important": True},
            (
                "Step 2 of 5 pages the SRE team: Bob (important rules). "
                "Raised to important rules: Carol."
            ),
        ),
        (
            PolicyType.NOTIFY_TEAM,
            {"already": [BOB.id, CAROL.id], "team": "SRE"},
            "Step 2 of 5 pages nobody new (the SRE team). Already being paged: Bob and Carol.",
        ),
        (
            PolicyType.NOTIFY_PERSONS,
            {"paged": [BOB.id, DAVE.id], "unreachable": [DAVE.id]},
            (
                "Step 2 of 5 pages Bob and Dave (default rules). "
                "*Nothing can reach Dave*: phone, or page someone else."
            ),
        ),
        (
            PolicyType.NOTIFY_TEAM,
            {"skipped": "the team has no members, or was deleted"},
            "*Step 2 of 5 found nobody*: the team has no members, or was deleted. Going on.",
        ),
        (
            PolicyType.NOTIFY_TEAM,
            {"skipped": "the team has no members, or was deleted", "team": "SRE", "step": 5},
            "*Step 5 of 5 found nobody*: nobody in the SRE team can be paged.",
        ),
        (
            PolicyType.NOTIFY_CHANNEL,
            {
                "skipped": "Tocsin has not read yet who is in #ops",
                "unread": True,
                "channel": "#ops",
            },
            "*Step 2 of 5 found nobody*: Tocsin has not read yet who is in #ops. Going on.",
        ),
        (
            PolicyType.NOTIFY_ON_CALL,
            {"skipped": "schedules cannot be used yet"},
            "*Step 2 of 5 pages nobody*: schedules cannot be used yet. Going on.",
        ),
        (
            PolicyType.TRIGGER_WEBHOOK,
            {"skipped": "outgoing webhooks cannot be used yet"},
            "Step 2 of 5 is passed over: outgoing webhooks cannot be used yet. Going on.",
        ),
        (
            PolicyType.IF_TIME,
            {"until": after(20 * 60).isoformat()},
            (
                f"Step 2 of 5 waits until <!date^{int(after(20 * 60).timestamp())}"
                "^{date_short_pretty} {time}|5 Mar 08:00 UTC> (its hours)."
            ),
        ),
        (
            PolicyType.IF_ALERTS,
            {"more_than": 3, "minutes": 5},
            "Step 2 of 5 waits for more than 3 alerts in 5 min. Nothing happens until then.",
        ),
        (
            PolicyType.REPEAT,
            {"repeat": 2, "most": 5},
            "Step 2 of 5: the chain starts again from step 1 (repeat 2 of 5).",
        ),
        (PolicyType.RESOLVE, {}, "Step 2 of 5 resolves this."),
        (PolicyType.WAIT, {}, "Step 2 of 5 has run."),
    ],
)
def test_every_step_is_told(type_: PolicyType, detail: dict[str, Any], words: str) -> None:
    assert step(type_, **detail) == words


def test_many_people_are_summed_up() -> None:
    crowd = [Person(f"U{n}", f"Person {n}", None, "UTC") for n in range(200)]
    told = story(*(responder(each) for each in crowd))
    paged = step(PolicyType.NOTIFY_TEAM, told, team="SRE", paged=[each.id for each in crowd])
    assert paged == (
        "Step 2 of 5 pages the SRE team: Person 0, Person 1, Person 2, Person 3, Person 4 "
        "and 195 others (default rules)."
    )


def test_people_whom_nobody_knows_any_more_are_counted() -> None:
    assert step(PolicyType.NOTIFY_PERSONS, paged=["UX"]).startswith("Step 2 of 5 pages somebody")
    assert "pages 2 people" in step(PolicyType.NOTIFY_PERSONS, paged=["UX", "UY"])


def test_a_whole_channel_is_called_where_the_alert_is() -> None:
    there = replace(FOUR, slack_channel=SRE)
    message, last = thread.render(there, [line(Event.STEPPED, **whole_channel())])
    check(message)
    banner, told = message.text.splitlines()
    assert banner == "<!channel> db is down"
    assert told.endswith("Step 3 of 4 pages everybody in #sre: Bob and Carol (default rules).")
    assert message.is_broadcast
    assert last == 7


def test_the_call_itself_obeys_nothing_that_people_typed() -> None:
    odd = Person("UX", AT_ONCE, None, "UTC")
    told = story(responder(odd), title=AT_ONCE, slack_channel=SRE)
    names = {"channel": AT_ONCE, "paged": ["UX"]}
    message, _ = thread.render(told, [line(Event.STEPPED, **whole_channel(**names))])
    assert message.is_broadcast
    assert message.text.count("<!channel>") == 1
    check_mentions_nobody(replace(message, text=message.text.removeprefix("<!channel> ")))


@pytest.mark.parametrize(
    ("story_", "detail"),
    [
        (replace(FOUR, slack_channel="C0OTHER"), {}),
        (replace(FOUR, slack_channel=None), {}),
        (replace(FOUR, slack_channel=None), {"channel_id": None}),
        (replace(FOUR, slack_channel=SRE), {"called": True}),  # the thread is told anew
        (replace(FOUR, slack_channel=SRE, state=State.ACKNOWLEDGED), {}),
        (replace(FOUR, slack_channel=SRE), {"type": "notify_team_members"}),
    ],
)
def test_a_whole_channel_is_called_nowhere_else(story_: Story, detail: dict[str, Any]) -> None:
    message, _ = thread.render(story_, [line(Event.STEPPED, **whole_channel(**detail))])
    check_mentions_nobody(message)
    assert not message.is_broadcast


def test_a_line_that_calls_a_channel_is_posted_alone() -> None:
    there = replace(FOUR, slack_channel=SRE)
    quiet = replace(line(Event.CHAIN_STARTED, chain="calm"), id=6)
    loud = line(Event.STEPPED, **whole_channel())
    later = replace(line(Event.SENT, way="notify_by_slack"), id=8)
    posts = []
    rest = [quiet, loud, later]
    while rest:
        message, last = thread.render(there, rest)
        posts.append((message.text.count("\n"), message.is_broadcast, last))
        rest = [each for each in rest if each.id > last]
    assert posts == [(0, False, 6), (1, True, 7), (0, False, 8)]


def test_what_people_typed_calls_nobody() -> None:
    typist = Person("UX", AT_ONCE, None, "UTC")
    told = story(responder(typist, Outcome.STOPPED), author=typist, slack_channel=SRE)
    names = dict.fromkeys(("team", "group", "chain", "channel", "heard_only_in"), AT_ONCE)
    for type_ in PolicyType:
        for skipped in ({}, {"skipped": AT_ONCE}):
            detail = {"step": 1, "of": 2, "type": type_.value, "paged": ["UX"], **skipped}
            for event in (Event.OPENED, Event.CHAIN_STARTED, Event.STEPPED, Event.CHAIN_ENDED):
                odd = line(event, by=typist, user=typist, **names, **detail)
                check_mentions_nobody(thread.render(told, [odd])[0])


@pytest.mark.parametrize(
    "detail",
    [
        {"step": "x", "of": None, "type": 7, "paged": "UX"},
        {"type": "notify_persons", "paged": [3, None], "important": "yes"},
        {"type": "notify_if_time_from_to", "until": "soon"},
        {"type": "notify_if_time_from_to", "until": "2026-03-04T12:00:00"},
        {"type": "of_a_newer_release", "step": 1, "of": 2},
        {"chain": 3, "steps": "x", "team": 4, "heard_only_in": []},
    ],
)
@pytest.mark.parametrize("event", [Event.OPENED, Event.CHAIN_STARTED, Event.STEPPED])
def test_odd_details_break_nothing(event: Event, detail: dict[str, Any]) -> None:
    message, last = thread.render(FOUR, [line(event, by=None, user=None, **detail)])
    check(message)
    assert last == 7
