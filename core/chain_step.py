"""What a step of an escalation chain may say, by its type."""

import re
from dataclasses import replace
from datetime import time

from core.errors import Invalid
from core.models import ChainStep, PolicyType
from core.positions import LAST

MOST_PERSONS = 500  # named in one step
MOST_MINUTES = 525_600  # in which alerts are counted: a year
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
SHORTEST, LONGEST = 60, 86_400  # seconds of a wait


def checked(step: ChainStep) -> ChainStep:
    """The step with nothing in it that its type has no use for.  Raises Invalid."""
    kind = step.type
    duration = SHORTEST if step.duration is None else step.duration
    if kind is PolicyType.WAIT and not SHORTEST <= duration <= LONGEST:
        said = f"A wait takes {SHORTEST} to {LONGEST} seconds, which is a day."
        raise Invalid(said, field="duration")
    clean = ChainStep(kind, policy_id=step.policy_id)
    if kind.may_be_important:
        clean = replace(clean, important=step.important)
    match kind:
        case PolicyType.WAIT:
            return replace(clean, duration=step.duration)
        case PolicyType.NOTIFY_PERSONS | PolicyType.NOTIFY_NEXT:
            persons = tuple(dict.fromkeys(step.persons))
            if len(persons) > MOST_PERSONS:
                said = f"{len(persons)} people are too many: {MOST_PERSONS} at most."
                raise Invalid(said, field="persons_to_notify")
            return replace(clean, persons=persons)
        case PolicyType.NOTIFY_TEAM:
            return replace(clean, team_id=step.team_id)
        case PolicyType.NOTIFY_USER_GROUP:
            return replace(clean, user_group_id=step.user_group_id)
        case PolicyType.NOTIFY_ON_CALL:
            return replace(clean, schedule_id=step.schedule_id)
        case PolicyType.TRIGGER_WEBHOOK:
            return replace(clean, webhook_id=step.webhook_id)
        case PolicyType.IF_TIME:
            for field, at in (("from", step.time_from), ("to", step.time_to)):
                if at is not None and not is_time(at):
                    raise Invalid(f"{at} is no time of day.", field=f"notify_if_time_{field}")
            return replace(clean, time_from=step.time_from, time_to=step.time_to)
        case PolicyType.IF_ALERTS:
            if step.num_alerts is not None and not 0 <= step.num_alerts <= LAST:
                said = f"The number of alerts is 0 to {LAST}."
                raise Invalid(said, field="num_alerts_in_window")
            if step.num_minutes is not None and not 1 <= step.num_minutes <= MOST_MINUTES:
                said = f"The window takes 1 to {MOST_MINUTES} minutes, which is a year."
                raise Invalid(said, field="num_minutes_in_window")
            return replace(clean, num_alerts=step.num_alerts, num_minutes=step.num_minutes)
        case _:
            return clean


def is_time(written: str) -> bool:
    """Whether it is a time of day as steps have it: `09:00:00Z`."""
    try:
        time.fromisoformat(written)
    except ValueError:
        return False
    return CLOCK.fullmatch(written) is not None
