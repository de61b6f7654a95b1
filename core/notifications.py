"""Run a page's plan: start its notifications, wait, and conclude when nobody answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from core import authors, clock, log, people, plan, queue, rows, rules, tally, timers
from core.models import (
    AlertGroup,
    Delivery,
    DeliveryOutcome,
    Event,
    Outcome,
    Page,
    RuleType,
    TimerKind,
    User,
)
from core.people import Addresses
from core.plan import Fate
from core.tally import Tally

DELIVERY: Any = Delivery.__table__  # type: ignore[attr-defined]
NEW_DELIVERIES = insert(DELIVERY)
STOP = (
    update(DELIVERY)
    .where(
        DELIVERY.c.page_id.in_(bindparam("pages", expanding=True)),
        DELIVERY.c.outcome.is_(None),
        DELIVERY.c.lease.is_(None),
    )
    .values(outcome=DeliveryOutcome.STOPPED, due_at=None)
)
NO_CONTACT = "no address is known for them"


@dataclass
class _Started:
    """What has still to be written: new pages, notifications by their columns, and ends."""

    new: list[Page] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    exhausted: list[Page] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What became of the steps of each run so far, by page id, read for all pages at once.

    A step that is started later either is under way, or has failed and counts for nothing.
    """

    fates: dict[str, dict[int, Fate]]
    tallies: dict[str, Tally]

    @classmethod
    def read(cls, session: Session, pages: Sequence[Page]) -> "_Known":
        begun = [page for page in pages if page.next_step]
        return cls(_fates(session, begun), tally.count(session, begun))


def advance(session: Session, group: AlertGroup, pages: Sequence[Page]) -> None:
    """Start every notification up to the plans' next waits, and set the alarms after those.

    The caller holds the group's lock, and asks `authors.check_unanswered` when it is done with
    all of the group's pages: these may have ended here.
    """
    ids = [page.user_id for page in pages]
    users = {user.id: user for user in session.scalars(select(User).where(col(User.id).in_(ids)))}
    has = people.addresses(session, users.values())
    running = [(page, users[page.user_id], has[page.user_id]) for page in pages]
    advance_all(session, group, running)


def advance_all(
    session: Session,
    group: AlertGroup,
    running: Sequence[tuple[Page, User, Addresses]],
    *,
    new: Sequence[Page] = (),
) -> None:
    """`advance` for several pages of a group, with the users' addresses.

    Those of them that are `new` are written here, when their first steps are started.
    """
    started = _Started(new=list(new))
    known = _Known.read(session, [page for page, _, _ in running])
    alarms: list[tuple[str, str, datetime]] = []
    for page, user, has in running:
        due = _advance(session, group, page, user, has, started, known)
        if due is not None:
            alarms.append((page.id, group.id, due))
    _write(session, started)
    stop_all(session, started.exhausted, Outcome.EXHAUSTED)
    timers.put_all(session, TimerKind.PAGE, alarms)


def _advance(
    session: Session,
    group: AlertGroup,
    page: Page,
    user: User,
    has: Addresses,
    started: _Started,
    known: _Known,
) -> datetime | None:
    """Start one page's notifications; when it goes on, if a wait has begun."""
    fates = known.fates.setdefault(page.id, {})
    under_way = False
    while page.wanted:
        if page.is_through:
            if under_way:
                return None  # `ended` will come back to it
            stands = known.tallies.get(page.id, tally.NOTHING)
            if not _conclude(session, group, page, stands, started.exhausted):
                return None
            continue
        index, step = page.next_step, page.steps[page.next_step]
        page.next_step += 1
        if not step.is_wait:
            fate = _start(session, group, page, user, has, index, started)
            under_way = under_way or fate is not Fate.FAILED
            fates[index] = fate
            continue
        if not plan.skips_wait(page.steps, index, fates.__getitem__):
            return clock.after(clock.now(), step.wait)
    return None


def ended(session: Session, endings: Iterable[tuple[AlertGroup, Page, Delivery]]) -> None:
    """These deliveries have gone out or failed: see what that changes for their pages.

    The caller holds the groups' locks and has set the deliveries' outcomes.
    """
    mine = [end for end in endings if end[1].wanted and end[2].run == end[1].run]
    over = {page.id: (group, page) for group, page, _ in mine if page.is_through}
    tallies = tally.count(session, [page for _, page in over.values()])
    failed = [page for _, page, delivery in mine if _fate(delivery) is Fate.FAILED]
    fates = _fates(session, failed)
    exhausted: list[Page] = []
    alarms: list[tuple[str, str, datetime]] = []
    for group, page in over.values():
        stands = tallies.get(page.id, tally.NOTHING)
        if stands.answer_by is not None and stands.answer_by > clock.now():
            alarms.append((page.id, group.id, stands.answer_by))
        elif _conclude(session, group, page, stands, exhausted):
            advance(session, group, [page])
    stop_all(session, exhausted, Outcome.EXHAUSTED)
    for group, page, delivery in mine:
        if page.id not in over and _fate(delivery) is Fate.FAILED:
            waiting_at = page.next_step - 1
            if (
                delivery.step < waiting_at
                and page.steps[waiting_at].is_wait
                and plan.skips_wait(page.steps, waiting_at, fates[page.id].__getitem__)
            ):
                alarms.append((page.id, group.id, clock.now()))
    timers.put_all(session, TimerKind.PAGE, alarms)
    ended_now = {group.id: group for group, page in over.values() if not page.wanted}
    for group in ended_now.values():
        authors.check_unanswered(session, group)


