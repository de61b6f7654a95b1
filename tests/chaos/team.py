"""A team paged by a chain of several short steps, and whether each step ran as it should."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session

from core import chains, people, routes, teams
from core.models import ChainStep, Ending, Event, LogRecord, PolicyType, State, User

if TYPE_CHECKING:
    from tests.chaos.ledger import Ledger

NAME = "chaos"
MEMBERS = 5
WAIT = ChainStep(PolicyType.WAIT, duration=60)
STOPS = {Event.ACKNOWLEDGED, Event.SILENCED, Event.RESOLVED}


def make(session: Session, names: Sequence[str]) -> None:
    """Two people at once, the next in turn after a minute, the whole team after another."""
    members = [people.find(session, f"{name}@example.com") for name in names[:MEMBERS]]
    team = teams.make(session, NAME)
    for user in members:
        teams.add_member(session, team.id, user)
    chain = chains.make(session, NAME)
    for step in (
        ChainStep(PolicyType.NOTIFY_PERSONS, persons=_ids(members[:2])),
        WAIT,
        ChainStep(PolicyType.NOTIFY_NEXT, persons=_ids(members[2:]), important=True),
        WAIT,
        ChainStep(PolicyType.NOTIFY_TEAM, team_id=team.id),
        WAIT,
    ):
        chains.add(session, chain, step)
    for important in (True, False):
        urgent, default = routes.of_team(session, team)
        route = urgent if important else default
        assert route is not None
        routes.lead_to(session, route, chain.id)


def check_chains(ledger: "Ledger") -> None:
    """Every step ran once, in order, and none while somebody had it."""
    for group_id, chain in ledger.rows.chains.items():
        ledger.counts["chains"] += 1
        wanted = [at for at, step in enumerate(chain.steps, 1) if step.type is not PolicyType.WAIT]
        left = _walk(ledger, group_id, wanted, ledger.rows.log[group_id])
        ended = chain.ending is Ending.FINISHED
        if ended and left:
            ledger.complain(f"the chain of {group_id} ended without its steps {left}")
        if ledger.rows.groups[group_id].state is State.FIRING and not ended:
            ledger.complain(f"the chain of {group_id} never ended")


def _walk(
    ledger: "Ledger", group_id: str, wanted: Sequence[int], records: Sequence[LogRecord]
) -> list[int]:
    """Which steps of the last round did not run."""
    left: list[int] = []
    runs = False
    for record in records:
        if record.event is Event.CHAIN_STARTED:
            left, runs = list(wanted), True
            ledger.counts["chains started"] += 1
        elif record.event in STOPS:
            runs = False
        elif record.event is Event.STEPPED:
            ledger.counts["steps of chains"] += 1
            step = record.detail["step"]
            if not runs or not left or left.pop(0) != step:
                ledger.complain(f"step {step} of the chain of {group_id} ran out of turn")
    return left


def _ids(users: Sequence[User]) -> tuple[str, ...]:
    return tuple(user.id for user in users)
