"""Pages made over HTTP: who is called, what is answered, and what is refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from api.routes.escalation import METADATA_SIZE
from core.models import MESSAGE_SIZE, SOURCE_URL_LENGTH, TITLE_LENGTH, AlertGroup, Team
from tests.api.pages import asked, oncall, page, refusal
from tests.api.service import Service

NOBODY = {"detail": "No team or user(s) specified"}


def team(service: Service, name: str, **facts: Any) -> Team:
    with service.world.db.transaction() as session:
        made = Team(name=name, **facts)
        session.add(made)
    return made


def test_a_page_over_http_rings_a_phone(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    group = page(service, ana, title="db down")
    assert group["title"] == "db down"
    assert oncall(group)["author_username"] == "admin"
    service.world.forward(seconds=2)
    assert service.world.sms.addresses == ["sms:ana"]
    again = service.client().get(f"alert_groups/{group['id']}/").json()
    assert again["permalinks"]["slack"] is not None
    assert service.client().get("alert_groups").json()["count"] == 1


def test_people_are_found_by_id_then_by_e_mail_then_by_name(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    service.add("bob", None, "sms")
    service.add("carol", None, "sms", username="Ana@Example.com")
    service.add("dora", None, "sms", username=ana.id.lower())
    page(service, ana, "ANA@example.com", "Bob", "carol@example.com", title="x")
    service.world.forward(seconds=2)
    # Named like ana's address, or like her id: it is still ana who is meant.
    assert sorted(service.world.sms.addresses) == ["sms:ana", "sms:bob", "sms:carol"]


@pytest.mark.parametrize("name", ["Ärne", "ärne"])
def test_a_name_is_found_as_it_is_written(service: Service, name: str) -> None:
    service.add("x", None, "sms", username=name)
    assert oncall(page(service, name))["title"] == f"admin is paging {name} to join escalation"


def test_a_name_that_fits_several_is_no_name(small: Service) -> None:
    for name in ("ana", "bob"):
        small.add(name, None, "sms", email="oncall@example.com")
    said = "2 users are called OnCall@example.com: use the id"
    found = refusal(small, asked("OnCall@example.com"))
    assert found == {"users": [{"non_field_errors": [said]}]}


@pytest.mark.parametrize("gone", ["is_active", "is_bot"])
def test_nobody_pages_who_left_or_never_was(small: Service, gone: str) -> None:
    ana = small.add("ana", None, "sms", **{gone: gone == "is_bot"})
    bob = small.add("bob", None, "sms")
    for word in (ana.id, "ana", "ana@example.com", "UXXXXXXXXXXXX"):
        said = {"non_field_errors": [f"User {word} does not exist"]}
        assert refusal(small, asked(bob, word)) == {"users": [{}, said]}


def test_somebody_named_twice_is_paged_once_and_important_wins(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    service.world.rules(ana, "phone", important=True)
    twice = [{"id": "ana", "important": True}, {"id": ana.id, "important": False}]
    answer = service.client().post("escalation/", {"users": twice}).json()
    assert answer["title"] == "admin is paging ana to join escalation"
    service.world.forward(seconds=2)
    assert (service.world.sms.addresses, service.world.phone.addresses) == ([], ["phone:ana"])


def test_thirty_people_are_the_most(small: Service) -> None:
    people = [small.add(f"p{number}", None, "sms") for number in range(31)]
    said = "31 people are too many at once: 30 at most."
    assert refusal(small, asked(*people)) == {"users": [said]}
    page(small, *people[:30], people[0])
    crowd = [{"id": "p1", "important": False}] * 301
    said = "301 people are too many at once: 30 at most."
    assert refusal(small, {"users": crowd}) == {"users": [said]}


def test_a_title_is_made_up_although_there_is_a_message(small: Service) -> None:
    group = page(small, small.add("ana"), small.add("bob"), message="look")
    assert group["title"] == "admin is paging ana and bob to join escalation"
    assert (oncall(group)["title"], oncall(group)["message"]) == (group["title"], "look")


def test_text_is_kept_as_it_was_typed(service: Service) -> None:
    text = "<!channel> <b>&amp; 'x' ⚠️ 火"
    group = page(service, service.add("ana"), title=f"  {text} ", message=f"\n{text}\n{text}\n")
    assert group["title"] == text
    assert oncall(group)["message"] == f"{text}\n{text}"


def test_metadata_is_kept_where_it_was_sent(service: Service) -> None:
    ana = service.add("ana")
    metadata = {"run": [1, 2.5, None, {"deep": "ü"}]}
    assert oncall(page(service, ana, metadata=metadata))["metadata"] == metadata
    assert "metadata" not in oncall(page(service, ana))
    assert oncall(page(service, ana, metadata={}))["metadata"] == {}


def test_an_important_escalation_says_so_and_takes_its_own_route(service: Service) -> None:
    ana = service.add("ana")
    usual = page(service, ana)
    urgent = page(service, ana, important_team_escalation=True)
    assert (oncall(usual)["important"], oncall(urgent)["important"]) == (False, True)
    assert usual["integration_id"] == urgent["integration_id"]
    assert usual["route_id"] != urgent["route_id"]


@pytest.mark.parametrize(
    "fits",
    [
        {"title": "x" * TITLE_LENGTH},
        {"message": "ü" * (MESSAGE_SIZE // 2)},
        {"message": None, "source_url": None, "team": None, "metadata": None},
        {"source_url": "https://example.com/" + "x" * (SOURCE_URL_LENGTH - 20)},
        {"source_url": "HTTP://[::1]:8080/a?b=c#d"},
        {"metadata": {"x": "x" * (METADATA_SIZE - 9)}},
        {"team": ""},
        {"team": "null"},
        {"grafana_incident_id": "1", "title": 7},
    ],
    ids=str,
)
def test_what_just_fits_is_taken(small: Service, fits: Mapping[str, Any]) -> None:
    assert page(small, small.add("ana"), **fits)["state"] == "firing"


URL = "Enter a valid URL."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "x" * 501}, {"title": ["Ensure this field has no more than 500 characters."]}),
        ({"title": None}, {"title": ["This field may not be null."]}),
        ({"title": " \n"}, {"title": ["This field may not be blank."]}),
        ({"title": ["x"]}, {"title": ["Not a valid string."]}),
        (
            {"message": "ü" * (MESSAGE_SIZE // 2) + "x"},
            {"message": [f"Ensure this field has no more than {MESSAGE_SIZE} bytes."]},
        ),
        ({"message": {}}, {"message": ["Not a valid string."]}),
        ({"source_url": "ftp://example.com/x"}, {"source_url": [URL]}),
        ({"source_url": "javascript:alert(1)"}, {"source_url": [URL]}),
        ({"source_url": "https://"}, {"source_url": [URL]}),
        ({"source_url": "https://x:y/"}, {"source_url": [URL]}),
        ({"source_url": "https://example.com/a b"}, {"source_url": [URL]}),
        ({"source_url": "https://example.com/|<!here>"}, {"source_url": [URL]}),
        (
            {"source_url": "https://example.com/" + "x" * SOURCE_URL_LENGTH},
            {"source_url": ["Ensure this field has no more than 2000 characters."]},
        ),
        ({"metadata": ["x"]}, {"metadata": ["Expected an object."]}),
        (
            {"metadata": {"x": "x" * METADATA_SIZE}},
            {"metadata": [f"Ensure this field has no more than {METADATA_SIZE} bytes."]},
        ),
        (
            {"important_team_escalation": "maybe"},
            {"important_team_escalation": ["Must be a valid boolean."]},
        ),
        ({"alert_group_id": None}, {"alert_group_id": ["This field may not be null."]}),
        ({"team": "TXXXXXXXXXXXX", "users": []}, {"team": ["Object does not exist"]}),
        ({"team": 7}, {"team": ["Object does not exist"]}),
        ({"team": ["T"]}, {"team": ["Object does not exist"]}),
        ({"team": {"id": "T"}}, {"team": ["Object does not exist"]}),
        ({"users": []}, NOBODY),
        (
            {"users": "UX"},
            {"users": {"non_field_errors": ['Expected a list of items but got type "str".']}},
        ),
        (
            {"users": ["UX"]},
            {
                "users": [
                    {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}
                ]
            },
        ),
        (
            {"users": [{"id": 7, "important": 1}]},
            {"users": [{"non_field_errors": ["User 7 does not exist"]}]},
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_does_not_fit_is_refused_with_its_reason(
    small: Service, wrong: Mapping[str, Any], said: Any
) -> None:
    assert refusal(small, {**asked(small.add("ana"), title="x"), **wrong}) == said


def test_everything_that_is_wrong_is_said_at_once(service: Service) -> None:
    ana = service.add("ana")
    users = [
        {"id": ana.id, "important": False},
        {"id": "UX", "important": "maybe"},
        {"id": "UY", "important": True},
        {"important": None},
    ]
    body = {"title": "", "source_url": "x", "team": "TX", "metadata": 1, "users": users}
    assert refusal(service, body) == {
        "title": ["This field may not be blank."],
        "source_url": [URL],
        "team": ["Object does not exist"],
        "metadata": ["Expected an object."],
        "users": [
            {},
            {"important": ["Must be a valid boolean."]},
            {"non_field_errors": ["User UY does not exist"]},
            {"id": ["This field is required."], "important": ["This field may not be null."]},
        ],
    }


def test_what_excludes_each_other(small: Service) -> None:
    ana, db = small.add("ana"), team(small, "db")
    group = page(small, ana)["id"]

    def both(**body: Any) -> str:
        [said] = refusal(small, body)["non_field_errors"]
        return str(said).removesuffix(" are mutually exclusive")

    people = asked(ana)["users"]
    texts = "alert_group_id and (title, message, source_url)"
    assert both(alert_group_id=group, users=people, title="x") == texts
    assert both(alert_group_id=group, users=people, message="x") == texts
    assert both(alert_group_id=group, users=people, source_url="https://x.y") == texts
    assert both(team=db.id, users=people) == "users and team"
    assert both(alert_group_id=group, team=db.id) == "alert_group_id and team"
    assert both(alert_group_id="IX", team=db.id) == "alert_group_id and team"


def test_a_team_that_nobody_would_hear_of_is_refused_with_what_to_do(service: Service) -> None:
    db = team(service, "db")
    gone = team(service, "web", deleted_at=db.created_at)
    [said] = refusal(service, {"team": db.id, "title": "x"})["team"]
    assert said == (
        "db cannot be paged: give its direct paging an escalation chain that calls "
        "somebody, or a Slack channel. An admin does that in Slack (Tocsin's Home tab), over the "
        "API (routes/) or with app.py config. Or page its members as users."
    )
    assert refusal(service, {"team": gone.id}) == {"team": ["Object does not exist"]}


def test_more_people_are_paged_onto_a_group_until_it_is_resolved(service: Service) -> None:
    ana, bob = service.add("ana", None, "sms"), service.add("bob", None, "sms")
    group = page(service, ana, title="db down")["id"]
    service.client().post(f"alert_groups/{group}/acknowledge/")
    joined = page(service, bob, alert_group_id=group)
    assert (joined["id"], joined["title"], joined["state"]) == (group, "db down", "acknowledged")
    service.world.forward(seconds=2)
    assert service.world.sms.addresses == ["sms:bob"]  # ana had been stopped before
    assert refusal(service, {"alert_group_id": group}) == NOBODY
    service.client().post(f"alert_groups/{group}/resolve/")
    said = "Cannot add responders for a resolved alert group"
    assert refusal(service, asked(ana, alert_group_id=group)) == {"detail": said}
    unknown = {"users": [{"non_field_errors": ["User UX does not exist"]}]}
    assert refusal(service, asked("UX", alert_group_id=group)) == unknown


def test_a_group_that_is_not_there_cannot_be_joined(service: Service) -> None:
    ana = service.add("ana")
    gone = page(service, ana)["id"]
    with service.world.db.transaction() as session:
        group = session.get_one(AlertGroup, gone)
        group.deleted_at = group.created_at
    for word in ("IXXXXXXXXXXXX", gone, ana.id):
        said = {"alert_group_id": [f"Alert group {word} does not exist"]}
        assert refusal(service, asked(ana, alert_group_id=word)) == said
