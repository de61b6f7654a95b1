"""The plan is fixed when the page is made (P2)."""

from tests.core.world import World


def test_an_edit_of_the_rules_does_not_touch_a_running_page(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    world.escalate(to=[ana])
    world.rules(ana)
    world.rules(ana, "email")
    world.forward(minutes=5, seconds=1)
    assert world.phone.addresses == ["phone:ana"]
    assert world.email.addresses == []


def test_the_next_page_uses_the_new_rules(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms")
    world.escalate(to=[ana])
    world.rules(ana, "phone")
    world.escalate(to=[ana])
    assert world.phone.addresses == ["phone:ana"]


def test_each_start_has_a_run_of_its_own_and_old_work_does_nothing(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    assert world.page_of(group, ana).run == 1
    world.forward(minutes=4)
    world.ack(group, ana)
    world.unack(group, ana)
    assert world.page_of(group, ana).run == 2
    assert world.sms.addresses == ["sms:ana"] * 2
    world.forward(minutes=2)
    assert world.phone.addresses == []  # the first run's wait would have ended by now
    world.forward(minutes=3, seconds=1)
    assert world.phone.addresses == ["phone:ana"]


def test_a_delivery_of_an_older_run_that_fails_late_does_not_hurry_the_new_one(
    world: World,
) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana], drain=False)
    late = world.take(world.sms)
    world.ack(group, ana)
    world.unack(group, ana)
    world.sms.refuse()
    world.outbox.deliver(late)
    world.drain()
    assert world.phone.addresses == []
    world.forward(minutes=5, seconds=1)
    assert world.phone.addresses == ["phone:ana"]
