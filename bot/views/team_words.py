"""What a page of a team comes to, in words."""

from bot.views.chain import in_words, outcome
from bot.views.fitting import called, shorten
from bot.views.text import escape
from core.outlook import Outlook

NO_NAME = "this team"
OUTCOME_LENGTH, CHAIN_LENGTH = 500, 800  # two pages have to fit into a section


def page(outlook: Outlook, team: str, *, important: bool) -> str:
    """`A page to SRE will call Ana at once. Chain Day: now Ana · 5 min · Bob.`; mrkdwn."""
    team = team.strip() or NO_NAME
    channel = called(outlook.slack_channel_name or outlook.slack_channel or "")
    if outlook.is_heard and not outlook.calls:
        which = "An important page" if important else "A page"
        return f"{which} to {called(team)} calls nobody: only #{channel} hears of it."
    sentences = [_fitting(outcome(outlook, team, important=important), OUTCOME_LENGTH)]
    if outlook.calls and outlook.chain:
        steps = f": {_fitting(in_words(outlook.steps), CHAIN_LENGTH)}"
        sentences.append(f"Chain {called(outlook.chain)}{steps if len(outlook.steps) > 1 else ''}.")
    if outlook.slack_channel:
        sentences.append(f"#{channel} hears of it.")
    return " ".join(sentences)


def _fitting(text: str, limit: int) -> str:
    return escape(shorten(text, limit))
