"""The steps of a chain in a file's words, read and written."""

from dataclasses import replace
from typing import Any

from core import chain_step
from core.errors import Invalid
from core.models import ChainStep, PolicyType
from core.positions import LAST
from core.setup.shape import Step
from core.setup.source import Listing, Mapping, Piece, Scalar
from core.setup.values import Values, clock, duration, unknown

WORDS = {
    "wait": PolicyType.WAIT,
    "notify": PolicyType.NOTIFY_PERSONS,
    "notify_in_turn": PolicyType.NOTIFY_NEXT,
    "notify_team": PolicyType.NOTIFY_TEAM,
    "notify_user_group": PolicyType.NOTIFY_USER_GROUP,
    "notify_channel": PolicyType.NOTIFY_CHANNEL,
    "notify_on_call": PolicyType.NOTIFY_ON_CALL,
    "only_between": PolicyType.IF_TIME,
    "if_more_alerts_than": PolicyType.IF_ALERTS,
    "repeat": PolicyType.REPEAT,
    "resolve": PolicyType.RESOLVE,
    "trigger_webhook": PolicyType.TRIGGER_WEBHOOK,
}
NAMES = {kind: word for word, kind in WORDS.items()}
OVER_THE_API = {kind.value: word for kind, word in NAMES.items()}  # which people may know
# What these do needs no more than the word, or cannot be said yet.
ALONE = {
    PolicyType.NOTIFY_CHANNEL,
    PolicyType.NOTIFY_ON_CALL,
    PolicyType.REPEAT,
    PolicyType.RESOLVE,
    PolicyType.TRIGGER_WEBHOOK,
}
IMPORTANT, WITHIN = "important", "within"


def read(values: Values, piece: Piece) -> Step | None:
    """One item of `steps`; None if it cannot be understood, which is then a problem."""
    if isinstance(piece, Scalar):
        kind = WORDS.get(piece.text)
        if kind in ALONE:
            return Step(kind, line=piece.line)
        if kind is not None:
            values.wrong(piece.line, f"{piece.text}: say more, such as `{EXAMPLES[kind]}`.")
        else:
            meant = OVER_THE_API.get(piece.text)
            values.wrong(piece.line, unknown(piece.text, "a step", WORDS, meant=meant))
        return None
    if not isinstance(piece, Mapping):
        values.wrong(piece.line, "a step: write a word, such as `- wait: 5m` or `- resolve`.")
        return None
    said = values.keys(piece, "a step", known=[*WORDS, IMPORTANT, WITHIN], meant=OVER_THE_API)
    words = [word for word in said if word in WORDS]
    if len(words) != 1:
        if len(words) > 1:
            several = f"{' and '.join(words)} are two steps: begin each with a dash of its own."
            values.wrong(piece.line, several)
        elif len(said) == len(piece.items):  # else the unknown word has been told of
            values.wrong(piece.line, f"a step: say what it does: {', '.join(WORDS)}.")
        return None
    [word] = words
    kind = WORDS[word]
    step = replace(_of(values, kind, word, said[word]), line=piece.line)
    if IMPORTANT in said:
        if not kind.may_be_important:
            values.wrong(said[IMPORTANT].line, f"{word}: this step cannot be important.")
        step = replace(step, important=values.flag(said[IMPORTANT], IMPORTANT))
    if WITHIN in said:
        if kind is not PolicyType.IF_ALERTS:
            values.wrong(said[WITHIN].line, f"{word}: within belongs to if_more_alerts_than.")
        step = replace(step, num_minutes=_minutes(values, said[WITHIN]))
    return _checked(values, step)


def write(step: Step) -> Any:
    """The form that `read` understands, as plain texts, numbers, lists and maps."""
    value = _value(step)
    word = NAMES[step.type]
    if step.type in ALONE and not step.important:
        return word
    found = {word: value}
    if step.type is PolicyType.IF_ALERTS and step.num_minutes is not None:
        found[WITHIN] = duration(step.num_minutes * 60)
    if step.important:
        found[IMPORTANT] = True
    return found


