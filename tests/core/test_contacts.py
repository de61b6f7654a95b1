"""Contact methods: what people are reached at, and what is kept of what they write."""

import pytest

from core import contacts, people
from core.contacts import Contact
from core.errors import Gone, Invalid
from core.models import RuleType
from tests.core.world import World

NUMBER = "+41446681800"


def test_a_replaced_address_is_checked_and_takes_the_place_of_the_one_before(
    world: World,
) -> None:
    ana = world.user("ana", lacks=["sms", "phone"])
    for written in ("+41 44 668 18 00", "+1 202 555 0100", "+41 (44) 668-18-00"):
        with world.session() as session:
            contacts.replace(session, ana, way=RuleType.SMS, address=written, allow_private=False)
    with world.session() as session:
        [_, sms, _] = contacts.of(session, ana)
        assert (sms.type, sms.address) == (RuleType.SMS, NUMBER)
        assert contacts.find(session, ana, sms.id or "") == sms
        contacts.replace(session, ana, way=RuleType.SMS, address=" ", allow_private=False)
        assert [each.id for each in contacts.of(session, ana)] == [None, None]
        with pytest.raises(Gone):
            contacts.find(session, ana, sms.id or "")


def test_an_address_that_makes_no_sense_changes_nothing(small_world: World) -> None:
    world = small_world
    ana = world.user("ana", lacks=["sms"])
    with world.session() as session:
        contacts.replace(session, ana, way=RuleType.SMS, address=NUMBER, allow_private=False)
    for wrong in ("044 668 18 00", "+41446681800\udcff", "+4" + "1" * 2_000):
        with world.session() as session, pytest.raises(Invalid) as caught:
            contacts.replace(session, ana, way=RuleType.SMS, address=wrong, allow_private=False)
        assert caught.value.field == "address"
    with world.session() as session:
        assert people.addresses(session, [ana])[ana.id][RuleType.SMS] == NUMBER


def test_everybody_has_their_own_of_each_type(world: World) -> None:
    ana, bob = (world.user(name, lacks=["sms", "phone"]) for name in ("ana", "bob"))
    with world.session() as session:
        for user in (ana, bob):
            for way in ("notify_by_sms", "notify_by_phone_call"):
                contacts.add(session, user.id, way=way, address=NUMBER, allow_private=False)
        with pytest.raises(Invalid, match="ana has a number for phone calls already") as caught:
            contacts.add(
                session,
                ana.id,
                way="notify_by_phone_call",
                address="+12025550100",
                allow_private=False,
            )
        assert caught.value.field == "type"
        [_, sms, call, _] = contacts.of(session, ana)
        with pytest.raises(Gone):
            contacts.remove(session, bob.id, sms.id or "")
        contacts.remove(session, ana.id, sms.id or "")
        assert contacts.of(session, ana) == [
            Contact(None, RuleType.SLACK, "UANA"),
            call,
            Contact(None, RuleType.EMAIL, "ana@example.com"),
        ]
        assert len(contacts.of(session, bob)) == 4


def test_nothing_is_added_for_who_is_not_there(small_world: World) -> None:
    world = small_world
    gone = world.user("gone", is_active=False)
    with world.session() as session:
        for user_id in (gone.id, "UNOBODY"):
            with pytest.raises(Gone, match="not known here"):
                contacts.add(
                    session,
                    user_id,
                    way="notify_by_email",
                    address="a@example.com",
                    allow_private=False,
                )


@pytest.mark.parametrize("way", [way for way in RuleType if way not in contacts.WORDS])
def test_every_other_type_is_refused_with_a_reason(way: RuleType) -> None:
    with pytest.raises(Invalid) as caught:
        contacts.check(way.value, NUMBER, allow_private=True)
    assert caught.value.field == "type"
    assert str(caught.value).startswith(contacts.REFUSED[way])
