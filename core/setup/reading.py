"""A configuration file read into what it says, with everything that is wrong in it."""

from typing import Any

from core import chains, routes, teams
from core.models import Role, RoutingType
from core.setup import source, steps
from core.setup.problems import Unfit
from core.setup.shape import Aim, CustomRoute, Entry, Ref, Setup
from core.setup.source import Mapping, Piece, Scalar
from core.setup.values import Values, shown, unknown

PEOPLE, TEAMS, NO_TEAM, CHAINS = SECTIONS = ("people", "teams", "no_team", "chains")
AS_IN_SLACK = "slack"
ROLES = {AS_IN_SLACK: None, **{role.value: role for role in Role}}
AIM = ("chain", "slack_channel", "slack_enabled")
IMPORTANT = "important"
PAGING = (*AIM, *(f"{IMPORTANT}_{key}" for key in AIM), "routes")
# Without the mark before it, a route with that term would itself be the one for important pages.
NOT_ITSELF = (
    f"template: this is the way for important pages itself: write {IMPORTANT}_chain and "
    f"{IMPORTANT}_slack_channel for where it leads, and the word {IMPORTANT} here for its place."
)
TERMS = {"template": RoutingType.JINJA2, "regex": RoutingType.REGEX}


def read(content: bytes) -> Setup:
    """What this file says.  Raises Unfit."""
    values = Values()
    found = _setup(values, source.read(content))
    if values.problems:
        raise Unfit(values.problems)
    return found


def _setup(values: Values, piece: Piece) -> Setup:
    said = values.keys(piece, "the file", known=SECTIONS)
    for name, section in said.items():
        if isinstance(section, Scalar) and section.is_empty:
            values.wrong(section.line, f"{name}: nothing is written here. For none write {{}}.")
    if isinstance(piece, Scalar):
        values.wrong(piece.line, f"Write one of these keys: {', '.join(SECTIONS)}.")
    return Setup(
        people=_entries(values, said, PEOPLE, _person),
        teams=_entries(values, said, TEAMS, _team, longest=teams.NAME_LENGTH),
        no_team=_paging(values, said[NO_TEAM], said[NO_TEAM].line, NO_TEAM)
        if NO_TEAM in said
        else None,
        chains=_entries(values, said, CHAINS, _chain, longest=chains.NAME_LENGTH),
    )


def _entries(
    values: Values, said: dict[str, Piece], section: str, read_one: Any, *, longest: int = 0
) -> dict[Ref, Entry] | None:
    if section not in said:
        return None
    found = {}
    for key, piece in values.entries(said[section], section):
        name = values.text(key, section)
        if name is None:
            continue
        if longest and len(name) > longest:
            values.wrong(key.line, f"{shown(name)} has more than {longest} characters.")
        if longest and name != name.strip():
            values.wrong(key.line, f"{shown(name)} begins or ends with white space.")
        found[Ref(name, key.line)] = read_one(values, piece, key.line, name)
    return found


def _person(values: Values, piece: Piece, line: int, name: str) -> Entry:
    if not isinstance(piece, Mapping):
        roles = ", ".join(ROLES)
        values.wrong(
            line, f"{shown(name)}: say the role below it, such as `role: editor`: {roles}."
        )
        return Entry(line, {})
    said = values.keys(piece, shown(name), known=["role"])
    role = values.text(said["role"], "role") if "role" in said else None
    if role is not None and role not in ROLES:
        values.wrong(said["role"].line, unknown(role, "role", ROLES))
    if not piece.items:
        values.wrong(line, f"{shown(name)}: say the role: {', '.join(ROLES)}.")
    return Entry(line, {"role": ROLES.get(role or "")})


def _team(values: Values, piece: Piece, line: int, name: str) -> Entry:
    return _paging(values, piece, line, shown(name), more=("members",))


def _paging(
    values: Values, piece: Piece, line: int, what: str, *, more: tuple[str, ...] = ()
) -> Entry:
    said = values.keys(piece, what, known=[*more, *PAGING])
    facts: dict[str, Any] = {}
    if "members" in said:
        facts["members"] = tuple(sorted(values.refs(said["members"], "members")))
    for field, prefix in (("default", ""), ("important", f"{IMPORTANT}_")):
        facts[field] = _aim(values, said, prefix)
    if "routes" in said:
        facts |= _routes(values, said["routes"])
    return Entry(line, facts)


def _aim(values: Values, said: dict[str, Piece], prefix: str = "") -> dict[str, Any]:
    """What is said of where a route leads; a Slack channel that is named hears of it."""
    chain, channel, enabled = (f"{prefix}{key}" for key in AIM)
    facts: dict[str, Any] = {}
    if chain in said:
        facts["chain"] = values.ref(said[chain], chain)
    if channel in said:
        facts["slack_channel"] = values.ref(said[channel], channel)
        facts["slack_enabled"] = True
    if enabled in said:
        facts["slack_enabled"] = values.flag(said[enabled], enabled)
        if channel not in said:
            values.wrong(said[enabled].line, f"{enabled}: say {channel} too.")
    return facts


def _routes(values: Values, piece: Piece) -> dict[str, Any]:
    found: list[CustomRoute] = []
    marks: list[int] = []
    for item in values.items(piece, "routes"):
        if isinstance(item, Scalar) and item.text == IMPORTANT:
            if marks:
                values.wrong(item.line, f"{IMPORTANT} is in this list already.")
            marks.append(len(found))
        elif isinstance(item, Mapping):
            route = _route(values, item)
            if route is not None:
                found.append(route)
                if route.is_for_important and not marks:
                    values.wrong(route.line, NOT_ITSELF)
        else:
            said = f"a route: write template or regex with its term, or {IMPORTANT}."
            values.wrong(item.line, said)
    # One place is for important pages, unless somebody deleted that route: then it has none.
    most = routes.MOST - 1 if marks else routes.MOST
    if len(found) > most:
        values.wrong(piece.line, f"{len(found)} routes are too many: {most} at most.")
    return {"routes": tuple(found), "important_at": marks[0] if marks else 0}


def _route(values: Values, piece: Mapping) -> CustomRoute | None:
    said = values.keys(piece, "a route", known=[*TERMS, *AIM])
    words = [word for word in said if word in TERMS]
    if len(words) != 1:
        values.wrong(piece.line, f"a route: write either {' or '.join(TERMS)}, with its term.")
        return None
    [word] = words
    term = values.text(said[word], word, blank=True)
    return CustomRoute(TERMS[word], term or "", Aim(**_aim(values, said)), said[word].line)


def _chain(values: Values, piece: Piece, line: int, name: str) -> Entry:
    said = values.keys(piece, shown(name), known=["team", "steps"])
    facts: dict[str, Any] = {}
    if "team" in said:
        facts["team"] = values.ref(said["team"], "team")
    if "steps" in said:
        items = values.items(said["steps"], "steps")
        if len(items) > chains.MOST:
            values.wrong(
                said["steps"].line, f"{len(items)} steps are too many: {chains.MOST} at most."
            )
        found = [steps.read(values, item) for item in items]
        facts["steps"] = tuple(step for step in found if step is not None)
    return Entry(line, facts)
