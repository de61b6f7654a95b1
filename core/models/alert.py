"""What came in about an alert group, and what people wrote down about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from core import clock, ids
from core.models.columns import Document


class Alert(SQLModel, table=True):
    """One alert of a group.  A page by hand makes exactly one."""

    id: str = Field(default_factory=ids.maker("A"), primary_key=True, max_length=20)
    alert_group_id: str = Field(foreign_key="alert_group.id", index=True, max_length=20)
    created_at: datetime = Field(default_factory=clock.now, index=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Document)


class ResolutionNote(SQLModel, table=True):
    """What somebody wrote down about an alert group, for whoever looks at it later."""

    __tablename__ = "resolution_note"

    id: str = Field(default_factory=ids.maker("M"), primary_key=True, max_length=20)
    alert_group_id: str = Field(foreign_key="alert_group.id", index=True, max_length=20)
    author_id: str = Field(foreign_key="user.id", max_length=20)
    text: str = Field(sa_type=Text)
    created_at: datetime = Field(default_factory=clock.now, index=True)
