"""What the API tells of a team's page: its log in words, and whom a chain paged."""

from typing import Any

from core.models import State
from tests.api.service import Service
from tests.core.teams import RESOLVE, Teams, members, persons
from tests.counting import queries


def read(service: Service, group: str, what: str) -> list[Any]:
    answer = service.client().get(f"alert_groups/{group}/{what}/", perpage="100")
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["results"]
    return found


def test_the_log_tells_what_the_chain_did(service: Service) -> None:
    ana, bob = service.add("ana", None, "sms"), service.add("bob", None, "sms")
    teams = Teams(service.world)
    sre = teams.make("SRE", ana, bob)
    empty = teams.make("Nobody")
    steps = (persons(ana), 5, members(empty), members(sre, important=True), 10, RESOLVE)
    teams.leads(sre, teams.chain("calm", *steps), important=True)
    group = teams.page(sre, bob, important=True)
    service.world.forward(minutes=16)
    assert service.world.state(group) is State.RESOLVED
    said = [line["text"] for line in read(service, group.id, "log")]
    assert [each for each in said if "sent to" not in each and "No answer" not in each] == [
        "alice paged the SRE team (important).",
        'Escalation chain "calm" starts (6 steps).',
        "alice paged bob (default rules: sms).",
        "Step 1 of 6 pages ana (default rules).",
        "Step 3 of 6 found nobody: nobody in the Nobody team can be paged. Going on.",
        "Step 4 of 6 raises ana and bob to important rules (the SRE team).",
        "Nobody has answered, and nobody is being paged any more.",
        "Step 6 of 6 resolves this.",
        "The escalation chain resolved it.",
    ]


def test_the_responders_say_whom_the_chain_paged(service: Service) -> None:
    ana, bob = service.add("ana", None, "sms"), service.add("bob", None, "sms")
    teams = Teams(service.world)
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("calm", members(sre), 5))
    group = teams.page(sre, bob)
    shown = {each["username"]: each for each in read(service, group.id, "responders")}
    assert (shown["ana"]["by_chain"], shown["bob"]["by_chain"]) == (True, False)
    assert shown["ana"]["paged_by"] == shown["bob"]["paged_by"] == service.world.alice.id


def test_a_step_for_many_people_costs_no_query_each(small: Service) -> None:
    teams = Teams(small.world)
    costs, told = [], []
    for count in (1, 50):
        people = [small.add(f"p{count}x{n}", None, "sms") for n in range(count)]
        team = teams.make(f"T{count}", *people)
        teams.leads(team, teams.chain(f"C{count}", members(team), 5))
        group = teams.opened(team).group
        small.world.drain()
        read(small, group.id, "log")  # the first request looks its token up
        with queries(small.world.db) as asked:
            lines = read(small, group.id, "log")
        costs.append(len(asked))
        told += [line["text"] for line in lines if line["event"] == "stepped"]
    assert costs[0] == costs[1]
    assert "p50x49" in told[1]
