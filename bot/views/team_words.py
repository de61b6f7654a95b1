"""What a page of a team comes to, in words."""

from bot.views.chain import NO_NAME, PAGES, by_which_rules, first_call, in_words, outcome
from bot.views.fitting import called, shorten
from bot.views.text import escape
from core.outlook import Outlook

OUTCOME_LENGTH, CHAIN_LENGTH = 500, 750  # two pages have to fit into a section


def pages(default: Outlook, important: Outlook, team: str) -> list[str]:
    """What a normal and what an important page does; once, if it is the same."""
    if not default.is_heard and not important.is_heard:
        # What makes one of them heard does so for both: a page by hand takes any way that is.
        default = important = default if default.has_chain else important
    told = [page(default, team, important=None)]
    is_same = not default.calls and told == [page(important, team, important=None)]
    if important != default and not is_same:
        told = [page(default, team, important=False), page(important, team, important=True)]
    return [f"• {each}" for each in told]


def page(outlook: Outlook, team: str, *, important: bool | None) -> str:
    """What it does, and on a line of its own the chain; mrkdwn.

    `A page to SRE will call Ana at once. #sre hears of it.`, `Chain Day: now Ana · 5 min · Bob.`
    """
    team = team.strip() or NO_NAME
    if outlook.is_heard and not outlook.calls:
        channel = called(outlook.slack_channel_name or outlook.slack_channel or "")
        which = PAGES[important].format(called(team))
        return f"{which} calls nobody: only {channel} hears of it."
    told = _fitting(outcome(outlook, team, important=important), OUTCOME_LENGTH)
    return f"{told}{_also(outlook, important=important)}"


def besides(default: Outlook, important: Outlook) -> list[str]:
    """What pages without a team do beside calling the people who were chosen."""
    told = [f"A page without a team {alone(default)}"]
    if important != default:
        told.append(f"An important page without a team {alone(important, important=True)}")
    return [f"• {each}" for each in told]


def alone(outlook: Outlook, *, important: bool = False) -> str:
    """`calls the people chosen, and also Ana at once. #ops hears of it.`, and the chain."""
    if not outlook.calls:
        return f"calls the people chosen, and nobody else.{_also(outlook)}"
    also = _fitting(first_call(outlook.steps), OUTCOME_LENGTH)
    return f"calls the people chosen, and also {also}.{_also(outlook, important=important)}"


def _also(outlook: Outlook, *, important: bool | None = None) -> str:
    """By which rules, the Slack channel that hears of it, and the chain on a line of its own."""
    told = "".join(f" {each}" for each in by_which_rules(outlook, important=important))
    if outlook.slack_channel:
        channel = called(outlook.slack_channel_name or outlook.slack_channel)
        told += f" {channel[0].upper()}{channel[1:]} hears of it."
    if outlook.calls and outlook.chain:
        steps = f": {escape(in_words(outlook.steps, most=CHAIN_LENGTH))}"
        told += f"\nChain {called(outlook.chain)}{steps if len(outlook.steps) > 1 else ''}."
    return told


def _fitting(text: str, limit: int) -> str:
    return escape(shorten(text, limit))
