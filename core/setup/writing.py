"""What there is, written as a file that says the same."""

from collections.abc import Iterable
from typing import Any

import yaml

from core.models import RoutingType
from core.setup import steps
from core.setup.present import Present
from core.setup.reading import AS_IN_SLACK, CHAINS, IMPORTANT, NO_TEAM, PEOPLE, TEAMS
from core.setup.shape import Aim, Chain, CustomRoute, Person, Ref, Team

HEAD = "# The configuration of Tocsin: docs/configuration.md tells what each key means.\n\n"
WORDS = {RoutingType.JINJA2: "template", RoutingType.REGEX: "regex"}
WIDTH = 100


class _Line(list[Any]):
    """A list that is written in one line, if there is room."""


class _Dumper(yaml.SafeDumper):
    """Indents lists, and refers nowhere: whoever reads it would refuse that."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Line breaks of any kind, and what nobody sees, are written as escapes."""
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(
    _Line, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, True)
)


def write(present: Present) -> str:
    """The whole state, with every key, so that applying it leaves nothing else."""
    sections = {
        PEOPLE: {ref.text: _person(one) for ref, one in sorted(present.people.items(), key=_name)},
        TEAMS: {
            ref.text: {"members": _line(one.members), **_paging(one)}
            for ref, one in sorted(present.teams.items(), key=_name)
        },
        NO_TEAM: _paging(present.no_team),
        CHAINS: {ref.text: _chain(one) for ref, one in sorted(present.chains.items(), key=_name)},
    }
    return HEAD + "\n".join(_dumped({key: section}) for key, section in sections.items())


def one_line(value: Any) -> str:
    """A step or a route in a line, as it could be written in a file."""
    text = yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=True,
        width=2**30,
    )
    return text.removesuffix("\n...\n").strip()


def role(person: Person) -> str:
    return person.role.value if person.role else AS_IN_SLACK


def aim(of: Aim, prefix: str = "") -> dict[str, Any]:
    """Where a route leads, in the file's keys."""
    found: dict[str, Any] = {
        f"{prefix}chain": of.chain.text if of.chain else None,
        f"{prefix}slack_channel": of.slack_channel.text if of.slack_channel else None,
    }
    return found if of.slack_enabled else {**found, f"{prefix}slack_enabled": False}


def routes(team: Team) -> list[Any]:
    """The routes of a team's own; that for important pages is first unless it is marked.

    Another one with its term can be told from it by the mark alone.
    """
    found: list[Any] = [_route(route) for route in team.routes]
    if team.important_at or any(route.is_for_important for route in team.routes):
        found.insert(team.important_at, IMPORTANT)
    return found


def _person(person: Person) -> dict[str, str]:
    return {"role": role(person)}


def _paging(team: Team) -> dict[str, Any]:
    return {
        **aim(team.default),
        **aim(team.important, f"{IMPORTANT}_"),
        "routes": routes(team),
    }


def _route(route: CustomRoute) -> dict[str, Any]:
    return {WORDS[route.type]: route.term, **aim(route.aim)}


def _chain(chain: Chain) -> dict[str, Any]:
    written = [steps.write(step) for step in chain.steps]
    return {
        "team": chain.team.text if chain.team else None,
        "steps": [_lined(step) for step in written],
    }


def _lined(step: Any) -> Any:
    if not isinstance(step, dict):
        return step
    return {key: _Line(value) if isinstance(value, list) else value for key, value in step.items()}


def _line(refs: Iterable[Ref]) -> _Line:
    return _Line(ref.text for ref in refs)


def _name(item: tuple[Ref, Any]) -> str:
    return item[0].text


def _dumped(section: dict[str, Any]) -> str:
    text: str = yaml.dump(section, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
    return text
