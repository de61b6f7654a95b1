"""Escalation chains and their steps: made, named, changed, moved, and deleted."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, update
from sqlmodel import Session, col, select

from core import chain_step, ids, positions, turns
from core.errors import Conflict, Gone, Taken
from core.models import ChainStep, EscalationChain, EscalationPolicy, PolicyType, Route, Team
from core.positions import END, LAST
from core.reports import name_for
from core.turns import Turn

NAME_LENGTH = 100
MOST = 100  # steps in a chain
POLICIES: Any = EscalationPolicy.__table__  # type: ignore[attr-defined]
new_policy_id = ids.maker("E")
FACTS = [each.name for each in fields(ChainStep) if each.name != "policy_id"]
CHAINS = select(EscalationChain).order_by(col(EscalationChain.created_at), col(EscalationChain.id))
STEPS = (
    select(EscalationPolicy)
    .where(col(EscalationPolicy.escalation_chain_id).in_(bindparam("chains", expanding=True)))
    .order_by(col(EscalationPolicy.position))
    .execution_options(populate_existing=True)
)


def make(session: Session, name: str, *, team: Team | None = None) -> EscalationChain:
    """A new chain without steps.  Raises Invalid, and Taken for a name that another chain has."""
    chain = EscalationChain(name=_checked(session, name), team_id=team.id if team else None)
    session.add(chain)
    session.flush()
    return chain


def find(session: Session, chain_id: str) -> EscalationChain:
    """Raises Gone."""
    chain = session.get(EscalationChain, chain_id)
    if chain is None:
        raise Gone("This escalation chain does not exist any more.")
    return chain


def hold(session: Session, chain_id: str, *, to_delete: bool = False) -> EscalationChain:
    """The chain as it is now; nobody else changes its steps until the transaction ends.

    `to_delete` also waits for those who keep it.  Raises Gone.
    """
    rows = CHAINS.where(EscalationChain.id == chain_id).with_for_update(key_share=not to_delete)
    chain = session.scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if chain is None:
        raise Gone("This escalation chain does not exist any more.")
    return chain


def keep(session: Session, chain_id: str) -> bool:
    """Whether it is there; nobody deletes it until the transaction ends, steps may change."""
    rows = select(EscalationChain.id).where(EscalationChain.id == chain_id)
    return session.scalar(rows.with_for_update(read=True, key_share=True)) is not None


def hold_to_rename(session: Session, chain_id: str) -> EscalationChain:
    """As `hold`, with the names first, as whoever applies a file takes them.  Raises Gone."""
    turns.take(session, Turn.CHAINS)
    return hold(session, chain_id)


def rename(session: Session, chain: EscalationChain, name: str) -> None:
    """A chain that is held to be renamed.  Raises Invalid, Taken for a name of another chain."""
    chain.name = _checked(session, name, chain=chain)
    session.flush()


def belong_to(session: Session, chain: EscalationChain, team: Team | None) -> None:
    """Whose chain it is, which is for people to know; None for nobody's."""
    chain.team_id = team.id if team else None
    session.flush()


def delete_it(session: Session, chain_id: str) -> None:
    """Routes lead nowhere instead.  Alert groups for which it runs keep their copy.  Raises Gone.

    The chain is not held yet, or whoever changes routes would wait for it the other way round.
    """
    turns.take(session, Turn.ROUTES)
    chain = hold(session, chain_id, to_delete=True)
    session.execute(
        update(Route)
        .where(col(Route.escalation_chain_id) == chain.id)
        .values(escalation_chain_id=None)
    )
    mine = col(EscalationPolicy.escalation_chain_id) == chain.id
    session.execute(delete(EscalationPolicy).where(mine))
    session.delete(chain)
    session.flush()


def steps(session: Session, chain_ids: Collection[str]) -> dict[str, tuple[ChainStep, ...]]:
    """The steps of each of these chains, in order; empty for one that is not there."""
    found: dict[str, list[ChainStep]] = defaultdict(list)
    if chain_ids:
        for policy in session.scalars(STEPS, {"chains": list(chain_ids)}):
            found[policy.escalation_chain_id].append(policy.step)
    return {id_: tuple(found[id_]) for id_ in chain_ids}


def policies(session: Session, chain_id: str) -> list[EscalationPolicy]:
    """The chain's steps as rows, in order."""
    return list(session.scalars(STEPS, {"chains": [chain_id]}))


def hold_policy(session: Session, policy_id: str) -> EscalationPolicy:
    """The step as it is now; nobody else changes its chain's steps.  Raises Gone."""
    chain_id = session.scalar(
        select(EscalationPolicy.escalation_chain_id).where(EscalationPolicy.id == policy_id)
    )
    if chain_id is not None:
        hold(session, chain_id)
        policy = session.get(EscalationPolicy, policy_id, populate_existing=True)
        if policy is not None:
            return policy
    raise Gone("This step does not exist any more.")


