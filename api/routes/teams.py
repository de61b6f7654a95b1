"""teams/: people who are paged together, and who they are."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from sqlalchemy import Select
from sqlmodel import Session, col, select

from api import fields
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.fields import Body
from api.pagination import Page, paginate
from api.resource import PAGES, Answer, Filter, Resource
from core import people, teams
from core.models import Role, Team, TeamMember, User

resource = Resource("teams", "Teams")


class TeamShape(BaseModel):
    """A team."""

    id: str = Field(examples=["T3HRAP3K3IKXP"])
    grafana_id: int = Field(description="A number that stays theirs.")
    name: str = Field(examples=["SRE"])
    email: str = Field(description="Always empty.")
    avatar_url: str = Field(description="Always empty.")


class MemberShape(BaseModel):
    """Somebody who belongs to a team."""

    user_id: str = Field(examples=["UHCC4GTNPZ93X"])
    username: str = Field(examples=["ana"])


Name = Annotated[
    str,
    BeforeValidator(lambda value: fields.text(value, longest=teams.NAME_LENGTH)),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": teams.NAME_LENGTH}),
    Field(description="No other team has it.", examples=["SRE"]),
]


class NewTeam(Body):
    """A team to be."""

    name: Name


class Rename(Body):
    """What is to change about a team."""

    name: Name = ""


class NewMember(Body):
    """Somebody to add to a team."""

    user_id: Annotated[
        str,
        BeforeValidator(fields.text),
        WithJsonSchema({"type": "string", "minLength": 1}),
        Field(description="Their public id.", examples=["UHCC4GTNPZ93X"]),
    ]


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[TeamShape],
    filters=(Filter("name", "Exactly this name.", example="SRE"), *PAGES),
)
def list_them(call: Call) -> Page[TeamShape]:
    """List teams

    In the order in which they were made.
    """
    rows: Select[*tuple[Any, ...]] = teams.LIVING
    if name := call.query.get("name"):
        rows = rows.where(col(Team.name) == name)
    with call.reading() as session:
        return paginate(call, session, rows, lambda found: [_shape(team) for (team,) in found])


@resource.post(
    "",
    role=Role.ADMIN,
    body=NewTeam,
    example={"name": "SRE"},
    answer=TeamShape,
    status=201,
    refusals={400: "The name is missing, too long, or another team's."},
)
def create(call: Call) -> TeamShape:
    """Create a team

    It has no members yet. Its direct paging integration is made with it.
    """
    asked = call.parse(NewTeam)
    with call.transaction() as session:
        return _shape(teams.make(session, asked.name))


@resource.get("{id}", role=Role.VIEWER, answer=TeamShape, refusals={404: NOT_FOUND})
def get(call: Call) -> TeamShape:
    """Get a team"""
    with call.reading() as session:
        return _shape(_known(call, session))


@resource.put(
    "{id}",
    role=Role.ADMIN,
    body=Rename,
    example={"name": "Site reliability"},
    answer=TeamShape,
    refusals={400: "The name is too long, or another team's.", 404: NOT_FOUND},
)
def update(call: Call) -> TeamShape:
    """Rename a team"""
    with call.reading() as session:
        team = _known(call, session)
    asked = call.parse(Rename)
    if "name" not in asked.model_fields_set:
        return _shape(team)
    with call.transaction() as session:
        return _shape(teams.rename(session, team.id, asked.name))


@resource.delete("{id}", role=Role.ADMIN, status=204, refusals={404: NOT_FOUND})
def remove(call: Call) -> None:
    """Delete a team

    Nobody belongs to it any more and its name is free. Its alert groups stay.
    """
    with call.transaction() as session:
        teams.delete_it(session, call.ids["id"])


@resource.get(
    "{id}/members",
    role=Role.VIEWER,
    answer=Page[MemberShape],
    filters=PAGES,
    refusals={404: NOT_FOUND},
)
def list_members(call: Call) -> Page[MemberShape]:
    """List a team's members

    Active people only, in the order in which they became known.
    """
    with call.reading() as session:
        team = _known(call, session)
        rows: Select[*tuple[Any, ...]] = (
            people.ACTIVE.join(TeamMember, col(TeamMember.user_id) == col(User.id))
            .where(col(TeamMember.team_id) == team.id)
            .order_by(col(User.number))
        )
        return paginate(call, session, rows, _members)


@resource.post(
    "{id}/members",
    role=Role.ADMIN,
    body=NewMember,
    example={"user_id": "UHCC4GTNPZ93X"},
    answer=MemberShape,
    status=201,
    also={200: "They belong to it already."},
    refusals={400: "There is no such user.", 404: NOT_FOUND},
)
def add_member(call: Call) -> Answer:
    """Add somebody to a team"""
    with call.reading() as session:
        team = _known(call, session)
    asked = call.parse(NewMember)
    with call.transaction() as session:
        user = session.scalars(people.ACTIVE.where(User.id == asked.user_id)).one_or_none()
        if user is None:
            raise Fault(400, {"user_id": [f"User {asked.user_id} does not exist"]})
        is_new = teams.add_member(session, team.id, user)
        [member] = _members([(user,)])
    return Answer(member, 201 if is_new else 200)


@resource.delete("{id}/members/{user_id}", role=Role.ADMIN, status=204, refusals={404: NOT_FOUND})
def remove_member(call: Call) -> None:
    """Remove somebody from a team

    Pages that are running go on.
    """
    with call.transaction() as session:
        teams.remove_member(session, call.ids["id"], call.ids["user_id"])


def _known(call: Call, session: Session) -> Team:
    """The living team in the path.  Raises Fault."""
    rows = select(Team).where(Team.id == call.ids["id"], col(Team.deleted_at).is_(None))
    team = session.scalars(rows).one_or_none()
    if team is None:
        raise Fault(404, NOT_FOUND)
    return team


def _shape(team: Team) -> TeamShape:
    return TeamShape(
        id=team.id, grafana_id=team.number or 0, name=team.name, email="", avatar_url=""
    )


def _members(rows: Iterable[Any]) -> list[MemberShape]:
    return [MemberShape(user_id=user.id, username=user.username) for (user,) in rows]
