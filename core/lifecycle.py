"""Acknowledge, silence, resolve an alert group, and their opposites.

Every function wants the group's lock held by its caller, raises Conflict when the
group is not in a state for it, and returns what the person who asked should be told
privately, if anything.
"""

from datetime import timedelta

from sqlmodel import Session

from core import alert_groups, authors, clock, log, notifications, running_chains, timers
from core.errors import Conflict, Invalid
from core.models import AlertGroup, Event, Outcome, Page, State, TimerKind, User

SILENCES = (1800, 3600, 7200, 10800, 14400, 21600, 43200, 57600, 72000, 86400)  # seconds
FOREVER = -1
LONGEST = timedelta(days=3650)
WIPED = "This alert was wiped: it stays resolved."

DONE = {
    State.ACKNOWLEDGED: "acknowledged",
    State.SILENCED: "silenced",
    State.RESOLVED: "resolved",
}


def acknowledge(session: Session, group: AlertGroup, *, by: User) -> str | None:
    """`by` has it: everybody else's pages made so far stop (P3).

    On a group that somebody else holds, it only ends the page of `by`.
    """
    if group.state is State.RESOLVED:
        raise Conflict(_already(session, group))
    if group.state is State.ACKNOWLEDGED:
        return _join(session, group, by)
    if group.state is State.SILENCED:
        _clear_silence(session, group)
    group.state = State.ACKNOWLEDGED
    group.acknowledged_at = clock.now()
    group.acknowledged_by_id = by.id
    stopped = _stop_pages(session, group, answered_by=by)
    log.record(session, group, Event.ACKNOWLEDGED, by=by, stopped=stopped)
    log.show(session, group)
    return None


def may_join(session: Session, group: AlertGroup, user: User) -> bool:
    """Whether `user` is being paged for what is acknowledged, and so may be on it too (P3)."""
    page = alert_groups.page_of(session, group, user)
    return group.state is State.ACKNOWLEDGED and page is not None and page.wanted


def unacknowledge(session: Session, group: AlertGroup, *, by: User) -> str | None:
    """Nobody has it any more: open pages and the chain start again from their first step (P4)."""
    if group.state is not State.ACKNOWLEDGED:
        raise Conflict(_not("acknowledged", session, group))
    _fire(session, group, Event.UNACKNOWLEDGED, by=by)
    return None


def silence(
    session: Session,
    group: AlertGroup,
    *,
    by: User,
    seconds: int = FOREVER,
    anew: bool = False,
) -> str | None:
    """Stop every page made so far, for `seconds`, or FOREVER.

    With `anew`, a group that is silenced already gets this end in place of its own.
    """
    if group.state is State.RESOLVED:
        raise Conflict(_already(session, group))
    if group.state is State.SILENCED:
        if not anew:
            raise Conflict(_already(session, group))
        _clear_silence(session, group)
    if seconds != FOREVER and not 0 < seconds <= LONGEST.total_seconds():
        raise Invalid("Silence for at least a second, or for ever (-1).", field="delay")
    group.state = State.SILENCED
    group.acknowledged_at = None
    group.acknowledged_by_id = None
    group.silenced_at = clock.now()
    group.silenced_by_id = by.id
    group.silenced_until = None
    if seconds != FOREVER:
        group.silenced_until = clock.after(group.silenced_at, timedelta(seconds=seconds))
        timers.put(session, TimerKind.UNSILENCE, group.id, group.id, group.silenced_until)
    stopped = _stop_pages(session, group)
    log.record(session, group, Event.SILENCED, by=by, seconds=seconds, stopped=stopped)
    log.show(session, group)
    return None


def unsilence(session: Session, group: AlertGroup, *, by: User | None = None) -> str | None:
    """End a silence, by hand or (`by` is None) because its time is over."""
    if group.state is not State.SILENCED:
        raise Conflict(_not("silenced", session, group))
    _fire(session, group, Event.UNSILENCED, by=by)
    return None


def resolve(session: Session, group: AlertGroup, *, by: User | None) -> str | None:
    """It is over: everything stops, and nobody can be paged for it any more.

    `by` is None when the last step of an escalation chain says so.
    """
    if group.state is State.RESOLVED:
        raise Conflict(_already(session, group))
    if group.state is State.SILENCED:
        _clear_silence(session, group)
    group.state = State.RESOLVED
    group.resolved_at = clock.now()
    group.resolved_by_id = by.id if by else None
    stopped = _stop_pages(session, group)
    log.record(session, group, Event.RESOLVED, by=by, stopped=stopped)
    log.show(session, group)
    return None


