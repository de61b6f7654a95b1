"""What is shown of an alert group once its text was removed, and who is said to have done it."""

from core import alert_groups, notes, wiping
from core.models import AlertGroup, Event, User
from tests.core.world import World

SECRET = "the password is hunter2"


def note(world: World, group: AlertGroup, text: str) -> None:
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        notes.add(session, held, by=session.get_one(User, world.alice.id), text=text)


def remove(world: World, group: AlertGroup, *, by: User, delete: bool = False) -> None:
    with world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        (wiping.delete if delete else wiping.wipe)(session, held, by=session.get_one(User, by.id))


def details(world: World, group: AlertGroup) -> str:
    return str([line.detail for line in world.board.message(group.id).thread])


def test_a_wiped_story_says_who_wiped_it_and_has_no_text(world: World) -> None:
    bob = world.user("bob")
    group = world.escalate(SECRET, to=[world.user("ana", "slack")])
    assert world.shown(group).removed_by is None
    remove(world, group, by=bob)
    told = world.shown(group)
    assert (told.title, told.message, told.source_url) == ("", "", None)
    assert (told.is_wiped, told.is_deleted) == (True, False)
    assert told.removed_by is not None
    assert told.removed_by.name == "bob"
    [direct] = world.board.directs.values()  # and direct messages follow
    assert direct.is_wiped
    remove(world, group, by=world.alice, delete=True)
    told = world.shown(group)
    assert told.is_deleted
    assert told.removed_by is not None
    assert told.removed_by.name == "alice"
    assert world.thread(group)[-3:] == ["resolved by bob", "wiped by bob", "deleted by alice"]


def test_a_note_that_waits_for_its_thread_post_is_told_without_its_text(world: World) -> None:
    group = world.escalate(to=[world.user("ana", "sms")])
    world.thread(group)
    note(world, group, SECRET)
    remove(world, group, by=world.alice)
    assert "noted by alice" in world.thread(group)
    assert SECRET not in details(world, group)


def test_a_thread_that_is_told_anew_leaves_wiped_notes_out(world: World) -> None:
    group = world.escalate(to=[world.user("ana", "sms")])
    note(world, group, SECRET)
    world.thread(group)
    assert SECRET in details(world, group)
    world.board.message(group.id).deleted = True
    remove(world, group, by=world.alice)
    assert world.thread(group) == world.log(group)
    assert SECRET not in details(world, group)
    assert Event.NOTED in [line.event for line in world.board.message(group.id).thread]
