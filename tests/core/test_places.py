"""Where the alert message goes, and what happens when it cannot stay there (P12)."""

import logging
from datetime import timedelta

import pytest

from core.channels import ChannelError
from core.db import Database
from core.models import Post, PostKind, Purpose
from core.paging import Origin
from tests.core.world import DEFAULT, INCIDENTS, World

RESPONSE_URL = "https://hooks.slack.test/commands/1"
SECRET = Origin("G9SECRET", is_private=True)


def test_it_goes_where_the_command_was_typed_and_the_author_is_told(world: World) -> None:
    origin = Origin(INCIDENTS, response_url=RESPONSE_URL)
    group = world.escalate(to=[world.user("ana", "slack")], origin=origin)
    assert world.board.message(group.id).slack_channel == INCIDENTS
    assert world.slack.told(Purpose.POSTED) == [RESPONSE_URL]
    [notice] = [x for x in world.slack.sent if x.purpose is Purpose.POSTED]
    assert notice.slack_channel == INCIDENTS
    assert notice.link == world.shown(group).link
    assert notice.refusal is None


def test_a_refused_place_leads_to_the_default_channel(world: World) -> None:
    world.board.refused = {INCIDENTS}
    group = world.escalate(to=[world.user("ana", "sms")])
    assert world.board.tries[:2] == [f"post {INCIDENTS}", f"post {DEFAULT}"]
    assert world.board.message(group.id).slack_channel == DEFAULT
    assert world.thread(group)[:2] == ["opened by alice", "paged ana by alice"]
    [notice] = [x for x in world.slack.sent if x.purpose is Purpose.POSTED]
    assert notice.refusal == "is_archived"
    assert notice.slack_channel == DEFAULT
    assert world.shown(group).is_public
    assert world.sms.addresses == ["sms:ana"]


def test_a_refused_default_channel_leads_to_the_author(world: World) -> None:
    world.board.refused = {INCIDENTS, DEFAULT}
    group = world.escalate(to=[world.user("ana", "sms")])
    assert world.board.message(group.id).slack_channel == "DALICE"
    assert world.slack.told(Purpose.POSTED) == ["UALICE"]
    ana = world.story(group).responders[0].person
    assert world.shown(group).link_for(ana) is None  # she could not open it
    assert world.shown(group).link_for(world.story(group).author) is not None


def test_what_was_typed_in_private_never_goes_to_the_default_channel(world: World) -> None:
    world.board.refused = {"G9SECRET"}
    group = world.escalate(to=[world.user("ana", "sms")], origin=SECRET)
    assert world.board.message(group.id).slack_channel == "DALICE"
    assert not any(DEFAULT in tried for tried in world.board.tries)
    world.forward(seconds=6)
    assert world.sms.pages[0].link is None


def test_a_link_into_a_private_channel_is_shown_to_nobody_but_the_author(
    small_world: World,
) -> None:
    world = small_world
    world.escalate(to=[world.user("ana", "sms"), world.alice], origin=SECRET)
    world.forward(seconds=6)
    assert world.sms.pages[0].link is None
    assert [n.link for n in world.slack.pages] != [None]


def test_a_default_channel_that_is_private_makes_no_links_for_all(small_world: World) -> None:
    world = small_world
    world.board.private = {DEFAULT}
    world.board.refused = {INCIDENTS}
    group = world.escalate(to=[world.user("ana", "sms")])
    assert not world.shown(group).is_public


def test_without_a_channel_it_goes_to_the_default_one(small_world: World) -> None:
    world = small_world
    group = world.escalate(to=[world.user("ana", "sms")], origin=None)
    assert world.board.message(group.id).slack_channel == DEFAULT


def test_without_any_channel_it_goes_to_the_author(sqlite: Database) -> None:
    world = World(sqlite, default_channel=None)
    group = world.escalate(to=[world.user("ana", "sms")], origin=None)
    assert world.board.message(group.id).slack_channel == "DALICE"


def test_a_page_without_a_channel_moves_on_to_the_author(world: World) -> None:
    """As pages over the API are: whoever holds the token is the author."""
    world.board.refused = {DEFAULT}
    group = world.escalate(to=[world.user("ana", "sms")], origin=None)
    assert world.board.tries[:2] == [f"post {DEFAULT}", "post UALICE"]
    assert world.board.message(group.id).slack_channel == "DALICE"
    assert world.story(group).refusal == "is_archived"
    world.forward(seconds=6)
    assert world.sms.pages[0].link is None  # she could not open it


def test_an_author_who_is_not_in_slack_is_no_place_to_post(sqlite: Database) -> None:
    world = World(sqlite, default_channel=None)
    robot = world.user("robot", lacks=["slack"])
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana], by=robot, origin=None)
    world.forward(minutes=5, seconds=6)
    assert world.board.tries == []
    assert world.sms.addresses == ["sms:ana"]
    assert world.phone.addresses == ["phone:ana"]
    assert world.slack.sent == []
    world.ack(group, ana)
    world.forward(minutes=6)
    assert world.log(group)[-1] == "acknowledged by ana"
    assert world.next_due() is None  # nothing waits for a message that never comes