def stop(session: Session, page: Page, outcome: Outcome) -> None:
    """End the page: no more steps, and nothing goes out that is not already on its way."""
    stop_all(session, [page], outcome)


def stop_all(session: Session, pages: Sequence[Page], outcome: Outcome) -> None:
    """`stop` for several at once."""
    if not pages:
        return
    for page in pages:
        page.outcome = outcome
        page.ended_at = clock.now()
    timers.clear(session, TimerKind.PAGE, *(page.id for page in pages))
    session.execute(
        STOP,
        {"pages": [page.id for page in pages]},
        execution_options={"synchronize_session": False},
    )


def rewind(page: Page) -> None:
    """Make the page ready to run its plan anew from the first step; `advance` starts it."""
    page.run += 1
    page.next_step = 0
    page.fell_back = False
    page.outcome = None
    page.started_at = clock.now()
    page.ended_at = None


def _start(
    session: Session,
    group: AlertGroup,
    page: Page,
    user: User,
    has: Addresses,
    index: int,
    started: _Started,
) -> Fate:
    """Put one notification into the outbox, or record at once that it cannot be sent."""
    now = clock.now()
    way = page.steps[index].type
    paused_until = user.paused_until(now) if way is RuleType.SLACK and way in has else None
    started.deliveries.append(
        {
            "alert_group_id": group.id,
            "user_id": user.id,
            "channel": way,
            "address": has.get(way, ""),
            "page_id": page.id,
            "run": page.run,
            "step": index,
            "due_at": now if way in has else None,
            "outcome": None if way in has else DeliveryOutcome.FAILED,
            "reason": None if way in has else NO_CONTACT,
            "paused_until": paused_until,
        }
    )
    if way not in has:
        log.record(session, group, Event.FAILED, user=user.id, way=way.value, reason=NO_CONTACT)
        return Fate.FAILED
    queue.make_due(session)
    return Fate.PAUSED if paused_until else Fate.OPEN


def _write(session: Session, started: _Started) -> None:
    """Write down what was started since the last time: the pages first."""
    session.flush()
    rows.write(session, started.new)
    started.new.clear()
    if started.deliveries:
        session.connection().execute(NEW_DELIVERIES, started.deliveries)
        started.deliveries.clear()


def _conclude(
    session: Session, group: AlertGroup, page: Page, stands: Tally, exhausted: list[Page]
) -> bool:
    """Every step has run.  Whether the fallback was added, so that there is more to do.

    A page that ends here is among the `exhausted`, which the caller stops together.
    """
    if stands.pending > stands.stuck:
        return False  # `ended` will come back to it
    if stands.last_sent is None and page.fallback and not page.fell_back:
        page.fell_back = True
        page.next_step = len(page.plan)
        plan_now = rules.write(page.fallback)
        log.record(session, group, Event.FELL_BACK, user=page.user_id, plan=plan_now)
        return True
    if stands.pending:
        return False
    if stands.answer_by is not None and clock.now() < stands.answer_by:
        timers.put(session, TimerKind.PAGE, page.id, group.id, stands.answer_by)
        return False
    page.outcome = Outcome.EXHAUSTED
    exhausted.append(page)
    event = Event.EXHAUSTED if stands.last_sent else Event.UNREACHABLE
    log.record(session, group, event, user=page.user_id)
    log.show(session, group)
    return False


def _fates(session: Session, pages: Sequence[Page]) -> dict[str, dict[int, Fate]]:
    """What became so far of each step of these pages' present runs, by page id."""
    fates: dict[str, dict[int, Fate]] = {page.id: {} for page in pages}
    if not pages:
        return fates
    session.flush()
    found = session.scalars(
        select(Delivery)
        .join(Page, (col(Page.id) == Delivery.page_id) & (col(Page.run) == Delivery.run))
        .where(col(Page.id).in_(list(fates)))
        .execution_options(populate_existing=True)
    )
    for row in found:
        fates[row.page_id or ""][row.step] = _fate(row)
    return fates


def _fate(delivery: Delivery) -> Fate:
    if delivery.outcome is DeliveryOutcome.FAILED or delivery.is_stuck:
        return Fate.FAILED
    return Fate.PAUSED if delivery.paused_until else Fate.OPEN
