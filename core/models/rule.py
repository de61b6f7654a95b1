"""Personal notification rules: what to try, in which order, with which waits."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core import ids

DURATIONS = (60, 300, 900, 1800, 3600)  # seconds a rule may wait


class RuleType(StrEnum):
    """The public API's words for what a rule does."""

    WAIT = "wait"
    SLACK = "notify_by_slack"
    SMS = "notify_by_sms"
    PHONE_CALL = "notify_by_phone_call"
    TELEGRAM = "notify_by_telegram"
    EMAIL = "notify_by_email"
    MOBILE_APP = "notify_by_mobile_app"
    MOBILE_APP_CRITICAL = "notify_by_mobile_app_critical"
    WEBHOOK = "notify_by_webhook"
    MSTEAMS = "notify_by_msteams"


RULE_TYPES = frozenset(way.value for way in RuleType)


@dataclass(frozen=True)
class Step:
    """One step of a plan: a way to notify, or a wait of `duration` seconds."""

    type: RuleType
    duration: int = 0

    @property
    def is_wait(self) -> bool:
        return self.type is RuleType.WAIT

    @property
    def wait(self) -> timedelta:
        return timedelta(seconds=self.duration)

    def as_json(self) -> dict[str, Any]:
        return {"type": self.type.value} | ({"duration": self.duration} if self.is_wait else {})

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> "Step":
        return cls(RuleType(item["type"]), item.get("duration", 0))


class NotificationRule(SQLModel, table=True):
    """One entry of a user's default or important list."""

    __tablename__ = "personal_notification_rule"
    __table_args__ = (UniqueConstraint("user_id", "important", "position"),)

    id: str = Field(default_factory=ids.maker("N"), primary_key=True, max_length=20)
    user_id: str = Field(foreign_key="user.id", index=True, max_length=20)
    important: bool = False
    position: int = 0
    type: str = Field(max_length=40)  # a RuleType; text, so that a newer release's type survives
    duration: int | None = None  # seconds, for `wait` only
