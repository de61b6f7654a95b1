"""What a page of a team comes to, in words."""

from bot.views.chain import in_words, outcome
from bot.views.fitting import called, shorten
from bot.views.text import escape
from core.outlook import Outlook

NO_NAME = "this team"
OUTCOME_LENGTH, CHAIN_LENGTH = 500, 800  # two pages have to fit into a section


def page(outlook: Outlook, team: str, *, important: bool) -> str:
    """`A page to SRE will call Ana at once. The chain SRE day: now Ana · 5 min · Bob.`; mrkdwn."""
    sentences = [_fitting(outcome(outlook, team or NO_NAME, important=important), OUTCOME_LENGTH)]
    if outlook.calls and outlook.chain:
        steps = _fitting(in_words(outlook.steps), CHAIN_LENGTH)
        sentences.append(f"Chain {called(outlook.chain)}: {steps}.")
    if outlook.calls and outlook.slack_channel:
        channel = outlook.slack_channel_name or outlook.slack_channel
        sentences.append(f"#{called(channel)} hears of it.")
    return " ".join(sentences)


def _fitting(text: str, limit: int) -> str:
    return escape(shorten(text, limit))
