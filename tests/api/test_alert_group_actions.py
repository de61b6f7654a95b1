"""Acknowledge, resolve, silence and their opposites over HTTP."""

from typing import Any

import pytest

from core import alert_groups
from core.models import Outcome, Role, State, User
from tests.api.service import Service

NOBODY = "IXXXXXXXXXXXX"
VERBS = ("acknowledge", "unacknowledge", "resolve", "unresolve", "silence", "unsilence")


def opened(service: Service, *people: User) -> str:
    """A new alert group's id."""
    users = [{"id": user.id, "important": False} for user in people]
    answer = service.client().post("escalation/", {"title": "db down", "users": users})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def do(service: Service, group: str, verb: str, *, by: User | None = None, **body: Any) -> str:
    """What was said about it: nothing if it was done."""
    if verb == "silence":
        body = body or {"delay": 3600}
    answer = service.client(by).post(f"alert_groups/{group}/{verb}", body or None)
    if answer.status_code == 200:
        assert answer.content == b""
        return ""
    assert answer.status_code == 400, answer.text
    return str(answer.json()["detail"])


def read(service: Service, group: str) -> Any:
    return service.client().get(f"alert_groups/{group}/").json()


def test_an_acknowledgement_over_http_stops_the_phones(service: Service) -> None:
    ana = service.add("ana", None, "sms", 5, "phone")
    group = opened(service, ana)
    service.world.forward(seconds=2)
    assert do(service, group, "acknowledge", by=service.admin) == ""
    now = read(service, group)
    assert now["state"] == "acknowledged"
    assert now["acknowledged_by"] == service.admin.id
    assert now["acknowledged_at"] is not None
    service.world.forward(hours=1)
    assert service.world.phone.addresses == []


@pytest.mark.parametrize(
    ("before", "verb", "said"),
    [
        ("acknowledge", "acknowledge", "Can't acknowledge an acknowledged alert group"),
        ("resolve", "acknowledge", "Can't acknowledge a resolved alert group"),
        (
            "acknowledge resolve",
            "acknowledge",
            "Can't acknowledge an acknowledged alert group",
        ),
        ("", "unacknowledge", "Can't unacknowledge an unacknowledged alert group"),
        ("silence", "unacknowledge", "Can't unacknowledge an unacknowledged alert group"),
        ("resolve", "unacknowledge", "Can't unacknowledge an unacknowledged alert group"),
        ("acknowledge resolve", "unacknowledge", "Can't unacknowledge a resolved alert group"),
        ("resolve", "resolve", "Can't resolve a resolved alert group"),
        ("", "unresolve", "Can't unresolve an unresolved alert group"),
        ("acknowledge", "unresolve", "Can't unresolve an unresolved alert group"),
        ("acknowledge", "silence", "Can't silence an acknowledged alert group"),
        ("resolve", "silence", "Can't silence a resolved alert group"),
        ("acknowledge resolve", "silence", "Can't silence a resolved alert group"),
        ("", "unsilence", "Can't unsilence an unsilenced alert group"),
        ("silence resolve", "unsilence", "Can't unsilence an unsilenced alert group"),
        ("silence acknowledge", "unsilence", "Can't unsilence an unsilenced alert group"),
    ],
)
def test_what_does_not_fit_the_state_is_refused_in_known_words(
    small: Service, before: str, verb: str, said: str
) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    for each in before.split():
        assert do(small, group, each) == ""
    was = read(small, group)
    assert do(small, group, verb) == said
    assert read(small, group) == was


