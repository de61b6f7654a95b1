"""What a file would change: its names resolved, compared with what there is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from core.setup import doubts
from core.setup.doubts import Doubts, State
from core.setup.names import Names
from core.setup.present import Present
from core.setup.problems import Problem, Unfit
from core.setup.shape import Aim, Chain, CustomRoute, Entry, Person, Ref, Setup, Step, Team
from core.setup.values import did_you_mean, near, shown

HINTS = 5  # of the problems of a file are told what was probably meant
PERSON, SLACK_CHANNEL, USER_GROUP = "person", "Slack channel", "Slack user group"
GONE = {
    SLACK_CHANNEL: "is archived in Slack, or the bot was taken out of it",
    USER_GROUP: "is disabled in Slack",
}

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Change(Generic[Facts]):
    """Something that becomes different.  Without `before` it is made, without `after` deleted."""

    name: str
    line: int
    before: Facts | None
    after: Facts | None
    pages: tuple[str, ...] = ()  # of a chain that is deleted: the teams whose pages started it


@dataclass(frozen=True)
class Changes:
    """Everything that a file would change, and what it does not name."""

    people: tuple[Change[Person], ...]
    teams: tuple[Change[Team], ...]
    no_team: Change[Team] | None
    chains: tuple[Change[Chain], ...]
    unnamed: tuple[tuple[str, str], ...]  # (section, name) of what is left alone
    doubts: Doubts = field(default_factory=Doubts)

    def __len__(self) -> int:
        several = len(self.people) + len(self.teams) + len(self.chains)
        return several + (1 if self.no_team else 0)


def find(present: Present, setup: Setup, *, prune: bool = False) -> Changes:
    """What it takes to have things as `setup` says.

    `prune` also deletes what is not named in the sections that the file has.
    Raises Unfit for names of what is not there.
    """
    return _Finder(present, setup, prune=prune).find()


class _Finder:
    def __init__(self, present: Present, setup: Setup, *, prune: bool) -> None:
        self.present = present
        self.setup = setup
        self.prune = prune
        self.problems: list[Problem] = []
        self.unnamed: list[tuple[str, str]] = []
        self.teams = self._names(present.teams, setup.teams)
        self.chains = self._names(present.chains, setup.chains)

    def find(self) -> Changes:
        setup, present = self.setup, self.present
        people = self._people()
        found = Changes(
            people=self._changes("people", people, present.people, Person(), self._same),
            teams=self._changes("teams", setup.teams, present.teams, None, self._team),
            no_team=self._no_team(),
            chains=self._changes("chains", setup.chains, present.chains, None, self._chain),
            unnamed=tuple(self.unnamed),
        )
        if self.problems:
            raise Unfit(self.problems)
        before = State(present.people, present.teams, present.chains)
        after = State(
            _after(present.people, found.people),
            _after(present.teams, found.teams),
            _after(present.chains, found.chains),
        )
        return replace(found, doubts=doubts.of(before, after, present))

    def _names(self, there: Mapping[Ref, Any], said: Mapping[Ref, Entry] | None) -> frozenset[str]:
        """The names of what there will be."""
        kept = {} if self.prune and said is not None else there
        return frozenset(ref.text for ref in (*kept, *(said or ())))

    def _changes(
        self,
        section: str,
        said: Mapping[Ref, Entry] | None,
        there: Mapping[Ref, Any],
        gone: Any,
        resolve: Callable[[Any, Any], Any],
    ) -> tuple[Change[Any], ...]:
        if said is None:
            return ()
        found = []
        blank = {"people": Person(), "teams": Team(), "chains": Chain()}[section]
        for ref, entry in said.items():
            before = there.get(ref, gone)
            was = blank if before is None else before
            after = resolve(entry.over(was), was)
            if after != before:
                found.append(Change(ref.text, entry.line, before, after))
        for ref in sorted(there.keys() - said.keys()):
            if self.prune:
                pages = self._pages(ref) if section == "chains" else ()
                found.append(Change(ref.text, 1, there[ref], gone, pages))
            else:
                self.unnamed.append((section, ref.text))
        return tuple(found)

    def _pages(self, chain: Ref) -> tuple[str, ...]:
        """Whose pages start this chain now; "" is no team."""
        paging = {Ref(""): self.present.no_team, **self.present.teams}
        return tuple(
            ref.text
            for ref, team in sorted(paging.items(), key=lambda item: item[0])
            if chain in (aim.chain for aim in (team.default, team.important, *_own(team)))
        )

    def _people(self) -> Mapping[Ref, Entry] | None:
        """By the names that are written."""
        if self.setup.people is None:
            return None
        found: dict[Ref, Entry] = {}
        for ref, entry in self.setup.people.items():
            person = self._person(ref)
            if person in found:
                said = f"{shown(ref.text)} is in line {found[person].line} already."
                self.problems.append(Problem(ref.line, said))
            found[person] = entry
        return found

    def _no_team(self) -> Change[Team] | None:
        entry, before = self.setup.no_team, self.present.no_team
        if entry is None:
            return None
        after = self._team(entry.over(before), before)
        return Change("", entry.line, before, after) if after != before else None

    def _same(self, person: Person, _: Person) -> Person:
        return person

    def _team(self, team: Team, before: Team) -> Team:
        left = list(before.routes)
        return replace(
            team,
            members=tuple(sorted({self._person(ref) for ref in team.members})),
            default=self._aim(team.default, before.default),
            important=self._aim(team.important, before.important),
            routes=tuple(
                replace(route, aim=self._aim(route.aim, _taken(route, left)))
                for route in team.routes
            ),
        )

    def _aim(self, aim: Aim, before: Aim) -> Aim:
        names = self.present.slack_channels
        channel = self._one_of(
            aim.slack_channel,
            names,
            SLACK_CHANNEL,
            "Tocsin must have run and seen it; invite the bot to a private one.",
        )
        # What led there before may stay so, as it is exported.
        if channel is not None and channel != before.slack_channel and names.is_gone(channel.text):
            self._gone(channel, SLACK_CHANNEL)
        chain = self._there(aim.chain, self.chains, "escalation chain")
        return replace(aim, chain=chain, slack_channel=channel)

    def _chain(self, chain: Chain, _: Chain) -> Chain:
        return replace(
            chain,
            team=self._there(chain.team, self.teams, "team"),
            steps=tuple(self._step(step) for step in chain.steps),
        )

    def _step(self, step: Step) -> Step:
        target = step.target
        if step.type.value == "notify_team_members":
            target = self._there(target, self.teams, "team")
        elif target is not None:
            target = self._one_of(
                target,
                self.present.user_groups,
                USER_GROUP,
                "Tocsin must have run and seen it.",
            )
        persons = dict.fromkeys(self._person(ref) for ref in step.persons)
        return replace(step, persons=tuple(persons), target=target)

    def _person(self, ref: Ref) -> Ref:
        found = self._one_of(
            ref,
            self.present.users,
            PERSON,
            "Write an e-mail address or Slack id; Tocsin must have run and seen them in Slack.",
        )
        return found or ref

    def _there(self, ref: Ref | None, names: frozenset[str], what: str) -> Ref | None:
        """What a line refers to has to be there afterwards.  What was there before, stays."""
        if ref is None or ref.text in names:
            return ref
        if not ref.line:  # not said by the file, and about to be pruned
            return None
        said = f"There is no {what} {shown(ref.text)}, neither in this file nor in Tocsin."
        if self.prune:
            said = f"There is no {what} {shown(ref.text)} in this file; --prune deletes others."
        self.problems.append(Problem(ref.line, said + self._hint(ref, names)))
        return ref

    def _one_of(self, ref: Ref | None, names: Names, what: str, advice: str) -> Ref | None:
        if ref is None or not ref.line:
            return ref
        ids = names.ids(ref.text)
        if len(ids) == 1:
            [id_] = ids
            return Ref(names.written(id_) or ref.text, ref.line)
        if not ids and names.was_called(ref.text):
            self._gone(ref, what)
            return ref
        # Somebody else with nearly the same address is nobody to be paged.
        hint = self._hint(ref, names.all()) if names is not self.present.users else ""
        said = f"No {what} is called {shown(ref.text)}.{hint} {advice}"
        if ids:
            said = f"Several are called {shown(ref.text)}: write the id of one, in place of it."
        self.problems.append(Problem(ref.line, said))
        return ref

    def _gone(self, ref: Ref, what: str) -> None:
        said = f"The {what} {shown(ref.text)} {GONE[what]}."
        said += " Bring it back, or take it out of this file."
        self.problems.append(Problem(ref.line, said))

    def _hint(self, ref: Ref, names: Iterable[str]) -> str:
        """For the first ones only: among thousands of names it takes a while, and others wait."""
        return did_you_mean(near(ref.text, names)) if len(self.problems) < HINTS else ""


def _taken(route: CustomRoute, left: list[CustomRoute]) -> Aim:
    """Where the route with this term led before; each counts once, as when it is applied."""
    for each in left:
        if (each.type, each.term) == (route.type, route.term):
            left.remove(each)
            return each.aim
    return Aim()


def _after(there: Mapping[Ref, Facts], changes: Iterable[Change[Facts]]) -> dict[Ref, Facts]:
    """What is there once these changes are made."""
    found = dict(there)
    for change in changes:
        found.pop(Ref(change.name), None)
        if change.after is not None:
            found[Ref(change.name)] = change.after
    return found


def _own(team: Team) -> Iterator[Aim]:
    return (route.aim for route in team.routes)


def ordered(changes: Changes) -> Iterator[tuple[str, Change[Any]]]:
    """Section and change, in the order of a file."""
    yield from (("people", change) for change in changes.people)
    yield from (("teams", change) for change in changes.teams)
    if changes.no_team:
        yield "no_team", changes.no_team
    yield from (("chains", change) for change in changes.chains)
