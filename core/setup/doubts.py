"""What a file does that it may not be meant to do: it is done, and said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.audiences import Audiences, Member
from core.models import ChainStep, Role
from core.setup.present import Present
from core.setup.shape import Aim, Chain, Person, Ref, Step, Team


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


def of(before: State, after: State, present: Present) -> Doubts:
    """What becomes doubtful."""
    new = present.deactivated & (after.named() - before.named())
    was, is_ = _Reach(before, present), _Reach(after, present)
    unheard = [
        ref.text
        for ref, team in after.teams.items()
        if not is_.hears(team) and (team != before.teams.get(ref) or was.hears(team))
    ]
    had, has = (_has_admin(state, present) for state in (before, after))
    return Doubts(tuple(sorted(ref.text for ref in new)), had and not has, tuple(sorted(unheard)))


def _has_admin(state: State, present: Present) -> bool:
    roles = {ref: person.role for ref, person in state.people.items()}
    given = any(
        role is Role.ADMIN and ref not in present.deactivated for ref, role in roles.items()
    )
    return given or any(roles.get(ref) is None for ref in present.admins)


class _Reach:
    """Whom pages reach in a state, judged as pages are, by names in place of ids."""

    def __init__(self, state: State, present: Present) -> None:
        self.channels = present.slack_channels
        active = state.named() - present.deactivated
        audiences = Audiences(
            persons={ref.text: _members([ref]) for ref in active},
            teams={
                ref.text: _members(active.intersection(team.members))
                for ref, team in state.teams.items()
            },
            groups={ref.text: _members([ref]) for ref in present.peopled_groups},
        )
        # Whom a whole Slack channel holds does not count: it hears of the page in any case.
        self.calling = {
            ref
            for ref, chain in state.chains.items()
            if audiences.call_somebody([_step(step) for step in chain.steps])
        }

    def hears(self, team: Team) -> bool:
        """Whether any of its routes leads to somebody or somewhere."""
        aims = (team.default, team.important, *(route.aim for route in team.routes))
        return any(aim.chain in self.calling or self._is_posted(aim) for aim in aims)

    def _is_posted(self, aim: Aim) -> bool:
        channel = aim.slack_channel
        return channel is not None and aim.slack_enabled and not self.channels.is_gone(channel.text)


def _members(refs: Iterable[Ref]) -> list[Member]:
    return [Member(ref.text, ref.text) for ref in refs]


def _step(step: Step) -> ChainStep:
    name = step.target.text if step.target else None
    return ChainStep(
        type=step.type,
        duration=step.duration,
        persons=tuple(person.text for person in step.persons),
        team_id=name,
        user_group_id=name,
        time_from=step.time_from,
        time_to=step.time_to,
        num_alerts=step.num_alerts,
        num_minutes=step.num_minutes,
    )
