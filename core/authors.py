"""Tell whoever opened an alert group what only they need to hear."""

from sqlmodel import Session

from core import alert_groups, log, queue
from core.models import AlertGroup, Delivery, Event, Purpose, RuleType, User


def check_unanswered(session: Session, group: AlertGroup) -> None:
    """If nobody is left being paged while it burns, say so to the person who asked."""
    session.flush()
    if not alert_groups.is_unanswered(session, group):
        return
    log.record(session, group, Event.UNANSWERED, user=group.author_id)
    log.show(session, group)
    tell(session, group, Purpose.UNANSWERED)


def tell(
    session: Session, group: AlertGroup, purpose: Purpose, *, address: str | None = None
) -> None:
    """Queue a private word to whoever opened the group, by direct message if not elsewhere."""
    author = session.get_one(User, group.author_id)
    to = address or author.slack_user_id
    if to is None:
        return
    session.add(
        Delivery(
            alert_group_id=group.id,
            purpose=purpose,
            user_id=author.id,
            channel=RuleType.SLACK,
            address=to,
        )
    )
    queue.make_due(session)
