"""What whoever sets an escalation chain up must know about it, in plain text, not escaped."""

from collections.abc import Iterator, Sequence

from bot.views.chain import alerts, short_name, the_channel, the_team
from core.models import PolicyType
from core.outlook import StepOutlook

HAS_ONE = "a page by hand has one"
TOO_OLD = "by then the one alert of a page by hand is older than that"
NOT_COUNTED = "Tocsin has not read yet who is in {}. It takes some seconds."


def warnings(steps: Sequence[StepOutlook]) -> list[str]:
    """A sentence each."""
    found = []
    if not any(each.members or not each.is_counted for each in steps if each.is_reached):
        found.append("This chain calls nobody.")
    for number, each in enumerate(steps, 1):
        kind = each.step.type
        if kind is PolicyType.NOTIFY_ON_CALL:
            found.append(f"Step {number}: schedules cannot be used yet. It is passed over.")
        elif kind is PolicyType.TRIGGER_WEBHOOK:
            found.append(f"Step {number}: webhooks cannot be used yet. It is passed over.")
        elif each.is_unset:
            missing = "hours" if kind is PolicyType.IF_TIME else "numbers"
            found.append(f"Step {number}: its {missing} are not filled in. It is passed over.")
        elif kind.notifies and not each.members and not each.is_counted:
            found.append(f"Step {number}: {NOT_COUNTED.format(the_channel(each))}")
        elif kind.notifies and not each.members:
            found.append(f"Step {number} calls nobody now: {_why_nobody(each)}. It is passed over.")
    found += _stops(steps)
    found += _repeats(steps)
    found += _resolves(steps)
    return found


def _why_nobody(outlook: StepOutlook) -> str:
    missing = outlook.target is None
    match outlook.step.type:
        case PolicyType.NOTIFY_TEAM if not missing:
            return f"{the_team(short_name(outlook.target))} has no members"
        case PolicyType.NOTIFY_TEAM:
            return "its team was deleted"
        case PolicyType.NOTIFY_USER_GROUP if not missing:
            return f"user group @{short_name(outlook.target)} is empty"
        case PolicyType.NOTIFY_USER_GROUP:
            return "its user group was removed in Slack"
        case PolicyType.NOTIFY_CHANNEL if not missing:
            return f"Tocsin knows nobody in {the_channel(outlook)}"
        case PolicyType.NOTIFY_CHANNEL:
            return "no team with a Slack channel uses this chain"
        case _:
            return "nobody is chosen who can be paged"


def _stops(steps: Sequence[StepOutlook]) -> Iterator[str]:
    """Why the last steps do not run for a page by hand, if they do not."""
    running = sum(each.is_reached for each in steps)
    if running == len(steps) or not running:
        return
    last, first, end = steps[running - 1].step, running + 1, len(steps)
    rest, verb = f"Steps {first} {'and' if end == first + 1 else 'to'} {end}", "never run"
    if first == end:
        rest, verb = f"Step {first}", "never runs"
    if last.type is PolicyType.RESOLVE:
        yield f"{rest} {verb}: step {running} resolves the alert group."
    else:
        why = HAS_ONE if last.num_alerts else TOO_OLD
        waits = f"step {running} waits for {alerts(last)}"
        yield f"{rest} {verb} for a page by hand: {waits}, and {why}."


def _repeats(steps: Sequence[StepOutlook]) -> Iterator[str]:
    for index, each in enumerate(steps):
        if each.step.type is not PolicyType.REPEAT or not each.is_reached:
            continue
        if not any(before.step.type is PolicyType.WAIT for before in steps[:index]):
            yield (
                f"Step {index + 1} starts again at once, as nothing before it waits: add a wait."
            )


def _resolves(steps: Sequence[StepOutlook]) -> Iterator[str]:
    """That it is over before those who were called last hear of it, if so."""
    called: list[int] = []
    for number, each in enumerate(steps, 1):
        if each.is_unset:
            continue
        if each.step.type in {PolicyType.WAIT, PolicyType.IF_TIME}:
            called = []
        elif each.members:
            called.append(number)
        elif each.step.type is PolicyType.RESOLVE and each.is_reached and called:
            yield (
                f"Step {number} resolves the alert group at once, so whoever step {called[-1]} "
                "calls never hears of it: add a wait."
            )
