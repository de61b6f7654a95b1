"""slack_channels/: the Slack channels that alerts can be posted to."""

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from api.call import Call
from api.pagination import Page, paginate
from api.resource import PAGES, Filter, Resource
from core.models import Role, SlackChannel

resource = Resource("slack_channels", "Slack")

ROWS = (
    select(col(SlackChannel.name), col(SlackChannel.id))
    .where(col(SlackChannel.gone_at).is_(None))
    .order_by(col(SlackChannel.name), col(SlackChannel.id))
)


class SlackChannelShape(BaseModel):
    """A Slack channel."""

    name: str = Field(examples=["sre"])
    slack_id: str = Field(examples=["C06EXAMPLE1"])


@resource.get(
    "",
    role=Role.VIEWER,
    answer=Page[SlackChannelShape],
    filters=(Filter("channel_name", "Exactly this name, without #.", example="sre"), *PAGES),
)
def list_them(call: Call) -> Page[SlackChannelShape]:
    """List Slack channels

    Those that Tocsin sees, by name: public ones, and to admins the private ones that it
    was invited to.
    """
    rows = ROWS
    if call.caller.role is not Role.ADMIN:  # even its name may be confidential
        rows = rows.where(col(SlackChannel.is_private).is_(False))
    if name := call.query.get("channel_name"):
        rows = rows.where(col(SlackChannel.name) == name)
    with call.reading() as session:
        return paginate(
            call,
            session,
            rows,
            lambda found: [SlackChannelShape(name=row.name, slack_id=row.id) for row in found],
        )
