"""A configuration made so, by the services that everything else uses, in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlmodel import Session

from core import chains, integrations, people, routes, teams, turns
from core.errors import TocsinError
from core.matching import Matcher, Term
from core.models import IMPORTANT_TERM, ChainStep, PolicyType, Route, RoutingType, User
from core.models import Team as TeamRow
from core.setup import differences, present
from core.setup.differences import Change, Changes
from core.setup.names import Names
from core.setup.present import Present
from core.setup.problems import Problem, Unfit
from core.setup.shape import Aim, Chain, CustomRoute, Ref, Setup, Step, Team
from core.turns import Turn


def check_terms(setup: Setup, matcher: Matcher) -> None:
    """Raises Unfit for terms of routes that cannot be used.  Slow: outside transactions."""
    problems = []
    entries = [*(setup.teams or {}).values(), *([setup.no_team] if setup.no_team else [])]
    for route in (route for entry in entries for route in entry.said.get("routes", ())):
        try:
            matcher.check(Term(route.type, route.term))
        except TocsinError as error:
            problems.append(Problem(route.line, str(error)))
    if problems:
        raise Unfit(problems)


def apply(session: Session, setup: Setup, *, prune: bool = False) -> Changes:
    """Have everything as `setup` says, and return what that changed.  Raises Unfit.

    The terms of its routes have been checked.
    """
    _hold(session, setup)
    now = present.read(session)
    changes = differences.find(now, setup, prune=prune)
    _drop_routes(session, now, changes)
    known = sorted(now.chain_ids[chain.name] for chain in changes.chains if chain.before)
    if known and session.get_bind().dialect.name != "sqlite":  # whose writers line up anyway
        for chain_id in known:
            chains.hold(session, chain_id)
        # Steps may have changed until here; the routes that are gone are to be told of.
        now = replace(present.read(session), teams=now.teams, no_team=now.no_team)
        changes = differences.find(now, setup, prune=prune)
    _Work(session, now).do(changes)
    return changes


def _hold(session: Session, setup: Setup) -> None:
    """Nobody else changes what this may change, but for the steps of chains.

    In the order of the services.  Chains come after the alert groups of routes that go:
    whoever has a chain run holds an alert group first.
    """
    if setup.people is not None:
        turns.take(session, Turn.PEOPLE)
    turns.take(session, Turn.TEAMS)
    teams.hold_all(session)
    turns.take(session, Turn.ROUTES)
    turns.take(session, Turn.CHAINS)


def _drop_routes(session: Session, now: Present, changes: Changes) -> None:
    """Delete the routes of teams that the file does not have, of all teams at once."""
    gone: list[Route] = []
    for team in (*changes.teams, *filter(None, [changes.no_team])):
        if team.before and team.after and team.before.routes != team.after.routes:
            row = session.get_one(TeamRow, now.team_ids[team.name]) if team.name else None
            integration = integrations.direct_paging(session, row)
            integrations.hold(session, integration.id)
            _, own, _ = _sorted(routes.of_integration(session, integration.id))
            gone += _matched(own, team.after.routes)[1]
    if gone:
        routes.delete_them(session, gone)


class _Work:
    def __init__(self, session: Session, now: Present) -> None:
        self.session = session
        self.now = now
        self.team_ids = dict(now.team_ids)
        self.chain_ids = dict(now.chain_ids)
        # What the session has at hand is not asked for again, as long as somebody holds on to it.
        self.rows = list(session.scalars(teams.LIVING))

    def do(self, changes: Changes) -> None:
        """What is referred to is made first; what refers to nothing any more goes last."""
        for person in changes.people:
            user = self.session.get_one(User, self._id(self.now.users, Ref(person.name)))
            people.give_role(self.session, user, person.after.role if person.after else None)
        for team in changes.teams:
            if team.before is None:
                with _at(team.line):
                    made = teams.make(self.session, team.name)
                    self.team_ids[team.name] = made.id
                    self.rows.append(made)
        for chain in changes.chains:
            if chain.after is not None:
                with _at(chain.line):
                    self._chain(chain, chain.after)
        for team in (*changes.teams, *filter(None, [changes.no_team])):
            if team.after is not None:
                with _at(team.line):
                    self._team(team, team.after)
        for chain in changes.chains:
            if chain.after is None:
                chains.delete_it(self.session, self.chain_ids[chain.name])
        for team in changes.teams:
            if team.after is None:
                teams.delete_it(self.session, self.team_ids[team.name])

    def _chain(self, change: Change[Chain], wanted: Chain) -> None:
        team = self._row(wanted.team.text) if wanted.team else None
        if change.before is None:
            chain = chains.make(self.session, change.name, team=team)
            self.chain_ids[change.name] = chain.id
        else:
            chain = chains.hold(self.session, self.chain_ids[change.name])
        before = change.before or Chain(team=wanted.team)
        if wanted.team != before.team:
            chains.belong_to(self.session, chain, team)
        if wanted.steps != before.steps:
            chains.replace_steps(self.session, chain, [self._step(step) for step in wanted.steps])

    def _step(self, step: Step) -> ChainStep:
        target = step.target
        team, group = None, None
        if target is not None and step.type is PolicyType.NOTIFY_TEAM:
            team = self.team_ids[target.text]
        elif target is not None:
            group = self._id(self.now.user_groups, target)
        return ChainStep(
            type=step.type,
            duration=step.duration,
            important=step.important,
            persons=tuple(self._id(self.now.users, person) for person in step.persons),
            team_id=team,
            user_group_id=group,
            time_from=step.time_from,
            time_to=step.time_to,
            num_alerts=step.num_alerts,
            num_minutes=step.num_minutes,
        )

    def _team(self, change: Change[Team], wanted: Team) -> None:
        before = change.before or Team()
        team = self._row(change.name) if change.name else None
        if team is not None:
            joined = set(wanted.members) - set(before.members)
            left = set(before.members) - set(wanted.members)
            if joined:
                teams.add_members(self.session, team.id, self._ids(joined))
            if left:
                teams.remove_members(self.session, team.id, self._ids(left))
        self._routes(team, wanted)

    def _routes(self, team: TeamRow | None, wanted: Team) -> None:
        integration = integrations.direct_paging(self.session, team)
        integrations.hold(self.session, integration.id)
        important, own, default = _sorted(routes.of_integration(self.session, integration.id))
        self._lead(default, wanted.default)
        if important is None and _wants_important(wanted):
            kind = RoutingType.JINJA2
            important = routes.add(self.session, integration, IMPORTANT_TERM, routing_type=kind)
        if important is not None:
            self._lead(important, wanted.important)
        order = []
        for route, found in _matched(own, wanted.routes)[0]:
            with _at(route.line):
                row = found or routes.add(
                    self.session, integration, route.term, routing_type=route.type
                )
                self._lead(row, route.aim)
            order.append(row)
        if important is not None:
            order.insert(wanted.important_at, important)
        if len(order) < 2:
            return
        now = routes.of_integration(self.session, integration.id)[:-1]
        if [row.id for row in now] != [row.id for row in order]:
            for position, row in enumerate(order):
                routes.move(self.session, routes.hold(self.session, row.id), position)

    def _lead(self, row: Route, aim: Aim) -> None:
        chain_id = self.chain_ids[aim.chain.text] if aim.chain else None
        if row.escalation_chain_id != chain_id:
            routes.lead_to(self.session, row, chain_id)
        channel = aim.slack_channel
        channel_id = self._id(self.now.slack_channels, channel) if channel else None
        if (row.slack_channel_id, row.slack_enabled) != (channel_id, aim.slack_enabled):
            with _at(channel.line if channel else 0):
                routes.be_heard_in(self.session, row, channel_id, enabled=aim.slack_enabled)

    def _row(self, name: str) -> TeamRow:
        return self.session.get_one(TeamRow, self.team_ids[name])

    def _ids(self, people_: Iterable[Ref]) -> list[str]:
        return [self._id(self.now.users, ref) for ref in people_]

    def _id(self, names: Names, ref: Ref) -> str:
        """Its name has been resolved before."""
        [id_] = names.ids(ref.text)
        return id_


def _wants_important(team: Team) -> bool:
    """Whether the route for important pages is to be made, if somebody deleted it."""
    same_term = any(route.is_for_important for route in team.routes)  # else one of these were it
    return team.important != Aim() or team.important_at > 0 or same_term


def _sorted(found: Sequence[Route]) -> tuple[Route | None, list[Route], Route]:
    """Of all routes of an integration: the important one, the team's own, the default one."""
    *others, default = found
    important = next((each for each in others if integrations.is_for_important(each)), None)
    return important, [each for each in others if each is not important], default


def _matched(
    own: list[Route], wanted: Sequence[CustomRoute]
) -> tuple[list[tuple[CustomRoute, Route | None]], list[Route]]:
    """Each wanted route with the one that is there already, and those that nobody wants."""
    left = list(own)
    return [(route, _taken(route, left)) for route in wanted], left


def _taken(route: CustomRoute, left: list[Route]) -> Route | None:
    """The row with this term, which then is not left any more: alert groups refer to it."""
    for row in left:
        if (row.routing_type, row.routing_regex or "") == (route.type, route.term):
            left.remove(row)
            return row
    return None


@contextmanager
def _at(line: int) -> Iterator[None]:
    """What a service refuses is a problem of this line."""
    try:
        yield
    except Unfit:
        raise
    except TocsinError as error:
        if not line:
            raise
        raise Unfit([Problem(line, str(error))]) from error
