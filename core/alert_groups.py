"""Find an alert group and hold it, and the pages made for it."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from core.errors import Gone, Refused
from core.models import AlertGroup, Escalation, Outcome, Page, State, User

# Statements that run all the time are put together once: that takes longer than to run them.
LOCK = (
    select(AlertGroup)
    .where(col(AlertGroup.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(AlertGroup.id))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
PAGES = (
    select(Page)
    .where(col(Page.alert_group_id) == bindparam("group_id"))
    .order_by(col(Page.started_at), col(Page.id))
    .execution_options(populate_existing=True)
)
WANTED = (
    select(Page.id)
    .where(col(Page.alert_group_id) == bindparam("group_id"), col(Page.outcome).is_(None))
    .limit(1)
)
CHAIN = (
    select(Escalation)
    .where(col(Escalation.alert_group_id) == bindparam("group_id"))
    .execution_options(populate_existing=True)
)

GONE = "This alert does not exist any more."


def find(session: Session, alert_group_id: str) -> AlertGroup:
    """The group, to be looked at.  Raises Gone, also when it was deleted."""
    group = session.get(AlertGroup, alert_group_id)
    if group is None or group.deleted_at is not None:
        raise Gone(GONE)
    return group


def lock(session: Session, alert_group_id: str) -> AlertGroup:
    """The group as it is now, held until the transaction ends, for what somebody asks for.

    Every writer takes this lock first and work rows after it, so nobody deadlocks
    and whoever comes second sees what the first did.  Raises Gone, also when it was
    deleted.
    """
    group = hold(session, alert_group_id)
    if group.deleted_at is not None:
        raise Gone(GONE)
    return group


def hold(session: Session, alert_group_id: str) -> AlertGroup:
    """The same for the engine, whose work on a deleted group has to come to an end too."""
    group = session.scalars(LOCK, {"ids": [alert_group_id]}).one_or_none()
    if group is None:
        raise Gone(GONE)
    return group


def lock_all(session: Session, alert_group_ids: Collection[str]) -> dict[str, AlertGroup]:
    """Those of these groups that exist, locked one after the other in order of their ids."""
    groups = session.scalars(LOCK, {"ids": list(alert_group_ids)})
    return {group.id: group for group in groups}


def pages(session: Session, group: AlertGroup) -> Sequence[Page]:
    """Everybody ever paged for the group, in the order in which they were first paged."""
    return session.scalars(PAGES, {"group_id": group.id}).all()


def page_of(session: Session, group: AlertGroup, user: User) -> Page | None:
    return session.scalars(
        select(Page)
        .where(Page.alert_group_id == group.id, Page.user_id == user.id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def is_unanswered(session: Session, group: AlertGroup) -> bool:
    """Whether it still burns, nobody is being paged any more, and no chain will page anybody."""
    if group.state is not State.FIRING:
        return False
    mine = {"group_id": group.id}
    if session.scalars(WANTED, mine).first() is not None:
        return False
    chain = session.scalars(CHAIN, mine).one_or_none()
    return chain is None or not chain.may_page


def holder_id(group: AlertGroup) -> str | None:
    """Who acknowledged, silenced or resolved it, according to its state."""
    return {
        State.ACKNOWLEDGED: group.acknowledged_by_id,
        State.SILENCED: group.silenced_by_id,
        State.RESOLVED: group.resolved_by_id,
    }.get(group.state)


def holder(session: Session, group: AlertGroup) -> User | None:
    by = holder_id(group)
    return session.get(User, by) if by else None


def check_may_act(session: Session, group: AlertGroup, user: User, *, guests: bool) -> None:
    """Raises Refused unless `user` may change this group, and Gone when it was deleted.

    Whoever may not page may still answer what they were paged for; `guests` says
    whether guests may do more than that.
    """
    if group.deleted_at is not None:
        raise Gone(GONE)
    if not user.is_active or user.is_bot:
        raise Refused("Your Slack account is deactivated.")
    if not user.may_act(guests=guests):
        page = page_of(session, group, user)
        if page is None or page.outcome is Outcome.UNPAGED:
            if user.given_role is not None:
                raise Refused(
                    f"Your role in Tocsin is {user.given_role.value}: you can only answer alerts "
                    "that you were paged for. Whoever runs Tocsin can change your role."
                )
            raise Refused(
                "Guests can only answer alerts that they were paged for. "
                "Ask a full member of this workspace."
            )
