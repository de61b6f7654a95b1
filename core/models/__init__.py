"""The tables: each model knows its columns and its own rules; no session, no I/O."""

from core.models import naming  # isort: skip  # first: the tables take their names from it
from core.models.access import Request, Token, Window, Workspace
from core.models.alert import Alert, ResolutionNote
from core.models.alert_group import (
    MESSAGE_SIZE,
    SOURCE_URL_LENGTH,
    TITLE_LENGTH,
    AlertGroup,
    Event,
    LogRecord,
    Outcome,
    Page,
    State,
)
from core.models.integration import (
    DIRECT_PAGING,
    IMPORTANT_TERM,
    Integration,
    Route,
    RoutingType,
)
from core.models.rule import DURATIONS, RULE_TYPES, NotificationRule, RuleType, Step
from core.models.team import Team, TeamMember
from core.models.user import ContactMethod, Role, User
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
    "DIRECT_PAGING",
    "DURATIONS",
    "IMPORTANT_TERM",
    "MESSAGE_SIZE",
    "RULE_TYPES",
    "SOURCE_URL_LENGTH",
    "STUCK_AFTER",
    "TITLE_LENGTH",
    "Alert",
    "AlertGroup",
    "ContactMethod",
    "Delivery",
    "DeliveryOutcome",
    "Event",
    "Integration",
    "LogRecord",
    "NotificationRule",
    "Outcome",
    "Page",
    "Place",
    "Post",
    "PostKind",
    "Purpose",
    "Request",
    "ResolutionNote",
    "Role",
    "Route",
    "RoutingType",
    "RuleType",
    "State",
    "Step",
    "Team",
    "TeamMember",
    "Timer",
    "TimerKind",
    "Token",
    "User",
    "Window",
    "Workspace",
    "naming",
]
