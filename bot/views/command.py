"""Reads what was typed after /escalate: `@bob @sre! db is down`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.views.chosen import MAX_PEOPLE, NOBODY, Chosen
from bot.views.fitting import shorten
from bot.views.team_choice import TeamChoice
from bot.views.text import escape, unescape

USAGE = (
    "*How to page:* `/escalate @bob @carol! db is down`. People or a team (`@sre`) first, then "
    "what is wrong. A `!` after a name pages by that person's important rules, or makes it an "
    "important escalation for the team. Or fill in the form below."
)
LEFT_OUT_LENGTH = 2_500  # characters of what did not fit that are shown

# With `should_escape` Slack sends people as <@U123|bob>, and real <, > and & escaped.
# A team may be meant by a user group, <!subteam^S123|@sre>, by its handle or its name in quotes.
FIRST = re.compile(
    r"""[\s,:]*(?P<said>
        <@(?P<person>[UW][A-Z0-9]+)(?:\|[^>]*)?>
      | <!subteam\^(?P<group>[A-Z0-9]+)(?:\|@?(?P<label>[^>]*))?>
      | @["\u201c\u201d](?P<quoted>[^"\u201c\u201d<>]+)["\u201c\u201d]
      | @(?P<handle>\w(?:[\w.-]*\w)?)
    )(?P<important>!*)(?=[\s,:<]|$)""",
    re.VERBOSE,
)
SPECIAL = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")


@dataclass(frozen=True)
class Named:
    """What a name after an @ stands for: a team, or why it does not (plain text)."""

    team: TeamChoice | None = None
    problem: str = ""


@dataclass(frozen=True)
class Typed:
    """What was typed: people, team, message, and what did not fit into the form."""

    message: str = ""
    chosen: Chosen = NOBODY
    team: TeamChoice | None = None
    problems: tuple[str, ...] = ()  # of names that chose no team; plain text
    left_out: str = ""
    people_left_out: tuple[str, ...] = ()
    asks_for_help: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What to say above the form, as mrkdwn."""
        found = [USAGE] if self.asks_for_help else []
        if self.problems:
            found.append(escape(shorten(" ".join(self.problems), LEFT_OUT_LENGTH)))
        if self.people_left_out:
            names = " ".join(f"<@{id_}>" for id_ in self.people_left_out)
            found.append(f"{MAX_PEOPLE} people fit. Page these later, with Responders: {names}")
        if self.left_out:
            shown = shorten(self.left_out, LEFT_OUT_LENGTH)
            found.append(
                f"Your text is too long: its last {len(self.left_out):,} characters are not in "
                f"the message. They {'are' if shown == self.left_out else 'begin'}:\n"
                f"{escape(shown)}"
            )
        return tuple(found)


@dataclass
class _Reading:
    """What the mentions before the first other word come to."""

    people: dict[str, bool] = field(default_factory=dict)  # by Slack id: whether important
    team: TeamChoice | None = None
    kept: list[str] = field(default_factory=list)  # which stay in the message, as they came
    problems: list[str] = field(default_factory=list)

    def add(self, match: re.Match[str], teams: Mapping[str, Named]) -> None:
        important = bool(match["important"])
        if match["person"]:
            self.people[match["person"]] = self.people.get(match["person"], False) or important
            return
        found = teams.get(key(match), Named())
        if found.team is None or (self.team and self.team.id != found.team.id):
            self.kept.append(match["said"])
            only_one = f"One team at a time can be paged: {_plainly(match)} stays in the message."
            self.problems.append(only_one if found.team else found.problem)
            return
        before = self.team is not None and self.team.important
        self.team = replace(found.team, important=before or important)


def parse(
    text: str,
    *,
    limit: int,
    name_of: Callable[[str], str | None],
    teams: Mapping[str, Named] | None = None,
) -> Typed:
    """Read the command's text.

    Mentions before the first other word are people, and the team that they name if
    `teams` knows it by `key`.  Others become text, with the names that `name_of` knows
    by Slack id.  `limit` is how long a message may be.
    """
    first, end = _mentions(text)
    read = _Reading()
    for match in first:
        read.add(match, teams or {})
    rest = text
    if read.people or read.team:
        rest = " ".join([*read.kept, text[end:].lstrip(" \t\r\n,:")])
    message = readable(rest, name_of).strip()
    chosen = tuple(read.people)[:MAX_PEOPLE]
    fits = cut(message, limit)
    return Typed(
        message=fits.rstrip(),
        chosen=Chosen(chosen, frozenset(id_ for id_ in chosen if read.people[id_])),
        team=read.team,
        problems=tuple(dict.fromkeys(problem for problem in read.problems if problem)),
        left_out=message[len(fits) :].strip(),
        people_left_out=tuple(read.people)[MAX_PEOPLE:],
        asks_for_help=not first and message.lower() == "help",
    )


def teams_named(text: str) -> dict[str, str]:
    """What may name a team before the first other word: a name or handle, by its `key`.

    That of a user group is what Slack calls it, if it said so.
    """
    return {key(match): _name(match) for match in _mentions(text)[0] if not match["person"]}


def groups_mentioned(text: str) -> tuple[str, ...]:
    """Slack ids of all user groups mentioned anywhere in the text."""
    return tuple(dict.fromkeys(re.findall(r"<!subteam\^([A-Z0-9]+)", text)))


def key(match: re.Match[str]) -> str:
    """A user group's Slack id, or the name as it was typed after its @."""
    return f"^{match['group']}" if match["group"] else _name(match)


def _name(match: re.Match[str]) -> str:
    return unescape(match["label"] or match["quoted"] or match["handle"] or "")


def _plainly(match: re.Match[str]) -> str:
    return f"@{_name(match) or 'this user group'}"


def _mentions(text: str) -> tuple[list[re.Match[str]], int]:
    """Those before the first other word, and where they end."""
    found, at = [], 0
    while match := FIRST.match(text, at):
        found.append(match)
        at = match.end()
    return found, at


def cut(text: str, limit: int) -> str:
    """As much of the text as fits; Slack counts as JavaScript does, an emoji as two."""
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")


def mentioned(text: str) -> tuple[str, ...]:
    """Slack ids of everybody mentioned anywhere in the text."""
    return tuple(dict.fromkeys(re.findall(r"<@([UW][A-Z0-9]+)", text)))


def readable(text: str, name_of: Callable[[str], str | None]) -> str:
    """Slack's markup as people would read it, which is as they typed it."""

    def shown(match: re.Match[str]) -> str:
        target, label = match["target"], match["label"]
        if target.startswith("@"):
            return "@" + (label or name_of(target[1:]) or target[1:])
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!subteam^"):
            known = label or name_of(target.removeprefix("!subteam^")) or "group"
            return "@" + known.removeprefix("@")
        if target.startswith("!"):
            return "@" + (label or target[1:].split("^")[0]).removeprefix("@")
        return label or target

    return unescape(SPECIAL.sub(shown, text))
