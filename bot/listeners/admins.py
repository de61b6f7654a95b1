"""Who may change teams and chains from Slack."""

from collections.abc import Sequence

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.interaction import Interaction
from bot.listeners.lookup import Profiles, actor, check_is_ours, workspace
from core import people
from core.errors import Refused
from core.models import Role, User

ONLY_ADMINS = (
    "Only admins can change teams and chains. Nothing was changed. The Home tab of Tocsin says "
    "whom to ask."
)


def is_admin(user: User | None) -> bool:
    return user is not None and user.is_active and not user.is_bot and user.role is Role.ADMIN


def check_known(session: Session, interaction: Interaction) -> None:
    """Raises Refused unless whoever did this is an admin, without changing anything."""
    known = people.find_slack(session, interaction.user_id)
    check_is_ours(session, interaction, known)
    if not is_admin(known):
        raise Refused(ONLY_ADMINS)


def check(session: Session, interaction: Interaction, new: Profiles) -> None:
    """The same in a transaction that changes something."""
    if not is_admin(actor(session, interaction, new)):
        raise Refused(ONLY_ADMINS)


def names(session: Session, *, most: int) -> Sequence[str]:
    """Some of the admins of our own workspace."""
    ours = workspace(session)
    theirs = col(User.slack_team_id)
    found = (
        select(User.name)
        .where(
            col(User.is_active),
            col(User.is_bot).is_(False),
            people.has_role([Role.ADMIN]),
            or_(theirs.is_(None), theirs == (ours.team_id if ours else theirs)),
        )
        .order_by(col(User.name), col(User.id))
        .limit(most)
    )
    return session.scalars(found).all()
