"""escalation_policies/: the steps of chains over HTTP, of every type."""

from typing import Any

import pytest

from core.models import PolicyType
from tests.api.chain_steps import NOT_FOUND, STEPS, UNKNOWN, chain, changed, listed, own, step
from tests.api.service import Service
from tests.core.teams import Teams, in_turn
from tests.counting import queries

HOURS = {"notify_if_time_from": "22:00:00Z", "notify_if_time_to": "06:00:00Z"}
WINDOW = {"num_alerts_in_window": 3, "num_minutes_in_window": 5}


def test_a_step_lives_and_ends(service: Service) -> None:
    client, where = service.client(), chain(service)
    made = step(service, where, duration=60)
    assert made == {
        "id": made["id"],
        "escalation_chain_id": where,
        "position": 0,
        "type": "wait",
        "duration": 60,
    }
    assert made["id"].startswith("E")
    path = f"{STEPS}{made['id']}"
    assert client.get(path).json() == client.get(f"{path}/").json() == made
    after = client.put(path, {"duration": 86400})
    assert (after.status_code, after.json()) == (200, made | {"duration": 86400})
    assert listed(service, where) == [after.json()]
    gone = client.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (client.get(path), client.put(path, {}), client.delete(path)):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_every_type_answers_the_keys_that_it_has_a_use_for(service: Service) -> None:
    """Whatever else is sent is dropped; unset ones are null, and clients can read the types."""
    ana, bob = service.add("ana"), service.add("bob")
    teams = Teams(service.world)
    team, group = teams.make("SRE"), teams.group("night")
    where = chain(service)
    everything = {
        "duration": 300,
        "important": True,
        "persons_to_notify": [bob.id, ana.id],
        "team_to_notify": team.id,
        "group_to_notify": group.id,
        **HOURS,
        **WINDOW,
    }
    used: dict[str, dict[str, Any]] = {
        "wait": {"duration": 300},
        "notify_persons": {"important": True, "persons_to_notify": [bob.id, ana.id]},
        "notify_person_next_each_time": {
            "important": True,
            "persons_to_notify_next_each_time": [bob.id, ana.id],
        },
        "notify_team_members": {"important": True, "team_to_notify": team.id},
        "notify_on_call_from_schedule": {"important": True, "notify_on_call_from_schedule": None},
        "notify_user_group": {"important": True, "group_to_notify": group.id},
        "notify_whole_channel": {},
        "notify_if_time_from_to": HOURS,
        "notify_if_num_alerts_in_window": WINDOW,
        "repeat_escalation": {},
        "resolve": {},
        "trigger_webhook": {"action_to_trigger": None},
    }
    assert set(used) == {each.value for each in PolicyType}
    for kind, keys in used.items():
        assert own(step(service, where, kind, **everything)) == keys
        empty = {"persons": [], "important": False}
        bare = {key: empty.get(key.split("_")[0]) for key in keys}
        assert own(step(service, where, kind)) == bare
    assert [each["position"] for each in listed(service, where)] == list(range(2 * len(used)))


def test_null_is_as_good_as_nothing(small: Service) -> None:
    where = chain(small)
    nothing = {
        "duration": None,
        "persons_to_notify": None,
        "persons_to_notify_next_each_time": None,
        "team_to_notify": None,
        "group_to_notify": None,
        "notify_on_call_from_schedule": None,
        "action_to_trigger": "",
        "notify_if_time_from": "",
        "notify_if_time_to": None,
        "num_alerts_in_window": None,
        "num_minutes_in_window": None,
        "severity": None,
    }
    made = step(small, where, "notify_persons", **nothing)
    assert own(made) == {"important": False, "persons_to_notify": []}
    team = step(small, where, "notify_team_members", team_to_notify="")
    assert own(team) == {"important": False, "team_to_notify": None}


@pytest.mark.parametrize("sent", ["persons_to_notify", "persons_to_notify_next_each_time"])
def test_either_word_names_the_people(small: Service, sent: str) -> None:
    ana, bob = small.add("ana"), small.add("bob")
    where = chain(small)
    for kind, answered in (
        ("notify_persons", "persons_to_notify"),
        ("notify_person_next_each_time", "persons_to_notify_next_each_time"),
    ):
        made = step(small, where, kind, important=True, **{sent: [bob.id, ana.id, bob.id]})
        assert own(made) == {"important": True, answered: [bob.id, ana.id]}
        assert own(changed(small, made, **{sent: [ana.id]}))[answered] == [ana.id]
        assert own(changed(small, made, **{sent: None}))[answered] == []


def test_a_round_robin_may_be_important(service: Service) -> None:
    """The peer fails with 500 and leaves a row that no list shows."""
    ana, bob = service.add("ana"), service.add("bob")
    for user in (ana, bob):
        service.world.rules(user, "phone", important=True)
    teams = Teams(service.world)
    team, found = teams.make("SRE"), teams.chain("SRE", in_turn(ana))
    teams.leads(team, found)
    [made] = listed(service, found.id)
    assert own(changed(service, made, important=True, persons_to_notify=[bob.id, ana.id])) == {
        "important": True,
        "persons_to_notify_next_each_time": [bob.id, ana.id],
    }
    for _ in range(3):
        answer = service.client().post("escalation/", {"team": team.id})
        assert answer.status_code == 200, answer.text
        service.world.forward(seconds=2)
    assert service.world.phone.addresses == ["phone:bob", "phone:ana", "phone:bob"]


