"""Teams, and who belongs to them."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, col

from core import clock, ids
from core.models.numbers import ONE_BY_ONE, numbered


class Team(SQLModel, table=True):
    """People who are paged together.  A deleted one is kept: alert groups refer to it."""

    __mapper_args__ = ONE_BY_ONE

    id: str = Field(default_factory=ids.maker("T"), primary_key=True, max_length=20)
    number: int | None = Field(default=None, sa_column=numbered("team"))
    name: str = Field(max_length=100)
    created_at: datetime = Field(default_factory=clock.now)
    deleted_at: datetime | None = None


LIVING = text("deleted_at IS NULL")
Index("team_name", col(Team.name), unique=True, sqlite_where=LIVING, postgresql_where=LIVING)


class TeamMember(SQLModel, table=True):
    """One user of one team."""

    __tablename__ = "team_member"

    team_id: str = Field(foreign_key="team.id", primary_key=True, max_length=20)
    user_id: str = Field(foreign_key="user.id", primary_key=True, index=True, max_length=20)
