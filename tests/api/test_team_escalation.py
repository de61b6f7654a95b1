"""Pages of teams over HTTP: the way they go, who is called, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.models import ChainStep, EscalationChain, PolicyType, SlackChannel, Team
from tests.api.pages import asked, oncall, page, refusal
from tests.api.service import Client, Service
from tests.core.teams import CHANNEL, Teams, members, persons

COUNTING = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
ENDLESS = "{% if 'stuck' in payload.oncall.title %}" + COUNTING + "{% endif %}true"
HEARD = "Nobody is called: only #sre hears of it."


@pytest.fixture
def teams(service: Service) -> Teams:
    return Teams(service.world)


def send(service: Service, team: Team, **more: Any) -> dict[str, Any]:
    """Page a team, and ring whoever is to be called at once."""
    answer = service.client().post("escalation/", {"team": team.id, **more})
    assert answer.status_code == 200, answer.text
    service.world.forward(seconds=2)
    found: dict[str, Any] = answer.json()
    return found


def route(service: Service, team: Team, chain: EscalationChain, kind: str, term: str) -> str:
    """The first route of the team's direct paging; its id."""
    client = service.client()
    [direct] = client.get("integrations", team_id=team.id).json()["results"]
    body = {
        "integration_id": direct["id"],
        "escalation_chain_id": chain.id,
        "routing_type": kind,
        "routing_regex": term,
        "position": 0,
    }
    answer = client.post("routes/", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def by_sms(service: Service, *names: str) -> list[Any]:
    return [service.add(name, None, "sms") for name in names]


def cannot(name: str) -> dict[str, list[str]]:
    said = (
        f"{name} cannot be paged: give its direct paging an escalation chain that calls "
        "somebody, or a Slack channel. An admin does that in Slack (Tocsin's Home tab), over "
        "the API (routes/) or with app.py config. Or page its members as users."
    )
    return {"team": [said]}


def test_an_important_page_starts_another_chain(service: Service, teams: Teams) -> None:
    ana, bob = by_sms(service, "ana", "bob")
    team = teams.make("SRE", ana, bob)
    teams.leads(team, teams.chain("normal", persons(ana), 5, members(team)))
    teams.leads(team, teams.chain("urgent", members(team)), important=True)
    usual = send(service, team, title="db slow")
    assert service.world.sms.addresses == ["sms:ana"]
    urgent = send(service, team, title="db down", important_team_escalation=True)
    assert sorted(service.world.sms.addresses) == ["sms:ana", "sms:ana", "sms:bob"]
    assert (usual["team_id"], urgent["team_id"]) == (team.id, team.id)
    assert usual["integration_id"] == urgent["integration_id"]
    assert usual["route_id"] != urgent["route_id"]
    assert (oncall(usual)["important"], oncall(urgent)["important"]) == (False, True)
    assert "warning" not in usual
    assert "warning" not in urgent


def test_a_whole_set_up_over_http_pages_a_team(service: Service) -> None:
    """As a newcomer would do it with a script: nothing is reached around the API."""
    [ana] = by_sms(service, "ana")
    client = service.client()
    team = client.post("teams/", {"name": "SRE"}).json()["id"]
    client.post(f"teams/{team}/members/", {"user_id": ana.id})
    chain = client.post("escalation_chains/", {"name": "SRE", "team_id": team}).json()["id"]
    policy = {
        "escalation_chain_id": chain,
        "type": "notify_team_members",
        "team_to_notify": team,
    }
    assert client.post("escalation_policies/", policy).status_code == 201
    assert refusal(service, {"team": team}) == cannot("SRE")
    [direct] = client.get("integrations", team_id=team).json()["results"]
    default = direct["default_route"]["id"]
    led = client.put(f"routes/{default}/", {"escalation_chain_id": chain})
    assert led.status_code == 200, led.text
    found = client.post("escalation/", {"team": team})
    assert (found.status_code, found.json()["route_id"]) == (200, default)
    assert found.json()["title"] == "admin is paging SRE to join escalation"
    service.world.forward(seconds=2)
    assert service.world.sms.addresses == ["sms:ana"]


@pytest.mark.parametrize(
    ("routing_type", "term"),
    [
        ("jinja2", "{{ 'db' in payload.oncall.title }}"),
        ("regex", '"title": "db .*"important": false'),
    ],
)
def test_a_route_of_ones_own_is_taken(
    service: Service, teams: Teams, routing_type: str, term: str
) -> None:
    ana, bob = by_sms(service, "ana", "bob")
    team = teams.make("SRE")
    teams.leads(team, teams.chain("everything else", persons(ana)))
    chain = teams.chain("databases", persons(bob))
    own = route(service, team, chain, routing_type, term)
    assert send(service, team, title="db down")["route_id"] == own
    assert service.world.sms.addresses == ["sms:bob"]
    assert send(service, team, title="web down")["route_id"] != own
    assert service.world.sms.addresses == ["sms:bob", "sms:ana"]


def test_routes_are_judged_by_the_alert_that_is_kept(service: Service, teams: Teams) -> None:
    ana, bob = by_sms(service, "ana", "bob")
    team = teams.make("SRE")
    teams.leads(team, teams.chain("everything else", persons(ana)))
    term = "{{ payload.oncall.uid[0] in '01234567' }}"
    own = route(service, team, teams.chain("half", persons(bob)), "jinja2", term)
    for _ in range(6):
        group = send(service, team, title="db down")
        uid = group["last_alert"]["payload"]["oncall"]["uid"]
        assert (group["route_id"] == own) == (uid[0] in "01234567")


def test_an_endless_template_does_not_hold_the_page_up(service: Service, teams: Teams) -> None:
    ana, bob = by_sms(service, "ana", "bob")
    team, other = teams.make("SRE"), teams.make("Web")
    for each in (team, other):
        teams.leads(each, teams.chain(each.name, persons(ana)))
    seldom = teams.chain("seldom", persons(bob))
    own = route(service, team, seldom, "jinja2", ENDLESS)
    clients = [Client(service.url, service.client().token) for _ in range(4)]

    def one(number: int) -> dict[str, Any]:
        wanted = team if number % 2 else other
        body = {"team": wanted.id, "title": "stuck again"}
        answer = clients[number].post("escalation/", body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, range(4)))
    for client in clients:
        client.http.close()
    assert len({group["id"] for group in found}) == 4
    service.world.forward(seconds=2)
    assert service.world.sms.addresses == ["sms:ana"] * 4  # by the default routes
    assert send(service, team, title="db down")["route_id"] == own
    assert service.world.sms.addresses[4:] == ["sms:bob"]


