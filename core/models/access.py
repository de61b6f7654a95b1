"""Who may ask: API tokens, requests already answered, and the Slack workspace we are in."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core import clock


class Token(SQLModel, table=True):
    """An API token; only its hash is kept."""

    id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True, max_length=20)
    name: str = Field(max_length=100)
    digest: str = Field(unique=True, max_length=64)  # SHA-256; the token itself is 256 random bits
    created_at: datetime = Field(default_factory=clock.now)
    used_at: datetime | None = None  # to the minute
    revoked_at: datetime | None = None


class Window(SQLModel, table=True):
    """How often a token has asked in its present minute, for processes that share a database."""

    __tablename__ = "token_window"

    token_id: int = Field(foreign_key="token.id", primary_key=True)
    started_at: datetime
    count: int


class Request(SQLModel, table=True):
    """A request that must not be carried out twice (P9)."""

    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(foreign_key="user.id", max_length=20)
    key: str = Field(max_length=255)  # Slack's view id, or the API's Idempotency-Key
    path: str = Field(default="", max_length=100)  # of the API; empty for a form in Slack
    digest: str = Field(max_length=64)  # SHA-256 of what was asked
    alert_group_id: str = Field(foreign_key="alert_group.id", max_length=20)
    created_at: datetime = Field(default_factory=clock.now)


class Workspace(SQLModel, table=True):
    """The Slack workspace the bot is installed in, as it was when last seen."""

    team_id: str = Field(primary_key=True, max_length=20)
    name: str = ""
    url: str = ""
    bot_id: str = ""
    bot_user_id: str = ""
    seen_at: datetime = Field(default_factory=clock.now)
