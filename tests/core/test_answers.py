"""Acknowledge, silence and resolve stop pages (P3)."""

import pytest

from core.errors import Conflict
from core.models import Event, Outcome, State
from tests.core.world import World


@pytest.fixture
def world(small_world: World) -> World:
    """The database does not matter here."""
    return small_world


def test_an_acknowledgement_stops_every_page_made_before_it(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    bob = world.user("bob", 1, "phone")
    group = world.escalate(to=[ana, bob])
    world.ack(group, ana)
    world.forward(hours=1)
    assert world.phone.addresses == []
    assert world.state(group) is State.ACKNOWLEDGED
    assert world.outcome(group, ana) is Outcome.ANSWERED
    assert world.outcome(group, bob) is Outcome.STOPPED
    assert world.thread(group)[-1] == "acknowledged by ana"


def test_anybody_may_acknowledge_also_without_being_paged(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    carol = world.user("carol")
    group = world.escalate(to=[ana])
    world.ack(group, carol)
    world.forward(hours=1)
    assert world.phone.addresses == []
    assert world.outcome(group, ana) is Outcome.STOPPED
    assert world.shown(group).holder is not None


@pytest.mark.parametrize("how", ["silence", "resolve"])
def test_silence_and_resolve_stop_them_too(world: World, how: str) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    getattr(world, how)(group, world.alice)
    world.forward(hours=1)
    assert world.phone.addresses == []
    assert world.outcome(group, ana) is Outcome.STOPPED
    assert world.log(group)[-1] == f"{how}d by alice"


@pytest.mark.parametrize("how", ["ack", "silence"])
def test_a_page_onto_an_acknowledged_or_silenced_group_goes_through(world: World, how: str) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[world.user("bob", "sms")])
    getattr(world, how)(group, world.alice)
    before = world.state(group)
    world.page(group, ana)
    world.forward(minutes=5, seconds=1)
    assert world.sms.addresses == ["sms:bob", "sms:ana"]
    assert world.phone.addresses == ["phone:ana"]
    assert world.state(group) is before


def test_a_paged_person_who_acknowledges_what_somebody_holds_joins(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[world.user("bob", "sms")])
    world.ack(group, world.alice)
    world.page(group, ana)
    said = world.ack(group, ana)
    assert said is not None
    assert "alice has already acknowledged" in said
    world.forward(minutes=6)
    assert world.phone.addresses == []
    assert world.outcome(group, ana) is Outcome.ANSWERED
    assert world.thread(group)[-1] == "joined by ana"
    holder = world.shown(group).holder
    assert holder is not None
    assert holder.name == "alice"


def test_somebody_who_is_not_paged_is_told_who_was_first(world: World) -> None:
    group = world.escalate(to=[world.user("ana", "sms")])
    world.ack(group, world.alice)
    with pytest.raises(Conflict, match="alice has already acknowledged"):
        world.ack(group, world.user("bob"))


def test_acknowledging_twice_says_so(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.ack(group, ana)
    with pytest.raises(Conflict, match="You have already acknowledged"):
        world.ack(group, ana)


def test_a_holder_who_is_paged_onto_their_own_group_ends_it_by_answering(
    world: World,
) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.ack(group, ana)
    world.page(group, ana)
    world.ack(group, ana)
    world.forward(minutes=6)
    assert world.sms.addresses == ["sms:ana"] * 2
    assert world.phone.addresses == []
    assert world.outcome(group, ana) is Outcome.ANSWERED


def test_acknowledging_ends_a_silence_and_its_alarm(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.silence(group, world.alice, seconds=1800)
    world.ack(group, ana)
    world.forward(hours=2)
    assert world.state(group) is State.ACKNOWLEDGED
    assert world.sms.addresses == ["sms:ana"]
    assert world.outcome(group, ana) is Outcome.ANSWERED


def test_a_resolved_group_refuses_new_pages_and_everything_else(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.resolve(group, ana)
    with pytest.raises(Conflict, match="Cannot add responders for a resolved alert group"):
        world.page(group, world.user("bob", "sms"))
    for act in (world.ack, world.silence, world.resolve, world.decline):
        with pytest.raises(Conflict, match="ana has already resolved"):
            act(group, ana)
    for act in (world.unack, world.unsilence):
        with pytest.raises(Conflict, match=r"not .* any more"):
            act(group, ana)
    assert world.sms.addresses == ["sms:ana"]


def test_resolving_stops_pages_made_onto_an_acknowledged_group(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[world.user("bob", "sms")])
    world.ack(group, world.alice)
    world.page(group, ana)
    world.resolve(group, world.alice)
    world.forward(hours=1)
    assert world.phone.addresses == []


def test_i_cant_stops_only_that_page(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    bob = world.user("bob", "sms", 5, "phone")
    group = world.escalate(to=[ana, bob])
    world.decline(group, ana)
    world.forward(minutes=5, seconds=1)
    assert world.phone.addresses == ["phone:bob"]
    assert world.outcome(group, ana) is Outcome.DECLINED
    assert "declined ana by ana" in world.thread(group)
    with pytest.raises(Conflict, match="already said"):
        world.decline(group, ana)
    with pytest.raises(Conflict, match="not being paged"):
        world.decline(group, world.alice)


def test_who_said_i_cant_and_then_acknowledges_has_answered(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.decline(group, ana)
    world.ack(group, ana)
    assert world.outcome(group, ana) is Outcome.ANSWERED


def test_what_is_shown_follows_the_state(world: World) -> None:
    ana = world.user("ana", "slack", 5, "phone")
    group = world.escalate(to=[ana])
    assert world.shown(group).state is State.FIRING
    world.ack(group, ana)
    assert world.board.message(group.id).story.state is State.ACKNOWLEDGED
    [direct] = world.board.directs.values()
    assert direct.state is State.ACKNOWLEDGED
    world.resolve(group, ana)
    assert world.board.message(group.id).story.state is State.RESOLVED
    [direct] = world.board.directs.values()
    assert direct.state is State.RESOLVED


def test_events_name_who_did_it(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.silence(group, ana, seconds=1800)
    world.thread(group)
    [line] = [x for x in world.board.message(group.id).thread if x.event is Event.SILENCED]
    assert line.by is not None
    assert line.by.slack_user_id == "UANA"
    assert line.detail["seconds"] == 1800
