"""Where alerts come from: integrations, and the routes that alerts take from there."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from core import clock, ids
from core.models.columns import choice

DIRECT_PAGING = "direct_paging"
WEBHOOK = "webhook"
# The route of a direct paging integration for escalations that were called important.
IMPORTANT_TERM = "{{ payload.oncall.important }}"


class RoutingType(StrEnum):
    JINJA2 = "jinja2"
    REGEX = "regex"


class Integration(SQLModel, table=True):
    """A source of alerts.  Direct paging, which is behind /escalate, is one per team and one
    for no team."""

    id: str = Field(default_factory=ids.maker("C"), primary_key=True, max_length=20)
    type: str = Field(max_length=40)
    name: str = Field(max_length=150)
    team_id: str | None = Field(default=None, foreign_key="team.id", max_length=20)
    # Direct paging only: the team's id, or "" for no team; so there is one of each.
    pages_for: str | None = Field(default=None, unique=True, max_length=20)
    # Of integrations that alerts come in by: the secret part of their address.
    token: str | None = Field(default=None, unique=True, max_length=64)
    templates: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # as clients sent them
    created_at: datetime = Field(default_factory=clock.now)


class Route(SQLModel, table=True):
    """Which alerts of an integration go which way.  The first that matches wins."""

    __table_args__ = (UniqueConstraint("integration_id", "is_default", "position"),)

    id: str = Field(default_factory=ids.maker("R"), primary_key=True, max_length=20)
    integration_id: str = Field(foreign_key="integration.id", index=True, max_length=20)
    is_default: bool = False  # matches what no other route does; ordered apart from the rest
    position: int = 0
    routing_type: RoutingType = Field(default=RoutingType.JINJA2, sa_type=choice(RoutingType))
    routing_regex: str | None = Field(default=None, max_length=1024)  # the API's word for the term
    escalation_chain_id: str | None = Field(
        default=None, foreign_key="escalation_chain.id", index=True, max_length=20
    )
    slack_channel_id: str | None = Field(
        default=None, foreign_key="slack_channel.id", index=True, max_length=20
    )
    slack_enabled: bool = True  # whether that channel hears of it
    created_at: datetime = Field(default_factory=clock.now)
