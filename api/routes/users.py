"""users/: the people of the Slack workspace, as clients know them."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Select, bindparam, func, or_
from sqlmodel import Session, col, select

from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from core import people
from core.models import Role, TeamMember, User

SIZE = 100  # people in a page
CURRENT = "current"  # stands for the id of whoever asks
# Clients of old write the roles as numbers.
NUMBERS = {str(number): role for number, role in enumerate(Role)}

MEMBERSHIPS = (
    select(TeamMember.user_id, TeamMember.team_id)
    .where(col(TeamMember.user_id).in_(bindparam("users", expanding=True)))
    .order_by(col(TeamMember.team_id))
)

resource = Resource("users", "Users")


class SlackAccount(BaseModel):
    """Who somebody is in Slack."""

    user_id: str = Field(examples=["U012AB3CD"])
    team_id: str = Field(examples=["T061EG9R6"])


class ShortUserShape(BaseModel):
    """Somebody, in few words."""

    id: str = Field(examples=["UHCC4GTNPZ93X"])
    grafana_id: int = Field(description="A number that stays theirs.")
    email: str = Field(description="Empty when it is not known.", examples=["ana@example.com"])
    username: str = Field(description="Nobody else has it.", examples=["ana"])
    role: str = Field(description="admin, editor, viewer or none", examples=["editor"])
    is_phone_number_verified: bool = Field(description="Always false: nothing verifies numbers.")


class UserShape(ShortUserShape):
    """Somebody who can be paged."""

    slack: SlackAccount | None
    timezone: str = Field(examples=["Europe/Zurich"])
    teams: list[str] = Field(description="Ids of the teams they belong to.")


class ListedUserShape(ShortUserShape):
    """Somebody in a list; `short=true` leaves slack, timezone and teams out."""

    slack: SlackAccount | None = Field(None, exclude_if=lambda value: value is None)
    timezone: str = Field("", exclude_if=lambda value: not value, examples=["Europe/Zurich"])
    teams: list[str] = Field(
        [], exclude_if=lambda value: not value, description="Ids of the teams they belong to."
    )


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[ListedUserShape],
    filters=(
        Filter("email", "Exactly this e-mail address, in any case.", example="ana@example.com"),
        Filter("username", "Exactly this user name, in any case.", example="ana"),
        Filter(
            "roles",
            "admin, editor, viewer, none, or 0 to 3 in that order; "
            "several with commas between them, or the word repeated.",
            example="admin,editor",
        ),
        Filter("short", "`true` leaves out slack, timezone and teams.", {"type": "boolean"}),
        *PAGES,
    ),
    refusals={400: "A role that there is not."},
)
def list_them(call: Call) -> Page[Any]:
    """List users

    Active people, in the order in which they became known. A page has 100 of them.
    """
    rows = _filtered(call)
    shape = short_users if call.query.get("short", "").lower() == "true" else users
    with call.reading() as session:
        return paginate(call, session, rows, lambda found: shape(session, found), size=SIZE)


@resource.get("{id}", role=Role.VIEWER, answer=UserShape, refusals={404: NOT_FOUND})
def get(call: Call) -> UserShape:
    """Get a user

    `current` as the id is whoever the token belongs to.
    """
    with call.reading() as session:
        return users(session, [(known(call, session),)])[0]


def wanted_id(call: Call) -> str:
    """The id in the path, or the caller's own where it says `current`."""
    said = call.ids["id"]
    return call.caller.user_id if said == CURRENT else said


def known(call: Call, session: Session) -> User:
    """The active person in the path.  Raises Fault."""
    rows = people.ACTIVE.where(col(User.id) == wanted_id(call))
    user = session.scalars(rows).one_or_none()
    if user is None:
        raise Fault(404, NOT_FOUND)
    return user


def users(session: Session, rows: Iterable[Any]) -> list[UserShape]:
    """People as they are answered; one more query, however many there are."""
    found = [user for (user,) in rows]
    teams: dict[str, list[str]] = {user.id: [] for user in found}
    for user_id, team_id in session.execute(MEMBERSHIPS, {"users": list(teams)}) if teams else ():
        teams[user_id].append(team_id)
    return [
        UserShape(
            **_short(user),
            slack=_slack(user),
            timezone=user.timezone,
            teams=teams[user.id],
        )
        for user in found
    ]


def short_users(_session: Session, rows: Sequence[Any]) -> list[ShortUserShape]:
    return [ShortUserShape(**_short(user)) for (user,) in rows]


def _short(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "grafana_id": user.number,
        "email": user.email or "",
        "username": user.username,
        "role": user.role.value,
        "is_phone_number_verified": False,
    }


def _slack(user: User) -> SlackAccount | None:
    if not user.slack_user_id:
        return None
    return SlackAccount(user_id=user.slack_user_id, team_id=user.slack_team_id or "")


def _filtered(call: Call) -> Select[*tuple[Any, ...]]:
    """Everybody whom the query asks for; a filter without a value asks nothing."""
    rows: Select[*tuple[Any, ...]] = people.ACTIVE.order_by(col(User.number))
    for name, column in (("email", col(User.email)), ("username", col(User.username))):
        if said := call.query.get(name):
            # Both, for SQLite's lower() leaves all but the letters a to z as they are.
            rows = rows.where(or_(column == said, func.lower(column) == said.lower()))
    roles = {_role(word) for word in _words(call, "roles")}
    return rows.where(people.has_role(roles)) if roles else rows


def _words(call: Call, name: str) -> list[str]:
    said = [value for key, value in call.queries if key == name]
    return [word.strip() for value in said for word in value.split(",") if word.strip()]


def _role(word: str) -> Role:
    """Raises Fault."""
    if word in NUMBERS:
        return NUMBERS[word]
    try:
        return Role(word.lower())
    except ValueError:
        said = f"Select a valid choice. {word} is not one of the available choices."
        raise Fault(400, {"roles": [said]}) from None
