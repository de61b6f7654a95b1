"""What can be configured: people's roles, teams with their routes, and chains, all by name.

The file and the database are both read into these, so that they can be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.models import IMPORTANT_TERM, PolicyType, Role, RoutingType


@dataclass(frozen=True, order=True)
class Ref:
    """A name of something else; where it is written does not count when two are compared."""

    text: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Person:
    """What somebody may do; None is as in Slack."""

    role: Role | None = None


@dataclass(frozen=True)
class Aim:
    """Where a route leads."""

    chain: Ref | None = None
    slack_channel: Ref | None = None
    slack_enabled: bool = True


@dataclass(frozen=True)
class CustomRoute:
    """A route of a team's own, with the term that an alert has to match."""

    type: RoutingType
    term: str
    aim: Aim = Aim()
    line: int = field(default=0, compare=False)

    @property
    def is_for_important(self) -> bool:
        """Whether it has the built-in term.  The first such route is that for important pages."""
        return self.type is RoutingType.JINJA2 and self.term == IMPORTANT_TERM


@dataclass(frozen=True)
class Team:
    """A team, or with no members the direct paging for no team."""

    members: tuple[Ref, ...] = ()  # sorted
    default: Aim = Aim()
    important: Aim = Aim()
    routes: tuple[CustomRoute, ...] = ()  # in order, those for important and all else apart
    important_at: int = 0  # how many of them come before the one for important pages


@dataclass(frozen=True)
class Step:
    """A step of a chain; what its type has no use for is empty."""

    type: PolicyType
    duration: int | None = None
    important: bool = False
    persons: tuple[Ref, ...] = ()
    target: Ref | None = None  # a team or a user group
    time_from: str | None = None  # HH:MM:SSZ
    time_to: str | None = None
    num_alerts: int | None = None
    num_minutes: int | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Chain:
    """An escalation chain: whose it is, and its steps."""

    team: Ref | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Entry:
    """What a file says of one thing.  What it does not say stays as it is.

    `said` holds facts by the name of their field; of an aim, what is said of it.
    """

    line: int
    said: Mapping[str, Any]

    def over(self, before: Any) -> Any:
        """What becomes of `before`."""
        facts = {
            name: replace(getattr(before, name), **fact) if isinstance(fact, Mapping) else fact
            for name, fact in self.said.items()
        }
        return replace(before, **facts)


@dataclass(frozen=True)
class Setup:
    """What a file says; a section that is not in it is None."""

    people: Mapping[Ref, Entry] | None = None
    teams: Mapping[Ref, Entry] | None = None
    no_team: Entry | None = None
    chains: Mapping[Ref, Entry] | None = None
