"""Find and keep users, their addresses, and who may page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_
from sqlmodel import Session, col, select

from core import rows, turns
from core.errors import Gone, Invalid, Refused
from core.models import RULE_TYPES, ContactMethod, Role, RuleType, User, Workspace
from core.rows import inserting
from core.turns import Turn

WORKSPACE: Any = Workspace.__table__  # type: ignore[attr-defined]

Addresses = Mapping[RuleType, str]

ACTIVE = select(User).where(col(User.is_active), col(User.is_bot).is_(False))  # people, no bots
CONTACTS = select(ContactMethod.user_id, ContactMethod.type, ContactMethod.address).where(
    col(ContactMethod.user_id).in_(bindparam("users", expanding=True))
)


@dataclass(frozen=True)
class SlackProfile:
    """What Slack says about a person, parsed."""

    slack_user_id: str
    slack_team_id: str
    username: str
    name: str
    email: str | None = None
    timezone: str = "UTC"
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    is_active: bool = True


def keep(session: Session, profile: SlackProfile) -> User:
    """Remember the person as Slack describes them now; a new one becomes a user."""
    # Two at once could give two people the same name or number, or hold each other up.
    turns.take(session, Turn.PEOPLE)
    user = find_slack(session, profile.slack_user_id) or User(slack_user_id=profile.slack_user_id)
    user.slack_team_id = profile.slack_team_id
    user.username = _unique(session, user, profile.username or profile.slack_user_id.lower())
    user.name = profile.name
    user.email = profile.email
    user.timezone = profile.timezone
    user.is_admin = profile.is_admin
    user.is_guest = profile.is_guest
    user.is_bot = profile.is_bot
    user.is_active = profile.is_active
    session.add(user)
    session.flush()
    return user


def workspace(session: Session, team_id: str) -> Workspace:
    """The record of the workspace we are in, made if need be."""
    new = inserting(session, WORKSPACE).values(team_id=team_id)
    session.execute(new.on_conflict_do_nothing())
    return session.get_one(Workspace, team_id)


def _unique(session: Session, user: User, username: str) -> str:
    """The name, or `name-2` and so on where somebody else has it; theirs stays theirs."""
    column = col(User.username)
    # As written too, for SQLite's lower() leaves all but the letters a to z as they are.
    like = or_(
        func.lower(column).startswith(username.lower(), autoescape=True),
        column.startswith(username, autoescape=True),
    )
    others = session.scalars(select(User.username).where(like, User.id != user.id))
    taken = {other.lower() for other in others}
    if username.lower() not in taken:
        return username
    start, _, copy = user.username.rpartition("-")
    is_copy = start.lower() == username.lower() and copy.isdecimal()
    if is_copy and user.username.lower() not in taken:
        return user.username
    return next(
        name
        for number in range(2, len(taken) + 3)
        if (name := f"{username}-{number}").lower() not in taken
    )


def pause(
    session: Session, slack_user_id: str, starts: datetime | None, ends: datetime | None
) -> None:
    """Remember when Slack holds this person's notifications back."""
    turns.take(session, Turn.PEOPLE)  # as in `keep`: many at once, in any order
    user = find_slack(session, slack_user_id)
    if user is not None:
        user.pause_starts_at, user.pause_ends_at = starts, ends


def find_slack(session: Session, slack_user_id: str) -> User | None:
    return session.scalars(select(User).where(User.slack_user_id == slack_user_id)).one_or_none()


def by_slack_ids(session: Session, slack_user_ids: Iterable[str]) -> dict[str, User]:
    """Those of these people that we know, by Slack id."""
    found = session.scalars(select(User).where(col(User.slack_user_id).in_(list(slack_user_ids))))
    return {user.slack_user_id: user for user in found if user.slack_user_id}


def find(session: Session, name: str) -> User:
    """A user named by e-mail, Slack id or public id.  Raises Gone, or Invalid if several fit."""
    found = session.scalars(
        select(User).where(
            or_(
                col(User.id) == name,
                col(User.slack_user_id) == name,
                col(User.email) == name,
                func.lower(col(User.email)) == name.lower(),
            )
        )
    ).all()
    if not found:
        raise Gone(f"No user has the e-mail address, Slack id or id {name!r}.")
    if len(found) > 1:
        raise Invalid(f"{len(found)} users have the address {name!r}: use the id.", field="user")
    return found[0]


def give_role(session: Session, user: User, role: Role | None) -> None:
    """What they may do from now on; None for as in Slack."""
    user.given_role = role
    session.add(user)


def has_role(roles: Collection[Role]) -> ColumnElement[bool]:
    """What `User.role` says, as a condition of a query."""
    member, guest = col(User.is_guest).is_(False), col(User.is_guest).is_(True)
    in_slack: dict[Role, ColumnElement[bool]] = {
        Role.ADMIN: and_(member, col(User.is_admin)),
        Role.EDITOR: and_(member, col(User.is_admin).is_(False)),
        Role.VIEWER: guest,
    }
    as_in_slack = or_(False, *(in_slack[role] for role in roles if role in in_slack))
    return or_(
        col(User.given_role).in_(list(roles)), and_(col(User.given_role).is_(None), as_in_slack)
    )


def check_may_page(user: User, *, guests: bool) -> None:
    """Raises Refused unless `user` may page people."""
    if not user.is_active or user.is_bot:
        raise Refused("Your Slack account is deactivated.")
    if user.may_act(guests=guests):
        return
    if user.given_role is not None:
        raise Refused(
            f"Your role in Tocsin is {user.given_role.value}: you cannot page people. "
            "Whoever runs Tocsin can change your role."
        )
    raise Refused("Guests cannot page people here. Ask a full member of this workspace.")


def check_can_be_paged(user: User) -> None:
    """Raises Invalid for somebody who is not a person, or not any more."""
    if user.is_bot:
        raise Invalid(f"{user.name} is a bot and cannot be paged.", field="people")
    if not user.is_active:
        raise Invalid(f"{user.name} is deactivated and cannot be paged.", field="people")


def addresses(session: Session, users: Iterable[User]) -> dict[str, Addresses]:
    """Where each user can be reached, by user id."""
    known = list(users)
    found: dict[str, dict[RuleType, str]] = defaultdict(dict)
    for user in known:
        if user.slack_user_id:
            found[user.id][RuleType.SLACK] = user.slack_user_id
        if user.email:
            found[user.id][RuleType.EMAIL] = user.email
    for user_id, way, address in rows.read(session, CONTACTS, users=[user.id for user in known]):
        if way in RULE_TYPES:
            found[user_id][RuleType(way)] = address
    return {user.id: found[user.id] for user in known}


def hold(session: Session, user_id: str) -> User:
    """The active person with this id, held until the transaction ends.  Raises Gone."""
    rows = ACTIVE.where(User.id == user_id).with_for_update(key_share=True)
    user = session.scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if user is None:
        raise Gone("This person is not known here, or not any more.")
    return user


def set_address(session: Session, user: User, way: RuleType, address: str | None) -> None:
    """Replace the address at which `user` is reached this way; None takes it away."""
    contact = session.scalars(
        select(ContactMethod).where(
            ContactMethod.user_id == user.id, ContactMethod.type == way.value
        )
    ).one_or_none()
    if address is None:
        if contact is not None:
            session.delete(contact)
        return
    if contact is None:
        contact = ContactMethod(user_id=user.id, type=way.value, address=address)
    contact.address = address
    session.add(contact)
