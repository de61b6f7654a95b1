"""What the alert message, direct messages and the author's are told about a team and its chain."""

from dataclasses import replace
from typing import Any

import pytest

from bot.views import alert_group, author, direct
from bot.views.text import slack_moment
from core.chain_standing import ChainStanding, PagedTeam
from core.models import Ending, Outcome, Purpose, State, Step
from core.models.rule import RuleType
from core.story import Person, Story
from tests.bot.views.tales import (
    AT_ONCE,
    BOB,
    after,
    check_mentions_nobody,
    notice,
    responder,
    shown,
    story,
)

SRE = PagedTeam("SRE", important=True)
ALONE = PagedTeam("SRE", heard_only_in="#sre")
NEXT = slack_moment(after(5))


def chain(**changes: Any) -> ChainStanding:
    running = ChainStanding(
        "calm", 2, 4, ending=None, is_held=False, next_at=after(5), may_page=True
    )
    return replace(running, **changes)


def alert(told: Story) -> str:
    return shown(alert_group.render(told))


def test_the_team_is_shown() -> None:
    assert "UTC> · Team: SRE, important" in alert(story(team=SRE))
    assert alert(story(team=replace(SRE, important=False))).count("Team: SRE\n") == 1
    assert "Team:" not in alert(story())


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (chain(), f"*Escalation chain*: step 2 of 4, goes on {NEXT}."),
        (chain(next_at=None), "*Escalation chain*: step 2 of 4."),
        (chain(step=0, next_at=after(0)), "*Escalation chain*: starts (4 steps)."),
        (chain(step=0, steps=1), "*Escalation chain*: starts (1 step)."),
        (
            chain(is_held=True, step=3),
            "*Escalation chain*: held at step 3 of 4 until more alerts come.",
        ),
        (chain(ending=Ending.FINISHED), "*Escalation chain*: all its steps have run."),
    ],
)
def test_where_the_chain_stands_is_shown(standing: ChainStanding, words: str) -> None:
    assert words in alert(story(responder(BOB), team=SRE, chain=standing))


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.SILENCED, State.RESOLVED])
def test_a_chain_that_somebody_stopped_is_not_shown(state: State) -> None:
    told = story(responder(BOB, Outcome.STOPPED), team=SRE, chain=chain(ending=Ending.STOPPED))
    assert "chain*" not in alert(replace(told, state=state))


def test_nobody_is_given_up_while_the_chain_goes_on() -> None:
    tired = responder(BOB, Outcome.EXHAUSTED)
    goes_on = "The escalation chain goes on."
    said = alert(story(tired, team=SRE, chain=chain()))
    assert f"*Firing*: nobody has answered, and nobody is called now. {goes_on}" in said
    said = alert(story(team=SRE, chain=chain(step=1)))
    assert f"*Firing*: nobody has been called yet. {goes_on}" in said
    assert goes_on not in alert(story(team=SRE, chain=chain(step=0)))
    for over in (chain(), chain(is_held=True), chain(ending=Ending.FINISHED)):
        said = alert(story(tired, team=SRE, chain=replace(over, may_page=False)))
        assert "*Firing*: nobody has answered, and nobody is being paged any more." in said
    by_hand = alert(story(responder(BOB), team=SRE, chain=chain(ending=Ending.FINISHED)))
    assert "*Firing*: nobody has answered yet.\n" in by_hand


def test_a_page_that_calls_nobody_says_so() -> None:
    assert "*Firing*. *Nobody is called: only #sre hears of this.*" in alert(story(team=ALONE))
    refused = alert(story(team=ALONE, refusal="That channel is archived."))
    assert "*Firing*. *Nobody is called, and #sre does not hear of this*: page someone." in refused
    assert "Nobody is called" not in alert(story(responder(BOB), team=ALONE))
    assert "Nobody is called" not in alert(story(team=ALONE, state=State.ACKNOWLEDGED))


def test_the_chain_may_have_resolved_it() -> None:
    over = story(state=State.RESOLVED, holder=None, chain=chain(ending=Ending.STOPPED))
    assert "*Resolved* by the escalation chain " in alert(over)
    assert alert_group.render(over).text == "Resolved by the escalation chain: db is down"


def test_whoever_a_chain_calls_reads_that() -> None:
    called = notice(team="SRE", by_chain=True, important=True, plan=(Step(RuleType.SLACK),))
    message = direct.page(called)
    assert message.text == "Alice paged the SRE team: db is down"
    assert (
        "Alice paged the SRE team: its escalation chain calls you by your important rules."
        in shown(message)
    )
    again = shown(direct.page(replace(called, run=2)))
    assert "its escalation chain calls you again by your important rules." in again
    teamless = replace(called, team=None)
    assert "Alice asked for help: an escalation chain calls you by" in shown(direct.page(teamless))
    assert direct.page(teamless).text == "Alice asked for help: db is down"
    by_hand = direct.page(replace(called, by_chain=False))
    assert by_hand.text == "Alice paged you: db is down"
    assert "Alice paged you by your important rules." in shown(by_hand)


def test_their_message_goes_on_saying_so() -> None:
    bob = replace(responder(BOB), by_chain=True)
    running = direct.follow(story(bob, team=SRE), "PUBOB")
    assert running.text == "Alice paged the SRE team: db is down"
    assert (
        "Alice paged the SRE team: its escalation chain calls you by your default rules."
        in shown(running)
    )
    late = direct.follow(story(replace(bob, outcome=Outcome.EXHAUSTED), team=SRE), "PUBOB")
    assert "its escalation chain calls you, and you have not answered." in shown(late)


def test_names_of_teams_and_channels_mention_nobody() -> None:
    odd = PagedTeam(AT_ONCE, important=True, heard_only_in=AT_ONCE)
    typist = replace(responder(Person("UX", AT_ONCE, None, "UTC")), by_chain=True)
    for told in (story(team=odd), story(typist, team=odd, chain=chain(name=AT_ONCE))):
        check_mentions_nobody(alert_group.render(told))
        check_mentions_nobody(direct.follow(told, "PUX"))
    check_mentions_nobody(direct.page(notice(team=AT_ONCE, by_chain=True)))
    posted = author.posted(
        notice(purpose=Purpose.POSTED, heard_only_in=AT_ONCE, refusal=AT_ONCE), in_direct=True
    )
    check_mentions_nobody(posted)


def posted(**changes: Any) -> str:
    return author.posted(notice(purpose=Purpose.POSTED, **changes), in_direct=False).text


def test_the_author_is_told_why_it_is_not_in_the_teams_channel() -> None:
    moved = posted(slack_channel="C0ASKED", refusal="That channel is archived.", refused_by="C0SRE")
    assert moved == (
        "<#C0SRE> did not take the alert. That channel is archived. "
        "The alert is in <#C0ASKED>.\n>db is down"
    )
    no_channel = posted(slack_channel="C0ASKED", refusal="That is not a channel.", refused_by="D1")
    assert no_channel.startswith("That is not a channel. The alert is in")


def test_the_author_is_told_that_nobody_is_called() -> None:
    alone = posted(slack_channel="C0SRE", heard_only_in="#sre")
    assert alone == (
        "The alert is in <#C0SRE>.\n*Nobody is called: only #sre hears of this.*\n>db is down"
    )
    lost = posted(
        slack_channel="D1", heard_only_in="#sre", refusal="It is archived.", refused_by="C0SRE"
    )
    assert "*Nobody is called, and #sre does not hear of this*: page someone." in lost
