"""Send one delivery and record how it went."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from core import alert_groups, authors, clock, log, notices, notifications, queue
from core.channels import ChannelError, Channels
from core.db import Database, insist, is_unavailable
from core.models import (
    STUCK_AFTER,
    AlertGroup,
    Delivery,
    DeliveryOutcome,
    Event,
    Page,
    PostKind,
    Purpose,
    RuleType,
)
from core.notices import Draft
from core.receipts import BUNDLE_SENT, Job, Receipts

logger = logging.getLogger(__name__)

BACK_OFF = (1, 2, 5, 10, 30, 60)  # seconds before the 2nd, 3rd ... attempt; the last repeats
GIVE_UP = timedelta(hours=24)  # for messages without a page (P11)
LINK_POLL = timedelta(milliseconds=300)  # between looks for the link an e-mail waits for
NOT_CONFIGURED = "it is not set up here"

CLAIM = queue.claiming(
    Delivery,
    col(Delivery.channel) == bindparam("way"),
    col(Delivery.id).not_in(bindparam("busy", expanding=True)),
)
DUE = select(Delivery.channel).where(col(Delivery.due_at) <= bindparam("now")).distinct()


class Outbox:
    """Claims deliveries that are due and hands them to their channels."""

    def __init__(self, db: Database, channels: Channels) -> None:
        self._db = db
        self._channels = channels
        self._receipts = Receipts(db)

    @property
    def ways(self) -> Collection[RuleType]:
        return self._channels.keys()

    def claim(self, free: Mapping[RuleType, int], busy: Collection[int] = ()) -> list[Job]:
        """Lease as many due deliveries as each channel has free seats.

        `busy` are deliveries this process is still at, whose lease may have lapsed
        while the database was away.  What nobody wants any more is closed on the way.
        """
        jobs: list[Job] = []
        with self._db.transaction() as session:
            for way, seats in free.items():
                while seats > 0:
                    claimed = queue.take(session, CLAIM, limit=seats, way=way, busy=list(busy))
                    found = self._jobs(session, claimed)
                    jobs += found
                    if len(claimed) < seats:
                        break
                    seats -= len(found)  # others take the seats of what nobody wants any more
        return jobs

    def close_unconfigured(self) -> None:
        """Record as failed what no channel here can deliver, so that the next step starts (P6)."""
        unconfigured = col(Delivery.channel).not_in(list(self._channels))
        with self._db.reading() as session:
            due = select(Delivery.alert_group_id).where(
                unconfigured, col(Delivery.due_at) <= clock.now()
            )
            groups = session.scalars(due.distinct()).all()
        for group_id in groups:
            with self._db.transaction() as session:
                group = alert_groups.hold(session, group_id)
                mine = col(Delivery.alert_group_id) == group_id
                for delivery in queue.claim(session, Delivery, unconfigured, mine, limit=100):
                    _fail(session, group, delivery, NOT_CONFIGURED)

    def due_channels(self, session: Session) -> set[RuleType]:
        """Which channels have something due; a look that takes no lock."""
        return set(session.scalars(DUE, {"now": clock.now()}))

    def deliver(self, job: Job) -> None:
        """Send the notice and write down what came of it.  Raises what the database raises."""
        try:
            receipt = self._channels[job.delivery.channel].send(job.notice)
        except ChannelError as error:
            trouble = error
            insist(lambda: self._record_failure(job, trouble))
        except Exception as error:  # a defect in a channel must not stop the page
            logger.exception("delivery %s: channel failed", job.delivery.id)
            defect = ChannelError(f"internal error ({type(error).__name__})")
            insist(lambda: self._record_failure(job, defect))
        else:
            self._write_receipt(job, receipt)

    def _write_receipt(self, job: Job, receipt: dict[str, Any]) -> None:
        try:
            self._receipts.write(job, receipt)
        except Exception as error:
            if is_unavailable(error):
                raise
            # It went out: without any receipt it would go out again every few seconds.
            logger.exception("delivery %s was sent, its story is not told", job.delivery.id)
            with self._db.transaction() as session:
                group, delivery = _lock(session, job)
                sent = {"outcome": DeliveryOutcome.SENT, "sent_at": clock.now()}
                queue.finish(session, delivery, **sent)
                if delivery.page_id is not None:
                    page = session.get_one(Page, delivery.page_id, populate_existing=True)
                    notifications.ended(session, [(group, page, delivery)])

    def _jobs(self, session: Session, claimed: Sequence[Delivery]) -> list[Job]:
        """The notices for these rows; closes those that are not wanted any more."""
        jobs: list[Job] = []
        for draft in _drafts(session, claimed):
            delivery = draft.delivery
            if not _is_wanted(session, draft):
                queue.finish(session, delivery)
                delivery.outcome = DeliveryOutcome.STOPPED
            elif draft.waits_for_link(clock.now()):
                queue.postpone(session, delivery, clock.now() + LINK_POLL)
            else:
                jobs.append(Job(delivery, draft.notice))
        return jobs

    def _record_failure(self, job: Job, error: ChannelError) -> None:
        with self._db.transaction() as session:
            group, delivery = _lock(session, job)
            logger.warning(
                "delivery %s by %s: attempt %s failed: %s",
                delivery.id,
                delivery.channel.value,
                delivery.attempts,
                error,
            )
            if error.permanent:
                _fail(session, group, delivery, str(error))
                return
            if delivery.page_id is not None:
                page = session.get_one(Page, delivery.page_id, populate_existing=True)
                if not (page.wanted and page.run == delivery.run):
                    queue.finish(session, delivery)
                    delivery.outcome = DeliveryOutcome.STOPPED
                    return
            elif clock.now() - delivery.created_at > GIVE_UP:
                logger.error("delivery %s given up after 24 h: %s", delivery.id, error)
                _fail(session, group, delivery, str(error))
                return
            at = clock.now() + (error.retry_in or back_off(delivery.attempts))
            if not error.attempted:
                queue.postpone(session, delivery, at)
                return
            queue.retry(session, delivery, at)
            delivery.reason = str(error)
            if delivery.attempts == STUCK_AFTER and delivery.page_id is not None:
                log.record(
                    session,
                    group,
                    Event.FAILED,
                    user=delivery.user_id,
                    way=delivery.channel.value,
                    reason=str(error),
                    trying=True,
                )
                notifications.ended(session, [(group, page, delivery)])


def back_off(attempts: int) -> timedelta:
    """How long to wait after this many attempts."""
    return timedelta(seconds=BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1])


def _drafts(session: Session, claimed: Sequence[Delivery]) -> list[Draft]:
    """The drafts of these; one that cannot be put together stops no other."""
    try:
        return list(notices.load(session, claimed))
    except Exception as error:
        if isinstance(error, DBAPIError):
            raise
        if len(claimed) == 1:
            logger.exception("delivery %s cannot be put together", claimed[0].id)
            return []
        return [draft for one in claimed for draft in _drafts(session, [one])]


def _is_wanted(session: Session, draft: Draft) -> bool:
    """Whether the page goes on, or what the author is to be told still holds."""
    delivery, page = draft.delivery, draft.page
    if page is not None:
        return page.wanted and page.run == delivery.run
    if delivery.purpose is Purpose.UNANSWERED:
        group = session.get_one(AlertGroup, delivery.alert_group_id)
        return alert_groups.is_unanswered(session, group)
    return True


def _lock(session: Session, job: Job) -> tuple[AlertGroup, Delivery]:
    """The group first, then the row as it is now, under the lease we took.

    A lease that was lost since is noticed by queue.finish, postpone and retry.
    """
    group = alert_groups.hold(session, job.delivery.alert_group_id)
    delivery = session.get_one(Delivery, job.delivery.id, populate_existing=True)
    if delivery.lease != job.delivery.lease:
        raise queue.LeaseLost(f"delivery {delivery.id}")
    return group, delivery


def _fail(session: Session, group: AlertGroup, delivery: Delivery, reason: str) -> None:
    queue.finish(session, delivery)
    delivery.outcome = DeliveryOutcome.FAILED
    delivery.reason = reason
    if delivery.page_id is None:
        logger.error("delivery %s (%s) failed: %s", delivery.id, delivery.purpose.value, reason)
        if delivery.purpose is Purpose.POSTED and delivery.address == group.response_url:
            group.response_url = None  # the command does not take answers any more
            authors.tell(session, group, Purpose.POSTED)
        return
    page = session.get_one(Page, delivery.page_id, populate_existing=True)
    log.record(
        session,
        group,
        Event.FAILED,
        user=delivery.user_id,
        way=delivery.channel.value,
        reason=reason,
    )
    log.touch(session, group, PostKind.ALERT, soon=BUNDLE_SENT)
    notifications.ended(session, [(group, page, delivery)])
