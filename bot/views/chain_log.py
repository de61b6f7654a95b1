"""Lines of the thread about teams and their escalation chains."""

from collections.abc import Callable, Mapping

from bot.views.fitting import called, listed, shorten
from bot.views.message import HEADER_LENGTH, named
from bot.views.text import escape, slack_moment
from core import chain_words
from core.chain_words import Voice
from core.models import Event, State
from core.story import Line, Story


def opened(line: Line, story: Story) -> str:
    by = called(line.by.name) if line.by else "Somebody"
    is_refused = story.refusal is not None
    return chain_words.opened(line.detail, by, _voice(story), is_refused=is_refused)


def to_everybody(story: Story) -> str:
    """What stands above a step that calls the whole channel: a banner shows only this much."""
    return f"<!channel> {escape(shorten(named(story.title), HEADER_LENGTH))}"


def calls_everybody(line: Line, story: Story) -> bool:
    """Whether the whole channel is mentioned with this line.

    Not when somebody has it meanwhile, and not when the thread is told anew elsewhere.
    """
    if line.event is not Event.STEPPED or story.state is not State.FIRING:
        return False
    return chain_words.calls_channel(line.detail, story.slack_channel)


def _voice(story: Story) -> Voice:
    return voice({each.person.id: each.person.name for each in story.responders})


def voice(names: Mapping[str, str]) -> Voice:
    """How a message in Slack is written; `names` by the ids of users."""
    return Voice(
        typed=called,
        strong=lambda said: f"*{said}*",
        moment=slack_moment,
        people=lambda ids: listed([names[id_] for id_ in ids if id_ in names]),
    )


SENTENCES: Mapping[Event, Callable[[Line, Story], str]] = {
    Event.OPENED: opened,
    Event.CHAIN_STARTED: lambda line, story: chain_words.started(line.detail, _voice(story)),
    Event.STEPPED: lambda line, story: chain_words.stepped(line.detail, _voice(story)),
    Event.CHAIN_ENDED: lambda line, story: chain_words.ended(line.detail, _voice(story)),
}
