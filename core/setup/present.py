"""What is configured now, by name, as a file would say it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnExpressionArgument, text
from sqlmodel import Session, col, select

from core import audiences, chains, integrations, teams
from core.models import (
    ChainStep,
    EscalationChain,
    Integration,
    PolicyType,
    Route,
    RoutingType,
    TeamMember,
    User,
)
from core.models import Team as TeamRow
from core.setup import names
from core.setup.names import Names
from core.setup.shape import Aim, Chain, CustomRoute, Person, Ref, Step, Team

NO_TEAM = ""  # the key of direct paging for no team


@dataclass(frozen=True)
class Present:
    """Everything that a file can speak of, and the ids behind the names."""

    people: Mapping[Ref, Person]  # whoever was given a role here
    deactivated: frozenset[Ref]  # people whom nothing reaches
    admins: frozenset[Ref]  # active people who are admins as in Slack
    peopled_groups: frozenset[Ref]  # user groups with anybody who can be paged
    teams: Mapping[Ref, Team]
    no_team: Team
    chains: Mapping[Ref, Chain]
    users: Names
    slack_channels: Names
    user_groups: Names
    team_ids: Mapping[str, str]  # by name
    chain_ids: Mapping[str, str]


def at_one_moment(session: Session) -> None:
    """Have all that is read from here on be as at one moment; SQLite does so in any case."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def read(session: Session) -> Present:
    """The state as it is in this transaction."""
    return _Reader(session).read()


class _Reader:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.users = names.of_people(session)
        self.slack_channels = names.of_slack_channels(session)
        self.user_groups = names.of_user_groups(session)
        living = teams.LIVING.with_only_columns(col(TeamRow.id), col(TeamRow.name))
        self.team_names = dict(session.execute(living).all())
        self.chains = session.scalars(chains.CHAINS.execution_options(populate_existing=True)).all()
        self.chain_names = {chain.id: chain.name for chain in self.chains}

    def read(self) -> Present:
        members = self._members()
        paging = self._paging()
        return Present(
            people=self._people(),
            deactivated=self._those(col(User.is_active).is_(False)),
            admins=self._those(
                col(User.is_active), col(User.is_admin), col(User.is_guest).is_(False)
            ),
            peopled_groups=self._refs(
                self.user_groups, self.session.scalars(audiences.PEOPLED_GROUPS)
            ),
            teams={
                Ref(name): replace(paging.get(id_, Team()), members=members.get(id_, ()))
                for id_, name in self.team_names.items()
            },
            no_team=paging.get(NO_TEAM, Team()),
            chains=self._chains(),
            users=self.users,
            slack_channels=self.slack_channels,
            user_groups=self.user_groups,
            team_ids={name: id_ for id_, name in self.team_names.items()},
            chain_ids={name: id_ for id_, name in self.chain_names.items()},
        )

    def _people(self) -> dict[Ref, Person]:
        rows = select(User.id, User.given_role).where(col(User.given_role).is_not(None))
        found = {}
        for id_, role in self.session.execute(rows):
            ref = self._ref(self.users, id_)
            if ref is not None:
                found[ref] = Person(role)
        return found

    def _those(self, *conditions: ColumnExpressionArgument[bool]) -> frozenset[Ref]:
        rows = select(User.id).where(*conditions)
        return self._refs(self.users, self.session.scalars(rows))

    def _members(self) -> dict[str, tuple[Ref, ...]]:
        found: dict[str, list[Ref]] = defaultdict(list)
        for team_id, user_id in self.session.execute(
            select(TeamMember.team_id, TeamMember.user_id)
        ):
            ref = self._ref(self.users, user_id)
            if ref is not None:
                found[team_id].append(ref)
        return {team_id: tuple(sorted(refs)) for team_id, refs in found.items()}

    def _paging(self) -> dict[str, Team]:
        """The routes of direct paging, by the team's id."""
        found: dict[str, list[Route]] = defaultdict(list)
        rows = (
            select(Integration.pages_for, Route)
            .join(Route, col(Route.integration_id) == col(Integration.id))
            .where(col(Integration.pages_for).is_not(None))
            .order_by(col(Route.is_default), col(Route.position))
            .execution_options(populate_existing=True)
        )
        for team_id, route in self.session.execute(rows):
            found[team_id].append(route)
        return {team_id: self._team(routes) for team_id, routes in found.items()}

    def _team(self, routes: list[Route]) -> Team:
        important = next((each for each in routes if integrations.is_for_important(each)), None)
        own = [each for each in routes if not each.is_default and each is not important]
        return Team(
            default=self._aim(routes[-1]),
            important=self._aim(important) if important else Aim(),
            routes=tuple(
                CustomRoute(
                    RoutingType(each.routing_type), each.routing_regex or "", self._aim(each)
                )
                for each in own
            ),
            important_at=routes.index(important) if important else 0,
        )

    def _aim(self, route: Route) -> Aim:
        return Aim(
            chain=self._named(self.chain_names, route.escalation_chain_id),
            slack_channel=self._ref(self.slack_channels, route.slack_channel_id),
            slack_enabled=route.slack_enabled,
        )

    def _chains(self) -> dict[Ref, Chain]:
        found = chains.steps(self.session, list(self.chain_names))
        return {Ref(chain.name): self._chain(chain, found[chain.id]) for chain in self.chains}

    def _chain(self, chain: EscalationChain, steps: tuple[ChainStep, ...]) -> Chain:
        team = self._named(self.team_names, chain.team_id)
        return Chain(team, tuple(self._step(step) for step in steps))

    def _step(self, step: ChainStep) -> Step:
        persons = (self._ref(self.users, id_) for id_ in step.persons)
        target = None
        if step.type is PolicyType.NOTIFY_TEAM:
            target = self._named(self.team_names, step.team_id)
        elif step.type is PolicyType.NOTIFY_USER_GROUP:
            target = self._ref(self.user_groups, step.user_group_id)
        return Step(
            type=step.type,
            duration=step.duration,
            important=step.important,
            persons=tuple(person for person in persons if person is not None),
            target=target,
            time_from=step.time_from,
            time_to=step.time_to,
            num_alerts=step.num_alerts,
            num_minutes=step.num_minutes,
        )

    def _refs(self, of: Names, ids: Iterable[str]) -> frozenset[Ref]:
        return frozenset(filter(None, (self._ref(of, id_) for id_ in ids)))

    def _ref(self, of: Names, id_: str | None) -> Ref | None:
        name = of.written(id_) if id_ is not None else None
        return None if name is None else Ref(name)

    def _named(self, of: Mapping[str, str], id_: str | None) -> Ref | None:
        """What refers to something that was deleted refers to nothing."""
        name = of.get(id_ or "")
        return None if name is None else Ref(name)
