"""Whatever people do while a chain runs: those who may still be notified are those of the model."""

from collections import Counter
from datetime import timedelta
from functools import partial

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import clock
from core import teams as services
from core.db import Database
from core.errors import TocsinError
from core.matching import Matcher
from core.models import ChainStep, Escalation, PolicyType
from tests.conftest import empty
from tests.core.chain_model import Model, Move
from tests.core.matching import in_no_hurry
from tests.core.teams import REPEAT, RESOLVE, Teams, in_turn, members, persons
from tests.core.world import World
from tests.patience import Patient

NAMES = ("ana", "bob", "cid", "dan")
# No two of these add up to the minutes in which everything else happens.
SHORT, LONG = 433.0, 689.0


def wait(seconds: float) -> Move:
    return Move("wait", seconds=seconds)


CHAINS = (
    (Move("persons", ("ana",)), wait(SHORT), Move("team"), wait(LONG), Move("turn", NAMES)),
    (
        Move("turn", NAMES),
        wait(SHORT),
        Move("persons", ("ana", "bob"), important=True),
        wait(LONG),
        Move("repeat"),
        Move("team"),
    ),
    (wait(SHORT), Move("team", important=True), wait(LONG), Move("team"), wait(LONG * 3)),
    (Move("team"), wait(LONG), Move("turn", NAMES[::-1]), wait(SHORT), Move("resolve")),
    (Move("persons", NAMES), Move("repeat"), wait(SHORT), Move("turn", ("cid",), important=True)),
    (Move("persons"), wait(SHORT), Move("persons", ("ana",)), wait(LONG), Move("team")),
)
WHO = st.sampled_from(NAMES)


