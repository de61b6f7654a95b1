"""Messages without a page, rate limits, and links (P10, P11)."""

import logging
from datetime import timedelta

import pytest

from core.channels import ChannelError
from core.models import DeliveryOutcome, Purpose
from tests.core.world import World


@pytest.fixture
def world(small_world: World) -> World:
    """The database does not matter here."""
    return small_world


LIMITED = ChannelError("ratelimited", retry_in=timedelta(seconds=20), attempted=False)


def test_a_rate_limit_delays_and_gives_the_attempt_back(world: World) -> None:
    ana = world.user("ana", "slack", 60, "phone")
    world.slack.fail(LIMITED)
    group = world.escalate(to=[ana])
    world.forward(minutes=3)
    assert world.slack.addresses == []
    assert world.deliveries(group)[0].attempts == 0
    world.slack.mend()
    world.forward(seconds=21)
    assert world.slack.addresses == ["UANA"]
    assert not any(line.startswith("failed") for line in world.log(group))


def test_a_rate_limit_never_gives_a_page_up(world: World) -> None:
    ana = world.user("ana", "slack")
    world.slack.fail(ChannelError("x", retry_in=timedelta(minutes=50), attempted=False))
    world.escalate(to=[ana])
    world.forward(hours=30)
    world.slack.mend()
    world.forward(hours=1)
    assert world.slack.addresses == ["UANA"]


def test_one_dead_channel_does_not_delay_another(world: World) -> None:
    people = [world.user(f"p{n}", "sms", "phone") for n in range(12)]
    world.sms.fail(LIMITED)
    world.escalate(to=people)
    assert len(world.phone.addresses) == 12


def test_a_message_without_a_page_gives_up_after_a_day_loudly(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    world.slack.fail(ChannelError("busy", retry_in=timedelta(minutes=55)))
    world.escalate(to=[world.user("ana", "sms")])
    world.forward(hours=23, minutes=58)
    assert "given up" not in caplog.text
    before = len(world.slack.tried)
    world.forward(hours=1)
    assert "given up after 24 h" in caplog.text
    tried = len(world.slack.tried)
    assert tried > before
    world.forward(hours=5)
    assert len(world.slack.tried) == tried
    assert world.slack.told(Purpose.POSTED) == []


def test_a_mail_waits_a_moment_for_its_link(world: World) -> None:
    world.board.fail(ChannelError("server error"), times=1)
    world.escalate(to=[world.user("ana", "sms", "slack")])
    assert world.slack.addresses == ["UANA"]  # its link can be added later
    assert world.sms.addresses == []
    world.forward(seconds=2)
    [notice] = world.sms.pages
    assert notice.link is not None


def test_but_no_longer_than_a_moment(world: World) -> None:
    world.board.fail(ChannelError("server error"), times=50)
    world.escalate(to=[world.user("ana", "sms", "slack")])
    world.forward(seconds=6)
    [notice] = world.sms.pages
    assert notice.link is None


def test_a_direct_message_that_went_without_its_link_gets_it_later(world: World) -> None:
    world.board.fail(ChannelError("server error"), times=3)
    group = world.escalate(to=[world.user("ana", "slack")])
    assert world.slack.pages[0].link is None
    world.forward(seconds=30)
    [direct] = world.board.directs.values()
    assert direct.link == world.story(group).link
    assert direct.link is not None


def test_unpaging_stops_waits_and_everything_that_is_not_in_flight(world: World) -> None:
    ana = world.user("ana", "sms", "phone", 5, "email")
    group = world.escalate(to=[ana, world.user("bob", "sms", 60, "phone")], drain=False)
    in_flight = world.take(world.sms)
    assert world.unpage(group, ana)
    world.outbox.deliver(in_flight)
    world.forward(hours=1)
    assert "sms:ana" in world.sms.addresses
    assert "phone:ana" not in world.phone.addresses
    assert world.email.addresses == []
    assert "unpaged ana by alice" in world.thread(group)
    assert not world.unpage(group, ana)  # nothing to change any more


def test_text_is_stored_and_handed_on_as_typed(world: World) -> None:
    typed = "<!channel> a < b && c > d \U0001f525 <@U123>\r\nsecond line"
    ana = world.user("ana", "sms")
    group = world.escalate(typed, to=[ana])
    stored = typed.replace("\r\n", "\n")
    assert world.read(group).message == stored
    assert world.sms.pages[0].message == stored
    assert world.sms.pages[0].title == "<!channel> a < b && c > d \U0001f525 <@U123>"
    assert world.shown(group).message == stored


def test_three_thousand_characters_survive(world: World) -> None:
    typed = "&<>\u00e9" * 750
    group = world.escalate(typed, to=[world.user("ana", "sms")])
    assert world.read(group).message == typed
    assert world.sms.pages[0].message == typed
    assert len(world.sms.pages[0].title) == 150
    assert world.sms.pages[0].title.endswith("\u2026")


def test_what_was_sent_is_not_sent_again_because_its_receipt_cannot_be_kept(world: World) -> None:
    ana = world.user("ana", "sms")
    world.sms.extra = {"id": object()}  # nothing that JSON can hold
    group = world.escalate(to=[ana])
    world.forward(minutes=2)
    assert world.sms.addresses == ["sms:ana"]
    [delivery] = world.deliveries(group)
    assert delivery.outcome is DeliveryOutcome.SENT
    world.forward(minutes=4)
    assert world.log(group)[-2:] == ["exhausted ana", "unanswered"]
