"""Rules that make no sense: what is answered, and that nothing changes."""

from typing import Any

import pytest

from tests.api.service import Service

RULES = "personal_notification_rules/"
INVALID_POSITION = {"detail": "Invalid value for position field"}
NO_INTEGER = {"position": ["A valid integer is required."]}
NULL = ["This field may not be null."]
BAD_DURATION = {"detail": "Invalid duration format"}
NO_USER = {"detail": "User does not exist"}


def no_choice(said: str) -> dict[str, list[str]]:
    return {"duration": [f'"{said}" is not a valid choice.']}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"important": "True"}, "Important is not bool"),
        ({"important": "1"}, "Important is not bool"),
        ({"important": ""}, "Important is not bool"),
        ({"user_id": "UXXXXXXXXXXXX"}, "User not found."),
        ({"user_id": ""}, "User not found."),
        ({"user_id": "NXXXXXXXXXXXX", "important": "true"}, "User not found."),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(
    small: Service, query: dict[str, str], said: str
) -> None:
    answer = small.client().get(RULES, **query)
    assert (answer.status_code, answer.json()) == (400, {"detail": said})


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"type": None}, {"type": NULL}),
        ({"type": " "}, {"type": ["This field may not be blank."]}),
        ({"type": "notify_by_pigeon"}, {"type": "Invalid type"}),
        ({"type": "WAIT"}, {"type": "Invalid type"}),
        ({"type": 1}, {"type": "Invalid type"}),
        ({"type": True}, {"type": ["Not a valid string."]}),
        ({"type": ["wait"]}, {"type": ["Not a valid string."]}),
        ({"duration": None}, {"duration": NULL}),
        ({"duration": 0}, no_choice("0:00:00")),
        ({"duration": -60}, no_choice("-1 day, 23:59:00")),
        ({"duration": 120}, no_choice("0:02:00")),
        ({"duration": 300.5}, no_choice("0:05:00.500000")),
        ({"duration": 86400}, no_choice("1 day, 0:00:00")),
        ({"duration": "00:05:00"}, no_choice("00:05:00")),
        ({"duration": "300"}, BAD_DURATION),
        ({"duration": ""}, BAD_DURATION),
        ({"duration": True}, BAD_DURATION),
        ({"duration": [300]}, BAD_DURATION),
        ({"duration": {"seconds": 300}}, BAD_DURATION),
        ({"duration": 10**400}, BAD_DURATION),
        ({"duration": 1e300}, BAD_DURATION),
        ({"position": None}, {"position": NULL}),
        ({"position": -2}, INVALID_POSITION),
        ({"position": 2**31}, INVALID_POSITION),
        ({"position": -(10**400)}, INVALID_POSITION),
        ({"position": 1e300}, INVALID_POSITION),
        ({"position": 0.5}, NO_INTEGER),
        ({"position": True}, NO_INTEGER),
        ({"position": "first"}, NO_INTEGER),
        ({"position": ""}, NO_INTEGER),
        ({"position": [0]}, NO_INTEGER),
        ({"manual_order": None}, {"manual_order": NULL}),
        ({"manual_order": "perhaps"}, {"manual_order": ["Must be a valid boolean."]}),
        ({"manual_order": [True]}, {"manual_order": ["Must be a valid boolean."]}),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    small: Service, sent: dict[str, Any], said: dict[str, Any]
) -> None:
    client, ana = small.client(), small.add("ana", None, 5, "sms")
    before = client.get(RULES, user_id=ana.id).json()
    made = client.post(RULES, {"user_id": ana.id, "type": "wait"} | sent)
    assert (made.status_code, made.json()) == (400, said)
    changed = client.put(f"{RULES}{before['results'][0]['id']}/", sent)
    assert (changed.status_code, changed.json()) == (400, said)
    assert client.get(RULES, user_id=ana.id).json() == before


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, {"user_id": ["This field is required."]}),
        ({"type": "notify_by_pigeon"}, {"user_id": ["This field is required."]}),
        ({"user_id": None, "type": "wait"}, {"user_id": NULL}),
        ({"user_id": "", "type": "wait"}, {"user_id": ["This field may not be blank."]}),
        ({"user_id": "UXXXXXXXXXXXX", "type": "wait"}, NO_USER),
        ({"user_id": "IXXXXXXXXXXXX", "type": "wait"}, NO_USER),
        ({"user_id": "U" * 5_000, "type": "wait"}, NO_USER),
        ({"user_id": 7, "type": "wait"}, NO_USER),
        ({"user_id": False, "type": "wait"}, NO_USER),
        ({"user_id": ["x"], "type": "wait"}, NO_USER),
        ({"user_id": {"id": "x"}, "type": "wait"}, NO_USER),
        ({"user_id": "{admin}"}, {"type": "Type is required"}),
        ({"user_id": "{admin}", "type": "wait", "important": None}, {"important": NULL}),
        (
            {"user_id": "{admin}", "type": "wait", "important": "maybe"},
            {"important": ["Must be a valid boolean."]},
        ),
        (
            {"user_id": "{admin}", "type": "notify_by_sms", "duration": 300},
            {"duration": "Duration can't be set"},
        ),
        (
            {"user_id": "{admin}", "type": 5, "important": [], "position": "x"},
            {
                "important": ["Must be a valid boolean."],
                "position": ["A valid integer is required."],
            },
        ),
        ([], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
        ("wait", {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}),
    ],
)
def test_a_new_rule_that_is_not_one_is_refused(small: Service, sent: Any, said: Any) -> None:
    if isinstance(sent, dict) and sent.get("user_id") == "{admin}":
        sent = sent | {"user_id": small.admin.id}
    answer = small.client().post(RULES, sent)
    assert (answer.status_code, answer.json()) == (400, said)
    assert small.client().get(RULES).json()["count"] == 0