class Machine(RuleBasedStateMachine):
    """People at one alert group, in the real services and in the model."""

    def __init__(self, database: Database, matcher: Matcher) -> None:
        super().__init__()
        clock.reset()
        empty(database)
        self.world = World(database)
        self.teams = Teams(self.world, matcher)
        self.people = {name: self.world.user(name, "sms", 15, "phone") for name in NAMES}
        for user in self.people.values():
            self.world.rules(user, "phone", important=True)

    @initialize(
        moves=st.sampled_from(CHAINS),
        inside=st.sets(WHO),
        hand=st.sets(WHO, max_size=2),
        loud=st.sets(WHO, max_size=2),
    )
    def open(
        self, moves: tuple[Move, ...], inside: set[str], hand: set[str], loud: set[str]
    ) -> None:
        by_hand = sorted(hand)
        self.sre = self.teams.make("SRE", *[self.people[name] for name in sorted(inside | {"dan"})])
        self.chain = self.teams.chain("drawn", *[self._step(move) for move in moves])
        self.teams.leads(self.sre, self.chain)
        self.model = Model(moves, inside | {"dan"})
        self.group = self.teams.page(self.sre, *[self.people[name] for name in by_hand])
        for name in by_hand:
            self.model.page(name, important=False)
        self.model.forward(0)
        for name in sorted(loud):
            self.ask_somebody(name, "page important")

    def _step(self, move: Move) -> ChainStep:
        people = [self.people[name] for name in move.people]
        match move.what:
            case "wait":
                return ChainStep(PolicyType.WAIT, duration=int(move.seconds))
            case "persons":
                return persons(*people, important=move.important)
            case "turn":
                return in_turn(*people, important=move.important)
            case "team":
                return members(self.sre, important=move.important)
            case _:
                return REPEAT if move.what == "repeat" else RESOLVE

    def _same(self, act: object, *asked: object, modelled: bool) -> None:
        """What the services refuse, the model refuses too."""
        assert callable(act)
        try:
            act(self.group, *asked)
        except TocsinError:
            assert not modelled, f"{act} was refused"
        else:
            assert modelled, f"{act} was not refused"

    @rule(minutes=st.sampled_from((12, 1, 40, 5)))
    def wait_some_minutes(self, minutes: int) -> None:
        self.world.forward(minutes=minutes)
        self.model.forward(timedelta(minutes=minutes).total_seconds())

    @rule(who=WHO, what=st.sampled_from(("page", "page important", "unpage", "decline")))
    def ask_somebody(self, who: str, what: str) -> None:
        user, is_over = self.people[who], self.model.state == "resolved"
        if what == "unpage":
            assert self.world.unpage(self.group, user) == self.model.unpage(who)
        elif what == "decline":
            self._same(self.world.decline, user, modelled=not is_over and self.model.decline(who))
        elif what == "page":
            self._same(self.world.page, user, modelled=not is_over)
        else:
            self._same(partial(self.world.page, important=[user]), modelled=not is_over)
        if what.startswith("page") and not is_over:
            self.model.page(who, important=what == "page important")

    @rule(
        who=WHO, what=st.sampled_from(("acknowledge", "silence", "silence for a while", "resolve"))
    )
    @precondition(lambda self: self.model.state == "firing" or self.model.notified)
    def answer(self, who: str, what: str) -> None:
        self._answer(who, what)

    @rule(who=WHO, what=st.sampled_from(("acknowledge", "silence", "resolve")))
    @precondition(lambda self: self.model.state != "firing")
    def answer_again_or_take_it_back(self, who: str, what: str) -> None:
        if what == "silence":
            self._answer(who, what)
            return
        undo = {
            "acknowledged": self.world.unack,
            "silenced": self.world.unsilence,
            "resolved": self.world.unresolve,
        }[self.model.state]
        undo(self.group, self.people[who])
        self.model.fire()

    def _answer(self, who: str, what: str) -> None:
        user = self.people[who]
        if what == "acknowledge":
            self._same(self.world.ack, user, modelled=self.model.acknowledge(who))
        elif what == "resolve":
            self._same(self.world.resolve, user, modelled=self.model.resolve())
        else:
            seconds = 1800 if what == "silence for a while" else None
            done = self.model.silence(seconds)
            self._same(self.world.silence, user, seconds or -1, modelled=done)

    @rule(who=st.sampled_from((*NAMES, "the chain")))
    def join_or_leave_the_team_or_delete_the_chain(self, who: str) -> None:
        if who == "the chain":
            if self.model.remembers:
                self.teams.delete_chain(self.chain)
            self.model.remembers = False
            return
        with self.world.session() as session:
            if who in self.model.team:
                services.remove_member(session, self.sre.id, self.people[who].id)
            else:
                services.add_member(session, self.sre.id, self.people[who])
        self.model.team ^= {who}

    @invariant()
    def who_may_still_be_notified(self) -> None:
        paged = self.teams.paged(self.group)
        running = {name for name, outcome in paged.items() if outcome == "running"}
        assert running == self.model.notified
        assert self.world.state(self.group).value == self.model.state
        with self.world.session() as session:
            runs = session.get_one(Escalation, self.group.id).runs
        assert runs == (self.model.step_at is not None)
        told = self.world.story(self.group).chain
        assert told is not None
        if self.model.step_at is not None:
            assert told.next_at is not None
            left = (told.next_at - clock.now()).total_seconds()
            assert abs(left - (self.model.step_at - self.model.now)) < 2

    @invariant()
    def what_they_were_sent(self) -> None:
        sent = Counter([*self.world.sms.addresses, *self.world.phone.addresses])
        assert sent == self.model.notices


def test_those_who_may_still_be_notified_are_those_of_the_model(sqlite_url: str) -> None:
    database, matcher = Patient(sqlite_url), in_no_hurry()
    how = settings(
        max_examples=15,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=[Phase.generate],  # with Phase.shrink the story is short, and takes minutes to find
        suppress_health_check=list(HealthCheck),
    )

    class Here(Machine):
        def __init__(self) -> None:
            super().__init__(database, matcher)

    try:
        run_state_machine_as_test(Here, settings=how)
    finally:
        matcher.stop()
        database.close()
