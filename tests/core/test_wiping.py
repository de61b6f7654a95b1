"""Wiping takes the texts and stops the pages; deleting hides the rest."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from core import alert_groups, notes, wiping
from core.errors import Conflict, Gone
from core.models import AlertGroup, Outcome, State, User
from tests.core.world import World

Act = Callable[..., None]


def do(world: World, act: Act, group: AlertGroup) -> None:
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        act(session, held, by=session.get_one(User, world.alice.id))
    world.drain()


def everything(world: World) -> str:
    """Whatever is stored in the rows that speak of alert groups."""
    tables = ("alert_group", "alert", "resolution_note", "log_record", "delivery", "post", "page")
    with world.db.reading() as session:
        rows = [session.execute(text(f"SELECT * FROM {name}")).all() for name in tables]
    return repr(rows)


@pytest.mark.parametrize("act", [wiping.wipe, wiping.delete])
def test_no_text_is_left_anywhere(world: World, act: Act) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate("secret is out", to=[ana])
    other = world.escalate("another one", to=[ana])
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        held.source_url = "https://example.com/secret"
        by = session.get_one(User, ana.id)
        first = notes.add(session, held, by=by, text="a secret note")
        notes.change(session, held, first, by=by, text="another secret note")
        notes.remove(session, held, first, by=by)
        notes.add(session, held, by=by, text="the last secret note")
    world.forward(seconds=2)
    assert "secret" in everything(world)
    do(world, act, group)
    assert "secret" not in everything(world)
    assert "another one" in everything(world)
    assert world.state(group) is State.RESOLVED
    assert world.state(other) is State.FIRING
    assert world.outcome(group, ana) is Outcome.STOPPED
    world.forward(hours=1)
    assert world.phone.addresses == ["phone:ana"]  # for the other one


@pytest.mark.parametrize("act", [wiping.wipe, wiping.delete])
def test_slack_shows_that_it_is_gone(world: World, act: Act) -> None:
    group = world.escalate("secret", to=[world.user("ana", "slack")])
    world.forward(seconds=3)
    assert world.shown(group).title == "secret"
    do(world, act, group)
    shown = world.shown(group)
    assert (shown.title, shown.message, shown.state) == ("", "", State.RESOLVED)
    assert all(story.title == "" for story in world.board.directs.values())
    assert len(world.board.directs) == 1
    last = {wiping.wipe: "wiped by alice", wiping.delete: "deleted by alice"}[act]
    assert world.thread(group)[-2:] == ["resolved by alice", last]


def test_who_resolved_it_stays(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.ack(group, ana)
    world.resolve(group, ana)
    do(world, wiping.wipe, group)
    now = world.read(group)
    assert (now.resolved_by_id, now.acknowledged_by_id) == (ana.id, ana.id)
    assert [line.split()[0] for line in world.log(group)][-2:] == ["resolved", "wiped"]


def test_wiping_again_changes_nothing_and_deleting_hides(world: World) -> None:
    group = world.escalate(to=[world.user("ana", "sms")])
    do(world, wiping.wipe, group)
    before, log = world.read(group).model_dump(), world.log(group)
    do(world, wiping.wipe, group)
    assert (world.read(group).model_dump(), world.log(group)) == (before, log)
    with pytest.raises(Conflict, match="stays resolved"):
        world.unresolve(group, world.alice)
    do(world, wiping.delete, group)
    assert world.read(group).deleted_at is not None
    assert world.read(group).wiped_at == before["wiped_at"]
    assert world.log(group)[-1] == "deleted by alice"


def test_nobody_can_do_anything_about_a_deleted_alert(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    do(world, wiping.delete, group)
    for attempt in (world.ack, world.unresolve, world.decline, world.page, world.unpage):
        with pytest.raises(Gone):
            attempt(group, ana)
    with pytest.raises(Gone):
        do(world, wiping.wipe, group)
    with world.db.reading() as session:
        with pytest.raises(Gone):
            alert_groups.find(session, group.id)
        held = session.get_one(AlertGroup, group.id)
        with pytest.raises(Gone):
            alert_groups.check_may_act(session, held, ana, guests=True)


def test_what_is_on_its_way_when_it_is_deleted_comes_to_an_end(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana], drain=False)
    job = world.take(world.sms)
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        wiping.delete(session, held, by=session.get_one(User, world.alice.id))
    world.outbox.deliver(job)
    world.forward(hours=1)
    assert world.phone.addresses == []
    assert world.log(group)[-2:] == ["deleted by alice", "sent ana sms"]
    assert world.next_due() is None
