"""The Home tab: the reader's teams, and for admins all teams and the escalation chains."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot import ids
from bot.views import fields, team_words
from bot.views.chain import counted, in_words
from bot.views.chosen import Block, plain, section
from bot.views.fitting import called, listed, shorten
from bot.views.team_form import NO_TEAM
from bot.views.text import escape
from core.outlook import Outlook, StepOutlook

# A view holds 100 blocks; whoever is not shown is found by typing.
MOST_MINE, MOST_TEAMS, MOST_CHAINS = 15, 30, 25
CHAIN_LENGTH = 600
INTRODUCTION = "Tocsin calls people until somebody answers."
HOW_TO_PAGE = "Type `/escalate` in any channel to page people or a team."
MAY_NOT_PAGE = "You can be paged, but cannot page people here."


@dataclass(frozen=True)
class MyTeam:
    """One of the reader's teams, and what a page of it does."""

    id: str
    name: str
    people: int
    default: Outlook
    important: Outlook


@dataclass(frozen=True)
class AnyTeam:
    """A line of the list of all teams."""

    id: str
    name: str
    people: int
    can_be_paged: bool


@dataclass(frozen=True)
class AnyChain:
    """A line of the list of chains; `teams` are those whose pages start it."""

    id: str
    name: str
    steps: tuple[StepOutlook, ...]
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class Home:
    """What one person sees.  The counts are of everything, also of what is not listed."""

    is_admin: bool
    admins: tuple[str, ...]  # names of some who may change things
    may_page: bool = True
    mine: tuple[MyTeam, ...] = ()
    mine_count: int = 0
    teams: tuple[AnyTeam, ...] = ()
    team_count: int = 0
    without_team: Outlook = field(default_factory=Outlook)
    chains: tuple[AnyChain, ...] = ()
    chain_count: int = 0


def view(home: Home, *, mark: str) -> Block:
    """`mark` is another one at each drawing, so that the search menus are empty again.

    All other blocks with something to press keep their ids: somebody may press just then.
    """
    told = f"{INTRODUCTION} {HOW_TO_PAGE if home.may_page else MAY_NOT_PAGE}"
    blocks = [section(told), *_mine(home)]
    if home.is_admin:
        blocks += [*_teams(home, mark), *_chains(home, mark)]
    return {"type": "home", "blocks": blocks}


def _mine(home: Home) -> list[Block]:
    blocks = [_header("My teams")]
    for team in home.mine:
        does = team_words.pages(team.default, team.important, team.name)
        told = "\n".join([f"*{called(team.name)}* ({_size(team.people)})", *does])
        edit = _edit(ids.EDIT_TEAM, team.id, team.name) if home.is_admin else None
        blocks.append(_row(told, f"my_team:{team.id}", edit))
    if home.mine_count > len(home.mine):
        blocks.append(_note(f"And {home.mine_count - len(home.mine)} more."))
    if not home.mine:
        blocks.append(section("You do not belong to a team."))
    if not home.is_admin:
        blocks.append(_note(f"Teams are changed by admins: {_ask(home.admins)}"))
    return blocks


def _teams(home: Home, mark: str) -> list[Block]:
    blocks = [
        {"type": "divider"},
        _header(f"All teams ({home.team_count:,})"),
        _actions("teams", _button(ids.NEW_TEAM, "New team")),
        _search(f"teams:{mark}", ids.FIND_TEAM, "Find a team"),
    ]
    for team in home.teams:
        state = "" if team.can_be_paged else " · cannot be paged yet"
        told = f"*{called(team.name)}* · {_size(team.people)}{state}"
        edit = _edit(ids.EDIT_TEAM, team.id, team.name)
        blocks.append(_row(told, f"team:{team.id}", edit))
    if home.team_count > len(home.teams):
        blocks.append(_note(f"And {home.team_count - len(home.teams):,} more: find them above."))
    if not home.team_count:
        blocks.append(section("There is no team yet."))
    alone = f"*A page without a team* {team_words.alone(home.without_team)}"
    edit = _edit(ids.EDIT_TEAM, NO_TEAM, "pages without a team")
    blocks.append(section(alone, ids.WITHOUT_TEAM_BLOCK) | {"accessory": edit})
    return blocks


def _chains(home: Home, mark: str) -> list[Block]:
    blocks = [
        {"type": "divider"},
        _header(f"Escalation chains ({home.chain_count:,})"),
        _note("A chain says who is called, and who is called next when nobody answers."),
        _actions("chains", _button(ids.NEW_CHAIN, "New chain")),
        _search(f"chains:{mark}", ids.FIND_CHAIN, "Find a chain"),
    ]
    for chain in home.chains:
        does = escape(in_words(chain.steps, most=CHAIN_LENGTH)) or "no steps yet"
        used = f"for {listed(chain.teams, most=3)}" if chain.teams else "no team uses it"
        told = f"*{called(chain.name)}* · {used}\n{does}"
        edit = _edit(ids.EDIT_CHAIN, chain.id, chain.name)
        blocks.append(_row(told, f"chain:{chain.id}", edit))
    if home.chain_count > len(home.chains):
        blocks.append(_note(f"And {home.chain_count - len(home.chains):,} more: find them above."))
    return blocks


def _size(people: int) -> str:
    return counted(people) if people else "no members"


def _ask(admins: Sequence[str]) -> str:
    return f"ask {listed(admins, most=4)}." if admins else "there is none yet."


def _row(mrkdwn: str, block_id: str, accessory: Block | None) -> Block:
    return section(mrkdwn, block_id) | ({"accessory": accessory} if accessory else {})


def _edit(action_id: str, value: str, name: str) -> Block:
    label = {"accessibility_label": shorten(f"Edit {name}", 75)}
    return _button(action_id, "Edit") | {"value": value} | label


def _button(action_id: str, text: str) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain(text)}


def _actions(block_id: str, element: Block) -> Block:
    return {"type": "actions", "block_id": block_id, "elements": [element]}


def _search(block_id: str, action_id: str, placeholder: str) -> Block:
    return _actions(block_id, fields.search_select(action_id, None, placeholder=placeholder))


def _header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}


def _note(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]}


def only(sentence: str) -> Block:
    """A Home tab that says no more than this."""
    return {"type": "home", "blocks": [section(escape(sentence))]}
