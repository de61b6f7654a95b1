"""Make people's pages for an alert group: new ones, raised ones, and those that ended before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlmodel import Session

from core import authors, clock, ids, log, notifications, people, plan, rows, rules
from core.models import AlertGroup, Event, Outcome, Page, RuleType, User
from core.people import Addresses
from core.plan import Plan, Source

LEFT_ALONE = frozenset({Outcome.UNPAGED, Outcome.DECLINED})  # by the steps of chains


@dataclass(frozen=True)
class Responder:
    """Somebody to be paged, by their default or their important rules."""

    user: User
    important: bool = False


class Effect(StrEnum):
    """What paging somebody changed."""

    STARTED = "started"
    RAISED = "raised"  # they were being paged by their default rules; now by the important ones
    NOTHING = "nothing"  # they are being paged already
    OFF = "off"  # they were taken off or cannot help: a chain leaves them alone


@dataclass(frozen=True)
class Paged:
    """What became of paging one person.  `plan` is what runs now, if something was started."""

    effect: Effect
    plan: Plan | None = None


@dataclass
class Round:
    """People whose pages were decided on: what becomes of each, by user id, and what is to start.

    Whoever asked writes the log before it starts.
    """

    paged: dict[str, Paged] = field(default_factory=dict)
    started: list[tuple[Page, User, Addresses]] = field(default_factory=list)
    new: list[Page] = field(default_factory=list)

    def start(self, session: Session, group: AlertGroup) -> None:
        """Start the first steps of the pages; new ones are written."""
        notifications.advance_all(session, group, self.started, new=self.new)
        if any(not page.wanted for page, _, _ in self.started):
            authors.check_unanswered(session, group)


def page_by_hand(
    session: Session,
    group: AlertGroup,
    responders: Sequence[Responder],
    before: Mapping[str, Page],
    *,
    by: User,
    ways: Collection[RuleType],
) -> dict[str, Effect]:
    """Page people as somebody asked for it; `before` are the pages made so far, by user id."""
    decided = _decide(session, responders, before, group, by_id=by.id, ways=ways, by_chain=False)
    for page, _, _ in decided.started:
        paged = decided.paged[page.user_id]
        if paged.plan is not None:
            log.record(
                session,
                group,
                Event.RAISED if paged.effect is Effect.RAISED else Event.PAGED,
                by=by,
                user=page.user_id,
                important=page.important,
                source=paged.plan.source.value,
                plan=rules.write(paged.plan.steps),
                reachable=paged.plan.reachable,
            )
    decided.start(session, group)
    return {id_: paged.effect for id_, paged in decided.paged.items()}


def page_by_chain(
    session: Session,
    group: AlertGroup,
    users: Iterable[User],
    before: Mapping[str, Page],
    *,
    important: bool,
    ways: Collection[RuleType],
) -> Round:
    """Decide on people whom a step of an escalation chain pages.

    Nobody is lowered (P5), and whoever was taken off or said "I can't" is left alone.
    """
    left: list[Responder] = []
    off: list[str] = []
    for user in users:
        if is_off(before.get(user.id)):
            off.append(user.id)
        else:
            left.append(Responder(user, important))
    decided = _decide(session, left, before, group, by_id=group.author_id, ways=ways, by_chain=True)
    decided.paged |= {id_: Paged(Effect.OFF) for id_ in off}
    return decided


def is_off(page: Page | None) -> bool:
    """Whether this person was taken off or said "I can't", and nobody paged them again."""
    return page is not None and page.outcome in LEFT_ALONE


def _decide(
    session: Session,
    responders: Sequence[Responder],
    before: Mapping[str, Page],
    group: AlertGroup,
    *,
    by_id: str,
    ways: Collection[RuleType],
    by_chain: bool,
) -> Round:
    users = {responder.user.id: responder.user for responder in responders}
    important = dict.fromkeys(users, False)
    for responder in responders:
        important[responder.user.id] |= responder.important
    has = people.addresses(session, users.values())
    of = rules.of(session, users.values())
    decided = Round()
    again: list[Page] = []
    for id_, user in users.items():
        page = before.get(id_)
        stays_by_hand = page is not None and by_chain and not page.by_chain
        if page is not None and stays_by_hand:
            important[id_] |= page.important  # a chain never lowers it (P5)
        if page is not None and page.wanted and page.important >= important[id_]:
            decided.paged[id_] = _goes_on(page, by_id, by_chain=by_chain)
            continue
        made = plan.make(of[id_], has[id_], ways, important=important[id_])
        raised = page is not None and page.wanted
        is_louder = made.source is Source.IMPORTANT
        if page is not None and raised and not is_louder and not page.is_through:
            # To begin the same rules anew would only put off what comes next.
            page.important = True
            decided.paged[id_] = _goes_on(page, by_id, by_chain=by_chain)
            continue
        decided.paged[id_] = Paged(Effect.RAISED if raised else Effect.STARTED, made)
        if page is None:
            page = _new(group, user, by_chain=by_chain)
            decided.new.append(page)
        else:
            again.append(page)
            page.by_chain = page.by_chain and by_chain
        if not stays_by_hand:
            page.paged_by_id = by_id
        page.important = important[id_]
        page.plan = list(made.steps)
        page.fallback = list(made.fallback)
        decided.started.append((page, user, has[id_]))
    notifications.stop_all(session, [page for page in again if page.wanted], Outcome.STOPPED)
    for page in again:
        notifications.rewind(page)
    return decided


def _goes_on(page: Page, by_id: str, *, by_chain: bool) -> Paged:
    """Nobody is called twice; but whoever a chain called is now called by this person (P4)."""
    if page.by_chain and not by_chain:
        page.by_chain, page.paged_by_id = False, by_id
    return Paged(Effect.NOTHING)


def _new(group: AlertGroup, user: User, *, by_chain: bool) -> Page:
    return rows.make(
        Page,
        id=ids.make("P"),
        alert_group_id=group.id,
        user_id=user.id,
        by_chain=by_chain,
        fell_back=False,
        run=1,
        next_step=0,
        outcome=None,
        started_at=clock.now(),
        ended_at=None,
    )