def unresolve(session: Session, group: AlertGroup, *, by: User) -> str | None:
    """It is not over: open pages and the chain start again from their first step (P4)."""
    if group.state is not State.RESOLVED:
        raise Conflict(_not("resolved", session, group))
    if group.wiped_at is not None:
        raise Conflict(WIPED)
    _fire(session, group, Event.UNRESOLVED, by=by)
    return None


def decline(session: Session, group: AlertGroup, *, by: User) -> str | None:
    """`by` cannot help: their page stops, the others go on."""
    page = alert_groups.page_of(session, group, by)
    if page is None:
        raise Conflict("You are not being paged for this.")
    if page.outcome is Outcome.DECLINED:
        raise Conflict("You have already said that you can't.")
    if group.state is State.RESOLVED:
        raise Conflict(_already(session, group))
    if page.outcome is Outcome.UNPAGED:
        raise Conflict("You are not being paged for this any more.")
    was_running = page.wanted
    notifications.stop(session, page, Outcome.DECLINED)
    log.record(session, group, Event.DECLINED, by=by, user=by.id)
    log.show(session, group)
    if was_running:
        authors.check_unanswered(session, group)
    return None


def _join(session: Session, group: AlertGroup, by: User) -> str:
    """Acknowledge what somebody else holds: the holder stays, the page of `by` ends."""
    page = alert_groups.page_of(session, group, by)
    who = _already(session, group)
    if group.acknowledged_by_id == by.id and not (page and page.wanted):
        raise Conflict("You have already acknowledged this.")
    if page is None or not page.wanted:
        raise Conflict(who)
    notifications.stop(session, page, Outcome.ANSWERED)
    log.record(session, group, Event.JOINED, by=by)
    log.show(session, group)
    return f"{who} You are on it too now."


def _stop_pages(
    session: Session, group: AlertGroup, *, answered_by: User | None = None
) -> list[str]:
    """End the chain and every page that runs; the ids of those who are not notified any more."""
    running_chains.stop(session, group)
    stopped: list[Page] = []
    for page in alert_groups.pages(session, group):
        if answered_by is not None and page.user_id == answered_by.id:
            if page.outcome is not Outcome.UNPAGED:  # also who said "I can't", and now can
                notifications.stop(session, page, Outcome.ANSWERED)
        elif page.wanted:
            stopped.append(page)
    notifications.stop_all(session, stopped, Outcome.STOPPED)
    return [page.user_id for page in stopped]


def _fire(session: Session, group: AlertGroup, event: Event, *, by: User | None) -> None:
    """Back to firing: the open pages made by hand run again, and so does the chain.

    Only the chain's steps make its pages anew, so nobody is called before their step.
    """
    timers.clear(session, TimerKind.UNSILENCE, group.id)
    group.state = State.FIRING
    group.acknowledged_at = group.silenced_at = group.silenced_until = group.resolved_at = None
    group.acknowledged_by_id = group.silenced_by_id = group.resolved_by_id = None
    log.record(session, group, event, by=by)
    again = {Outcome.ANSWERED, Outcome.STOPPED, Outcome.EXHAUSTED}
    pages = [
        page
        for page in alert_groups.pages(session, group)
        if page.outcome in again and not page.by_chain
    ]
    for page in pages:
        log.record(session, group, Event.RESTARTED, user=page.user_id)
        notifications.rewind(page)
    session.flush()
    notifications.advance(session, group, pages)
    running_chains.restart(session, group)
    log.show(session, group)
    authors.check_unanswered(session, group)


def _clear_silence(session: Session, group: AlertGroup) -> None:
    timers.clear(session, TimerKind.UNSILENCE, group.id)
    group.silenced_at = group.silenced_until = group.silenced_by_id = None


def _already(session: Session, group: AlertGroup) -> str:
    holder = alert_groups.holder(session, group)
    by_chain = group.state is State.RESOLVED and group.resolved_by_id is None
    nobody = "The escalation chain" if by_chain else "Somebody"
    return f"{holder.name if holder else nobody} has already {DONE[group.state]} this."


def _not(wanted: str, session: Session, group: AlertGroup) -> str:
    if group.state is State.FIRING:
        return f"This is not {wanted}: somebody was faster."
    return f"This is not {wanted} any more. {_already(session, group)}"
