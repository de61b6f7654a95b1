"""People come from Slack; who may page, and who can be paged (P14)."""

import threading

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from core import alert_groups, people, reports
from core.db import Database
from core.errors import Gone, Invalid, Refused
from core.models import AlertGroup, Role, RuleType, User
from core.people import SlackProfile
from tests.core.world import World

ANA = SlackProfile("UANA", "T1", "ana", "Ana", email="Ana@Example.com", timezone="Europe/Lisbon")


def test_somebody_becomes_a_user_at_first_sight_and_follows_slack(database: Database) -> None:
    with database.transaction() as session:
        first = people.keep(session, ANA)
    changed = SlackProfile("UANA", "T1", "ana", "Ana Maria", is_admin=True, is_active=False)
    with database.transaction() as session:
        again = people.keep(session, changed)
    assert again.id == first.id
    assert (again.name, again.email, again.is_admin, again.is_active) == (
        "Ana Maria",
        None,
        True,
        False,
    )
    assert again.timezone == "UTC"


def test_two_who_meet_somebody_at_the_same_time_make_one_user(database: Database) -> None:
    gate, failed = threading.Barrier(4), list[Exception]()

    def meet() -> None:
        gate.wait()
        try:
            with database.transaction() as session:
                people.keep(session, ANA)
        except IntegrityError as error:
            failed.append(error)

    threads = [threading.Thread(target=meet) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.reading() as session:
        assert len(session.scalars(select(User)).all()) == 1


@pytest.mark.parametrize("name", ["ana@example.com", "ANA@EXAMPLE.COM", "UANA"])
def test_a_user_is_named_by_mail_or_slack_id_or_public_id(sqlite: Database, name: str) -> None:
    with sqlite.transaction() as session:
        ana = people.keep(session, ANA)
        people.keep(session, SlackProfile("UBOB", "T1", "bob", "Bob"))
        assert people.find(session, name).id == ana.id
        assert people.find(session, ana.id).id == ana.id


def test_nobody_and_several_are_told_apart(sqlite: Database) -> None:
    with sqlite.transaction() as session:
        people.keep(session, ANA)
        people.keep(session, SlackProfile("U2", "T1", "ana2", "Ana 2", email="ana@example.com"))
        with pytest.raises(Gone, match=r"nobody@example\.com"):
            people.find(session, "nobody@example.com")
        with pytest.raises(Invalid, match="2 users have the address"):
            people.find(session, "ana@example.com")
        with pytest.raises(Gone):
            people.find(session, "U404")
        assert set(people.by_slack_ids(session, ["UANA", "U404"])) == {"UANA"}


def test_addresses_are_set_replaced_and_taken_away(sqlite: Database) -> None:
    with sqlite.transaction() as session:
        ana = people.keep(session, ANA)
        people.set_address(session, ana, RuleType.SMS, "+15550100")
        people.set_address(session, ana, RuleType.SMS, "+15550101")
        people.set_address(session, ana, RuleType.EMAIL, "pager@example.com")
        assert people.addresses(session, [ana])[ana.id] == {
            RuleType.SLACK: "UANA",
            RuleType.EMAIL: "pager@example.com",
            RuleType.SMS: "+15550101",
        }
        people.set_address(session, ana, RuleType.EMAIL, None)
        people.set_address(session, ana, RuleType.PHONE_CALL, None)
        assert people.addresses(session, [ana])[ana.id][RuleType.EMAIL] == "Ana@Example.com"


def test_who_may_page() -> None:
    people.check_may_page(User(), guests=False)
    people.check_may_page(User(is_guest=True), guests=True)
    for user in (User(is_guest=True), User(is_active=False), User(is_bot=True)):
        with pytest.raises(Refused):
            people.check_may_page(user, guests=False)


@pytest.mark.parametrize("is_guest", [True, False])
def test_a_role_given_here_goes_before_what_slack_says(is_guest: bool) -> None:
    for role in (Role.ADMIN, Role.EDITOR):
        user = User(given_role=role, is_guest=is_guest)
        people.check_may_page(user, guests=False)
    for role in (Role.VIEWER, Role.NONE):
        user = User(given_role=role, is_guest=is_guest, is_admin=True)
        with pytest.raises(Refused) as caught:
            people.check_may_page(user, guests=True)
        assert str(caught.value) == (
            f"Your role in Tocsin is {role.value}: you cannot page people. "
            "Whoever runs Tocsin can change your role."
        )


def test_a_given_role_stays_until_slack_is_followed_again(database: Database) -> None:
    with database.transaction() as session:
        people.give_role(session, people.keep(session, ANA), Role.VIEWER)
    admin = SlackProfile("UANA", "T1", "ana", "Ana", is_admin=True)
    with database.transaction() as session:
        ana = people.keep(session, admin)
        assert ana.role is Role.VIEWER
        people.give_role(session, ana, None)
    with database.reading() as session:
        assert people.find(session, "UANA").role is Role.ADMIN


@pytest.mark.parametrize("role", [Role.VIEWER, Role.NONE])
def test_whoever_may_not_page_may_answer_what_they_were_paged_for(
    small_world: World, role: Role
) -> None:
    world = small_world
    ana, other = (world.user(name, "sms", given_role=role) for name in ("ana", "other"))
    group = world.escalate(to=[ana, world.alice])
    with world.session() as session:
        held = alert_groups.lock(session, group.id)
        alert_groups.check_may_act(session, held, ana, guests=False)
        with pytest.raises(Refused) as caught:
            alert_groups.check_may_act(session, held, other, guests=True)
    assert str(caught.value) == (
        f"Your role in Tocsin is {role.value}: you can only answer alerts that you were paged "
        "for. Whoever runs Tocsin can change your role."
    )


def test_a_guest_may_answer_what_they_were_paged_for(small_world: World) -> None:
    world = small_world
    guest = world.user("guest", "sms", is_guest=True)
    other = world.user("other", is_guest=True)
    group = world.escalate(to=[guest, world.alice])
    with world.session() as session:
        held = alert_groups.lock(session, group.id)
        alert_groups.check_may_act(session, held, guest, guests=False)
        with pytest.raises(Refused, match="Guests can only answer"):
            alert_groups.check_may_act(session, held, other, guests=False)
        alert_groups.check_may_act(session, held, other, guests=True)
    world.unpage(group, guest)
    with world.session() as session:
        held = alert_groups.lock(session, group.id)
        with pytest.raises(Refused):
            alert_groups.check_may_act(session, held, guest, guests=False)


@pytest.mark.parametrize(
    ("facts", "says"),
    [({"is_bot": True}, "is a bot"), ({"is_active": False}, "is deactivated")],
)
def test_bots_and_deactivated_people_cannot_be_paged(
    small_world: World, facts: dict[str, bool], says: str
) -> None:
    world = small_world
    robot = world.user("robot", "sms", is_bot=facts.get("is_bot", False))
    world.change(robot, **facts)
    with pytest.raises(Invalid, match=f"robot {says}"):
        world.escalate(to=[world.user("ana", "sms"), robot])
    with world.db.reading() as session:
        assert session.scalars(select(AlertGroup)).all() == []


def test_a_page_needs_words_and_people(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", "sms")
    for message, says in (
        ("", "Say what is wrong"),
        (" \n\t ", "Say what is wrong"),
        ("x" * 3_001, "3,001 characters"),
        ("a\x00b", "cannot be stored"),
        ("half an emoji \ud83d", "cannot be stored"),
    ):
        with pytest.raises(Invalid, match=says) as caught:
            world.escalate(message, to=[ana])
        assert caught.value.field == "message"
    with pytest.raises(Invalid, match="at least one person"):
        world.escalate(to=[])
    with pytest.raises(Invalid, match="31 people are too many"):
        world.escalate(to=[ana] * 31)
    world.escalate("x" * 3_000, to=[ana])


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("db down\nreally", "db down"),
        ("\n\n  db down  \n", "db down"),
        ("x" * 150, "x" * 150),
        ("y" * 151, "y" * 149 + "\u2026"),
    ],
)
def test_the_title_is_the_first_line(message: str, title: str) -> None:
    assert reports.typed(message).title == title


def test_an_unknown_time_zone_is_utc() -> None:
    assert str(User(timezone="Mars/Olympus").zone) == "UTC"
    assert str(User(timezone="../../etc/passwd").zone) == "UTC"
    assert str(User(timezone="").zone) == "UTC"
    assert str(User(timezone="Europe/Lisbon").zone) == "Europe/Lisbon"


def test_a_group_that_is_gone_says_so(sqlite: Database) -> None:
    with sqlite.transaction() as session, pytest.raises(Gone, match="does not exist any more"):
        alert_groups.lock(session, "IGONE")
