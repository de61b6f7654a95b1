"""The question whether so many people are meant, when a whole Slack channel is to be called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import ids
from bot.views import fields
from bot.views.chain import counted
from bot.views.chosen import Block
from bot.views.fields import option

MANY = 50  # people in a Slack channel, beyond which somebody has to say that they mean it
ANY = 1_000_000  # what stands for however many they are


@dataclass(frozen=True)
class Crowd:
    """Of the Slack channels that a chain calls as a whole, the one with most people we know.

    `is_counted` says whether all of these channels have been asked who is in them, and
    `varies` whether there are several, or routes that have none.
    """

    slack_channel: str | None = None
    people: int = 0
    is_counted: bool = True
    varies: bool = False

    @property
    def has_to_be_meant(self) -> bool:
        return self.people > MANY or not self.is_counted

    def is_meant(self, confirmed: int) -> bool:
        """Whether so many may be called: few, or as many as somebody has agreed to."""
        if not self.is_counted:
            return confirmed >= ANY
        return self.people <= max(MANY, confirmed)


NOBODY = Crowd()


def question(crowd: Crowd) -> Block:
    yes = option(f"Yes, notify all {counted(crowd.people)}", str(crowd.people))
    if not crowd.is_counted:
        yes = option("Yes, notify everybody, however many they are", str(ANY))
    element = {"type": "checkboxes", "action_id": ids.STEP_FIELD, "options": [yes]}
    return fields.input_block(ids.WHOLE_CHANNEL_BLOCK, "That may be many people", element)


def confirmed(view: Mapping[str, Any]) -> int:
    """How many people somebody has said they mean to call."""
    ticked = fields.held(view, ids.WHOLE_CHANNEL_BLOCK).get("selected_options") or ()
    return max((int(each["value"]) for each in ticked), default=0)
