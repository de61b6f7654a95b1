"""escalation_policies/: what is refused, and what is said then."""

from typing import Any

import pytest

from core.models import Role
from tests.api.chain_steps import FORBIDDEN, STEPS, UNKNOWN, chain, listed, step
from tests.api.service import Service

WHOLE = "A valid integer is required."
TIME = "Time has wrong format. Use one of these formats instead: hh:mm:ssZ."
REFUSED: list[tuple[dict[str, Any], Any]] = [
    ({"type": ""}, {"type": ["This field may not be blank."]}),
    ({"type": "shout"}, {"type": ['"shout" is not a valid choice.']}),
    ({"type": 5}, {"type": ['"5" is not a valid choice.']}),
    (
        {"type": "declare_incident"},
        {"type": ["declare_incident is not supported: it needs another product."]},
    ),
    (
        {"severity": "critical"},
        {"severity": ["Only declare_incident has a severity, and that is not supported."]},
    ),
    ({"duration": 59}, {"duration": ["Ensure this value is greater than or equal to 60."]}),
    ({"duration": 86401}, {"duration": ["Ensure this value is less than or equal to 86400."]}),
    ({"duration": "soon"}, {"duration": [WHOLE]}),
    ({"duration": 60.5}, {"duration": [WHOLE]}),
    ({"important": None}, {"important": ["This field may not be null."]}),
    ({"important": "maybe"}, {"important": ["Must be a valid boolean."]}),
    (
        {"persons_to_notify": "UX"},
        {
            "persons_to_notify": {
                "non_field_errors": ['Expected a list of items but got type "str".']
            }
        },
    ),
    (
        {"persons_to_notify": ["UXXXXXXXXXXXX"]},
        {"persons_to_notify": ["User UXXXXXXXXXXXX does not exist"]},
    ),
    (
        {"persons_to_notify_next_each_time": ["UX"]},
        {"persons_to_notify_next_each_time": ["User UX does not exist"]},
    ),
    ({"persons_to_notify": [None]}, {"persons_to_notify": ["This field may not be null."]}),
    (
        {"persons_to_notify": ["U"] * 501},
        {"persons_to_notify": ["501 people are too many: 500 at most."]},
    ),
    ({"team_to_notify": "TX"}, {"team_to_notify": UNKNOWN}),
    ({"team_to_notify": ["TX"]}, {"team_to_notify": UNKNOWN}),
    ({"group_to_notify": "GX"}, {"group_to_notify": UNKNOWN}),
    ({"notify_on_call_from_schedule": "SX"}, {"notify_on_call_from_schedule": UNKNOWN}),
    ({"action_to_trigger": "WHX"}, {"action_to_trigger": UNKNOWN}),
    ({"notify_if_time_from": "9:00"}, {"notify_if_time_from": [TIME]}),
    ({"notify_if_time_from": "09:00:00"}, {"notify_if_time_from": [TIME]}),
    ({"notify_if_time_to": "24:00:00Z"}, {"notify_if_time_to": [TIME]}),
    ({"notify_if_time_to": "09:00:00+02"}, {"notify_if_time_to": [TIME]}),
    (
        {"num_alerts_in_window": -1},
        {"num_alerts_in_window": ["Ensure this value is greater than or equal to 0."]},
    ),
    (
        {"num_minutes_in_window": 0},
        {"num_minutes_in_window": ["Ensure this value is greater than or equal to 1."]},
    ),
    (
        {"num_minutes_in_window": 525_601},
        {"num_minutes_in_window": ["Ensure this value is less than or equal to 525600."]},
    ),
    ({"position": "first"}, {"position": [WHOLE]}),
    ({"position": -2}, {"detail": "Invalid value for position field"}),
    ({"position": 2**31}, {"detail": "Invalid value for position field"}),
    ({"manual_order": "x"}, {"manual_order": ["Must be a valid boolean."]}),
    (
        {"duration": 1, "team_to_notify": "TX"},
        {
            "duration": ["Ensure this value is greater than or equal to 60."],
            "team_to_notify": UNKNOWN,
        },
    ),
]


@pytest.mark.parametrize(("wrong", "said"), REFUSED, ids=lambda value: str(value)[:50])
def test_what_does_not_fit_is_refused_with_its_reason(
    small: Service, wrong: Any, said: Any
) -> None:
    where = chain(small)
    made = step(small, where, duration=60)
    body = {"escalation_chain_id": where, "type": "wait", **wrong}
    for answer in (
        small.client().post(STEPS, body),
        small.client().put(f"{STEPS}{made['id']}/", wrong),
    ):
        assert (answer.status_code, answer.json()) == (400, said)
    assert listed(small, where) == [made]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, {"escalation_chain_id": ["This field is required."]}),
        ({"escalation_chain_id": "FX"}, {"escalation_chain_id": UNKNOWN}),
        ({"escalation_chain_id": None}, {"escalation_chain_id": ["This field may not be null."]}),
        ({"escalation_chain_id": ["F"]}, {"escalation_chain_id": ["Not a valid string."]}),
    ],
    ids=str,
)
def test_a_new_step_says_where_and_what(small: Service, body: Any, said: Any) -> None:
    answer = small.client().post(STEPS, body)
    assert (answer.status_code, answer.json()) == (
        400,
        {**said, "type": ["This field is required."]},
    )
    null = small.client().post(STEPS, {"escalation_chain_id": chain(small), "type": None})
    assert (null.status_code, null.json()) == (400, {"type": ["This field may not be null."]})


def test_editors_and_viewers_read_them_and_admins_write_them(small: Service) -> None:
    where = chain(small)
    made = step(small, where)
    path = f"{STEPS}{made['id']}/"
    for role in (Role.EDITOR, Role.VIEWER, Role.NONE):
        client = small.client(small.add(role.value, role))
        status = 403 if role is Role.NONE else 200
        assert [client.get(each).status_code for each in (STEPS, path)] == [status] * 2
        for answer in (
            client.post(STEPS, {"escalation_chain_id": where, "type": "wait"}),
            client.put(path, {"duration": 60}),
            client.delete(path),
        ):
            assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    assert listed(small, where) == [made]


def test_a_chain_holds_a_hundred_steps(small: Service) -> None:
    where = chain(small)
    for _ in range(100):
        step(small, where)
    answer = small.client().post(STEPS, {"escalation_chain_id": where, "type": "wait"})
    said = "There are 100 steps in this chain already: delete one of them first."
    assert (answer.status_code, answer.json()) == (400, {"detail": said})
    assert len(listed(small, where)) == 100
