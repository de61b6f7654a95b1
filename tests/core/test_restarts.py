"""Back to firing: open pages run again from their first step (P4)."""

from core.models import Outcome, Purpose, State
from tests.core.world import World


def test_unacknowledge_pages_again_from_the_first_step(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    bob = world.user("bob", "sms")
    group = world.escalate(to=[ana, bob])
    world.forward(minutes=5, seconds=1)
    world.ack(group, ana)
    world.unack(group, ana)
    assert world.state(group) is State.FIRING
    assert world.sms.addresses == ["sms:ana", "sms:bob"] * 2
    assert world.phone.addresses == ["phone:ana"]
    assert world.log(group)[-5:] == [
        "unacknowledged by ana",
        "restarted ana",
        "restarted bob",
        "sent ana sms",
        "sent bob sms",
    ]
    world.forward(minutes=5, seconds=1)
    assert world.phone.addresses == ["phone:ana"] * 2


def test_unsilence_by_hand_pages_again(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.silence(group, world.alice)
    world.unsilence(group, world.alice)
    assert world.sms.addresses == ["sms:ana"] * 2


def test_a_silence_ends_by_itself_and_pages_again(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.silence(group, world.alice, seconds=1800)
    world.forward(minutes=29, seconds=58)
    assert world.state(group) is State.SILENCED
    world.forward(seconds=4)
    assert world.state(group) is State.FIRING
    assert world.sms.addresses == ["sms:ana"] * 2
    assert "unsilenced" in world.thread(group)


def test_unresolve_pages_again(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.resolve(group, ana)
    world.unresolve(group, world.alice)
    assert world.state(group) is State.FIRING
    assert world.sms.addresses == ["sms:ana"] * 2
    assert world.shown(group).holder is None


def test_unpaged_and_declined_people_stay_out(world: World) -> None:
    ana, bob, carol = (world.user(name, "sms") for name in ("ana", "bob", "carol"))
    group = world.escalate(to=[ana, bob, carol])
    world.unpage(group, ana)
    world.decline(group, bob)
    world.ack(group, carol)
    world.unack(group, carol)
    assert world.sms.addresses == ["sms:ana", "sms:bob", "sms:carol", "sms:carol"]


def test_exhausted_pages_count_as_open(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.forward(minutes=6)
    assert world.outcome(group, ana) is Outcome.EXHAUSTED
    world.ack(group, ana)
    assert world.outcome(group, ana) is Outcome.ANSWERED
    world.unack(group, ana)
    assert world.sms.addresses == ["sms:ana"] * 2


def test_a_page_that_is_still_running_goes_on_as_it_is(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[world.user("bob", "email")])
    world.ack(group, world.alice)
    world.page(group, ana)
    world.forward(minutes=3)
    world.unack(group, world.alice)
    assert world.sms.addresses == ["sms:ana"]
    world.forward(minutes=2, seconds=1)
    assert world.phone.addresses == ["phone:ana"]
    assert world.page_of(group, ana).run == 1


def test_back_to_firing_with_nobody_left_tells_the_author(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.ack(group, world.alice)
    world.unpage(group, ana)
    assert world.slack.told(Purpose.UNANSWERED) == []
    world.unack(group, world.alice)
    assert world.log(group)[-2:] == ["unacknowledged by alice", "unanswered"]
    assert world.slack.told(Purpose.UNANSWERED) == ["UALICE"]


def test_the_author_hears_once_when_restarting_reaches_nobody(world: World) -> None:
    ghosts = [world.user(name, "slack") for name in ("ghost", "gone")]
    group = world.escalate(to=ghosts)
    world.ack(group, world.alice)
    for ghost in ghosts:
        world.change(ghost, slack_user_id=None, email=None)
    world.unack(group, world.alice)
    world.forward(minutes=1)
    assert [x for x in world.log(group) if x.startswith("un") and " by " not in x] == [
        "unreachable ghost",
        "unreachable gone",
        "unanswered",
    ]


def test_the_author_does_not_hear_nobody_while_a_restarted_page_runs(world: World) -> None:
    ghost = world.user("ghost", "slack")
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ghost, ana])
    world.ack(group, world.alice)
    world.change(ghost, slack_user_id=None, email=None)
    world.unack(group, world.alice)
    assert "unreachable ghost" in world.log(group)
    assert "unanswered" not in world.log(group)
    assert world.slack.told(Purpose.UNANSWERED) == []


def test_silence_and_answer_many_times_leaves_one_run(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    for _ in range(4):
        world.silence(group, world.alice, seconds=3600)
        world.unsilence(group, world.alice)
        world.ack(group, ana)
        world.unack(group, ana)
    assert world.page_of(group, ana).run == 9
    world.forward(minutes=5, seconds=1)
    assert world.phone.addresses == ["phone:ana"]
    world.forward(hours=2)
    assert world.state(group) is State.FIRING
    assert world.phone.addresses == ["phone:ana"]