def test_with_nowhere_to_go_people_are_paged_all_the_same(
    sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(sqlite)
    world.board.refused = {INCIDENTS, DEFAULT, "UALICE"}
    group = world.escalate(to=[world.user("ana", "slack", 5, "phone")])
    world.forward(minutes=5, seconds=1)
    assert world.slack.addresses == ["UANA"]
    assert world.phone.addresses == ["phone:ana"]
    assert "given up" in caplog.text
    world.forward(minutes=6)
    assert world.log(group)[-1] == "unanswered"
    assert world.slack.told(Purpose.UNANSWERED) == ["UALICE"]
    assert world.next_due() is None  # the thread does not wait for a message that never comes


@pytest.mark.parametrize(
    "error",
    [
        ChannelError("ratelimited", retry_in=timedelta(seconds=30), attempted=False),
        ChannelError("server error"),
        ZeroDivisionError("a defect in a view"),
    ],
    ids=["rate limit", "5xx", "bug"],
)
def test_another_place_is_taken_only_for_a_permanent_refusal(
    world: World, error: Exception
) -> None:
    world.board.fail(error, times=3)
    group = world.escalate(to=[world.user("ana", "sms")])
    world.forward(minutes=2)
    assert world.board.message(group.id).slack_channel == INCIDENTS
    assert world.board.tries[:4] == [f"post {INCIDENTS}"] * 4


def test_a_deleted_message_is_posted_anew_in_the_same_place_with_its_whole_thread(
    world: World,
) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.thread(group)
    world.board.message(group.id).deleted = True
    world.ack(group, ana)
    assert world.thread(group) == world.log(group)
    assert world.thread(group)[-1] == "acknowledged by ana"
    assert world.board.message(group.id).slack_channel == INCIDENTS
    assert len(world.board.messages) == 2
    assert world.slack.told(Purpose.POSTED) == ["UALICE"] * 2


def test_a_thread_notices_the_deletion_too(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.thread(group)
    world.board.message(group.id).deleted = True
    world.forward(minutes=5, seconds=10)
    assert world.thread(group) == world.log(group)
    assert len(world.board.messages) == 2


def test_an_archived_channel_moves_the_message_and_tells_the_thread_anew(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.thread(group)
    world.board.refused = {INCIDENTS}
    world.ack(group, ana)
    world.forward(seconds=30)
    assert world.board.message(group.id).slack_channel == DEFAULT
    assert world.thread(group) == world.log(group)


def test_a_message_that_is_deleted_over_and_over_is_let_go(
    small_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = small_world
    caplog.set_level(logging.ERROR)
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    for n in range(8):
        for message in world.board.messages:
            message.deleted = True
        (world.silence if n % 2 == 0 else world.unsilence)(group, world.alice)
    world.forward(minutes=2)
    assert len(world.board.messages) <= 7
    assert "given up" in caplog.text
    assert world.sms.addresses[-1] == "sms:ana"


def test_after_half_an_hour_the_author_is_told_by_direct_message(world: World) -> None:
    origin = Origin(INCIDENTS, response_url=RESPONSE_URL)
    slow = ChannelError("server error", retry_in=timedelta(minutes=16))
    world.board.fail(slow, times=4)
    world.escalate(to=[world.user("ana", "sms")], origin=origin)
    world.forward(hours=2)
    assert world.slack.told(Purpose.POSTED) == ["UALICE"]


def test_when_the_command_takes_no_answer_the_author_is_told_by_direct_message(
    world: World,
) -> None:
    world.slack.fail(ChannelError("expired_url", permanent=True), times=1)
    origin = Origin(INCIDENTS, response_url=RESPONSE_URL)
    world.escalate(to=[world.user("ana", "sms")], origin=origin)
    assert [notice.address for notice in world.slack.tried] == [RESPONSE_URL, "UALICE"]
    assert world.slack.told(Purpose.POSTED) == ["UALICE"]


def test_a_publisher_that_cannot_say_whether_a_channel_is_public_posts_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(slack_channel: str) -> bool:
        raise ChannelError("ratelimited")

    monkeypatch.setattr(world.board, "is_public", fails)
    group = world.escalate(to=[world.user("ana", "sms")], origin=None)
    assert len(world.board.messages) == 1
    assert not world.shown(group).is_public


def test_a_missing_permalink_is_asked_for_later(world: World) -> None:
    world.board.permalinks = False
    group = world.escalate(to=[world.user("ana", "slack")])
    assert world.story(group).link is None
    world.board.permalinks = True
    world.forward(seconds=10)
    assert world.story(group).link is not None
    [direct] = world.board.directs.values()  # and the direct message shows it
    assert direct.link is not None


def test_a_crash_after_posting_posts_again_and_tells_the_story_there(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana], drain=False)
    [job] = world.posts.claim(1)
    world.board.post_alert(job.story, INCIDENTS)  # and then the process dies
    world.forward(seconds=16)
    assert len(world.board.messages) == 2
    assert world.thread(group) == world.log(group)


def test_a_message_that_moves_while_its_thread_is_being_told_is_told_all(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])

    def move() -> None:
        world.board.message(group.id).deleted = True
        world.ack(group, ana)  # finds the message gone, and posts it anew

    world.board.after_lines = move
    world.page(group, world.user("bob", "sms"))
    world.forward(seconds=30)
    assert len(world.board.messages) == 2
    assert world.thread(group) == world.log(group)


def test_who_has_posted_can_be_read_from_the_database(small_world: World) -> None:
    world = small_world
    world.escalate(to=[world.user("ana", "sms")])
    with world.db.reading() as session:
        post = session.get_one(Post, 1)
    assert (post.kind, post.slack_channel, post.lease) == (PostKind.ALERT, INCIDENTS, None)