def test_what_is_not_sent_stays(small: Service) -> None:
    ana = small.add("ana")
    where = chain(small)
    made = step(small, where, "notify_persons", persons_to_notify=[ana.id], important=True)
    for body in ({}, {"type": None}, {"type": "notify_persons"}, {"escalation_chain_id": "FX"}):
        assert changed(small, made, **body) == made
    assert changed(small, made, important=False) == made | {"important": False}


def test_another_type_drops_what_it_has_no_use_for(service: Service) -> None:
    ana = service.add("ana")
    where = chain(service)
    made = step(service, where, duration=600, important=True)
    assert own(changed(service, made, type="notify_persons")) == {
        "important": False,  # it was sent for a wait, which has none
        "persons_to_notify": [],
    }
    both = changed(service, made, persons_to_notify=[ana.id], important=True)
    assert own(both) == {"important": True, "persons_to_notify": [ana.id]}
    assert own(changed(service, made, type="notify_person_next_each_time")) == {
        "important": True,
        "persons_to_notify_next_each_time": [ana.id],
    }
    assert own(changed(service, made, type="notify_if_time_from_to", **HOURS)) == HOURS
    assert own(changed(service, made, type="wait")) == {"duration": None}
    again = changed(service, made, type="notify_persons")
    assert own(again) == {"important": False, "persons_to_notify": []}
    assert again["id"] == made["id"]


def test_a_user_group_is_known_by_slacks_id_too(service: Service) -> None:
    group = Teams(service.world).group("night")
    where = chain(service)
    made = step(service, where, "notify_user_group", group_to_notify=group.slack_id)
    assert own(made) == {"important": False, "group_to_notify": group.id}


def test_what_was_deleted_reads_as_nothing(service: Service) -> None:
    teams = Teams(service.world)
    team, group = teams.make("SRE"), teams.group("night")
    where = chain(service)
    ours = step(service, where, "notify_team_members", team_to_notify=team.id)
    slacks = step(service, where, "notify_user_group", group_to_notify=group.id)
    service.client().delete(f"teams/{team.id}/")
    with service.world.db.transaction() as session:
        found = session.merge(group)
        found.gone_at = team.created_at
    assert listed(service, where) == [
        ours | {"team_to_notify": None},
        slacks | {"group_to_notify": None},
    ]
    for made, word, id_ in (
        (ours, "team_to_notify", team.id),
        (slacks, "group_to_notify", group.id),
        (slacks, "group_to_notify", group.slack_id),
    ):
        answer = service.client().put(f"{STEPS}{made['id']}/", {word: id_})
        assert (answer.status_code, answer.json()) == (400, {word: UNKNOWN})
    changed(service, slacks, important=True)
    with service.world.db.transaction() as session:
        session.merge(group).gone_at = None  # it was switched on again
    assert own(listed(service, where)[1]) == {"important": True, "group_to_notify": group.id}


def test_they_are_listed_by_chain_and_position(service: Service) -> None:
    first, second = chain(service, "z"), chain(service, "a")
    late = step(service, second)
    for where, position in ((first, -1), (second, 0), (first, 0)):
        step(service, where, position=position)
    found = service.client().get(STEPS).json()
    assert found["count"] == 4
    assert [(each["escalation_chain_id"], each["position"]) for each in found["results"]] == [
        (first, 0),
        (first, 1),
        (second, 0),
        (second, 1),
    ]
    assert listed(service, second)[1] == late | {"position": 1}
    assert listed(service, "FXXXXXXXXXXXX") == []
    assert len(service.client().get(STEPS, escalation_chain_id="").json()["results"]) == 4


def test_somebody_who_left_stays_named_but_cannot_be_named_elsewhere(service: Service) -> None:
    ana, bob = service.add("ana"), service.add("bob")
    where = chain(service)
    made = step(service, where, "notify_persons", persons_to_notify=[ana.id, bob.id])
    service.world.change(ana, is_active=False)
    assert changed(service, made, position=0) == made
    turned = changed(service, made, persons_to_notify=[bob.id, ana.id])
    assert turned["persons_to_notify"] == [bob.id, ana.id]
    left = changed(service, made, persons_to_notify=[bob.id])
    assert left["persons_to_notify"] == [bob.id]
    said = {"persons_to_notify": [f"User {ana.id} does not exist"]}
    answer = service.client().put(f"{STEPS}{made['id']}/", {"persons_to_notify": [ana.id]})
    assert (answer.status_code, answer.json()) == (400, said)
    assert listed(service, where) == [left]


def test_a_list_takes_the_same_queries_whatever_its_length(service: Service) -> None:
    ana, teams = service.add("ana"), Teams(service.world)
    where, counts = chain(service), []
    for round_ in range(2):
        for number in range(5):
            team = teams.make(f"team {round_} {number}")
            step(service, where, "notify_persons", persons_to_notify=[ana.id])
            step(service, where, "notify_team_members", team_to_notify=team.id)
        with queries(service.world.db) as seen:
            found = listed(service, where)
        assert len(found) == 10 * (round_ + 1)
        counts.append(len(seen))
    assert counts == [1, 1]
