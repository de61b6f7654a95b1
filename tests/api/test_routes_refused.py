"""routes/: terms that cannot be used, and what else is refused with which words."""

from typing import Any

import pytest
from sqlmodel import func, select

from core.models import Route, RoutingType
from tests.api.service import Service
from tests.api.test_integrations import OFF
from tests.api.test_integrations import made as made_integration
from tests.api.test_routes import changed, listed, made, terms

SLACK_ONLY = "Routes tell people in Slack only: leave this out, or send it not enabled."
UNSEEN = "Tocsin does not see this Slack channel. If it is private, invite the bot there."
INCORRECT = {"non_field_errors": ["Regular expression is incorrect"]}
# Two that would hold up whoever ran them.
ENDLESS_TEMPLATE = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
ENDLESS_REGEX = "(.*)*(.*)*(.*)*(.*)*x1x2x3$"
BAD_TERMS = [
    ("regex", "((", "Regular expression is incorrect"),
    ("regex", ENDLESS_REGEX, "This regular expression takes too long: it must be done within 200"),
    ("jinja2", "{{ payload.", "Jinja template is incorrect: "),
    ("jinja2", "{% nothing %}", "Jinja template is incorrect: "),
    ("jinja2", ENDLESS_TEMPLATE, "This template takes too long: it must be done within 200 ms."),
    ("jinja2", "  ", "Write a template: an empty one is of no use."),
]


@pytest.fixture
def there(small: Service) -> str:
    return str(made_integration(small)["id"])


@pytest.mark.parametrize(("kind", "term", "said"), BAD_TERMS)
def test_terms_that_cannot_be_used(
    small: Service, there: str, kind: str, term: str, said: str
) -> None:
    client, route = small.client(), made(small, there)
    asked = {"routing_type": kind, "routing_regex": term}
    new = asked | {"integration_id": there, "escalation_chain_id": None}
    for answer in (client.post("routes/", new), client.put(f"routes/{route['id']}/", asked)):
        assert answer.status_code == 400
        [[text]] = answer.json().values()
        assert text.startswith(said)
        assert list(answer.json()) == ["non_field_errors"]
    assert listed(small, integration_id=there)[0] == route
    assert terms(small, there) == ["eu", None]


def test_another_type_is_tried_with_the_term_that_is_there(small: Service, there: str) -> None:
    client = small.client()
    template = made(small, there, "((", routing_type="jinja2")  # which is plain text to it
    answer = client.put(f"routes/{template['id']}/", {"routing_type": "regex"})
    assert (answer.status_code, answer.json()) == (400, INCORRECT)
    pattern = made(small, there, "a{% b")
    answer = client.put(f"routes/{pattern['id']}/", {"routing_type": "jinja2"})
    assert answer.status_code == 400
    assert answer.json()["non_field_errors"][0].startswith("Jinja template is incorrect: ")
    assert listed(small, integration_id=there)[:2] == [template, pattern]
    both = {"routing_type": "regex", "routing_regex": "a+"}
    assert changed(small, template, **both) == template | both


