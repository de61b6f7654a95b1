"""An alert group's log over HTTP: everything that happened, in plain words."""

from typing import Any

import pytest

from core import clock, log_words
from core.channels import ChannelError
from core.models import Event, Role
from core.story import Line, Person
from tests.api.service import Service
from tests.api.test_alert_group_actions import NOBODY, do, opened
from tests.counting import queries

ANA, BOB, EVA = (Person(f"U{name}", name, None, "UTC") for name in ("Ana", "Bob", "Eva"))


def lines(service: Service, group: str) -> list[Any]:
    answer = service.client().get(f"alert_groups/{group}/log/", perpage="100")
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["results"]
    return found


def test_the_log_tells_the_story_in_order(service: Service) -> None:
    ana, bob = service.add("ana", None, "sms", 5, "phone"), service.add("bob", None, "sms")
    service.world.sms.fail(ChannelError("the number is unknown", permanent=True))
    group = opened(service, ana)
    service.world.forward(seconds=2)
    paged = {"users": [{"id": bob.id, "important": False}]}
    service.client().post(f"alert_groups/{group}/responders", paged)
    do(service, group, "acknowledge", by=ana)
    do(service, group, "resolve")
    found = lines(service, group)
    assert [line["text"] for line in found] == [
        "admin asked for help.",
        "admin paged ana (default rules: sms, wait 5m, phone_call).",
        "SMS to ana failed: the number is unknown.",
        "Phone call sent to ana.",
        "admin paged bob (default rules: sms).",
        "ana acknowledged it. The page of bob stopped.",
        "admin resolved it.",
    ]
    assert [line["event"] for line in found] == [
        "opened",
        "paged",
        "failed",
        "sent",
        "paged",
        "acknowledged",
        "resolved",
    ]
    assert [line["id"] for line in found] == sorted(line["id"] for line in found)
    assert (found[1]["by"], found[1]["user"]) == (service.admin.id, ana.id)
    assert (found[2]["by"], found[2]["user"]) == (None, ana.id)
    assert set(found[0]) == {"id", "event", "at", "by", "user", "text"}


def test_the_log_comes_in_pages(small: Service) -> None:
    ana = small.add("ana", None, "sms")
    group = opened(small, ana)
    with queries(small.world.db) as for_few:
        few = lines(small, group)
    for _ in range(10):
        do(small, group, "acknowledge")
        do(small, group, "unacknowledge")
    with queries(small.world.db) as for_many:
        many = lines(small, group)
    assert len(many) > len(few) + 20
    assert len(for_few) == len(for_many)
    page = small.client().get(f"alert_groups/{group}/log", perpage="5", page="2").json()
    assert page["results"] == many[5:10]
    assert page["count"] == len(many)
    before = f"{small.url}/api/v1/alert_groups/{group}/log/?perpage=5"
    assert page["previous"] == before


def test_the_log_is_there_for_who_reads(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    vera = small.client(small.add("vera", Role.VIEWER))
    assert vera.get(f"alert_groups/{group}/log").status_code == 200
    answer = vera.get(f"alert_groups/{NOBODY}/log")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize(
    ("event", "detail", "said"),
    [
        (Event.PAGED, {"reachable": False}, "Ana paged Bob. Nothing can reach Bob."),
        (
            Event.PAGED,
            {"source": "fallback", "plan": "slack", "important": True},
            "Ana paged Bob (no rules of theirs work: slack).",
        ),
        (
            Event.RAISED,
            {"source": "important", "plan": "sms", "important": True},
            "Ana raised the page of Bob (important rules: sms).",
        ),
        (
            Event.SENT,
            {"way": "notify_by_email", "late": True},
            "E-mail sent to Bob. It was on its way already.",
        ),
        (
            Event.SENT,
            {"way": "notify_by_slack", "paused_until": "2026-03-01T08:00:00+01:00"},
            "Slack message sent to Bob (notifications paused until 01 Mar 07:00 UTC).",
        ),
        (
            Event.FAILED,
            {"way": "notify_by_sms", "reason": "no answer.", "trying": True},
            "SMS to Bob is not getting through: no answer. It is tried again.",
        ),
        (Event.FAILED, {"way": "carrier_pigeon"}, "Message to Bob failed."),
        (
            Event.ACKNOWLEDGED,
            {"stopped": ["UBob"]},
            "Ana acknowledged it. The page of Bob stopped.",
        ),
        (
            Event.RESOLVED,
            {"stopped": ["UAna", "UBob", "UEva", "UGone"]},
            "Ana resolved it. The pages of Ana, Bob and Eva stopped.",
        ),
        (Event.SILENCED, {"seconds": 3600}, "Ana silenced it for 1 h."),
        (Event.SILENCED, {"seconds": 90_061}, "Ana silenced it for 1 d 1 h 1 min 1 s."),
        (Event.SILENCED, {"seconds": -1}, "Ana silenced it for ever."),
        (Event.NOTED, {"change": "changed", "text": " <b> "}, "Ana changed a note of Bob: <b>"),
    ],
)
def test_a_record_is_told_in_words(event: Event, detail: dict[str, Any], said: str) -> None:
    line = Line(1, event, clock.now(), ANA, BOB, detail)
    people = {person.id: person for person in (ANA, BOB, EVA)}
    assert log_words.sentence(line, people) == said


@pytest.mark.parametrize("event", Event)
def test_every_event_has_a_sentence(event: Event) -> None:
    """With nothing known about it too, as an older release may have written it."""
    for by, user in ((ANA, BOB), (None, None)):
        said = log_words.sentence(Line(1, event, clock.now(), by, user, {}), {})
        assert said.endswith(".")
        assert said[0].isupper()
        assert not set("<>*`") & set(said)
