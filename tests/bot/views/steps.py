"""Steps of chains as they are foreseen, for tests of the words about them."""

from dataclasses import replace

from core.audiences import Member
from core.models import ChainStep, PolicyType
from core.outlook import StepOutlook


def crowd(count: int) -> tuple[Member, ...]:
    return tuple(Member(f"U{n}", f"Person {n}") for n in range(count))


def people(*names: str, important: bool = False, turns: bool = False) -> StepOutlook:
    kind = PolicyType.NOTIFY_NEXT if turns else PolicyType.NOTIFY_PERSONS
    members = tuple(Member(name, name) for name in names)
    return StepOutlook(ChainStep(kind, persons=names, important=important), members)


def team(name: str | None, count: int, *, important: bool = False) -> StepOutlook:
    step = ChainStep(PolicyType.NOTIFY_TEAM, team_id="T1", important=important)
    return StepOutlook(step, crowd(count), name)


def group(handle: str | None, count: int) -> StepOutlook:
    step = ChainStep(PolicyType.NOTIFY_USER_GROUP, user_group_id="G1")
    return StepOutlook(step, crowd(count), handle)


def channel(name: str | None, count: int) -> StepOutlook:
    return StepOutlook(ChainStep(PolicyType.NOTIFY_CHANNEL), crowd(count), name)


def any_channel(name: str | None, count: int, *, is_counted: bool = True) -> StepOutlook:
    """One of several channels, that with most people."""
    return replace(channel(name, count), varies=True, is_counted=is_counted)


def unread(name: str) -> StepOutlook:
    """A channel of which Slack was not asked yet who is in it."""
    return StepOutlook(ChainStep(PolicyType.NOTIFY_CHANNEL), (), name, is_counted=False)


def wait(minutes: int) -> StepOutlook:
    return StepOutlook(ChainStep(PolicyType.WAIT, duration=60 * minutes))


def no_wait(minutes: int) -> StepOutlook:
    """One that would only put off the first call."""
    return replace(wait(minutes), skipped=True)


def unreached(outlook: StepOutlook) -> StepOutlook:
    return StepOutlook(outlook.step, outlook.members, outlook.target, is_reached=False)


NO_HOURS = StepOutlook(ChainStep(PolicyType.IF_TIME, time_from="08:00:00Z"))
NO_NUMBER = StepOutlook(ChainStep(PolicyType.IF_ALERTS, num_alerts=2))
HOURS = StepOutlook(ChainStep(PolicyType.IF_TIME, time_from="08:00:00Z", time_to="18:00:00Z"))
ANY_ALERT = StepOutlook(ChainStep(PolicyType.IF_ALERTS, num_alerts=0, num_minutes=1))
ALERTS = StepOutlook(ChainStep(PolicyType.IF_ALERTS, num_alerts=3, num_minutes=10))
REPEAT = StepOutlook(ChainStep(PolicyType.REPEAT))
RESOLVE = StepOutlook(ChainStep(PolicyType.RESOLVE))
WEBHOOK = StepOutlook(ChainStep(PolicyType.TRIGGER_WEBHOOK))
ON_CALL = StepOutlook(ChainStep(PolicyType.NOTIFY_ON_CALL, important=True))
