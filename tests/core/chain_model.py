"""Who may still be notified: a small model, from the words of the design and not from the code."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

ANSWER = 300.0  # seconds that somebody has to answer after the last notification
SECOND = 900.0  # from the SMS to the phone call of the default rules
MOST_REPEATS = 5


@dataclass(frozen=True)
class Move:
    """A step of a chain, in the model's words: wait, persons, team, turn, repeat or resolve."""

    what: str
    people: tuple[str, ...] = ()
    important: bool = False
    seconds: float = 0.0


@dataclass
class Paged:
    """Somebody who was paged: `since` while they are notified, else None."""

    by_hand: bool = False
    important: bool = False
    since: float | None = None
    called: bool = False  # the second notification of the default rules went out
    off: str = ""  # taken off, or cannot help

    @property
    def next_at(self) -> float | None:
        """When something happens to this page, if nobody does anything."""
        if self.since is None:
            return None
        if self.important:
            return self.since + ANSWER
        return self.since + (SECOND + ANSWER if self.called else SECOND)


@dataclass
class Model:
    """One alert group of a team.  Times are in seconds from its beginning."""

    chain: Sequence[Move]
    team: set[str]
    now: float = 0.0
    state: str = "firing"
    pages: dict[str, Paged] = field(default_factory=dict)
    silent_until: float | None = None
    at: int = 0  # the next step
    step_at: float | None = 0.0  # when it runs; None: the chain does not run
    rounds: int = 0
    turn: str | None = None  # whose turn it was last
    remembers: bool = True  # whose turn it was; not once the chain was deleted
    notices: Counter[str] = field(default_factory=Counter)

    @property
    def notified(self) -> set[str]:
        return {name for name, page in self.pages.items() if page.since is not None}

    def forward(self, seconds: float) -> None:
        """Let time pass, one thing after the other."""
        end = self.now + seconds
        while True:
            due = [(page.next_at, name) for name, page in self.pages.items() if page.next_at]
            moments = [(at, name) for at, name in due if at is not None]
            moments += [(self.step_at, "the chain")] if self.step_at is not None else []
            moments += [(self.silent_until, "the silence")] if self.silent_until else []
            if not moments or min(moments)[0] > end:
                break
            self.now, what = min(moments)
            if what == "the chain":
                self._run_chain()
            elif what == "the silence":
                self.fire()
            else:
                self._run_page(what)
        self.now = end

    def page(self, name: str, *, important: bool) -> None:
        page = self.pages.setdefault(name, Paged())
        page.by_hand = True
        if page.since is not None and page.important >= important:
            return
        self._start(name, important=important)

    def unpage(self, name: str) -> bool:
        return self._take_off(name, "unpaged")

    def decline(self, name: str) -> bool:
        return self._take_off(name, "declined")

    def acknowledge(self, name: str) -> bool:
        """Whether anything changed: everybody stops, or on one that somebody has, `name` does."""
        if self.state == "acknowledged":
            page = self.pages.get(name)
            joined = page is not None and page.since is not None
            if page is not None:
                page.since = None
            return joined
        if self.state == "resolved":
            return False
        if name in self.pages and self.pages[name].off == "declined":
            self.pages[name].off = ""  # now they can
        self._stop("acknowledged")
        return True

    def silence(self, seconds: float | None) -> bool:
        if self.state in {"silenced", "resolved"}:
            return False
        self._stop("silenced")
        self.silent_until = self.now + seconds if seconds else None
        return True

    def resolve(self) -> bool:
        if self.state == "resolved":
            return False
        self._stop("resolved")
        return True

    def fire(self) -> None:
        """Nobody has it any more: pages by hand start at once, the chain from its first step."""
        self.state, self.silent_until = "firing", None
        for name, page in self.pages.items():
            if page.by_hand and not page.off and page.since is None:
                self._start(name, important=page.important)
        self.at, self.step_at, self.rounds = 0, self.now, 0
        self._run_chain()

    def _take_off(self, name: str, why: str) -> bool:
        page = self.pages.get(name)
        if page is None or page.off:
            return False
        page.since, page.off = None, why
        return True

    def _stop(self, state: str) -> None:
        self.state, self.step_at, self.silent_until = state, None, None
        for page in self.pages.values():
            page.since = None

    def _start(self, name: str, *, important: bool) -> None:
        page = self.pages[name]
        page.important, page.since, page.called, page.off = important, self.now, False, ""
        self.notices["phone:" + name if important else "sms:" + name] += 1

    def _run_page(self, name: str) -> None:
        page = self.pages[name]
        if page.important or page.called:
            page.since = None
        else:
            page.called = True
            self.notices["phone:" + name] += 1

    def _run_chain(self) -> None:
        self.step_at = None
        while self.at < len(self.chain):
            move = self.chain[self.at]
            self.at += 1
            if move.what == "wait" and self._waits_for_nobody():
                continue
            if move.what == "wait":
                self.step_at = self.now + move.seconds
                return
            if move.what == "resolve":
                self._stop("resolved")
                return
            if move.what == "repeat" and self.rounds < MOST_REPEATS:
                self.at, self.rounds = 0, self.rounds + 1
            for name in self._meant(move):
                self._call(name, important=move.important)

    def _waits_for_nobody(self) -> bool:
        """A wait before anybody was called, as all of them are off, and a next one is not."""
        calls = {"persons", "team", "turn"}
        before = [move for move in self.chain[: self.at] if move.what in calls]
        mine = [page for page in self.pages.values() if page.since is not None and not page.by_hand]
        if mine or not before or any(self._is_heard(move) for move in before):
            return False
        for move in self.chain[self.at :]:
            if move.what in calls and self._is_heard(move):
                return True
            if move.what not in {*calls, "wait"}:
                return False
        return False

    def _is_heard(self, move: Move) -> bool:
        people = self.team if move.what == "team" else move.people
        return any(not self.pages.get(name, Paged()).off for name in people)

    def _meant(self, move: Move) -> Collection[str]:
        if move.what == "team":
            return set(self.team)
        if move.what != "turn":
            return move.people
        last = self.turn if self.remembers else None
        first = move.people.index(last) + 1 if last in move.people else 0
        order = move.people[first:] + move.people[:first]
        willing = [name for name in order if not self.pages.get(name, Paged()).off]
        self.turn = (willing or order)[0]
        return [self.turn]

    def _call(self, name: str, *, important: bool) -> None:
        """A step pages somebody: never twice, never lowered, never who was taken off."""
        page = self.pages.setdefault(name, Paged())
        if page.off:
            return
        if page.since is not None and page.important >= important:
            return
        self._start(name, important=important or (page.by_hand and page.important))
