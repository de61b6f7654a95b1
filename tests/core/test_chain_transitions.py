"""Somebody answers, silences, resolves, wipes or takes it back while a chain runs."""

from collections.abc import Callable

import pytest

from core import alert_groups, wiping
from core.models import AlertGroup, EscalationChain, State, Team, User
from tests.core.teams import Teams, members, persons
from tests.core.world import World

Act = Callable[[World, AlertGroup, User], object]

STOPS: dict[str, Act] = {
    "acknowledged": lambda world, about, by: world.ack(about, by),
    "silenced": lambda world, about, by: world.silence(about, by),
    "silenced for 2 h": lambda world, about, by: world.silence(about, by, 7200),
    "resolved": lambda world, about, by: world.resolve(about, by),
}
BACK: dict[str, Act] = {
    "acknowledged": lambda world, about, by: world.unack(about, by),
    "silenced": lambda world, about, by: world.unsilence(about, by),
    "silenced for 2 h": lambda world, about, by: world.forward(hours=2),
    "resolved": lambda world, about, by: world.unresolve(about, by),
}


class Office:
    """Three people, paged one after the other with ten minutes in between."""

    def __init__(self, world: World, teams: Teams) -> None:
        self.world, self.teams = world, teams
        self.people = [world.user(name, "sms", 60, "phone") for name in ("ana", "bob", "cid")]
        ana, bob, cid = self.people
        self.sre: Team = teams.make("SRE", *self.people)
        self.chain: EscalationChain = teams.chain(
            "calm", persons(ana), 10, persons(bob), 10, persons(cid)
        )
        teams.leads(self.sre, self.chain)

    def calls(self) -> list[str]:
        """Who got an SMS since the last look, in order."""
        sent = [address.removeprefix("sms:") for address in self.world.sms.addresses]
        self.world.sms.sent.clear()
        return sent


@pytest.fixture
def office(world: World, teams: Teams) -> Office:
    return Office(world, teams)


@pytest.mark.parametrize("how", STOPS)
@pytest.mark.parametrize("done", [1, 2, 3])
def test_nothing_runs_while_somebody_has_it_and_then_all_begins_afresh(
    office: Office, how: str, done: int
) -> None:
    world, names = office.world, ["ana", "bob", "cid"]
    about = office.teams.page(office.sre)
    world.forward(minutes=10 * done - 5)
    assert office.calls() == names[:done]
    STOPS[how](world, about, world.alice)
    assert set(office.teams.paged(about).values()) == {"stopped"}
    world.forward(hours=1, minutes=55)
    assert office.calls() == []
    BACK[how](world, about, world.alice)
    world.forward(minutes=30)
    assert office.calls() == names
    assert office.teams.events(about).count("chain_ended") == (2 if done == 3 else 1)


@pytest.mark.parametrize("how", STOPS)
def test_nobody_is_called_before_their_step_nor_twice(office: Office, how: str) -> None:
    world = office.world
    about = office.teams.page(office.sre)
    world.forward(minutes=15)
    assert office.calls() == ["ana", "bob"]
    STOPS[how](world, about, world.alice)
    if how == "silenced for 2 h":
        world.forward(hours=1, minutes=59, seconds=59)
        assert office.calls() == []
        world.forward(seconds=1)
    else:
        BACK[how](world, about, world.alice)
    assert office.calls() == ["ana"]
    world.forward(minutes=9, seconds=59)
    assert office.calls() == []
    world.forward(seconds=2)
    assert office.calls() == ["bob"]
    world.forward(minutes=10)
    assert office.calls() == ["cid"]
    world.forward(hours=3)
    assert office.calls() == []
    assert office.teams.events(about).count("unanswered") == 1


def test_pages_by_hand_start_at_once_again_and_those_of_the_chain_at_their_step(
    office: Office,
) -> None:
    world = office.world
    dan = world.user("dan", "sms", 60, "phone")
    about = office.teams.page(office.sre, dan)
    world.forward(minutes=15)
    assert office.calls() == ["dan", "ana", "bob"]
    world.ack(about, office.people[0])
    world.unack(about, office.people[0])
    assert office.calls() == ["dan", "ana"]
    assert office.teams.paged(about) == {
        "dan": "running",
        "ana": "running",
        "bob": "stopped",
    }


def test_whoever_was_also_paged_by_hand_starts_at_once_and_is_not_called_by_their_step(
    office: Office,
) -> None:
    world, [_, bob, cid] = office.world, office.people
    about = office.teams.page(office.sre)
    world.forward(minutes=15)
    assert office.calls() == ["ana", "bob"]
    assert {str(each) for each in world.page(about, bob, cid).values()} == {"nothing", "started"}
    assert office.calls() == ["cid"]
    world.forward(minutes=10)
    assert office.calls() == []  # cid is being paged already
    world.ack(about, world.alice)
    world.unack(about, world.alice)
    assert sorted(office.calls()) == ["ana", "bob", "cid"]
    world.forward(minutes=30)
    assert office.calls() == []


def test_a_chain_never_lowers_what_was_paged_by_hand(world: World, teams: Teams) -> None:
    ana = world.user("ana", "sms")
    world.rules(ana, "phone", important=True)
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", 1, persons(ana), 10, persons(ana)))
    about = teams.page(sre)
    world.page(about, important=[ana])
    world.forward(minutes=30)  # the important page ends on the way, and the step pages anew
    assert (world.sms.addresses, world.phone.addresses) == ([], ["phone:ana", "phone:ana"])
    world.ack(about, world.alice)
    world.unack(about, world.alice)
    assert world.phone.addresses == ["phone:ana"] * 3
    assert world.page_of(about, ana).important


