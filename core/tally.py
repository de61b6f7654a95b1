"""How the deliveries of a page's present run stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from core import clock, plan
from core.models import STUCK_AFTER, Delivery, Page


@dataclass(frozen=True)
class Tally:
    """How the deliveries of a page's present run stand."""

    pending: int
    stuck: int  # of these: not getting through, though still tried
    last_sent: datetime | None

    @property
    def answer_by(self) -> datetime | None:
        """Until when an answer is waited for; None while something is pending, or never sent."""
        if self.pending or self.last_sent is None:
            return None
        return clock.after(self.last_sent, plan.ANSWER_TIME)


NOTHING = Tally(0, 0, None)
TALLIES = (
    select(
        col(Delivery.page_id),
        func.count().filter(col(Delivery.outcome).is_(None)),
        func.count().filter(
            col(Delivery.outcome).is_(None),
            col(Delivery.reason).is_not(None),
            col(Delivery.attempts) >= STUCK_AFTER,
        ),
        func.max(col(Delivery.sent_at)),
    )
    .join(Page, (col(Page.id) == Delivery.page_id) & (col(Page.run) == Delivery.run))
    .where(col(Page.id).in_(bindparam("pages", expanding=True)))
    .group_by(col(Delivery.page_id))
)


def count(session: Session, pages: Sequence[Page]) -> dict[str, Tally]:
    """The tallies of these pages by their ids; a page without deliveries has none."""
    if not pages:
        return {}
    session.flush()
    rows = session.execute(TALLIES, {"pages": [page.id for page in pages]})
    return {page_id: Tally(*tally) for page_id, *tally in rows if page_id}
