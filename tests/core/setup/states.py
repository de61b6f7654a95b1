"""Random states of teams, chains, routes and roles, made by the services that people use."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from sqlmodel import Session

from core import chains, integrations, people, routes, teams
from core.db import Database
from core.models import (
    IMPORTANT_TERM,
    ChainStep,
    PolicyType,
    Role,
    Route,
    RoutingType,
    SlackChannel,
    Team,
    User,
    UserGroup,
)

ODD = (
    *("null", "~", "yes", "no", "true", "1.0", "0x1f", "007", "18:00", "2026-11-21", "<<", "="),
    *("#sre", "@sre", "a: b", "a #b", "- x", "[x]", "{x}", "'", '"', "it's", "*a", "&a", "!a"),
    *("? d", "| e", "> f", "%g", "`h", "Zürich", "\U0001f525", "a\nb", "a\tb", "a\u2028b", "\\"),
    *("\ufeffx", "x\x85y", "SRE", "sre", "Sre", "important", "people", "a, b", "\x1b[31m", "a\rb"),
)
ANY = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
NAMES = (st.sampled_from(ODD) | ANY).map(str.strip).filter(bool)
PLACES = st.integers(0, 3)  # one of those that there are, counted round and round


def _list(of: Any, most: int = 3) -> Any:
    return st.lists(of, max_size=most)


def _maybe(of: Any) -> Any:
    return st.none() | of


AIMS = st.tuples(_maybe(PLACES), _maybe(PLACES), st.booleans())
TERMS = st.tuples(st.sampled_from(RoutingType), st.sampled_from((*ODD, IMPORTANT_TERM)) | ANY)
TERMS |= st.just((RoutingType.JINJA2, IMPORTANT_TERM))
TIMES = st.sampled_from(["00:00:00Z", "08:00:00Z", "18:00:30Z", "23:59:59Z"])
STEPS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(PolicyType),
        "duration": _maybe(st.sampled_from([60, 61, 300, 3600, 5400, 86_400])),
        "important": st.booleans(),
        "persons": _list(PLACES),
        "target": _maybe(PLACES),
        "time_from": _maybe(TIMES),
        "time_to": _maybe(TIMES),
        "num_alerts": _maybe(st.sampled_from([0, 3, 2_147_483_647])),
        "num_minutes": _maybe(st.sampled_from([1, 60, 525_600])),
    }
)
PAGING = st.fixed_dictionaries(
    {
        "default": AIMS,
        "important": _maybe(AIMS),  # None: somebody deleted that route
        "at": PLACES,
        "routes": _list(st.tuples(TERMS, AIMS)),
    }
)


@dataclass(frozen=True)
class State:
    """Who and what there is in Slack, and what is configured."""

    emails: list[str | None]
    channels: list[str]
    handles: list[str]
    roles: list[Role | None]
    teams: list[tuple[str, list[int], dict[str, Any]]]
    no_team: dict[str, Any]
    chains: list[tuple[str, int | None, list[dict[str, Any]]]]


STATES = st.builds(
    State,
    emails=st.lists(_maybe(NAMES), min_size=1, max_size=4),
    channels=_list(NAMES),
    handles=_list(NAMES),
    roles=_list(_maybe(st.sampled_from(Role)), 4),
    teams=st.lists(st.tuples(NAMES, _list(PLACES), PAGING), max_size=3, unique_by=lambda x: x[0]),
    no_team=PAGING,
    chains=st.lists(
        st.tuples(NAMES, _maybe(PLACES), _list(STEPS, 5)), max_size=3, unique_by=lambda x: x[0]
    ),
)


def people_and_slack(database: Database, state: State) -> None:
    """What Tocsin has seen; the same in each database."""
    with database.transaction() as session:
        for number, email in enumerate(state.emails):
            session.add(
                User(
                    id=f"U{number:012}",
                    name=f"user {number}",
                    username=f"user{number}",
                    email=email,
                    slack_user_id=None if number == 3 else f"UX{number}",
                )
            )
        for number, name in enumerate(state.channels):
            session.add(SlackChannel(id=f"CX{number}", name=name))
        for number, handle in enumerate(state.handles):
            session.add(
                UserGroup(id=f"G{number:012}", slack_id=f"SX{number}", name="g", handle=handle)
            )


def configure(database: Database, state: State) -> None:
    with database.transaction() as session:
        _Maker(session, state).make()


class _Maker:
    def __init__(self, session: Session, state: State) -> None:
        self.session = session
        self.state = state
        self.users = [session.get_one(User, f"U{n:012}") for n in range(len(state.emails))]
        self.teams: list[Team] = []
        self.chains: list[str] = []

    def make(self) -> None:
        for user, role in zip(self.users, self.state.roles, strict=False):
            people.give_role(self.session, user, role)
        self.teams = [teams.make(self.session, name) for name, _, _ in self.state.teams]
        for team, (_, members, _) in zip(self.teams, self.state.teams, strict=True):
            for number in members:
                teams.add_member(self.session, team.id, _pick(self.users, number))
        for name, owner, steps in self.state.chains:
            chain = chains.make(self.session, name, team=_pick(self.teams, owner))
            self.chains.append(chain.id)
            chains.replace_steps(self.session, chain, [self._step(step) for step in steps])
        for team, (_, _, paging) in zip(self.teams, self.state.teams, strict=True):
            self._paging(team, paging)
        self._paging(None, self.state.no_team)

    def _step(self, said: dict[str, Any]) -> ChainStep:
        facts = dict(said)
        target, team = facts.pop("target"), None
        if said["type"] is PolicyType.NOTIFY_TEAM:
            team = _pick(self.teams, target)
        handle = _pick(range(len(self.state.handles)), target)
        persons = tuple(_pick(self.users, number).id for number in facts.pop("persons"))
        return ChainStep(
            **facts,
            persons=persons,
            team_id=team.id if team else None,
            user_group_id=None if handle is None else f"G{handle:012}",
        )

    def _paging(self, team: Team | None, said: dict[str, Any]) -> None:
        important, default = routes.of_team(self.session, team)
        integration = integrations.direct_paging(self.session, team)
        assert important is not None
        self._lead(default, said["default"])
        for (kind, term), aim in said["routes"]:
            made = routes.add(self.session, integration, term, routing_type=kind)
            self._lead(made, aim)
        if said["important"] is None:
            routes.delete_it(self.session, important)
        else:
            self._lead(important, said["important"])
            routes.move(self.session, important, min(said["at"], len(said["routes"])))

    def _lead(self, route: Route, aim: tuple[int | None, int | None, bool]) -> None:
        chain, channel, enabled = aim
        routes.lead_to(self.session, route, _pick(self.chains, chain))
        number = _pick(range(len(self.state.channels)), channel)
        channel_id = None if number is None else f"CX{number}"
        routes.be_heard_in(self.session, route, channel_id, enabled=enabled)


def _pick(of: Any, number: int | None) -> Any:
    return None if number is None or not of else of[number % len(of)]