def test_what_a_chain_raised_stays_raised_and_says_who_paged_it(world: World, teams: Teams) -> None:
    ana, carol = world.user("ana", "sms", 60, "email"), world.user("carol")
    world.rules(ana, "phone", 60, "email", important=True)
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("loud", 5, persons(ana, important=True)))
    about = teams.page(sre)
    world.page(about, ana, by=carol)
    world.forward(minutes=6)
    assert (world.sms.addresses, world.phone.addresses) == (["sms:ana"], ["phone:ana"])
    assert teams.steps(about)[0]["raised"] == [ana.id]
    [responder] = world.story(about).responders
    assert (responder.by_chain, responder.paged_by.name) == (False, "carol")
    world.ack(about, carol)
    world.unack(about, carol)
    assert world.phone.addresses == ["phone:ana", "phone:ana"]
    assert world.page_of(about, ana).important


@pytest.mark.parametrize("when", ["before", "after"])
def test_whoever_was_taken_off_or_cannot_help_is_left_alone(
    world: World, teams: Teams, when: str
) -> None:
    ana, bob = world.user("ana", "sms", 60, "phone"), world.user("bob", "sms", 60, "phone")
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("all", members(sre), 10, members(sre, important=True)))
    about = teams.page(sre)
    world.unpage(about, ana)
    world.decline(about, bob)
    if when == "after":
        world.resolve(about, world.alice)
        world.unresolve(about, world.alice)
    world.forward(minutes=15)
    assert sorted(world.sms.addresses) == ["sms:ana", "sms:bob"]
    assert teams.paged(about) == {"ana": "unpaged", "bob": "declined"}
    assert sorted(teams.steps(about)[-1]["off"]) == sorted([ana.id, bob.id])
    world.page(about, ana)  # a person asked for her: she is back
    assert world.sms.addresses.count("sms:ana") == 2


def test_nobody_left_while_the_chain_waits_is_not_the_end(office: Office) -> None:
    world, [ana, bob, cid] = office.world, office.people
    about = office.teams.page(office.sre)
    world.decline(about, ana)
    assert "unanswered" not in office.teams.events(about)
    world.forward(minutes=25)
    world.unpage(about, bob)
    assert "unanswered" not in office.teams.events(about)
    world.decline(about, cid)
    assert office.teams.events(about)[-1] == "unanswered"


def test_whoever_joins_is_paged_by_their_step_when_it_burns_again(office: Office) -> None:
    world, [ana, bob, _] = office.world, office.people
    about = office.teams.page(office.sre)
    world.ack(about, ana)
    world.page(about, bob)
    assert world.ack(about, bob) == "ana has already acknowledged this. You are on it too now."
    assert office.calls() == ["ana", "bob"]
    world.unack(about, ana)
    assert office.calls() == ["bob", "ana"]  # he was paged by hand, she by her step
    world.forward(minutes=15)
    assert office.calls() == []


def test_a_chain_starts_again_as_it_is_now(office: Office) -> None:
    world, [ana, bob, cid] = office.world, office.people
    about = office.teams.page(office.sre)
    office.teams.change(office.chain, persons(cid), 5, persons(bob))
    world.forward(minutes=11)
    assert office.calls() == ["ana", "bob"]  # as it was when it started
    world.ack(about, ana)
    world.unack(about, ana)
    assert office.calls() == ["cid"]
    told = world.story(about).chain
    assert told is not None
    assert (told.name, told.step, told.steps) == ("calm", 2, 3)


@pytest.mark.parametrize("how", ["deleted", "emptied"])
def test_a_chain_that_is_gone_runs_on_and_starts_again_as_it_was(office: Office, how: str) -> None:
    world, [ana, *_] = office.world, office.people
    about = office.teams.page(office.sre)
    if how == "deleted":
        office.teams.delete_chain(office.chain)
    else:
        office.teams.change(office.chain)
    world.forward(minutes=11)
    assert office.calls() == ["ana", "bob"]
    world.ack(about, ana)
    world.unack(about, ana)
    world.forward(minutes=25)
    assert office.calls() == ["ana", "bob", "cid"]
    told = world.story(about).chain
    assert told is not None
    assert told.name == "calm"


@pytest.mark.parametrize("act", [wiping.wipe, wiping.delete])
def test_a_wiped_alert_pages_nobody_any_more(office: Office, act: Callable[..., None]) -> None:
    world = office.world
    about = office.teams.page(office.sre)
    with world.session() as session:
        act(session, alert_groups.lock(session, about.id), by=world.alice)
    world.forward(hours=5)
    assert office.calls() == ["ana"]
    assert world.state(about) is State.RESOLVED
    assert "unanswered" not in office.teams.events(about)


def test_a_silence_that_is_made_longer_does_not_start_it_twice(office: Office) -> None:
    world = office.world
    about = office.teams.page(office.sre)
    world.silence(about, world.alice, 1800)
    world.forward(minutes=20)
    world.ack(about, world.alice)
    world.forward(minutes=20)
    assert office.calls() == ["ana"]
    world.silence(about, world.alice, 1800)
    world.forward(minutes=31)
    assert office.calls() == ["ana"]
    assert office.teams.events(about).count("chain_started") == 2