def test_who_pages_is_told_when_only_a_channel_hears_of_it(service: Service, teams: Teams) -> None:
    [ana] = by_sms(service, "ana")
    team, sre = teams.make("SRE"), teams.channel("sre")
    teams.leads(team, channel=sre)
    assert send(service, team)["warning"] == HEARD
    older = service.client().post("direct_paging/", {"team": team.id}).json()
    assert older == {"alert_group_id": older["alert_group_id"], "warning": HEARD}
    teams.leads(team, teams.chain("a", 5), channel=sre)  # a chain that calls nobody
    assert send(service, team)["warning"] == HEARD
    teams.leads(team, teams.chain("b", 5, persons(ana)), channel=sre)
    assert "warning" not in send(service, team)
    assert "warning" not in page(service, ana)
    group = send(service, team)["id"]
    assert "warning" not in page(service, ana, alert_group_id=group)
    assert "warning" not in service.client().get(f"alert_groups/{group}/").json()


def test_the_warning_is_repeated_with_its_answer(service: Service, teams: Teams) -> None:
    [ana] = by_sms(service, "ana")
    team = teams.make("SRE")
    teams.leads(team, channel=teams.channel("sre"))

    def keyed(body: Any, key: str) -> dict[str, Any]:
        answer = service.client().post("escalation/", body, headers={"Idempotency-Key": key})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    first = keyed({"team": team.id}, "a")
    assert first["warning"] == HEARD
    assert keyed({"team": team.id}, "a") == first
    onto = asked(ana, alert_group_id=first["id"])  # now somebody is called
    assert [("warning" in keyed(onto, "b")) for _ in range(2)] == [False, False]


def test_a_team_is_paged_once_with_the_same_key(service: Service, teams: Teams) -> None:
    ana, bob = by_sms(service, "ana", "bob")
    team, other = teams.make("SRE"), teams.make("Web")
    teams.leads(team, teams.chain("a", persons(ana)))
    teams.leads(other, teams.chain("b", persons(bob)))
    clients = [Client(service.url, service.client().token) for _ in range(8)]

    def one(client: Client, **body: Any) -> Any:
        return client.post("escalation/", body, headers={"Idempotency-Key": "deploy-1"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: one(client, team=team.id), clients))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert one(clients[0], team=other.id).status_code == 409
    for client in clients:
        client.http.close()
    service.world.forward(seconds=2)
    assert service.world.sms.addresses == ["sms:ana"]


def test_a_team_comes_alone(service: Service, teams: Teams) -> None:
    [ana] = by_sms(service, "ana")
    team = teams.make("SRE")
    teams.leads(team, teams.chain("a", persons(ana)))
    both = {"non_field_errors": ["users and team are mutually exclusive"]}
    assert refusal(service, asked(ana, team=team.id)) == both
    group = send(service, team, users=[], title="db down")
    onto = {"non_field_errors": ["alert_group_id and team are mutually exclusive"]}
    assert refusal(service, {"alert_group_id": group["id"], "team": team.id}) == onto
    joined = page(service, ana, alert_group_id=group["id"], team=None)
    assert (joined["id"], joined["team_id"]) == (group["id"], team.id)


def test_a_team_of_which_nobody_would_hear_is_refused(service: Service, teams: Teams) -> None:
    [ana] = by_sms(service, "ana")
    left = service.add("left", None, "sms", is_active=False)
    team, empty = teams.make("SRE"), teams.make("Nobody")
    nobody: list[tuple[ChainStep | int, ...]] = [
        (),
        (5,),
        (persons(left),),
        (members(empty),),
        (CHANNEL,),  # of the route, which has none
        (ChainStep(PolicyType.NOTIFY_ON_CALL), ChainStep(PolicyType.TRIGGER_WEBHOOK)),
        (ChainStep(PolicyType.RESOLVE), persons(ana)),
    ]
    for number, steps in enumerate(nobody):
        teams.leads(team, teams.chain(f"chain {number}", *steps))
        assert refusal(service, {"team": team.id, "title": "x"}) == cannot("SRE"), steps
    sre = teams.channel("sre", ana)
    teams.leads(team, channel=sre)
    assert send(service, team)["warning"] == HEARD
    with service.world.db.transaction() as session:
        session.get_one(SlackChannel, sre.id).gone_at = team.created_at
    assert refusal(service, {"team": team.id}) == cannot("SRE")


def test_a_page_for_no_team_goes_its_own_way_too(service: Service, teams: Teams) -> None:
    ana, bob = by_sms(service, "ana", "bob")
    teams.leads(None, teams.chain("whoever helps", 5, persons(bob)))
    group = page(service, ana, title="db down")
    service.world.forward(seconds=2)
    assert service.world.sms.addresses == ["sms:ana"]
    service.world.forward(minutes=5)
    assert service.world.sms.addresses == ["sms:ana", "sms:bob"]
    assert (group["team_id"], "warning" in group) == (None, False)
