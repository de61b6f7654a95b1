"""The tables: each model knows its columns and its own rules; no session, no I/O."""

from core.models import naming  # isort: skip  # first: the tables take their names from it
from core.models.access import Request, Workspace
from core.models.alert_group import (
    MESSAGE_LENGTH,
    TITLE_LENGTH,
    AlertGroup,
    Event,
    LogRecord,
    Outcome,
    Page,
    State,
)
from core.models.rule import DURATIONS, RULE_TYPES, NotificationRule, RuleType, Step
from core.models.user import ContactMethod, User
from core.models.work import (
    STUCK_AFTER,
    Delivery,
    DeliveryOutcome,
    Place,
    Post,
    PostKind,
    Purpose,
    Timer,
    TimerKind,
)

__all__ = [
    "DURATIONS",
    "MESSAGE_LENGTH",
    "RULE_TYPES",
    "STUCK_AFTER",
    "TITLE_LENGTH",
    "AlertGroup",
    "ContactMethod",
    "Delivery",
    "DeliveryOutcome",
    "Event",
    "LogRecord",
    "NotificationRule",
    "Outcome",
    "Page",
    "Place",
    "Post",
    "PostKind",
    "Purpose",
    "Request",
    "RuleType",
    "State",
    "Step",
    "Timer",
    "TimerKind",
    "User",
    "Workspace",
    "naming",
]
