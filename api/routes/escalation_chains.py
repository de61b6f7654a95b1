"""escalation_chains/: the named lists of steps that routes send alert groups to."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from sqlalchemy import Select
from sqlmodel import Session, col, select

from api import fields
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.fields import Body
from api.pagination import Page, paginate
from api.people import AnyTeam, Known
from api.resource import PAGES, Filter, Resource
from core import chains
from core.errors import Taken
from core.models import EscalationChain, Role, Team

NOT_UNIQUE = {"non_field_errors": ["The fields organization, name must make a unique set."]}

resource = Resource("escalation_chains", "Escalation chains")

_chain: Select[*tuple[Any, ...]] = select(
    EscalationChain.id,
    EscalationChain.name,
    Team.id.label("team_id"),  # type: ignore[attr-defined]
).outerjoin(Team, (col(Team.id) == EscalationChain.team_id) & col(Team.deleted_at).is_(None))
ROWS = _chain.order_by(col(EscalationChain.created_at), col(EscalationChain.id))


class EscalationChainShape(BaseModel):
    """An escalation chain."""

    id: str = Field(examples=["FWDL7M6N6I9HE"])
    name: str = Field(examples=["SRE, day and night"])
    team_id: str | None = Field(description="Whose it is; null also after the team is deleted.")


_NAME = BeforeValidator(lambda value: fields.text(value, longest=chains.NAME_LENGTH))
_NAMED = WithJsonSchema({"type": "string", "minLength": 1, "maxLength": chains.NAME_LENGTH})
_ABOUT = Field(description="No other chain has it.", examples=["SRE, day and night"])


class ChainChange(Body):
    """What is different from now on; whatever is left out stays."""

    name: Annotated[str | None, _NAME, _NAMED, _ABOUT] = None
    team_id: Annotated[
        AnyTeam, Field(description='Whose it is: a team\'s id; null, "" or "null" for none.')
    ] = None


class NewChain(ChainChange):
    """A chain to be."""

    name: Annotated[str, _NAME, _NAMED, _ABOUT]


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[EscalationChainShape],
    filters=(
        Filter("name", "Exactly this name.", example="SRE, day and night"),
        Filter("team_id", 'Those of this team; "null" for those of none.', example="null"),
        *PAGES,
    ),
)
def list_them(call: Call) -> Page[EscalationChainShape]:
    """List escalation chains

    In the order in which they were made.
    """
    rows = ROWS
    if name := call.query.get("name"):
        rows = rows.where(col(EscalationChain.name) == name)
    if team_id := call.query.get("team_id"):
        rows = rows.where(col(Team.id).is_not_distinct_from(fields.no_team(team_id)))
    with call.reading() as session:
        return paginate(call, session, rows, _shapes)


@resource.post(
    "",
    role=Role.ADMIN,
    body=NewChain,
    example={"name": "SRE at night", "team_id": "T3HRAP3K3IKAP"},
    answer=EscalationChainShape,
    status=201,
    refusals={400: "The name is missing, too long or another chain's, or there is no such team."},
)
def create(call: Call) -> EscalationChainShape:
    """Create an escalation chain

    It has no steps yet: `escalation_policies/` adds them.
    """
    with call.transaction() as session:
        asked = call.parse(NewChain, context=Known(session, ()))
        try:
            chain = chains.make(session, asked.name, team=asked.team_id)
        except Taken:
            raise Fault(400, NOT_UNIQUE) from None
        return _one(session, chain.id)


@resource.get("{id}", role=Role.VIEWER, answer=EscalationChainShape, refusals={404: NOT_FOUND})
def get(call: Call) -> EscalationChainShape:
    """Get an escalation chain"""
    with call.reading() as session:
        return _one(session, call.ids["id"])


@resource.put(
    "{id}",
    role=Role.ADMIN,
    body=ChainChange,
    example={"name": "SRE on weekends"},
    answer=EscalationChainShape,
    refusals={
        400: "The name is too long or another chain's, or there is no such team.",
        404: NOT_FOUND,
    },
)
def update(call: Call) -> EscalationChainShape:
    """Change an escalation chain

    Its name and its team; whatever is not sent stays.
    """
    with call.transaction() as session:
        chain = chains.hold_to_rename(session, call.ids["id"])
        asked = call.parse(ChainChange, context=Known(session, ()))
        if asked.name is not None:
            try:
                chains.rename(session, chain, asked.name)
            except Taken:
                raise Fault(400, NOT_UNIQUE) from None
        if "team_id" in asked.model_fields_set:
            chains.belong_to(session, chain, asked.team_id)
        return _one(session, chain.id)


@resource.delete("{id}", role=Role.ADMIN, status=204, refusals={404: NOT_FOUND})
def delete(call: Call) -> None:
    """Delete an escalation chain

    With its steps; routes that led to it lead to no chain. Where it is running it goes
    on to its end.
    """
    with call.transaction() as session:
        chains.delete_it(session, call.ids["id"])


def _one(session: Session, chain_id: str) -> EscalationChainShape:
    """Raises Fault."""
    found = session.execute(_chain.where(col(EscalationChain.id) == chain_id)).all()
    if not found:
        raise Fault(404, NOT_FOUND)
    return _shapes(found)[0]


def _shapes(rows: Sequence[Any]) -> list[EscalationChainShape]:
    return [EscalationChainShape(id=row.id, name=row.name, team_id=row.team_id) for row in rows]
