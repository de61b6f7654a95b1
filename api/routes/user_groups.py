"""user_groups/: the user groups of Slack that steps of escalation chains can notify."""

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from api.call import Call
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from core.models import Role, UserGroup

resource = Resource("user_groups", "Slack")

ROWS = (
    select(col(UserGroup.id), col(UserGroup.slack_id), col(UserGroup.name), col(UserGroup.handle))
    .where(col(UserGroup.gone_at).is_(None))
    .order_by(col(UserGroup.handle), col(UserGroup.id))
)


class InSlack(BaseModel):
    """What Slack calls it."""

    id: str = Field(examples=["S06EXAMPLE1"])
    name: str = Field(examples=["Site reliability"])
    handle: str = Field(description="Without @.", examples=["sre"])


class UserGroupShape(BaseModel):
    """A user group of Slack's."""

    id: str = Field(examples=["G7XK2WQ9LM4TR"])
    type: str = Field(examples=["slack_based"])
    slack: InSlack


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[UserGroupShape],
    filters=(Filter("slack_handle", "Exactly this handle, without @.", example="sre"), *PAGES),
)
def list_them(call: Call) -> Page[UserGroupShape]:
    """List user groups

    By handle; those that are disabled in Slack are left out.
    """
    rows = ROWS
    if handle := call.query.get("slack_handle"):
        rows = rows.where(col(UserGroup.handle) == handle)
    with call.reading() as session:
        return paginate(call, session, rows, lambda found: [_shape(*row) for row in found])


def _shape(id_: str, slack_id: str, name: str, handle: str) -> UserGroupShape:
    slack = InSlack(id=slack_id, name=name, handle=handle)
    return UserGroupShape(id=id_, type="slack_based", slack=slack)
