"""organizations/: whom this installation belongs to; there is one."""

from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Select

from api.call import Call
from api.pagination import Page, paginate
from api.resource import PAGES, Resource
from core import integrations
from core.models import Role

SIZE = 25  # organizations in a page

resource = Resource("organizations", "Organizations")


class OrganizationShape(BaseModel):
    """Whom this installation belongs to."""

    id: str = Field(examples=["O5LTHQTZ4XDU2P"])


@resource.get("", role=Role.VIEWER, answer=Page[OrganizationShape], filters=PAGES)
def list_them(call: Call) -> Page[OrganizationShape]:
    """List organizations

    There is one, with the same id for good.
    """
    found = _one(call)
    with call.reading() as session:
        rows: Select[*tuple[Any, ...]] = integrations.NO_TEAM
        return paginate(call, session, rows, lambda one: [found for _ in one], size=SIZE)


@resource.get("{id}", role=Role.VIEWER, answer=OrganizationShape)
def get(call: Call) -> OrganizationShape:
    """Get the organization

    It is answered whatever the id, as clients know it: the token belongs to no other.
    """
    return _one(call)


def _one(call: Call) -> OrganizationShape:
    with call.reading() as session:
        known = integrations.organization_id(session)
    if known is None:  # nothing was paged here yet, nor did a migration make what it stands on
        with call.transaction() as session:
            integrations.make_direct_paging(session, None)
            known = integrations.organization_id(session)
    return OrganizationShape(id=known or "")
