"""Users, what they may do, and how they can be reached."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core import clock, ids
from core.models.columns import choice
from core.models.numbers import ONE_BY_ONE, numbered


class Role(StrEnum):
    """What somebody may do.  Being notified needs no role."""

    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"
    NONE = "none"

    def covers(self, other: "Role") -> bool:
        """Whether this role may do everything that the other one may."""
        order = list(Role)
        return order.index(self) <= order.index(other)


class User(SQLModel, table=True):
    """A person we know, by way of Slack."""

    __mapper_args__ = ONE_BY_ONE

    id: str = Field(default_factory=ids.maker("U"), primary_key=True, max_length=20)
    number: int | None = Field(default=None, sa_column=numbered("user"))
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
    given_role: Role | None = Field(default=None, sa_type=choice(Role))  # None: as in Slack
    # When their Slack notifications are paused next, or are paused now.
    pause_starts_at: datetime | None = None
    pause_ends_at: datetime | None = None
    created_at: datetime = Field(default_factory=clock.now)

    @property
    def role(self) -> Role:
        """What they may do: as given here, else an admin, guest or member as in Slack."""
        if self.given_role is not None:
            return self.given_role
        if self.is_guest:
            return Role.VIEWER
        return Role.ADMIN if self.is_admin else Role.EDITOR

    def may_act(self, *, guests: bool) -> bool:
        """Whether they may page, and act on what others were paged for, from Slack.

        `guests` says whether guests may; a role given here goes before that.
        """
        if self.is_guest and self.given_role is None:
            return guests
        return self.role.covers(Role.EDITOR)

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

    id: str = Field(default_factory=ids.maker("CM"), primary_key=True, max_length=20)
    user_id: str = Field(foreign_key="user.id", index=True, max_length=20)
    type: str = Field(max_length=40)  # the RuleType it serves
    address: str
    created_at: datetime = Field(default_factory=clock.now)