def new_id() -> str:
    """An id for a step that is not there yet."""
    return ids.make("E")


def add(
    session: Session,
    chain: EscalationChain,
    step: ChainStep,
    *,
    position: int = END,
    swap: bool = False,
    id_: str | None = None,
) -> EscalationPolicy:
    """A new step at the end of the chain, or moved from there to `position`; the chain is held.

    `id_` is a `new_id`, for whoever must know it beforehand.
    Raises Invalid, and Conflict if the chain is full.
    """
    list_ = [col(EscalationPolicy.escalation_chain_id) == chain.id]
    count = session.scalar(select(func.count()).select_from(EscalationPolicy).where(*list_)) or 0
    if count >= MOST:
        raise Conflict(f"There are {MOST} steps in this chain already: delete one of them first.")
    policy = EscalationPolicy(
        id=id_ or new_id(),
        escalation_chain_id=chain.id,
        position=positions.after_last(session, EscalationPolicy, list_),
        type=step.type,
    )
    _fill(policy, step)
    session.add(policy)
    session.flush()
    if position != END:
        positions.put(session, policy, position, list_, swap=swap)
    return policy


def change(session: Session, policy: EscalationPolicy, step: ChainStep) -> None:
    """Make a step that is held do something else.  Raises Invalid."""
    _fill(policy, step)
    session.flush()


def move(session: Session, policy: EscalationPolicy, position: int, *, swap: bool = False) -> None:
    """Put a step that is held elsewhere in its chain."""
    list_ = [col(EscalationPolicy.escalation_chain_id) == policy.escalation_chain_id]
    positions.put(session, policy, position, list_, swap=swap)


def remove(session: Session, policy: EscalationPolicy) -> None:
    """The others keep their positions."""
    session.delete(policy)
    session.flush()


def replace_steps(session: Session, chain: EscalationChain, wanted: Iterable[ChainStep]) -> None:
    """Make `wanted` the steps of a chain that is held.

    Rows stay where they are the same kind of step, so that a round robin keeps its turn.
    Raises Invalid, and Conflict for too many.
    """
    before = policies(session, chain.id)
    list_ = list(wanted)
    if len(list_) > MOST:
        raise Conflict(f"{len(list_)} steps are too many for a chain: {MOST} at most.")
    kept = 0
    for policy, step in zip(before, list_, strict=False):
        if policy.type is not step.type:
            break
        _fill(policy, step)
        kept += 1
    for old in before[kept:]:
        session.delete(old)
    session.flush()
    first = before[kept - 1].position + 1 if kept else 0
    if first + len(list_) - kept > LAST + 1:  # a client has put one of them that far
        for position, policy in enumerate(before[:kept]):
            policy.position = position
            session.flush()  # each alone: in another order one could meet the next
        first = kept
    # As plain rows and all at once: a file may bring thousands, and others wait meanwhile.
    new = [
        {
            "id": new_policy_id(),
            "escalation_chain_id": chain.id,
            "position": position,
            **_facts(chain_step.checked(step)),
        }
        for position, step in enumerate(list_[kept:], first)
    ]
    if new:
        session.execute(insert(POLICIES), new)


def _fill(policy: EscalationPolicy, wanted: ChainStep) -> None:
    policy.last_notified_id = _last_of(policy, wanted.persons)
    for name, value in _facts(chain_step.checked(wanted)).items():
        setattr(policy, name, value)
    if policy.type is not PolicyType.NOTIFY_NEXT:
        policy.last_notified_id = None


def _last_of(policy: EscalationPolicy, persons: Collection[str]) -> str | None:
    """Whose turn it was last among these; where that one was taken out, who came before."""
    order, last = list(policy.persons), policy.last_notified_id
    if last is None or last not in order:
        return last
    at = order.index(last) + 1
    backwards = [*reversed(order[:at]), *reversed(order[at:])]
    return next((each for each in backwards if each in persons), None)


def _facts(step: ChainStep) -> dict[str, Any]:
    """What a row says of its step, by column."""
    return {name: getattr(step, name) for name in FACTS} | {"persons": list(step.persons)}


def _checked(session: Session, name: str, *, chain: EscalationChain | None = None) -> str:
    """The name without white space around it.  Raises Invalid if it cannot be the chain's."""
    name = name_for("chain", name, longest=NAME_LENGTH)
    turns.take(session, Turn.CHAINS)
    other = session.scalars(
        select(EscalationChain).where(EscalationChain.name == name)
    ).one_or_none()
    if other is not None and (chain is None or other.id != chain.id):
        raise Taken(f"There is an escalation chain called {name} already.", field="name")
    return name
