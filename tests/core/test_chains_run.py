"""A team's escalation chain runs: step by step, until somebody answers."""

from tests.core.teams import Teams, persons
from tests.core.world import World


def test_a_normal_and_an_important_page_take_two_chains(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "phone")
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("calm", persons(ana)))
    teams.leads(sre, teams.chain("loud", persons(bob)), important=True)
    teams.page(sre)
    assert (world.sms.addresses, world.phone.addresses) == (["sms:ana"], [])
    teams.page(sre, important=True)
    assert (world.sms.addresses, world.phone.addresses) == (["sms:ana"], ["phone:bob"])


def test_the_next_step_waits_and_an_acknowledgement_stops_it(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "phone")
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("calm", persons(ana), 5, persons(bob)))
    first, second = teams.page(sre), teams.page(sre)
    world.forward(minutes=4)
    world.ack(first, ana)
    world.forward(minutes=2)
    assert world.phone.addresses == ["phone:bob"]
    assert teams.paged(first) == {"ana": "answered"}
    assert teams.events(second).count("stepped") == 2
    world.unack(first, ana)
    assert teams.paged(first) == {"ana": "running"}
    world.forward(minutes=5)
    assert world.phone.addresses == ["phone:bob", "phone:bob"]
