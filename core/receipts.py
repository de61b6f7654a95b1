"""Write down what has been sent: many receipts in one transaction when many come at once."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from core import alert_groups, clock, log, notifications, queue
from core.channels import Notice
from core.db import Database, insist
from core.models import AlertGroup, Delivery, DeliveryOutcome, Event, Page, Post, PostKind
from core.telling import is_public

logger = logging.getLogger(__name__)

BUNDLE_SENT = timedelta(seconds=2)  # the alert message shows what was sent a little later

DELIVERY: Any = Delivery.__table__  # type: ignore[attr-defined]
POST: Any = Post.__table__  # type: ignore[attr-defined]

SENT = (
    update(DELIVERY)
    .where(DELIVERY.c.id == bindparam("row"))
    .values(
        due_at=None,
        lease=None,
        outcome=DeliveryOutcome.SENT,
        sent_at=bindparam("at"),
        receipt=bindparam("got"),
    )
)

ROWS = (
    select(Delivery, Page, Post)
    .outerjoin(Page, col(Page.id) == Delivery.page_id)
    .outerjoin(
        Post,
        (col(Post.alert_group_id) == Delivery.alert_group_id) & (col(Post.kind) == PostKind.ALERT),
    )
    .where(col(Delivery.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Delivery.id))
    .with_for_update(of=Delivery)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Job:
    """A claimed delivery, ready to send."""

    delivery: Delivery
    notice: Notice


@dataclass(eq=False)
class _Receipt:
    job: Job
    got: dict[str, Any]
    written: bool = False


class Receipts:
    """Whoever comes while somebody writes waits, and is then written with all who waited.

    So a burst costs a few transactions rather than one for each delivery, and a
    delivery on its own is written at once.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: list[_Receipt] = []
        self._adding = Lock()
        self._writing = Lock()

    def write(self, job: Job, got: dict[str, Any]) -> None:
        """Returns when it is committed.  Raises what the database raises."""
        mine = _Receipt(job, got)
        with self._adding:
            self._waiting.append(mine)
        with self._writing:
            if mine.written:
                return
            with self._adding:
                batch, self._waiting = self._waiting, []
            try:
                self._write(batch)
            except Exception:
                if len(batch) == 1:
                    raise
                logger.exception("%s receipts are written one by one", len(batch))
                with self._adding:
                    self._waiting += [other for other in batch if other is not mine]
                self._write([mine])

    def _write(self, batch: list[_Receipt]) -> None:
        insist(lambda: self._record(batch))
        for receipt in batch:
            receipt.written = True

    def _record(self, batch: list[_Receipt]) -> None:
        by_id = {receipt.job.delivery.id or 0: receipt for receipt in batch}
        with self._db.transaction() as session:
            group_ids = {receipt.job.delivery.alert_group_id for receipt in batch}
            groups = alert_groups.lock_all(session, group_ids)
            rows = [
                row
                for row in _rows(session, list(by_id))
                if row[0].lease == by_id[row[0].id or 0].job.delivery.lease or _lost(row[0])
            ]
            if not rows:
                return
            now = clock.now()
            session.execute(
                SENT, [{"row": d.id, "at": now, "got": by_id[d.id or 0].got} for d, _, _ in rows]
            )
            direct: list[dict[str, Any]] = []
            for delivery, page, alert in rows:
                if page is None:
                    continue
                group, receipt = groups[delivery.alert_group_id], by_id[delivery.id or 0]
                paused = delivery.paused_until
                log.record(
                    session,
                    group,
                    Event.SENT,
                    user=delivery.user_id,
                    way=delivery.channel.value,
                    paused_until=paused.isoformat() if paused else None,
                    late=not page.wanted,  # it was on its way when the page ended
                )
                log.touch(session, group, PostKind.ALERT, soon=BUNDLE_SENT)
                if "ts" in receipt.got:
                    stale = _is_stale(group, page, alert, receipt.job.notice)
                    direct.append(_direct(page, receipt.got, stale=stale))
                    if stale:
                        queue.make_due(session)
            if direct:
                session.execute(insert(POST), direct)
            notifications.ended(
                session,
                [(groups[d.alert_group_id], page, d) for d, page, _ in rows if page is not None],
            )


def _rows(session: Session, ids: list[int]) -> list[tuple[Delivery, Page | None, Post | None]]:
    """Deliveries with their page and alert message, as they are now; the groups are locked."""
    found = session.execute(ROWS, {"ids": ids})
    return [(delivery, page, post) for delivery, page, post in found]


def _lost(delivery: Delivery) -> bool:
    logger.warning("delivery %s: lease lost, somebody else has it", delivery.id)
    return False


def _is_stale(group: AlertGroup, page: Page, alert: Post | None, notice: Notice) -> bool:
    """Whether the direct message says something else than is true by now."""
    linkable = notice.link is None and is_public(group, alert)
    return not page.wanted or group.state is not notice.state or linkable


def _direct(page: Page, got: dict[str, Any], *, stale: bool) -> dict[str, Any]:
    """The post that keeps a direct message true from now on."""
    return {
        "alert_group_id": page.alert_group_id,
        "kind": PostKind.DIRECT,
        "slack_channel": got["slack_channel"],
        "ts": got["ts"],
        "page_id": page.id,
        "due_at": clock.now() if stale else None,
    }
