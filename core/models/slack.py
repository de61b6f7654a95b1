"""What Slack told us about its channels and user groups, and who is in them."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from core import clock, ids


class SlackChannel(SQLModel, table=True):
    """A Slack channel that the bot can see, or could see once."""

    __tablename__ = "slack_channel"

    id: str = Field(primary_key=True, max_length=20)  # Slack's
    name: str = Field(max_length=100, index=True)
    is_private: bool = False
    gone_at: datetime | None = None  # archived, deleted, or the bot was taken out
    members_read_at: datetime | None = None  # None: who is in it was not asked yet
    seen_at: datetime = Field(default_factory=clock.now)

    @property
    def shown(self) -> str:
        """What everybody may read of it: `#sre`; of a private one not even the name."""
        return "a private channel" if self.is_private else f"#{self.name}"


class SlackChannelMember(SQLModel, table=True):
    """Somebody in a Slack channel.  Known users only count when a step asks."""

    __tablename__ = "slack_channel_member"

    slack_channel_id: str = Field(foreign_key="slack_channel.id", primary_key=True, max_length=20)
    slack_user_id: str = Field(primary_key=True, index=True, max_length=20)


class UserGroup(SQLModel, table=True):
    """A Slack user group, such as @sre."""

    __tablename__ = "user_group"

    id: str = Field(default_factory=ids.maker("G"), primary_key=True, max_length=20)
    slack_id: str = Field(unique=True, max_length=20)
    name: str = Field(max_length=255)
    handle: str = Field(max_length=100, index=True)
    gone_at: datetime | None = None  # disabled in Slack
    created_at: datetime = Field(default_factory=clock.now)


class UserGroupMember(SQLModel, table=True):
    """Somebody in a Slack user group."""

    __tablename__ = "user_group_member"

    user_group_id: str = Field(foreign_key="user_group.id", primary_key=True, max_length=20)
    slack_user_id: str = Field(primary_key=True, index=True, max_length=20)
