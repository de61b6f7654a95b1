"""What the steps of an escalation chain do, in words; all of it plain text, not escaped."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.views.fitting import short, shorten, size
from bot.views.text import escape, length
from core.audiences import Member
from core.models import MOST_REPEATS, ChainStep, PolicyType
from core.outlook import Outlook, StepOutlook

LINE_LENGTH = 1_500  # of `in_words`, once it is escaped; a section takes 3,000
OUTCOME_LENGTH = 700  # likewise
MOST_NAMES = 5
NO_NAME = "this team"
NOT_YET = "cannot be used yet"
NOT_BY_HAND = "for a page by hand"
UNSET = "(not filled in: passed over)"
SKIPPED = " (not now: nobody is called before it)"
BY_DEFAULT = (
    "The chain calls them by their default rules: no step that calls somebody is important."
)
PAGES = {
    False: "A page to {}",
    True: "An important page to {}",
    None: "Any page to {}, important or not,",
}
WAITING = {PolicyType.WAIT, PolicyType.IF_TIME, PolicyType.IF_ALERTS}


def in_words(steps: Sequence[StepOutlook], *, most: int = LINE_LENGTH) -> str:
    """`now Ana (important) · 5 min · team SRE (12 people) · 10 min · everybody in #sre`.

    Whole steps, up to `most` characters once it is escaped.
    """
    items = list(_items(steps))
    shown: list[str] = []
    left = most - len(" · … and 100 more")
    for item in items:
        left -= size(escape(item)) + len(" · ")
        if left < 0:
            break
        shown.append(item)
    if len(shown) < len(items):
        shown.append(f"… and {len(items) - len(shown)} more")
    return " · ".join(shown)


def step_in_words(outlook: StepOutlook) -> str:
    """One step as a line of its own: `Notify Ana and Bob (important)`, `Wait 5 min`."""
    step = outlook.step
    match step.type:
        case PolicyType.WAIT:
            told = f"Wait {length(step.wait)}{SKIPPED if outlook.skipped else ''}"
        case PolicyType.IF_TIME if outlook.is_unset:
            told = f"Wait for certain hours {UNSET}"
        case PolicyType.IF_TIME:
            told = f"Wait until it is {_hours(step)}"
        case PolicyType.IF_ALERTS if outlook.is_unset:
            told = f"Go on only after several alerts {UNSET}"
        case PolicyType.IF_ALERTS:
            told = f"Go on only after {alerts(step)}"
        case PolicyType.REPEAT:
            told = f"Start again from the first step, up to {MOST_REPEATS} times"
        case PolicyType.RESOLVE:
            told = "Resolve the alert group"
        case PolicyType.TRIGGER_WEBHOOK:
            told = f"Call a webhook ({NOT_YET})"
        case _:
            told = f"Notify {_whom(outlook)}"
    return told if outlook.is_reached else f"{told} (does not run {NOT_BY_HAND})"


def outcome(
    outlook: Outlook, team_name: str, *, important: bool | None, with_people: bool = False
) -> str:
    """`An important page to SRE will call Ana and Bob at once.`

    `important` None: of any page, which is the same.  `with_people`: people are paged
    together with the team.
    """
    if not outlook.is_heard:
        return f"Nobody hears of a page to {short_name(team_name)}: {_lacking(outlook)}"
    if not outlook.calls:
        channel = outlook.slack_channel_name or outlook.slack_channel
        nobody = f"Nobody of {short_name(team_name)}" if with_people else "Nobody"
        return f"{nobody} is called: only {short_name(channel)} hears of it."
    page = PAGES[important].format(short_name(team_name))
    told = f"{page} will call {first_call(outlook.steps)}."
    return shorten(told, OUTCOME_LENGTH)


def _lacking(outlook: Outlook) -> str:
    """What has to be done so that somebody hears of a page."""
    if not outlook.has_chain:
        return "it needs a chain that calls somebody, or a Slack channel."
    empty = [
        the_team(short_name(each.target))
        for each in outlook.steps
        if each.step.type is PolicyType.NOTIFY_TEAM and each.target and not each.members
    ]
    advice = f" Choose members for {empty[0]}." if empty else ""
    return f"its chain calls nobody now.{advice}"


def by_which_rules(outlook: Outlook, *, important: bool | None) -> list[str]:
    """That an important page calls people by their default rules, if so: steps decide that."""
    calling = [each.step for each in outlook.steps if each.is_reached and each.members]
    is_meant = important and outlook.calls
    return [BY_DEFAULT] if is_meant and not any(step.important for step in calling) else []


def first_call(steps: Sequence[StepOutlook]) -> str:
    """`Ana and Bob at once`, `Ana in 5 min`."""
    when, first = _first(steps)
    whom = " and ".join([", ".join(first[:-1]), first[-1]] if len(first) > 1 else first)
    return f"{whom} {when}"


def _items(steps: Sequence[StepOutlook]) -> Iterator[str]:
    """What is between the dots: waits that follow each other are one."""
    waited, begun = timedelta(), False
    for index, each in enumerate(steps):
        if not each.is_reached:
            rest = len(steps) - index
            never = "step does not run" if rest == 1 else "steps do not run"
            yield f"({rest} more {never} {NOT_BY_HAND})"
            return
        if each.step.type is PolicyType.WAIT:
            waited += timedelta() if each.skipped else each.step.wait
            continue
        if each.is_unset:
            yield _item(each)
            continue
        told = _item(each)
        if not begun:
            told = told.removeprefix("then ")
            now = "" if each.step.type in WAITING else "now "
            told = f"in {length(waited)} {told}" if waited else f"{now}{told}"
        elif waited:
            yield length(waited)
        yield told
        waited, begun = timedelta(), True
    if waited:
        yield length(waited)


def _item(outlook: StepOutlook) -> str:
    step = outlook.step
    match step.type:
        case PolicyType.IF_TIME if outlook.is_unset:
            return f"certain hours {UNSET}"
        case PolicyType.IF_ALERTS if outlook.is_unset:
            return f"several alerts {UNSET}"
        case PolicyType.IF_TIME:
            return f"when it is {_hours(step)}"
        case PolicyType.IF_ALERTS:
            return f"only after {alerts(step)}"
        case PolicyType.REPEAT:
            return f"then again, up to {MOST_REPEATS} times"
        case PolicyType.RESOLVE:
            return "then it is resolved"
        case PolicyType.TRIGGER_WEBHOOK:
            return f"a webhook ({NOT_YET})"
        case _:
            return _whom(outlook)


def _whom(outlook: StepOutlook, *, by_which: bool = True) -> str:
    """Whom a step notifies; how many where they are not named, and `by_which` rules."""
    step, members = outlook.step, outlook.members
    match step.type:
        case PolicyType.NOTIFY_PERSONS | PolicyType.NOTIFY_NEXT if not members:
            told, notes = "nobody", ["nobody is chosen"]
        case PolicyType.NOTIFY_NEXT if len(members) > 1:
            told, notes = f"one of {_names(members, last=', ')} in turn", []
        case PolicyType.NOTIFY_PERSONS | PolicyType.NOTIFY_NEXT:
            told, notes = _names(members), []
        case PolicyType.NOTIFY_ON_CALL:
            told, notes = "whoever is on call by a schedule", [NOT_YET]
        case _:
            told = _crowd(outlook)
            notes = [_how_many(outlook)]
    if step.important and by_which:
        notes.append("important")
    return f"{told} ({', '.join(notes)})" if notes else told


def _crowd(outlook: StepOutlook) -> str:
    name = short_name(outlook.target) if outlook.target else None
    match outlook.step.type:
        case PolicyType.NOTIFY_TEAM:
            return the_team(name) if name else "a team that was deleted"
        case PolicyType.NOTIFY_USER_GROUP:
            return f"user group @{name}" if name else "a user group that is gone"
        case _:
            return f"everybody in {the_channel(outlook)}"


def the_channel(outlook: StepOutlook) -> str:
    """The Slack channel that a step calls as a whole, by its name if only one is meant."""
    one = None if outlook.varies else outlook.target
    return short_name(one) if one else "the team's Slack channel"


def the_team(name: str) -> str:
    """`team SRE`, `the Web Team`, `Team Blue`."""
    if name.lower().startswith("team ") or name == NO_NAME:
        return name
    return f"the {name}" if name.lower().endswith("team") else f"team {name}"


def _how_many(outlook: StepOutlook) -> str:
    """`5 people`; `up to 5 people` where it varies."""
    people, varies = len(outlook.members), outlook.varies
    if not outlook.is_counted and (varies or not people):
        return "not counted yet"
    if people:
        return f"up to {counted(people)}" if varies else counted(people)
    is_unset = outlook.step.type is PolicyType.NOTIFY_CHANNEL and outlook.target is None
    return "none is set" if is_unset else "nobody in it"


def counted(people: int) -> str:
    return f"{people:,} people" if people != 1 else "1 person"


def _first(steps: Sequence[StepOutlook]) -> tuple[str, list[str]]:
    """When the chain first calls somebody, and everybody it calls then."""
    waited = timedelta()
    hours: list[str] = []
    whom: list[str] = []
    for each in steps:
        if each.is_unset:
            continue
        if each.members:
            whom.append(_whom(each, by_which=False))
        elif whom and each.step.type in {*WAITING, PolicyType.REPEAT, PolicyType.RESOLVE}:
            break
        elif each.step.type is PolicyType.WAIT and not each.skipped:
            waited += each.step.wait
        elif each.step.type is PolicyType.IF_TIME:
            hours = [f"when it is {_hours(each.step)}"]
    begins = [f"in {length(waited)}"] if waited else []
    return " ".join([*begins, *hours]) or "at once", whom


def _hours(step: ChainStep) -> str:
    begins, ends = step.time_from or "00:00", step.time_to or "00:00"
    return f"{begins[:5]} to {ends[:5]} UTC"


def alerts(step: ChainStep) -> str:
    most = step.num_alerts or 0
    within = length(timedelta(minutes=step.num_minutes or 0))
    return f"more than {most} {'alert' if most == 1 else 'alerts'} in {within}"


def _names(members: Sequence[Member], *, last: str = " and ") -> str:
    """`Ana`, `Ana and Bob`, `Ana, Bob and 7 others`."""
    shown = [short_name(member.name) for member in members[:MOST_NAMES]]
    rest = len(members) - len(shown)
    if rest:
        shown.append(f"{rest} others" if rest > 1 else "1 other")
        last = " and "
    return last.join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def short_name(name: str | None) -> str:
    return short(name or "")
