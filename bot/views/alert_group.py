"""The alert message: what is wrong, who has it, who is being paged, and the buttons."""

from datetime import timedelta

from bot import ids
from bot.views import message, report, standing
from bot.views.fitting import called, size
from bot.views.message import Block, Message
from bot.views.text import length, slack_moment
from core.models import State
from core.story import Story

SILENCES = (1800, 3600, 7200, 10800, 14400, 21600, 43200, 57600, 72000, 86400)  # seconds
FOREVER = -1
MOST_RESPONDERS = 30
RESPONDERS_LENGTH = 1_500  # kept free for them, however long the text is
REST_LENGTH = 80  # of the line about those who are not shown


def render(story: Story, *, whole: str | None = None) -> Message:
    """The message as things stand; `whole` is where all of a long text can be read.

    People are named, never mentioned: a mention notifies whoever it names (in a first
    post, and in a message that is posted anew), and how a responder is notified is up
    to their own rules, as it was shown to whoever paged them.
    """
    if story.is_deleted:
        gone = standing.removed(story)
        return Message(text=gone, blocks=[message.section(gone)], plain=gone)
    asked = f"{called(story.author.name)} asked for help {slack_moment(story.created_at)}"
    asked = " · ".join(part for part in (asked, standing.paged_team(story)) if part)
    stands = "\n".join(part for part in (standing.state(story), standing.chain(story)) if part)
    below = [message.context(asked), message.section(stands)]
    room = message.BLOCKS_LENGTH - message.length_of(below)
    top = _top(story, whole, room - RESPONDERS_LENGTH)
    people = _responders(story, room=room - message.length_of(top))
    told = [standing.removed(story)] if story.is_wiped else report.plain(story, whole=whole)
    return Message(
        text=standing.banner(standing.state_in_brief(story), story),
        blocks=[*top, *below, *message.lines(people), *_buttons(story)],
        plain=message.plain(stands, *told, asked, "\n".join(people)),
    )


def _top(story: Story, whole: str | None, room: int) -> list[Block]:
    if story.is_wiped:
        return [message.section(standing.removed(story))]
    return report.show(story, whole=whole, room=room)


def _responders(story: Story, room: int) -> list[str]:
    """A line for each, those who matter now first, as far as they fit."""
    in_order = sorted(story.responders, key=lambda each: each.outcome is not None)
    shown: list[str] = []
    for each in in_order[:MOST_RESPONDERS]:
        line = standing.responder(each, story)
        if size("\n".join([*shown, line])) > room - REST_LENGTH:
            break
        shown.append(line)
    if rest := in_order[len(shown) :]:
        paged = sum(each.outcome is None for each in rest)
        more = f"and {len(rest)} more people"
        shown.append(f"{more}, {paged} of them being paged." if paged else f"{more}.")
    return shown


def _buttons(story: Story) -> list[Block]:
    """None on what was wiped: unless it burns again, there is nothing to do about it."""
    if story.is_wiped and story.state is State.RESOLVED:
        return []
    return [_actions(story)]


def _actions(story: Story) -> Block:
    def button(label: str, action_id: str, style: str | None = None) -> Block:
        return message.button(label, action_id, story.id, about=story.title, style=style)

    if story.state is State.RESOLVED:
        return message.actions(button("Unresolve", ids.UNRESOLVE))
    if story.state is State.ACKNOWLEDGED:
        first = button("Unacknowledge", ids.UNACKNOWLEDGE)
    else:
        first = button("Acknowledge", ids.ACKNOWLEDGE, style="primary")
    if story.state is State.SILENCED:
        silence = button("Unsilence", ids.UNSILENCE)
    else:
        silence = message.select("Silence", ids.SILENCE, _silences(story.id))
    return message.actions(
        first,
        button("Resolve", ids.RESOLVE),
        silence,
        button("Responders", ids.RESPONDERS),
    )


def _silences(alert_group_id: str) -> list[tuple[str, str]]:
    spans = [(length(timedelta(seconds=seconds)), seconds) for seconds in SILENCES]
    return [
        (label, f"{alert_group_id}:{seconds}") for label, seconds in [*spans, ("Forever", FOREVER)]
    ]