def test_resolving_keeps_who_had_it_and_unresolving_forgets(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    assert do(small, group, "acknowledge") == ""
    assert do(small, group, "resolve") == ""
    resolved = read(small, group)
    assert resolved["state"] == "resolved"
    assert resolved["acknowledged_by"] == resolved["resolved_by"] == small.admin.id
    assert resolved["acknowledged_at"] is not None
    assert do(small, group, "unresolve") == ""
    again = read(small, group)
    assert again["state"] == "firing"
    for key in ("acknowledged_at", "acknowledged_by", "resolved_at", "resolved_by", "silenced_at"):
        assert again[key] is None


def test_resolving_ends_a_silence(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    assert do(small, group, "silence") == ""
    assert read(small, group)["silenced_at"] is not None
    assert do(small, group, "resolve") == ""
    assert read(small, group)["silenced_at"] is None
    small.world.forward(hours=2)
    assert read(small, group)["state"] == "resolved"


def test_somebody_paged_joins_whoever_has_it(service: Service) -> None:
    ana, bob = service.add("ana", None, "sms", 5, "phone"), service.add("bob", None, "sms")
    group = opened(service, bob)
    assert do(service, group, "acknowledge", by=bob) == ""
    paged = {"alert_group_id": group, "users": [{"id": ana.id, "important": False}]}
    assert service.client().post("escalation/", paged).status_code == 200
    said = "Can't acknowledge an acknowledged alert group"
    assert do(service, group, "acknowledge") == said
    assert do(service, group, "acknowledge", by=ana) == ""
    assert read(service, group)["acknowledged_by"] == bob.id
    assert do(service, group, "acknowledge", by=ana) == said
    with service.world.db.reading() as session:
        held = alert_groups.find(session, group)
        page = alert_groups.page_of(session, held, ana)
        assert page is not None
        assert page.outcome is Outcome.ANSWERED
        assert held.state is State.ACKNOWLEDGED
    assert [line for line in service.world.log(held) if "ana" in line][-1] == "joined by ana"


@pytest.mark.parametrize("delay", [60, "3600", " 60 ", 60.0, -1, "-1", 315_360_000])
def test_a_silence_takes_seconds(small: Service, delay: object) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    assert do(small, group, "silence", delay=delay) == ""
    assert read(small, group)["state"] == "silenced"


@pytest.mark.parametrize(
    "delay",
    [0, "0", -2, True, False, 1.5, "1.5", "long", "", [1], {"a": 1}, 315_360_001, 10**30, "9" * 99],
)
def test_a_delay_that_is_none_is_refused(small: Service, delay: object) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    assert do(small, group, "silence", delay=delay) == "invalid delay value"
    assert read(small, group)["state"] == "firing"


@pytest.mark.parametrize("body", [{}, {"delay": None}, {"seconds": 60}])
def test_a_silence_needs_a_delay(small: Service, body: dict[str, Any]) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    answer = small.client().post(f"alert_groups/{group}/silence", body)
    assert (answer.status_code, answer.json()) == (400, {"detail": "delay is required"})


def test_a_second_silence_sets_the_new_end(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    group = opened(service, ana)
    assert do(service, group, "silence", delay=60) == ""
    assert do(service, group, "silence", delay=3600) == ""
    service.world.forward(minutes=30)
    assert read(service, group)["state"] == "silenced"
    service.world.forward(minutes=31)
    assert read(service, group)["state"] == "firing"
    assert do(service, group, "silence", delay=60) == ""
    assert do(service, group, "silence", delay=-1) == ""
    service.world.forward(hours=50)
    assert read(service, group)["state"] == "silenced"
    assert do(service, group, "unsilence") == ""
    assert read(service, group)["state"] == "firing"


@pytest.mark.parametrize("verb", VERBS)
def test_only_editors_act_and_only_on_what_is_there(small: Service, verb: str) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    viewer = small.add("vera", Role.VIEWER)
    for path in (group, NOBODY):
        answer = small.client(viewer).post(f"alert_groups/{path}/{verb}", {"delay": 60})
        assert answer.status_code == 403
    for path in (NOBODY, "UXXXXXXXXXXXX", "x" * 300):
        answer = small.client().post(f"alert_groups/{path}/{verb}", {})
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    answer = small.client().get(f"alert_groups/{group}/{verb}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("verb", VERBS)
def test_a_form_and_a_slash_do_as_well(small: Service, verb: str) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    first = {"unacknowledge": "acknowledge", "unresolve": "resolve", "unsilence": "silence"}
    if verb in first:
        assert do(small, group, first[verb]) == ""
    answer = small.client().http.post(f"/api/v1/alert_groups/{group}/{verb}/", data={"delay": "60"})
    assert (answer.status_code, answer.content) == (200, b"")
