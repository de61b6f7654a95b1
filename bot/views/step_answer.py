"""What the form of a step is read back into: the step, and what is wrong with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from bot import ids
from bot.views import crowd, fields
from core.chain_step import MOST_MINUTES
from core.errors import Invalid
from core.models import ChainStep, PolicyType

SHORTEST, LONGEST = 1, 24 * 60  # minutes
MOST_ALERTS = 10_000
MOST_KEPT = 100  # people; Slack gives what is kept between two drawings 3,000 characters
NAMED = {PolicyType.NOTIFY_PERSONS, PolicyType.NOTIFY_NEXT}  # types that name people


@dataclass(frozen=True)
class StepForm:
    """The form as it stands; `step.persons` are Slack ids here.

    `chain_name` is the name that the form below was opened with.  `policy_id` is None for
    a new step, which gets the `new_id`: so it is added once however often it is sent.
    `confirmed` is how many people somebody has said they mean to call.  `people` and
    `important` were chosen before the type was changed to one that has none.
    """

    chain_id: str
    chain_name: str
    policy_id: str | None
    step: ChainStep
    minutes: str = ""
    confirmed: int = 0
    new_id: str = ""
    people: tuple[str, ...] = ()
    important: bool = False

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> "StepForm":
        kept = json.loads(view["private_metadata"])
        kind = PolicyType(fields.picked(view, ids.STEP_TYPE_BLOCK) or PolicyType.WAIT)
        alerts, minutes = (
            _whole(view, id_) for id_ in (ids.NUM_ALERTS_BLOCK, ids.NUM_MINUTES_BLOCK)
        )
        # Slack sends what was chosen for the type before, until the form is drawn for this one.
        team_id, group_id = (
            fields.picked(view, id_) for id_ in (ids.STEP_TEAM_BLOCK, ids.USER_GROUP_BLOCK)
        )
        people, important = tuple(kept.get("people", ())), bool(kept.get("important"))
        if fields.drawn(view, ids.PEOPLE_BLOCK):
            people = fields.people(view, ids.PEOPLE_BLOCK)
        if fields.drawn(view, ids.IMPORTANT_STEP_BLOCK):
            ticked = fields.held(view, ids.IMPORTANT_STEP_BLOCK).get("selected_options")
            important = bool(ticked)
        step = ChainStep(
            kind,
            important=important and kind.may_be_important,
            persons=people if kind in NAMED else (),
            team_id=team_id if kind is PolicyType.NOTIFY_TEAM else None,
            user_group_id=group_id if kind is PolicyType.NOTIFY_USER_GROUP else None,
            time_from=_time(view, ids.TIME_FROM_BLOCK),
            time_to=_time(view, ids.TIME_TO_BLOCK),
            num_alerts=alerts,
            num_minutes=minutes,
            schedule_id=kept.get("schedule"),
            webhook_id=kept.get("webhook"),
        )
        return cls(
            chain_id=kept["chain"],
            chain_name=kept["name"],
            policy_id=kept["policy"],
            step=step,
            minutes=fields.typed(view, ids.DURATION_BLOCK),
            confirmed=crowd.confirmed(view),
            new_id=str(kept.get("new") or ""),
            people=people,
            important=important,
        )

    @property
    def metadata(self) -> str:
        people = self.step.persons if self.step.type in NAMED else self.people
        important = self.step.important if self.step.type.may_be_important else self.important
        return json.dumps(
            {
                "chain": self.chain_id,
                "name": self.chain_name,
                "policy": self.policy_id,
                "new": self.new_id,
                "schedule": self.step.schedule_id,
                "webhook": self.step.webhook_id,
                "people": people if len(people) <= MOST_KEPT else (),
                "important": important,
            },
            separators=(",", ":"),
        )

    def checked(self) -> ChainStep:
        """The step, complete.  Raises Invalid, keyed to the block that it is about."""
        step = self.step
        match step.type:
            case PolicyType.WAIT:
                return replace(step, duration=_seconds(self.minutes))
            case PolicyType.NOTIFY_PERSONS | PolicyType.NOTIFY_NEXT if not step.persons:
                raise Invalid("Choose at least one person.", field=ids.PEOPLE_BLOCK)
            case PolicyType.NOTIFY_TEAM if not step.team_id:
                raise Invalid("Choose a team.", field=ids.STEP_TEAM_BLOCK)
            case PolicyType.NOTIFY_USER_GROUP if not step.user_group_id:
                raise Invalid("Choose a user group.", field=ids.USER_GROUP_BLOCK)
            case PolicyType.IF_TIME if not step.time_from or not step.time_to:
                raise Invalid("Choose both times.", field=ids.TIME_FROM_BLOCK)
            case PolicyType.IF_TIME if step.time_from == step.time_to:
                raise Invalid("Choose two different times.", field=ids.TIME_TO_BLOCK)
            case PolicyType.IF_ALERTS:
                _check_within(step.num_alerts, 0, MOST_ALERTS, ids.NUM_ALERTS_BLOCK)
                _check_within(step.num_minutes, 1, MOST_MINUTES, ids.NUM_MINUTES_BLOCK)
        return step


def _seconds(minutes: str) -> int:
    try:
        number = Decimal(minutes.strip())
        fits = SHORTEST <= number <= LONGEST
    except InvalidOperation:  # no number, or NaN
        fits = False
    if not fits:
        said = f"A wait takes {SHORTEST} to {LONGEST} minutes, which is a day."
        raise Invalid(said, field=ids.DURATION_BLOCK)
    return int(number * 60)


def _check_within(number: int | None, least: int, most: int, block_id: str) -> None:
    if number is None or not least <= number <= most:
        raise Invalid(f"A whole number from {least} to {most:,}.", field=block_id)


def _whole(view: Mapping[str, Any], block_id: str) -> int | None:
    written = fields.typed(view, block_id).strip()
    return int(written) if written.isascii() and written.isdecimal() else None


def _time(view: Mapping[str, Any], block_id: str) -> str | None:
    chosen = fields.held(view, block_id).get("selected_time")
    return f"{chosen}:00Z" if chosen else None
