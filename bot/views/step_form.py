"""The form of one step of an escalation chain: what it does, and to whom."""

from dataclasses import dataclass

from bot import ids
from bot.views import crowd, fields
from bot.views.chain import step_in_words
from bot.views.chosen import Block, plain, section
from bot.views.crowd import Crowd
from bot.views.fields import option
from bot.views.fitting import shorten
from bot.views.step_answer import LONGEST, MOST_ALERTS, SHORTEST, StepForm
from bot.views.text import escape
from core.chain_step import MOST_MINUTES
from core.models import MOST_REPEATS, PolicyType
from core.outlook import StepOutlook

DEFAULT_WAIT = "5"
LABELS = {
    PolicyType.WAIT: "Wait",
    PolicyType.NOTIFY_PERSONS: "Notify people",
    PolicyType.NOTIFY_NEXT: "Notify one of several people, in turn",
    PolicyType.NOTIFY_TEAM: "Notify a team",
    PolicyType.NOTIFY_USER_GROUP: "Notify a Slack user group",
    PolicyType.NOTIFY_CHANNEL: "Notify everybody in the Slack channel",
    PolicyType.IF_TIME: "Wait for certain hours",
    PolicyType.IF_ALERTS: "Go on only after several alerts",
    PolicyType.REPEAT: "Start again from the first step",
    PolicyType.RESOLVE: "Resolve the alert group",
}
# Such steps can be there, made over the API; nobody is offered to add one.
NOT_YET = {
    PolicyType.NOTIFY_ON_CALL: "Notify whoever is on call (cannot be used yet)",
    PolicyType.TRIGGER_WEBHOOK: "Call a webhook (cannot be used yet)",
}
NOT_YET_USED = "This step does nothing: {} cannot be used yet. The chain goes on at once."
ABOUT = {
    PolicyType.NOTIFY_CHANNEL: (
        "The Slack channel is that of the team whose page starts the chain. Everybody there is "
        "mentioned, and those whom Tocsin knows are called by their default rules."
    ),
    PolicyType.IF_TIME: "Outside these hours the chain waits until they begin.",
    PolicyType.IF_ALERTS: (
        "A page by hand is one alert, so what comes after this step never runs for it. It is for "
        "alerts that monitoring sends."
    ),
    PolicyType.REPEAT: f"It does so up to {MOST_REPEATS} times, unless somebody answers.",
    PolicyType.RESOLVE: "Nobody is called any more after this, and steps below it never run.",
    PolicyType.NOTIFY_ON_CALL: NOT_YET_USED.format("on-call schedules"),
    PolicyType.TRIGGER_WEBHOOK: NOT_YET_USED.format("webhooks"),
}
COUNTING = "Tocsin has not read yet who is in this Slack channel. It takes some seconds."
NO_CHANNEL = "No team with a Slack channel uses this chain, so the step calls nobody yet."
IMPORTANT = option("Use their important notification rules", "important")


@dataclass(frozen=True)
class Drawing:
    """What the form shows: the names of what is chosen, and whom the step would call.

    `crowd` is how many people a step for the whole Slack channel would call, by the
    largest of the channels of the routes that lead to the chain.
    """

    outlook: StepOutlook
    team: str | None = None
    user_group: str | None = None
    crowd: Crowd = crowd.NOBODY


