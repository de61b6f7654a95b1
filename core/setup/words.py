"""Changes in words, a few lines each."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from core.setup import steps, writing
from core.setup.differences import Change, Changes, ordered
from core.setup.reading import CHAINS, NO_TEAM, PEOPLE, TEAMS
from core.setup.shape import Chain, Person, Ref, Team

NOUNS = {PEOPLE: "role of", TEAMS: "team", NO_TEAM: "paging of no team", CHAINS: "chain"}


def tell(changes: Changes) -> list[str]:
    """What becomes different, line by line."""
    return [line for section, change in ordered(changes) for line in _told(section, change)]


def left_alone(changes: Changes) -> list[str]:
    """What the file does not name, although it has the section."""
    return [f"{NOUNS[section]} {name}" for section, name in changes.unnamed]


def warnings(changes: Changes) -> list[str]:
    """What may be meant, but is worth a look."""
    doubts, found = changes.doubts, []
    if doubts.unheard:
        advice = "Each needs a chain that calls somebody, or a Slack channel."
        found.append(f"A page of these teams reaches nobody: {', '.join(doubts.unheard)}. {advice}")
    if doubts.deactivated:
        away = ", ".join(doubts.deactivated)
        found.append(f"Deactivated in Slack, so nothing reaches them: {away}.")
    if doubts.nobody_is_admin:
        advice = "`app.py users role` gives somebody the role, and so does this file."
        found.append(f"Nobody is admin then, in Slack or over the API. {advice}")
    return found


def _told(section: str, change: Change[Any]) -> list[str]:
    what = f"{NOUNS[section]} {change.name}".rstrip()
    if section == PEOPLE:
        before, after = (writing.role(one or Person()) for one in (change.before, change.after))
        return [f"change {what}: {before} -> {after}"]
    if change.after is None:
        whose = ", ".join(name or "no team" for name in change.pages)
        return [
            f"delete {what}",
            *([f"  pages do not start it any more: {whose}"] if whose else []),
        ]
    details = _chain(change) if section == CHAINS else _team(change)
    verb = "make" if change.before is None else "change"
    return [f"{verb} {what}", *(f"  {line}" for line in details)]


def _team(change: Change[Team]) -> list[str]:
    before, after = change.before or Team(), change.after or Team()
    lines = _members(before.members, after.members)
    old = writing.aim(before.default) | writing.aim(before.important, "important_")
    new = writing.aim(after.default) | writing.aim(after.important, "important_")
    for key in dict.fromkeys([*old, *new]):
        lines += _one(key, old.get(key, True), new.get(key, True))
    return lines + _listed("routes", writing.routes(before), writing.routes(after))


def _chain(change: Change[Chain]) -> list[str]:
    before, after = change.before or Chain(), change.after or Chain()
    old, new = ([steps.write(step) for step in one.steps] for one in (before, after))
    return [*_one("team", _text(before.team), _text(after.team)), *_listed("steps", old, new)]


def _members(before: Iterable[Ref], after: Iterable[Ref]) -> list[str]:
    old, new = ({ref.text for ref in refs} for refs in (before, after))
    words = [("add", sorted(new - old)), ("remove", sorted(old - new))]
    return [f"{word} members: {', '.join(names)}" for word, names in words if names]


def _one(key: str, old: Any, new: Any) -> list[str]:
    return [] if old == new else [f"{key}: {_value(old)} -> {_value(new)}"]


def _listed(key: str, old: Sequence[Any], new: Sequence[Any]) -> list[str]:
    if old == new:
        return []
    before, after = ([writing.one_line(item) for item in items] for items in (old, new))
    return [f"{key}:", *(f"  {line}" for line in _compared(before, after))]


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Whole lines only: how alike two are is not looked at, which could take minutes."""
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = before[i:j], after[k:m]
        if what == "equal":
            yield from (f"  {line}" for line in old)
        elif len(old) == len(new):  # each was probably changed into the one beside it
            for was, now in zip(old, new, strict=True):
                yield from (f"- {was}", f"+ {now}")
        else:
            yield from (f"- {line}" for line in old)
            yield from (f"+ {line}" for line in new)


def _text(ref: Ref | None) -> str | None:
    return ref.text if ref else None


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else str(value)
