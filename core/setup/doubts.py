"""What a file does that it may not be meant to do: it is done, and said."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.models import PolicyType, Role
from core.setup.shape import Aim, Chain, Person, Ref, Team

NAMING = {PolicyType.NOTIFY_PERSONS, PolicyType.NOTIFY_NEXT}


@dataclass(frozen=True)
class State:
    """Everything by name, before a file is applied or after it."""

    people: Mapping[Ref, Person]
    teams: Mapping[Ref, Team]
    chains: Mapping[Ref, Chain]

    def named(self) -> set[Ref]:
        """Whoever is in a team or a chain."""
        found = {person for team in self.teams.values() for person in team.members}
        for chain in self.chains.values():
            found.update(person for step in chain.steps for person in step.persons)
        return found


@dataclass(frozen=True)
class Doubts:
    """What is worth a look."""

    deactivated: tuple[str, ...] = ()  # people who are called from now on, in vain
    nobody_is_admin: bool = False  # though somebody was
    unheard: tuple[str, ...] = ()  # teams whose pages reach nobody


def of(
    before: State, after: State, *, deactivated: frozenset[Ref], admins: frozenset[Ref]
) -> Doubts:
    """What becomes doubtful.  `admins` are those who are active, and admins as in Slack."""
    new = deactivated & (after.named() - before.named())
    unheard = [
        ref.text
        for ref, team in after.teams.items()
        if not _is_heard(team, after, deactivated)
        and (team != before.teams.get(ref) or _is_heard(team, before, deactivated))
    ]
    had, has = (_has_admin(state, deactivated, admins) for state in (before, after))
    return Doubts(tuple(sorted(ref.text for ref in new)), had and not has, tuple(sorted(unheard)))


def _has_admin(state: State, deactivated: frozenset[Ref], admins: frozenset[Ref]) -> bool:
    roles = {ref: person.role for ref, person in state.people.items()}
    given = any(role is Role.ADMIN and ref not in deactivated for ref, role in roles.items())
    return given or any(roles.get(ref) is None for ref in admins)


def _is_heard(team: Team, state: State, deactivated: frozenset[Ref]) -> bool:
    """Whether any of its routes leads to somebody or somewhere."""
    aims = (team.default, team.important, *(route.aim for route in team.routes))
    return any(_leads(aim, state, deactivated) for aim in aims)


def _leads(aim: Aim, state: State, deactivated: frozenset[Ref]) -> bool:
    if aim.slack_channel is not None and aim.slack_enabled:
        return True
    chain = state.chains.get(aim.chain) if aim.chain else None
    for step in chain.steps if chain else ():
        if step.type is PolicyType.RESOLVE or (
            step.type is PolicyType.IF_ALERTS and step.num_alerts  # a page by hand is one alert
        ):
            return False
        called = set(step.persons) if step.type in NAMING else set[Ref]()
        if step.type is PolicyType.NOTIFY_TEAM and step.target:
            called.update(state.teams.get(step.target, Team()).members)
        if called - deactivated or (step.type is PolicyType.NOTIFY_USER_GROUP and step.target):
            return True
    return False
