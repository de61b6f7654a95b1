"""alert_groups/: what is wrong and who has it."""

from sqlmodel import col

from api import shapes
from api.call import Call
from api.errors import NOT_FOUND, Fault
from api.pagination import Page, paginate
from api.resource import PAGES, Resource
from api.shapes import AlertGroupShape
from core.models import AlertGroup, Role

resource = Resource("alert_groups", "Alert groups")


@resource.get("", role=Role.VIEWER, answer=Page[AlertGroupShape], filters=PAGES)
def list_them(call: Call) -> Page[AlertGroupShape]:
    """List alert groups

    Newest first.
    """
    rows = shapes.GROUPS.order_by(col(AlertGroup.created_at).desc(), col(AlertGroup.id).desc())
    with call.reading() as session:
        return paginate(
            call, session, rows, lambda found: shapes.alert_groups(call, session, found)
        )


@resource.get("{id}", role=Role.VIEWER, answer=AlertGroupShape, refusals={404: NOT_FOUND})
def get(call: Call) -> AlertGroupShape:
    """Get an alert group"""
    with call.reading() as session:
        found = shapes.one_alert_group(call, session, call.ids["id"])
    if found is None:
        raise Fault(404, NOT_FOUND)
    return found
