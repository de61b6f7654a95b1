"""One pass over the timers that are due."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from core import alert_groups, authors, clock, escalation, lifecycle, notifications, queue
from core.db import Database
from core.errors import Gone
from core.models import AlertGroup, Page, RuleType, State, Timer, TimerKind

logger = logging.getLogger(__name__)

BATCH = 200
DUE = select(Timer.id).where(col(Timer.due_at) <= bindparam("now")).limit(1)


def run_due_timers(db: Database, ways: Collection[RuleType]) -> Iterator[int]:
    """Handle what is due, one alert group and transaction after the other.

    `ways` are the channels set up here.

    Yields after each group how many timers were handled, so that the caller can
    dispatch what they produced.  A group that fails is logged and comes back with its
    lease; the others go on.
    """
    while True:
        with db.transaction() as session:
            claimed = queue.claim(session, Timer, limit=BATCH)
        yield from _run(db, ways, claimed)
        if len(claimed) < BATCH:
            return


def _run(db: Database, ways: Collection[RuleType], claimed: Sequence[Timer]) -> Iterator[int]:
    groups: dict[str, list[Timer]] = defaultdict(list)
    for timer in claimed:
        groups[timer.alert_group_id].append(timer)
    for group_id, timers in groups.items():
        try:
            _handle(db, ways, group_id, timers)
        except Exception:  # one poisoned timer must not stop the others
            logger.exception("timers of %s are handled one by one", group_id)
            for timer in timers:
                _handle_alone(db, ways, timer)
        yield len(timers)


def is_due(session: Session) -> bool:
    """Whether a timer is due; a look that takes no lock."""
    return session.scalars(DUE, {"now": clock.now()}).first() is not None


def _handle(db: Database, ways: Collection[RuleType], group_id: str, timers: list[Timer]) -> None:
    with db.transaction() as session:
        try:
            group = alert_groups.hold(session, group_id)
        except Gone:
            return
        for kind, together in groupby(timers, key=lambda timer: timer.kind):
            # First: the handler may set them anew.
            due = queue.finish_all(session, list(together))
            if not due:
                logger.info("somebody else handles these of %s, or they were set anew", group_id)
                continue
            session.expire_all()
            group = alert_groups.hold(session, group_id)
            match kind:
                case TimerKind.PAGE:
                    _run_pages(session, group, [timer.subject_id for timer in due])
                case TimerKind.UNSILENCE:
                    _unsilence(session, group)
                case TimerKind.ESCALATION:
                    escalation.advance(session, group, ways)
            session.flush()


def _handle_alone(db: Database, ways: Collection[RuleType], timer: Timer) -> None:
    try:
        _handle(db, ways, timer.alert_group_id, [timer])
    except Exception:
        logger.exception("timer %s (%s) will be tried again", timer.id, timer.kind.value)


def _run_pages(session: Session, group: AlertGroup, ids: Sequence[str]) -> None:
    found = session.scalars(select(Page).where(col(Page.id).in_(ids)).order_by(col(Page.id)))
    wanted = [page for page in found if page.wanted]
    if wanted:
        notifications.advance(session, group, wanted)
        if any(not page.wanted for page in wanted):
            authors.check_unanswered(session, group)


def _unsilence(session: Session, group: AlertGroup) -> None:
    over = group.silenced_until is not None and group.silenced_until <= clock.now()
    if group.state is State.SILENCED and over:
        lifecycle.unsilence(session, group)