@pytest.mark.parametrize(
    "id_", ["NXXXXXXXXXXXX", "{user}", "0", "%20", "N%00", "null", "N" * 3_000]
)
def test_an_id_of_nothing_is_not_found(service: Service, id_: str) -> None:
    client = service.client()
    path = f"{RULES}{id_.replace('{user}', service.admin.id)}/"
    for answer in (client.get(path), client.put(path, {"type": "nonsense"}), client.delete(path)):
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_a_full_list_says_so(small: Service) -> None:
    client, new = small.client(), {"user_id": small.admin.id, "type": "notify_by_sms"}
    assert {client.post(RULES, new).status_code for _ in range(100)} == {201}
    answer = client.post(RULES, new)
    assert (answer.status_code, answer.json()) == (
        400,
        {"detail": "There are 100 rules in this list already: delete one of them first."},
    )
    assert client.post(RULES, new | {"important": True}).status_code == 201


def test_nothing_comes_after_the_last_position_there_is(service: Service) -> None:
    client, new = service.client(), {"user_id": service.admin.id, "type": "notify_by_sms"}
    last = client.post(RULES, new | {"position": 2**31 - 1}).json()
    assert last["position"] == 2**31 - 1
    said = "The last position is 2147483647 already: move that one to a lower position first."
    for more in ({}, {"position": 0}, {"position": -1, "manual_order": True}):
        answer = client.post(RULES, new | more)
        assert (answer.status_code, answer.json()) == (400, {"position": [said]})


@pytest.mark.parametrize("fact", [{"is_active": False}, {"is_bot": True}])
def test_whoever_has_left_gets_no_rules(service: Service, fact: dict[str, bool]) -> None:
    gone = service.add("gone", None, "sms")
    service.world.change(gone, **fact)
    listed = service.client().get(RULES, user_id=gone.id)
    assert (listed.status_code, listed.json()) == (400, {"detail": "User not found."})
    made = service.client().post(RULES, {"user_id": gone.id, "type": "wait"})
    assert (made.status_code, made.json()) == (400, NO_USER)
