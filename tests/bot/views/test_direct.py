"""A responder's direct message, as it is sent and as it follows the state."""

from dataclasses import replace

import pytest

from bot import ids
from bot.views import author, direct
from core.models import Outcome, Purpose, RuleType, State, Step
from core.story import Next, Person
from tests.bot.views.tales import (
    ALICE,
    AT_ONCE,
    BOB,
    CAROL,
    after,
    buttons,
    check_mentions_nobody,
    notice,
    responder,
    shown,
    story,
)

ANSWERS = ["Acknowledge", "I can't"]
LINK = "https://example.slack.com/archives/C1/p1"


def test_a_page_says_who_paged_and_why_and_what_follows() -> None:
    message = direct.page(notice(important=True))
    text = shown(message)
    assert "db is down" in text
    assert "replica lag 300 s" in text
    assert (
        "Alice paged you by your important rules. This is step 1 of 2 of these rules. "
        "E-mail follows in 5 min unless you answer." in text
    )
    assert message.text == "Alice paged you: db is down"
    assert buttons(message) == ANSWERS
    assert LINK not in text
    assert f"<{LINK}|Open the alert>" in shown(direct.page(notice(link=LINK)))


def test_a_repeated_step_says_that_it_is_a_repeat() -> None:
    plan = (Step(RuleType.SLACK), Step(RuleType.WAIT, 300), Step(RuleType.SLACK))
    text = shown(direct.page(notice(plan=plan, step=2)))
    assert "*Still no answer*: this is a repeat. Alice paged you by your default rules." in text
    assert "follows" not in text


def test_a_page_that_runs_again_says_so() -> None:
    assert "Alice paged you again by your default rules." in shown(direct.page(notice(run=2)))


def test_a_page_of_one_step_counts_no_steps() -> None:
    text = shown(direct.page(notice(plan=(Step(RuleType.SLACK),))))
    assert "Alice paged you by your default rules." in text
    assert "step" not in text
    at_once = (Step(RuleType.SLACK), Step(RuleType.SMS))
    assert "SMS follows at once" in shown(direct.page(notice(plan=at_once)))


def test_while_the_page_runs_it_can_be_answered() -> None:
    paged = responder(BOB, next_=Next(after(5), RuleType.EMAIL))
    message = direct.follow(story(paged), "PUBOB")
    assert buttons(message) == ANSWERS
    assert "If you do not answer: e-mail at" in shown(message)
    held = direct.follow(story(paged, state=State.ACKNOWLEDGED), "PUBOB")
    assert buttons(held) == ANSWERS  # paged onto what Carol holds (P3)
    assert "Carol has it" in shown(held)


@pytest.mark.parametrize(
    ("state", "outcome", "words", "brief"),
    [
        (State.ACKNOWLEDGED, Outcome.STOPPED, "Carol has it. You are not paged", "Acknowledged by"),
        (State.ACKNOWLEDGED, Outcome.ANSWERED, "*You answered.* *Acknowledged*", "Acknowledged by"),
        (State.SILENCED, Outcome.STOPPED, "*Silenced* by Carol for ever.", "Silenced by Carol"),
        (State.RESOLVED, Outcome.STOPPED, "There is nothing left to do.", "Resolved by Carol"),
        (State.RESOLVED, Outcome.DECLINED, "*Resolved* by Carol", "You said that you can't"),
        (State.FIRING, Outcome.ANSWERED, "*You answered before.* *Firing*", "Firing: db"),
        (State.FIRING, Outcome.DECLINED, "*You said that you can't.* *Firing*", "You said that"),
        (State.FIRING, Outcome.UNPAGED, "*You were taken off this.*", "You were taken off"),
    ],
)
def test_after_it_ended_it_says_who_has_it(
    state: State, outcome: Outcome, words: str, brief: str
) -> None:
    message = direct.follow(story(responder(BOB, outcome), state=state), "PUBOB")
    assert words in shown(message)
    assert message.text.startswith(brief)
    assert buttons(message) == []


def test_whoever_acknowledged_has_it() -> None:
    told = story(responder(CAROL, Outcome.ANSWERED), state=State.ACKNOWLEDGED)
    message = direct.follow(told, "PUCAROL")
    assert "*You have it.*" in shown(message)
    assert buttons(message) == []


def test_somebody_who_wakes_up_late_can_still_answer() -> None:
    message = direct.follow(story(responder(BOB, Outcome.EXHAUSTED)), "PUBOB")
    assert buttons(message) == ANSWERS
    assert "you have not answered" in shown(message)


def test_a_page_that_is_not_in_the_story_shows_the_state() -> None:
    message = direct.follow(story(), "PNOBODY")
    assert buttons(message) == []
    assert "*Firing*" in shown(message)


def test_the_link_is_only_for_those_who_can_open_it() -> None:
    told = story(responder(BOB), link=LINK)
    assert LINK not in shown(direct.follow(told, "PUBOB"))
    assert LINK in shown(direct.follow(replace(told, is_public=True), "PUBOB"))
    assert LINK in shown(direct.follow(story(responder(ALICE), link=LINK), "PUALICE"))


@pytest.mark.parametrize("message", ["&" * 3000, "\N{FIRE}" * 3000, AT_ONCE * 40])
def test_any_message_fits_and_mentions_nobody(message: str) -> None:
    made = notice(title=message[:150], message=message, paged_by_name=AT_ONCE, author_name=AT_ONCE)
    check_mentions_nobody(direct.page(made))
    typist = Person("UX", AT_ONCE, None, "UTC")
    told = story(responder(typist), title=message[:150], message=message, holder=typist)
    for state in State:
        check_mentions_nobody(direct.follow(replace(told, state=state), "PUX"))


def posted(in_direct: bool = False, **changes: object) -> str:
    message = author.posted(notice(purpose=Purpose.POSTED, **changes), in_direct=in_direct)
    assert message.text
    return message.text


def test_the_author_is_told_where_the_alert_is() -> None:
    assert posted(slack_channel="C1", link=LINK) == (
        f"The alert is in <#C1>. <{LINK}|Open it>\n>db is down"
    )
    assert "your direct messages with me" in posted(slack_channel="D1")
    assert "here, above" in posted(in_direct=True, slack_channel="D1")
    assert "in Slack" in posted()
    elsewhere = posted(slack_channel="C2", refusal="That channel is archived.")
    assert elsewhere.startswith("That channel is archived. The alert is in <#C2>.")
    assert "<!channel>" not in posted(title=AT_ONCE, refusal=AT_ONCE)


def test_the_author_hears_that_nobody_answered() -> None:
    message = author.unanswered(notice(purpose=Purpose.UNANSWERED, link=LINK))
    assert message.text == "Nobody has answered: db is down. Page someone else."
    assert buttons(message) == ["Responders"]
    assert LINK in shown(message)
    [pressed] = message.blocks[-1]["elements"]
    assert (pressed["action_id"], pressed["value"]) == (ids.RESPONDERS, "IGROUP123456A")
