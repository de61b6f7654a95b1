"""The positions of personal notification rules: insert, move, swap and delete.

A user has two lists, default and important.  Positions are whole numbers from 0; gaps
between them stay until somebody moves a rule there.
"""

from typing import Final

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from core import positions, rules
from core.errors import Conflict, Gone
from core.models import NotificationRule, RuleType, User
from core.positions import END

# Rules in one list.  A plan is copied into each page and told in one line in Slack, which
# holds 3,000 characters: a hundred of the longest words fit.
MOST: Final = 100
DEFAULT_WAIT: Final = 300  # seconds


def hold(session: Session, rule_id: str) -> NotificationRule:
    """The rule as it is now, and nobody else changes its owner's lists.  Raises Gone."""
    owner = session.scalar(
        select(NotificationRule.user_id).where(col(NotificationRule.id) == rule_id)
    )
    if owner is not None:
        rules.lock(session, owner)
        # Another writer may have been waited for: what was read before is old.
        rule = session.get(NotificationRule, rule_id, populate_existing=True)
        if rule is not None:
            return rule
    raise Gone("This rule does not exist any more.")


def insert(
    session: Session,
    user: User,
    type_: RuleType,
    *,
    duration: int | None = None,
    important: bool = False,
    position: int = END,
    swap: bool = False,
) -> NotificationRule:
    """A new rule at the end of a list, or moved from there to `position`.

    Raises Invalid if no position is left after the last one, Conflict if the list is full.
    """
    rules.lock(session, user.id)
    list_ = _list(user.id, important=important)
    count = session.scalar(select(func.count()).select_from(NotificationRule).where(*list_)) or 0
    if count >= MOST:
        raise Conflict(f"There are {MOST} rules in this list already: delete one of them first.")
    rule = NotificationRule(
        user_id=user.id,
        important=important,
        position=positions.after_last(session, NotificationRule, list_),
        type=type_.value,
        duration=_duration(type_, duration),
    )
    session.add(rule)
    session.flush()
    if position != END:
        positions.put(session, rule, position, list_, swap=swap)
    return rule


def move(session: Session, rule: NotificationRule, position: int, *, swap: bool = False) -> None:
    """Put a rule that is held elsewhere in its list; `END` is where the last one is now."""
    list_ = _list(rule.user_id, important=rule.important)
    positions.put(session, rule, position, list_, swap=swap)


def change(rule: NotificationRule, type_: RuleType, *, duration: int | None = None) -> None:
    """Make a rule that is held do something else."""
    rule.type = type_.value
    rule.duration = _duration(type_, duration)


def delete(session: Session, rule: NotificationRule) -> None:
    """The others keep their positions."""
    session.delete(rule)


def _list(user_id: str, *, important: bool) -> tuple[ColumnElement[bool], ...]:
    return (
        col(NotificationRule.user_id) == user_id,
        col(NotificationRule.important) == important,
    )


def _duration(type_: RuleType, duration: int | None) -> int | None:
    return (duration or DEFAULT_WAIT) if type_ is RuleType.WAIT else None