def test_what_stays_is_not_tried_again(small: Service, there: str) -> None:
    route = made(small, there)
    small.matcher.stop()  # from now on nothing can be tried
    assert changed(small, route, routing_regex="eu", routing_type="regex") == route
    answer = small.client().put(f"routes/{route['id']}/", {"routing_regex": "us"})
    said = "This regular expression could not be tried just now. Try again in a minute."
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": [said]})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"integration_id": None}, {"integration_id": ["This field may not be null."]}),
        ({"integration_id": ""}, {"integration_id": ["This field may not be blank."]}),
        ({"integration_id": "C1"}, {"integration_id": ["Object does not exist"]}),
        ({"routing_regex": None}, {"routing_regex": ["This field may not be null."]}),
        ({"routing_regex": ""}, {"routing_regex": ["This field may not be blank."]}),
        (
            {"routing_regex": "x" * 1025},
            {"routing_regex": ["Ensure this field has no more than 1024 characters."]},
        ),
        ({"routing_type": "python"}, {"routing_type": ['"python" is not a valid choice.']}),
        (
            {"routing_type": "labels"},
            {"routing_type": ["Routes by labels are not available here: use jinja2 or regex."]},
        ),
        ({"routing_type": None}, {"routing_type": ["This field may not be null."]}),
        ({"position": -2}, {"detail": "Invalid value for position field"}),
        ({"position": 2**31}, {"detail": "Invalid value for position field"}),
        ({"position": "x"}, {"position": ["A valid integer is required."]}),
        (
            {"escalation_chain_id": "F1"},
            {"escalation_chain_id": ["There is no such escalation chain."]},
        ),
        ({"slack": {"channel_id": "C1"}}, {"slack": {"channel_id": [UNSEEN]}}),
        ({"slack": {"channel_id": 7.5}}, {"slack": {"channel_id": [UNSEEN]}}),
        ({"slack": {"channel_id": []}}, {"slack": {"channel_id": ["Not a valid string."]}}),
        ({"slack": {"enabled": "maybe"}}, {"slack": {"enabled": ["Must be a valid boolean."]}}),
        (
            {"slack": "C1"},
            {"slack": {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}},
        ),
        ({"msteams": {"id": "1", "enabled": False}}, {"msteams": [SLACK_ONLY]}),
        *(
            ({key: {"enabled": True}}, {key: [SLACK_ONLY]})
            for key in ("telegram", "email", "mobile_app", "mobile_app_critical", "webhook")
        ),
        (
            {"telegram": "x"},
            {"telegram": ["Invalid data. Expected a dictionary, but got str."]},
        ),
    ],
)
def test_what_cannot_be(small: Service, there: str, body: Any, said: Any) -> None:
    route = made(small, there)
    asked = {"integration_id": there, "escalation_chain_id": None, "routing_regex": "x"}
    answer = small.client().post("routes/", asked | body)
    assert (answer.status_code, answer.json()) == (400, said)
    if "integration_id" not in body:  # which a change does not look at
        answer = small.client().put(f"routes/{route['id']}/", body)
        blank = {"routing_regex": ["This field may not be null."]}
        assert answer.status_code == 400
        assert answer.json() in (said, blank if body == {"routing_regex": ""} else said)
    assert listed(small, integration_id=there)[0] == route
    assert terms(small, there) == ["eu", None]


@pytest.mark.parametrize("missing", ["integration_id", "escalation_chain_id", "routing_regex"])
def test_what_is_needed(small: Service, there: str, missing: str) -> None:
    asked = {"integration_id": there, "escalation_chain_id": None, "routing_regex": "x"}
    del asked[missing]
    answer = small.client().post("routes/", asked)
    assert (answer.status_code, answer.json()) == (400, {missing: ["This field is required."]})


def test_other_places_may_be_sent_as_they_are_answered(small: Service, there: str) -> None:
    places: dict[str, Any] = dict.fromkeys(
        ("telegram", "email", "mobile_app", "mobile_app_critical"), OFF
    )
    route = made(small, there, msteams=None, webhook={}, mattermost={"id": ""}, **places)
    assert {key: route[key] for key in places} == places


def test_an_integration_has_a_hundred_routes(small: Service, there: str) -> None:
    with small.world.session() as session:
        for number in range(100):
            session.add(
                Route(
                    integration_id=there,
                    position=number,
                    routing_type=RoutingType.REGEX,
                    routing_regex="x",
                )
            )
    asked = {"integration_id": there, "escalation_chain_id": None, "routing_regex": "x"}
    answer = small.client().post("routes/", asked)
    said = {"detail": "There are 100 routes already: delete one of them first."}
    assert (answer.status_code, answer.json()) == (400, said)
    with small.world.db.reading() as session:
        rows = select(func.count()).where(Route.integration_id == there)
        assert session.scalar(rows) == 101