def form(shown: StepForm, drawing: Drawing) -> Block:
    """The modal.  What stands in its inputs stays there when it is drawn again."""
    kind = shown.step.type
    new = shown.policy_id is None
    blocks = [_kind(kind), *_inputs(shown, drawing)]
    if kind.may_be_important:
        blocks.append(_important(shown.step.important))
    if kind in ABOUT:
        blocks.append(section(escape(ABOUT[kind]), "about"))
    if told := _now(shown, drawing):
        blocks.append(section(f"*Now:* {escape(shorten(told, 1_500))}", "now"))
    if kind is PolicyType.NOTIFY_CHANNEL and drawing.crowd.has_to_be_meant:
        blocks.append(crowd.question(drawing.crowd))
    return {
        "type": "modal",
        "callback_id": ids.STEP_VIEW,
        "private_metadata": shown.metadata,
        "title": plain("Add step" if new else "Edit step"),
        "submit": plain("Add" if new else "Save"),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def _now(shown: StepForm, drawing: Drawing) -> str | None:
    """Whom it would call at this moment, once that can be said."""
    step = shown.step
    match step.type:
        case PolicyType.NOTIFY_CHANNEL if not drawing.crowd.is_counted:
            return COUNTING
        case PolicyType.NOTIFY_CHANNEL if drawing.outlook.target is None:
            return NO_CHANNEL
        case PolicyType.NOTIFY_CHANNEL:
            return f"{step_in_words(drawing.outlook)}."
        case PolicyType.NOTIFY_PERSONS | PolicyType.NOTIFY_NEXT:
            is_chosen = bool(step.persons)
        case PolicyType.NOTIFY_TEAM:
            is_chosen = step.team_id is not None
        case PolicyType.NOTIFY_USER_GROUP:
            is_chosen = step.user_group_id is not None
        case _:
            is_chosen = False
    return f"{step_in_words(drawing.outlook)}." if is_chosen else None


def _kind(kind: PolicyType) -> Block:
    labels = LABELS | ({kind: NOT_YET[kind]} if kind in NOT_YET else {})
    element: Block = {
        "type": "static_select",
        "action_id": ids.STEP_TYPE_SELECT,
        "options": [option(label, each.value) for each, label in labels.items()],
        "initial_option": option(labels[kind], kind.value),
    }
    return fields.input_block(ids.STEP_TYPE_BLOCK, "What it does", element, redraws=True)


def _inputs(shown: StepForm, drawing: Drawing) -> list[Block]:
    """What this type of step has to be told."""
    step = shown.step
    match step.type:
        case PolicyType.WAIT:
            label, minutes = "Minutes", shown.minutes or DEFAULT_WAIT
            return [_number(ids.DURATION_BLOCK, label, minutes, SHORTEST, LONGEST, whole=False)]
        case PolicyType.NOTIFY_PERSONS | PolicyType.NOTIFY_NEXT:
            menu = fields.people_select(
                ids.STEP_PEOPLE_SELECT, step.persons, placeholder="Whom should it notify?"
            )
            return [fields.input_block(ids.PEOPLE_BLOCK, "People", menu, redraws=True)]
        case PolicyType.NOTIFY_TEAM:
            named = option(drawing.team, step.team_id) if drawing.team and step.team_id else None
            return [_search(ids.STEP_TEAM_BLOCK, ids.STEP_TEAM_SELECT, "Team", named)]
        case PolicyType.NOTIFY_USER_GROUP:
            named = None
            if drawing.user_group and step.user_group_id:
                named = option(drawing.user_group, step.user_group_id)
            return [_search(ids.USER_GROUP_BLOCK, ids.USER_GROUP_SELECT, "User group", named)]
        case PolicyType.IF_TIME:
            return [
                _hour(ids.TIME_FROM_BLOCK, "From (UTC)", step.time_from or "08:00"),
                _hour(ids.TIME_TO_BLOCK, "To (UTC)", step.time_to or "18:00"),
            ]
        case PolicyType.IF_ALERTS:
            alerts = "" if step.num_alerts is None else str(step.num_alerts)
            minutes = str(step.num_minutes or "")
            return [
                _number(ids.NUM_ALERTS_BLOCK, "More alerts than", alerts, 0, MOST_ALERTS),
                _number(ids.NUM_MINUTES_BLOCK, "Within minutes", minutes, 1, MOST_MINUTES),
            ]
        case _:
            return []


def _number(
    block_id: str, label: str, initial: str, least: int, most: int, *, whole: bool = True
) -> Block:
    element: Block = {
        "type": "number_input",
        "action_id": ids.STEP_FIELD,
        "is_decimal_allowed": not whole,
        "min_value": str(least),
        "max_value": str(most),
    }
    return fields.input_block(
        block_id, label, element | ({"initial_value": initial} if initial else {})
    )


def _hour(block_id: str, label: str, initial: str) -> Block:
    element = {
        "type": "timepicker",
        "action_id": ids.STEP_FIELD,
        "initial_time": initial[:5],
    }
    return fields.input_block(block_id, label, element)


def _search(block_id: str, action_id: str, label: str, initial: Block | None) -> Block:
    menu = fields.search_select(action_id, initial, placeholder="Type to search")
    return fields.input_block(block_id, label, menu, redraws=True)


def _important(ticked: bool) -> Block:
    element: Block = {
        "type": "checkboxes",
        "action_id": ids.STEP_FIELD,
        "options": [IMPORTANT],
    }
    element |= {"initial_options": [IMPORTANT]} if ticked else {}
    return fields.input_block(ids.IMPORTANT_STEP_BLOCK, "Important", element, optional=True)
