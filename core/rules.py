"""Personal notification rules: keep them, and read and write the form that people type."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select

from core import rows
from core.errors import Invalid
from core.models import DURATIONS, RULE_TYPES, NotificationRule, RuleType, Step, User

PREFIX = "notify_by_"
WORDS = {way.value.removeprefix(PREFIX): way for way in RuleType if way is not RuleType.WAIT}
WAIT = re.compile(r"wait\s+(\d+)\s*(s|sec|seconds?|m|min|minutes?|h|hours?)?")
SECONDS = {"s": 1, "m": 60, "h": 3600}
MAX_STEPS = 30
# What runs for somebody whose list is empty (P1), in words.
NO_DEFAULT = "(none: Slack at once, and e-mail after 5 minutes if mail is set up)"
NO_IMPORTANT = "(none: the default rules run)"

RULES = (
    select(
        NotificationRule.user_id,
        NotificationRule.important,
        NotificationRule.type,
        NotificationRule.duration,
    )
    .where(col(NotificationRule.user_id).in_(bindparam("users", expanding=True)))
    .order_by(col(NotificationRule.position), col(NotificationRule.id))
)


@dataclass(frozen=True)
class Rules:
    """Both of a user's lists."""

    default: tuple[Step, ...] = ()
    important: tuple[Step, ...] = ()


def of(session: Session, users: Iterable[User]) -> dict[str, Rules]:
    """Every user's rules, by user id."""
    ids = [user.id for user in users]
    lists: dict[tuple[str, bool], list[Step]] = defaultdict(list)
    for user_id, important, way, duration in rows.read(session, RULES, users=ids):
        if way in RULE_TYPES:  # else a newer release wrote it
            lists[user_id, important].append(Step(RuleType(way), duration or 0))
    return {id_: Rules(tuple(lists[id_, False]), tuple(lists[id_, True])) for id_ in ids}


def lock(session: Session, user_id: str) -> None:
    """From here to the end of the transaction, nobody else changes the user's lists."""
    owner = select(User.id).where(col(User.id) == user_id)
    session.execute(owner.with_for_update(key_share=True))


def replace(session: Session, user: User, steps: Sequence[Step], *, important: bool) -> None:
    """Make `steps` the user's default or important list."""
    lock(session, user.id)
    session.execute(
        delete(NotificationRule).where(
            col(NotificationRule.user_id) == user.id,
            col(NotificationRule.important) == important,
        )
    )
    session.add_all(
        NotificationRule(
            user_id=user.id,
            important=important,
            position=position,
            type=step.type.value,
            duration=step.duration if step.is_wait else None,
        )
        for position, step in enumerate(steps)
    )


def parse(text: str, *, field: str = "rules") -> list[Step]:
    """Read `slack, wait 5m, email`; an empty text is an empty list.  Raises Invalid."""
    steps = [_step(word.strip().lower(), field) for word in text.split(",") if word.strip()]
    if len(steps) > MAX_STEPS:
        raise Invalid(f"{len(steps)} steps are too many: {MAX_STEPS} at most.", field=field)
    return steps


def write(steps: Iterable[Step]) -> str:
    """The form that `parse` reads."""
    return ", ".join(
        f"wait {step.duration // 60}m" if step.is_wait else step.type.value.removeprefix(PREFIX)
        for step in steps
    )


def _step(word: str, field: str) -> Step:
    if word.startswith("wait"):
        match = WAIT.fullmatch(word)
        seconds = int(match[1]) * SECONDS[(match[2] or "m")[0]] if match else 0
        if seconds not in DURATIONS:
            raise Invalid(
                f"{word!r} is not a wait: write wait 1m, 5m, 15m, 30m or 60m.", field=field
            )
        return Step(RuleType.WAIT, seconds)
    way = WORDS.get(word.removeprefix(PREFIX))
    if way is None:
        raise Invalid(
            f"{word!r} is not a way to notify: use {', '.join(WORDS)}, or wait 5m between them.",
            field=field,
        )
    return Step(way)
