"""The team chosen in a form: which, whether important, and what will happen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import ids
from bot.views.chain import by_which_rules, in_words, outcome
from bot.views.chosen import Block, plain, section
from bot.views.fitting import SECTION_LENGTH, listed, shorten
from bot.views.text import escape, slack_moment
from core.outlook import Outlook

OPTION_LENGTH = 75  # what Slack takes for the text of an option
MOST_SUGGESTIONS = 100
IMPORTANT = "important"

HINT_FOR_ADMINS = (
    "No team can be paged yet. Make one in Tocsin's Home tab: it needs an escalation chain that "
    "calls somebody, or a Slack channel."
)
HINT = "No team can be paged yet. An admin can make one in Tocsin's Home tab."
MAY_DIFFER = (
    "There are routes that depend on the text: one of them may lead elsewhere, which shows when "
    "you press Page."
)
HERE = "The alert goes where you typed /escalate."
HERE_IF_IN = (
    "The alert goes where you typed /escalate, or to your direct messages with Tocsin if it is "
    "not in there."
)
DIRECT = "The alert goes to your direct messages with Tocsin."


@dataclass(frozen=True)
class TeamChoice:
    """The team chosen in a form, and whether it is an important escalation."""

    id: str
    name: str
    important: bool = False

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> "TeamChoice | None":
        values = view.get("state", {}).get("values", {})
        picked = values.get(ids.TEAM_BLOCK, {}).get(ids.TEAM_SELECT, {}).get("selected_option")
        if not picked:
            return None
        boxes = values.get(ids.TEAM_RULES_BLOCK, {}).get(ids.TEAM_IMPORTANT, {})
        return cls(
            id=picked["value"],
            name=picked["text"]["text"],
            important=bool(boxes.get("selected_options")),
        )


@dataclass(frozen=True)
class TeamProspect:
    """What paging a team comes to, or the `problem` for which it cannot be paged.

    `may_differ`: it has routes that nobody can judge before the message is complete.
    `opens_at`: when the hours begin for which its chain waits before it calls anybody.
    """

    outlook: Outlook = field(default_factory=Outlook)
    problem: str | None = None
    unreachable: tuple[str, ...] = ()  # names of those whom nothing can reach
    may_differ: bool = False
    opens_at: datetime | None = None


def option(team_id: str, name: str) -> Block:
    return {"text": plain(shorten(name, OPTION_LENGTH)), "value": team_id}


def suggestions(found: Iterable[tuple[str, str]]) -> list[Block]:
    """Options for teams, given by id and name."""
    return [option(id_, name) for id_, name in found]


def team_input(choice: TeamChoice | None) -> Block:
    element: Block = {
        "type": "external_select",
        "action_id": ids.TEAM_SELECT,
        "placeholder": plain("Type a team's name"),
        "min_query_length": 0,
    }
    if choice is not None:
        element["initial_option"] = option(choice.id, choice.name)
    return {
        "type": "input",
        "block_id": ids.TEAM_BLOCK,
        "dispatch_action": True,
        "optional": True,
        "label": plain("Team"),
        "element": element,
    }


def no_team(hint: str) -> Block:
    """A line where the team would be, when none can be paged."""
    text = {"type": "mrkdwn", "text": hint}
    return {"type": "context", "block_id": ids.NO_TEAM_BLOCK, "elements": [text]}


def rows(
    choice: TeamChoice, prospect: TeamProspect, *, with_people: bool = False, here: str = HERE
) -> list[Block]:
    """The choice of important, and what will happen.

    `with_people`: people are chosen together with the team.  `here` says where the alert
    goes if there is no Slack channel for it.
    """
    if prospect.problem is not None:
        return [section(escape(shorten(prospect.problem, SECTION_LENGTH)))]
    important = {"text": plain("Important escalation"), "value": IMPORTANT}
    boxes: Block = {
        "type": "checkboxes",
        "action_id": ids.TEAM_IMPORTANT,
        "options": [important],
    }
    if choice.important:
        boxes["initial_options"] = [important]
    return [
        {"type": "actions", "block_id": ids.TEAM_RULES_BLOCK, "elements": [boxes]},
        section(_told(choice, prospect, with_people=with_people, here=here)),
    ]


def besides(prospect: TeamProspect, *, here: str = HERE) -> Block:
    """What happens when no team is chosen, beside paging the people."""
    outlook = prospect.outlook
    lines = []
    if outlook.calls:
        lines = [f"Without a team, a chain starts too. {_chain(outlook)}", *_late(prospect)]
        lines += _lost(prospect)
    return section("\n".join([*lines, _where(outlook, here), *_other_ways(prospect)]))


def place(channel: str, *, is_private: bool) -> str:
    """Where the alert goes that was asked for in this Slack channel."""
    if channel.startswith("D"):
        return DIRECT
    return HERE_IF_IN if is_private else HERE


def _told(choice: TeamChoice, prospect: TeamProspect, *, with_people: bool, here: str) -> str:
    outlook, important = prospect.outlook, choice.important
    told = escape(outcome(outlook, choice.name, important=important, with_people=with_people))
    lines = [told if outlook.calls else f"*{told}*"]
    lines += [*by_which_rules(outlook, important=important), *_late(prospect)]
    if outlook.steps:
        lines.append(_chain(outlook))
    lines += _lost(prospect)
    if outlook.calls:
        lines.append(_where(outlook, here))
    return "\n".join([*lines, *_other_ways(prospect)])


def _chain(outlook: Outlook) -> str:
    name = escape(shorten(outlook.chain or "", OPTION_LENGTH))
    return f"Chain *{name}*: {escape(in_words(outlook.steps))}"


def _late(prospect: TeamProspect) -> list[str]:
    """That nobody is called for a while: whoever pages at night must not wait for an answer."""
    if prospect.opens_at is None or not prospect.outlook.calls:
        return []
    return [f"*The chain calls nobody before {slack_moment(prospect.opens_at)}.*"]


def _lost(prospect: TeamProspect) -> list[str]:
    lost = prospect.unreachable
    return [f"*Nothing can reach {listed(lost)}.*"] if lost else []


def _where(outlook: Outlook, here: str) -> str:
    channel = shorten(outlook.slack_channel_name or "", OPTION_LENGTH)
    return f"The alert goes to {escape(channel)}." if channel else here


def _other_ways(prospect: TeamProspect) -> list[str]:
    return [MAY_DIFFER] if prospect.may_differ else []