def _of(values: Values, kind: PolicyType, word: str, piece: Piece) -> Step:
    match kind:
        case PolicyType.WAIT:
            return Step(kind, duration=values.seconds(piece, word))
        case PolicyType.NOTIFY_PERSONS | PolicyType.NOTIFY_NEXT:
            return Step(kind, persons=values.refs(piece, word))
        case PolicyType.NOTIFY_TEAM | PolicyType.NOTIFY_USER_GROUP:
            return Step(kind, target=values.ref(piece, word))
        case PolicyType.IF_ALERTS:
            return Step(kind, num_alerts=values.number(piece, word, least=0, most=LAST))
        case PolicyType.IF_TIME:
            begins, ends = _hours(values, word, piece)
            return Step(kind, time_from=begins, time_to=ends)
        case PolicyType.NOTIFY_ON_CALL | PolicyType.TRIGGER_WEBHOOK:
            what = "Schedules" if kind is PolicyType.NOTIFY_ON_CALL else "Outgoing webhooks"
            if values.text(piece, word, none=True) is not None:
                values.wrong(piece.line, f"{what} are not there yet: write null.")
        case _:
            if values.text(piece, word, none=True) is not None:
                values.wrong(piece.line, f"{word}: this step takes no value: write `- {word}`.")
    return Step(kind)


def _hours(values: Values, word: str, piece: Piece) -> tuple[str | None, str | None]:
    if isinstance(piece, Scalar) and piece.is_null:
        return None, None
    if not isinstance(piece, Listing) or len(piece.items) != 2:
        values.wrong(piece.line, f'{word}: write two times of day in UTC: ["08:00", "18:00"].')
        return None, None
    begins, ends = (values.clock(item, word) for item in piece.items)
    return begins, ends


def _minutes(values: Values, piece: Piece) -> int | None:
    seconds = values.seconds(piece, WITHIN)
    if seconds is None:
        return None
    if seconds % 60 or not 60 <= seconds <= chain_step.MOST_MINUTES * 60:
        values.wrong(piece.line, f"{WITHIN}: write whole minutes, from 1m to 365d.")
        return None
    return seconds // 60


def _checked(values: Values, step: Step) -> Step:
    """What chains themselves say of it."""
    persons = tuple(person.text for person in step.persons)
    try:
        chain_step.checked(ChainStep(step.type, duration=step.duration, persons=persons))
    except Invalid as error:
        values.wrong(step.line, str(error))
    return step


def _value(step: Step) -> Any:
    match step.type:
        case PolicyType.WAIT:
            return None if step.duration is None else duration(step.duration)
        case PolicyType.NOTIFY_PERSONS | PolicyType.NOTIFY_NEXT:
            return [person.text for person in step.persons]
        case PolicyType.NOTIFY_TEAM | PolicyType.NOTIFY_USER_GROUP:
            return step.target.text if step.target else None
        case PolicyType.IF_TIME:
            hours = [clock(step.time_from), clock(step.time_to)]
            return None if hours == [None, None] else hours
        case PolicyType.IF_ALERTS:
            return step.num_alerts
        case _:
            return None


EXAMPLES = {
    kind: f"- {NAMES[kind]}: {value}"
    for kind, value in (
        (PolicyType.WAIT, "5m"),
        (PolicyType.NOTIFY_PERSONS, "[ana@example.com]"),
        (PolicyType.NOTIFY_NEXT, "[ana@example.com, bob@example.com]"),
        (PolicyType.NOTIFY_TEAM, "SRE"),
        (PolicyType.NOTIFY_USER_GROUP, "sre"),
        (PolicyType.IF_TIME, '["08:00", "18:00"]'),
        (PolicyType.IF_ALERTS, "3"),
    )
}
