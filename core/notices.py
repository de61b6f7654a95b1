"""What a delivery says: the notice, put together from the rows it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core.channels import Notice
from core.models import (
    AlertGroup,
    Delivery,
    Event,
    Integration,
    LogRecord,
    Page,
    Post,
    PostKind,
    Purpose,
    RuleType,
    Team,
    User,
)
from core.telling import is_public

Author, Pager = aliased(User), aliased(User)
DRAFTS = (
    select(  # type: ignore[call-overload]
        Delivery, AlertGroup, User, Author, Page, Pager, Post, Team.name
    )
    .join(AlertGroup, col(AlertGroup.id) == Delivery.alert_group_id)
    .join(User, col(User.id) == Delivery.user_id)
    .join(Author, col(Author.id) == AlertGroup.author_id)
    .join(Integration, col(Integration.id) == col(AlertGroup.integration_id))
    .outerjoin(Team, col(Team.id) == col(Integration.team_id))
    .outerjoin(Page, col(Page.id) == Delivery.page_id)
    .outerjoin(Pager, col(Pager.id) == Page.paged_by_id)
    .outerjoin(
        Post, (col(Post.alert_group_id) == AlertGroup.id) & (col(Post.kind) == PostKind.ALERT)
    )
    .where(col(Delivery.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Delivery.id))
)
OPENED = select(LogRecord.detail).where(
    col(LogRecord.alert_group_id) == bindparam("group_id"), col(LogRecord.event) == Event.OPENED
)
LINK_PATIENCE = timedelta(seconds=5)  # how long a notice that cannot be edited waits for its link


@dataclass(frozen=True)
class Draft:
    """A delivery, the page it belongs to if any, and its notice."""

    delivery: Delivery
    page: Page | None
    alert: Post | None  # the alert message it links to
    notice: Notice

    def waits_for_link(self, now: datetime) -> bool:
        """Whether to hold it a moment: the alert message it would link to is being posted."""
        return (
            self.delivery.purpose is Purpose.PAGE
            and self.delivery.channel is not RuleType.SLACK
            and self.notice.link is None
            and self.alert is not None
            and self.alert.ts is None
            and self.alert.due_at is not None
            and now - self.delivery.created_at < LINK_PATIENCE
        )


def load(session: Session, deliveries: Sequence[Delivery]) -> Iterable[Draft]:
    """The drafts of these deliveries, in one query, in their order."""
    if not deliveries:
        return
    rows = session.execute(DRAFTS, {"ids": [row.id for row in deliveries]}).all()
    for delivery, group, user, asker, page, by, post, team in rows:
        notice = _notice(delivery, group, user, asker, page, by, post, team)
        if delivery.purpose is Purpose.POSTED and team is not None:
            notice = replace(notice, heard_only_in=_heard_only_in(session, group))
        yield Draft(delivery, page, post, notice)


def _heard_only_in(session: Session, group: AlertGroup) -> str | None:
    opened = session.scalars(OPENED, {"group_id": group.id}).first() or {}
    found = opened.get("heard_only_in")
    return found if isinstance(found, str) and not opened.get("people") else None


def _notice(
    delivery: Delivery,
    group: AlertGroup,
    user: User,
    author: User,
    page: Page | None,
    paged_by: User | None,
    post: Post | None,
    team: str | None,
) -> Notice:
    readable = is_public(group, post) or user.id == author.id
    return Notice(
        delivery_id=delivery.id or 0,
        purpose=delivery.purpose,
        address=delivery.address,
        alert_group_id=group.id,
        title=group.title,
        message=group.message,
        state=group.state,
        author_name=author.name,
        author_slack_id=author.slack_user_id,
        user_id=user.id,
        user_name=user.name,
        user_slack_id=user.slack_user_id,
        user_timezone=user.timezone,
        created_at=group.created_at,
        link=post.permalink if post and readable else None,
        page_id=page.id if page else None,
        important=page.important if page else False,
        paged_by_name=paged_by.name if paged_by else "",
        paged_by_slack_id=paged_by.slack_user_id if paged_by else None,
        team=team,
        by_chain=page.by_chain if page else False,
        run=delivery.run,
        step=delivery.step,
        plan=tuple(page.steps) if page else (),
        slack_channel=post.slack_channel if post else None,
        refusal=post.refusal if post else None,
        refused_by=_refused_by(group) if post and post.refusal else None,
        source_url=group.source_url,
    )


def _refused_by(group: AlertGroup) -> str | None:
    """The channel that was tried first, which is the one that is told about."""
    return group.route_channel or group.slack_channel
