"""Paging somebody who was paged before (P5)."""

from core.models import Outcome
from core.pages import Effect
from tests.core.teams import Teams, persons
from tests.core.world import World


def test_a_second_page_does_not_start_a_second_run(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    assert world.page(group, ana) == {"ana": Effect.NOTHING}
    world.forward(minutes=5, seconds=1)
    assert world.sms.addresses == ["sms:ana"]
    assert world.phone.addresses == ["phone:ana"]


def test_default_is_raised_to_important(world: World) -> None:
    ana = world.user("ana", "sms", 5, "email")
    world.rules(ana, "phone", 1, "slack", important=True)
    group = world.escalate(to=[ana])
    assert world.page(group, important=[ana]) == {"ana": Effect.RAISED}
    assert world.phone.addresses == ["phone:ana"]
    world.forward(minutes=1, seconds=1)
    assert world.slack.addresses == ["UANA"]
    world.forward(minutes=5)
    assert world.email.addresses == []
    assert "raised ana by alice" in world.thread(group)


def test_what_runs_goes_on_for_somebody_without_important_rules(world: World) -> None:
    """Their default rules are all there is: begun anew, they would ring the phone later."""
    ana, carol = world.user("ana", "sms", 5, "phone"), world.user("carol")
    group = world.escalate(to=[ana])
    world.forward(minutes=4)
    assert world.page(group, important=[ana], by=carol) == {"ana": Effect.NOTHING}
    assert world.page(group, ana) == {"ana": Effect.NOTHING}
    world.forward(minutes=1, seconds=1)
    assert world.sms.addresses == ["sms:ana"]
    assert world.phone.addresses == ["phone:ana"]


def test_rules_that_have_all_run_are_begun_anew_for_an_important_page(world: World) -> None:
    ana = world.user("ana", "sms", 5, "phone")
    group = world.escalate(to=[ana])
    world.forward(minutes=6)
    assert world.page(group, important=[ana]) == {"ana": Effect.RAISED}
    world.forward(minutes=6)
    assert world.sms.addresses == ["sms:ana"] * 2
    assert world.phone.addresses == ["phone:ana"] * 2


def test_whoever_a_chain_called_is_called_by_who_pages_them_by_hand(
    world: World, teams: Teams
) -> None:
    ana, carol = world.user("ana", "sms", 5, "phone"), world.user("carol")
    sre = teams.make("SRE", ana)
    teams.leads(sre, teams.chain("calm", persons(ana)))
    group = teams.page(sre)
    assert world.page(group, ana, by=carol) == {"ana": Effect.NOTHING}
    [paged] = world.story(group).responders
    assert (paged.by_chain, paged.paged_by.name) == (False, "carol")
    assert world.page(group, ana, by=world.alice) == {"ana": Effect.NOTHING}
    assert world.story(group).responders[0].paged_by.name == "carol"


def test_important_is_never_lowered(world: World) -> None:
    ana = world.user("ana", "sms")
    world.rules(ana, "slack", 5, "phone", important=True)
    group = world.escalate(to=[], important=[ana])
    assert world.page(group, ana) == {"ana": Effect.NOTHING}
    world.forward(minutes=5, seconds=1)
    assert world.phone.addresses == ["phone:ana"]
    assert world.sms.addresses == []


def test_a_finished_run_can_be_paged_again(world: World) -> None:
    ana = world.user("ana", "sms")
    group = world.escalate(to=[ana])
    world.forward(minutes=6)
    assert world.outcome(group, ana) is Outcome.EXHAUSTED
    assert world.page(group, ana) == {"ana": Effect.STARTED}
    assert world.sms.addresses == ["sms:ana"] * 2
    world.forward(minutes=6)
    assert world.log(group).count("unanswered") == 2


def test_somebody_who_declined_or_was_taken_off_can_be_paged_again(world: World) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    group = world.escalate(to=[ana, bob, world.user("carol", 60, "sms")])
    world.decline(group, ana)
    world.unpage(group, bob)
    assert world.page(group, ana, bob) == {"ana": Effect.STARTED, "bob": Effect.STARTED}
    assert world.sms.addresses == ["sms:ana", "sms:bob"] * 2
    assert world.outcome(group, ana) is None


def test_the_same_person_twice_in_one_page_is_paged_once_and_importantly(world: World) -> None:
    ana = world.user("ana", "sms")
    world.rules(ana, "phone", important=True)
    world.escalate(to=[ana, ana], important=[ana])
    assert world.sms.addresses == []
    assert world.phone.addresses == ["phone:ana"]


def test_a_repeat_beside_somebody_new_pages_only_the_new_one(world: World) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    group = world.escalate(to=[ana])
    assert world.page(group, ana, bob) == {"ana": Effect.NOTHING, "bob": Effect.STARTED}
    assert world.sms.addresses == ["sms:ana", "sms:bob"]


def test_paging_again_in_vain_beside_somebody_new_does_not_say_nobody(world: World) -> None:
    ghost = world.user("ghost", "slack")
    group = world.escalate(to=[ghost])
    world.forward(minutes=6)
    assert world.log(group).count("unanswered") == 1
    world.change(ghost, slack_user_id=None, email=None)
    world.page(group, ghost, world.user("ana", "sms", 5, "phone"))
    assert "unreachable ghost" in world.log(group)
    assert world.log(group).count("unanswered") == 1
