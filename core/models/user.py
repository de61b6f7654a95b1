"""Users, and how they can be reached."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core import clock, ids


class User(SQLModel, table=True):
    """A person we know, by way of Slack."""

    id: str = Field(default_factory=ids.maker("U"), primary_key=True, max_length=20)
    slack_user_id: str | None = Field(default=None, unique=True, max_length=20)
    slack_team_id: str | None = Field(default=None, max_length=20)
    username: str = ""
    name: str = ""
    email: str | None = Field(default=None, index=True)
    timezone: str = "UTC"
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    is_active: bool = True
    # When their Slack notifications are paused next, or are paused now.
    pause_starts_at: datetime | None = None
    pause_ends_at: datetime | None = None
    created_at: datetime = Field(default_factory=clock.now)

    @property
    def zone(self) -> ZoneInfo:
        """Their time zone; UTC when Slack knows a zone that this machine does not."""
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")

    def paused_until(self, at: datetime) -> datetime | None:
        """When Slack will let notifications through again, if it holds them back at `at`."""
        starts, ends = self.pause_starts_at, self.pause_ends_at
        return ends if starts and ends and starts <= at < ends else None


class ContactMethod(SQLModel, table=True):
    """An address a user can be reached at beside their Slack profile's."""

    __tablename__ = "contact_method"
    __table_args__ = (UniqueConstraint("user_id", "type"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True, max_length=20)
    type: str = Field(max_length=40)  # the RuleType it serves
    address: str
