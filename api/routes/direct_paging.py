"""POST direct_paging/: `escalation/` under its older name, with a shorter answer."""

from pydantic import BaseModel, Field

from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.resource import Resource
from api.routes import escalation
from api.routes.escalation import KEY, Caution, Escalation
from core.models import Role

SWAP = frozenset({"schedule", "swap_start", "swap_end", "beneficiary"})
PAGE = frozenset({"users", "team", "alert_group_id"})

resource = Resource("direct_paging", "Direct paging")


class Paged(BaseModel):
    """Where people were paged."""

    alert_group_id: str = Field(examples=["IZHCC4GTNPZ93"])
    warning: Caution = None


@resource.post(
    "",
    role=Role.EDITOR,
    body=Escalation,
    answer=Paged,
    headers=(KEY,),
    example={
        "title": "We are seeing a network outage in the datacenter",
        "users": [{"id": "ana@example.com", "important": False}],
    },
    refusals={
        404: "The alert group that this Idempotency-Key led to was deleted.",
        409: "The Idempotency-Key was used for another request.",
    },
)
def page(call: Call) -> Paged:
    """Page people (older name)

    Takes what `escalation/` takes and answers only the id of the alert group.
    """
    # One of the older documents shows the body of a shift swap here, by mistake.
    if isinstance(call.data, dict) and call.data.keys() & SWAP and not call.data.keys() & PAGE:
        raise Fault(400, "This is a shift swap: send it to /api/v1/shift_swaps/")
    found = escalation.page(call)
    if found is None:
        raise Fault(404, NOT_FOUND)
    return Paged(alert_group_id=found.id, warning=found.warning)
