"""Where alerts of a route go: an escalation chain and a Slack channel.

The keys of other ways to tell people are answered as clients know them; none is in use.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from sqlmodel import Session

from api import fields
from api.errors import Fault
from api.fields import Body, Flag, wrong
from core import routes
from core.errors import Invalid
from core.models import Route

SLACK_ONLY = "Routes tell people in Slack only: leave this out, or send it not enabled."


class SlackPlace(BaseModel):
    """The Slack channel of a route."""

    channel_id: str | None = Field(description="Slack's id of it.", examples=["C06EXAMPLE1"])
    enabled: bool


class OtherPlace(BaseModel):
    """Not in use."""

    id: None = None
    enabled: bool = False


class Places(BaseModel):
    """Where alerts of a route go."""

    escalation_chain_id: str | None
    slack: SlackPlace
    telegram: OtherPlace = OtherPlace()
    email: OtherPlace = OtherPlace()
    mobile_app: OtherPlace = OtherPlace()
    mobile_app_critical: OtherPlace = OtherPlace()
    webhook: OtherPlace = OtherPlace()


class SlackAsked(Body):
    """Which Slack channel hears of alerts that go this way."""

    channel_id: Annotated[
        str | None,
        BeforeValidator(lambda value: None if value in (None, "") else fields.text(value).upper()),
        WithJsonSchema({"type": ["string", "null"]}),
        Field(description="Slack's id of a channel that the bot sees; null for none."),
    ] = None
    enabled: Annotated[Flag, Field(description="Whether that channel hears of it.")] = True


def _other(value: Any) -> None:
    """Raises PydanticCustomError for what would have to be told somewhere."""
    if value is None:
        return
    if not isinstance(value, dict):
        raise wrong(f"Invalid data. Expected a dictionary, but got {type(value).__name__}.")
    enabled = fields.optional(fields.flag)(value.get("enabled"))
    if enabled or value.get("id") not in (None, ""):
        raise wrong(SLACK_ONLY)


Other = Annotated[
    None,
    BeforeValidator(_other),
    WithJsonSchema(
        {
            "type": ["object", "null"],
            "properties": {"enabled": {"type": "boolean", "enum": [False]}},
            "additionalProperties": False,
        }
    ),
    Field(description="Not available here: null, or not enabled."),
]
ChainId = Annotated[
    str | None,
    BeforeValidator(lambda value: fields.optional(fields.text)(fields.no_team(value))),
    WithJsonSchema({"type": ["string", "null"]}),
    Field(description="The escalation chain that starts; null for none."),
]


class PlacesAsked(Body):
    """Where alerts of a route go from now on; whatever is left out stays."""

    escalation_chain_id: ChainId = None
    slack: Annotated[
        SlackAsked | None, Field(description="The Slack channel; null as for a new route: none.")
    ] = None
    telegram: Other = None
    msteams: Other = None
    email: Other = None
    mobile_app: Other = None
    mobile_app_critical: Other = None
    webhook: Other = None
    mattermost: Other = None


def shown(route: Any) -> dict[str, Any]:
    """The fields of Places for a Route, or a row with its columns."""
    return {
        "escalation_chain_id": route.escalation_chain_id,
        "slack": SlackPlace(channel_id=route.slack_channel_id, enabled=route.slack_enabled),
    }


def change(session: Session, route: Route, asked: PlacesAsked) -> None:
    """Have a route that is held lead where it was asked to.  Raises Fault."""
    if "escalation_chain_id" in asked.model_fields_set:
        try:
            routes.lead_to(session, route, asked.escalation_chain_id)
        except Invalid as error:
            raise Fault(400, {"escalation_chain_id": [str(error)]}) from None
    if "slack" in asked.model_fields_set:
        slack = asked.slack or SlackAsked(channel_id=None, enabled=True)
        sent = slack.model_fields_set
        channel = slack.channel_id if "channel_id" in sent else route.slack_channel_id
        enabled = slack.enabled if "enabled" in sent else route.slack_enabled
        try:
            routes.be_heard_in(session, route, channel, enabled=enabled)
        except Invalid as error:
            raise Fault(400, {"slack": {"channel_id": [str(error)]}}) from None
