"""The escalation chain of an alert group: started, stopped and started afresh.

The engine runs its steps (core/escalation.py); the caller holds the group's lock.
"""

from sqlmodel import Session

from core import chains, clock, log, timers
from core.models import (
    AlertGroup,
    ChainStep,
    Ending,
    Escalation,
    EscalationChain,
    Event,
    TimerKind,
)


def of(session: Session, group: AlertGroup) -> Escalation | None:
    """The group's chain as it stands now, if it has one."""
    session.flush()
    return session.get(Escalation, group.id, populate_existing=True)


def start(session: Session, group: AlertGroup, chain_id: str) -> bool:
    """Copy the chain, so that later edits change nothing here (P2), and have it run at once.

    Whether it has any steps; its caller keeps it from being deleted.
    """
    steps = chains.steps(session, [chain_id])[chain_id]
    chain = session.get_one(EscalationChain, chain_id)
    if not steps:
        return False
    run = Escalation(
        alert_group_id=group.id, chain_id=chain_id, chain_name=chain.name, steps=list(steps)
    )
    session.add(run)
    _begin(session, group, run, again=False)
    return True


def stop(session: Session, group: AlertGroup) -> bool:
    """Somebody has it, or it is over: no step runs any more.  Whether one would have."""
    run = of(session, group)
    if run is None or run.ending is not None:
        return False
    run.ending = Ending.STOPPED
    run.ended_at = clock.now()
    timers.clear(session, TimerKind.ESCALATION, group.id)
    return True


def restart(session: Session, group: AlertGroup) -> None:
    """It burns again: from the first step, with the chain as it is now.

    If the chain was deleted or emptied, its copy runs.
    """
    run = of(session, group)
    if run is None:
        return
    chain = session.get(EscalationChain, run.chain_id)
    steps: tuple[ChainStep, ...] = ()
    if chain is not None:
        steps = chains.steps(session, [chain.id])[chain.id]
    if chain is not None and steps:
        run.chain_name, run.steps = chain.name, list(steps)
    run.next_step = run.repeats = 0
    run.is_held = False
    run.ending = run.ended_at = None
    run.started_at = clock.now()
    _begin(session, group, run, again=True)


def _begin(session: Session, group: AlertGroup, run: Escalation, *, again: bool) -> None:
    session.flush()
    log.record(
        session, group, Event.CHAIN_STARTED, chain=run.chain_name, steps=len(run.steps), again=again
    )
    timers.put(session, TimerKind.ESCALATION, group.id, group.id, clock.now())
