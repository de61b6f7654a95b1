"""`escalation/` under its older name."""

from typing import Any

import pytest

from tests.api.pages import asked
from tests.api.service import Service


def test_it_pages_and_answers_the_id_alone(service: Service) -> None:
    ana, bob = service.add("ana", None, "sms"), service.add("bob", None, "sms")
    answer = service.client().post("direct_paging/", asked(ana, title="db down"))
    assert answer.status_code == 200, answer.text
    group = answer.json()["alert_group_id"]
    assert answer.json() == {"alert_group_id": group}
    assert service.client().get(f"alert_groups/{group}/").json()["title"] == "db down"
    onto = service.client().post("direct_paging", asked(bob, alert_group_id=group))
    assert onto.json() == {"alert_group_id": group}
    service.world.forward(seconds=2)
    assert service.world.sms.addresses == ["sms:ana", "sms:bob"]


def test_it_refuses_what_escalation_refuses(small: Service) -> None:
    bodies: list[Any] = [{}, {"title": ""}, asked("UX"), asked("UX", team="TX"), [], None]
    for body in bodies:
        answers = [
            small.client().post(f"{path}/", body) for path in ("direct_paging", "escalation")
        ]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize("key", ["schedule", "swap_start", "swap_end", "beneficiary"])
def test_a_shift_swap_is_shown_its_place(small: Service, key: str) -> None:
    answer = small.client().post("direct_paging/", {key: "x", "description": "x"})
    assert answer.status_code == 400
    assert answer.json() == {"detail": "This is a shift swap: send it to /api/v1/shift_swaps/"}


def test_a_page_may_have_a_field_of_that_name(small: Service) -> None:
    body = asked(small.add("ana"), schedule="x")
    assert small.client().post("direct_paging/", body).status_code == 200
