"""Whatever is sent, the answer is one that clients can read: never a 5xx, never a 422."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from api.resource import Operation
from core.paging import MAX_RESPONDERS
from tests.api.operations import (
    OPERATIONS,
    TOO_LARGE,
    TOO_LARGE_ANSWER,
    WRITING,
    Stranger,
    chunks,
    is_plain,
    name,
    path,
)
from tests.api.pages import asked, page
from tests.api.service import Service

DEEP = 100_000
BODIES = {
    "nothing but a brace": b"{",
    "an open list": b"[1,",
    "half a word": b"nul",
    "two objects": b"{} {}",
    "a comma too many": b'{"title": "x",}',
    "single quotes": b"{'title': 'x'}",
    "not UTF-8": b'{"title": "\xff"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a NUL": b'{"title": "a\x00b"}',
    "NaN": b'{"delay": NaN, "position": NaN, "metadata": {"x": NaN}}',
    "infinity": b'{"delay": -Infinity}',
    "too large a number": b'{"delay": 1e999, "metadata": {"x": [1e999]}}',
    "too many digits": b'{"delay": ' + b"9" * 5_000 + b"}",
    "lists in lists": b"[" * DEEP + b"]" * DEEP,
    "objects in objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "lists that never end": b"[" * DEEP,
    "an escaped NUL": rb'{"title": "a\u0000b", "text": "a\u0000b", "name": "a\u0000b"}',
    "a NUL in a key": rb'{"\u0000": 1}',
    "half a character": rb'{"title": "\ud83d", "text": "\ud83d", "name": "\udfff"}',
    "half a character, deep down": rb'{"metadata": {"x": [{"\ud800": 1}]}}',
}
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 7, 1.5, -2.0, 10**30, 2**31, 1e300),
    *("", " ", "x", "x" * 70_000, "true", "-1", "٣", "null", "current", "\u202e⚠️", "<!channel>"),
    *([], {}, [None], [[]], [7], {"id": 1}, [{"id": None}], ["x"] * 500),
)
FOR_POSTGRES = (-1, 2**31, 10**30, 1e300, "x" * 70_000, "٣", "\u202e⚠️")  # it knows sizes
QUERIES = (
    *("", "%00", "%ED%A0%80", "%FF", "%", "%zz", "-1", "0", "1e3", "99999999999999999999", "x"),
    *("null", "None", "%D9%A3", "[]", "a_b", "2020-13-45T00:00:00_2020-01-01T00:00:00", "k:v:w"),
    *("0001-01-01T00:00:00_9999-12-31T23:59:59", "x" * 5_000, "%27%3B--", "%25", "_", "%5C"),
)


@pytest.fixture
def stranger(small: Service) -> Iterator[Stranger]:
    """Somebody with an admin's token."""
    stranger = Stranger(small, small.client().token)
    yield stranger
    stranger.http.close()


def check(answer: httpx2.Response, doing: str) -> None:
    """It is no failure of ours; where it says no, clients can read why."""
    assert answer.status_code < 500, (doing, answer.text)
    assert answer.status_code != 422, (doing, answer.text)
    if answer.status_code >= 400:
        content = answer.json()
        assert isinstance(content, dict), doing
        assert content, doing
        assert is_plain(content), (doing, content)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_no_json_is_refused_everywhere(stranger: Stranger, body: bytes) -> None:
    for operation in WRITING:
        answer = stranger(operation, content=body)
        check(answer, name(operation))
        assert answer.status_code == 400, name(operation)
        assert answer.json()["detail"].startswith("JSON parse error - "), name(operation)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text/plain", b"x", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/xml", b"<x/>", 415),
        ("", b"x", 415),
        ("application/x-www-form-urlencoded", b"a=%FF", 400),
        ("application/x-www-form-urlencoded", b"a=%00", 400),
        ("application/x-www-form-urlencoded", b"a=%ED%A0%80", 400),
        ("application/x-www-form-urlencoded", b"\xff=1", 400),
        ("application/x-www-form-urlencoded", b"a=1&" * 2_000, 400),
    ],
)
def test_what_is_no_form_is_refused_everywhere(
    stranger: Stranger, kind: str, body: bytes, status: int
) -> None:
    for operation in WRITING:
        answer = stranger(operation, content=body, kind=kind)
        check(answer, name(operation))
        assert answer.status_code == status, name(operation)


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"7", b"null", b"true", b"1.5", b"[{}]"])
def test_what_is_no_object_is_refused(stranger: Stranger, body: bytes) -> None:
    for operation in WRITING:
        answer = stranger(operation, content=body)
        check(answer, name(operation))
        assert answer.status_code >= 400, name(operation)


@pytest.mark.parametrize("length", ["declared", "chunked"])
def test_a_byte_too_many(stranger: Stranger, length: str) -> None:
    for operation in WRITING:
        body = TOO_LARGE if length == "declared" else chunks(TOO_LARGE)
        answer = stranger(operation, content=body)
        assert (answer.status_code, answer.json()) == (413, TOO_LARGE_ANSWER), name(operation)
        # White space that just fits is like no body at all.
        answer = stranger(operation, content=TOO_LARGE[1:])
        check(answer, name(operation))
        assert answer.status_code != 413, name(operation)


def test_a_large_body_of_small_nonsense(small: Service) -> None:
    count = 300_000
    answer = small.client().post("escalation/", {"users": [{}] * count})
    said = f"{count} people are too many at once: {MAX_RESPONDERS} at most."
    assert (answer.status_code, answer.json()) == (400, {"users": [said]})
    fields = {f"x{number}": number for number in range(50_000)}
    assert small.client().post("escalation/", fields).status_code == 400


def test_metadata_is_as_deep_as_anybody_needs(small: Service) -> None:
    deep: dict[str, Any] = {}
    for _ in range(60):
        deep = {"x": deep}
    group = page(small, small.add("ana"), metadata=deep)
    assert group["last_alert"]["payload"]["oncall"]["metadata"] == deep


@pytest.fixture
def there(service: Service) -> Mapping[str, str]:
    """The id of something of each kind, by the word in the URL."""
    client, ana = service.client(), service.add("ana", None, "sms")
    team = client.post("teams/", {"name": "db"}).json()["id"]
    client.post(f"teams/{team}/members/", {"user_id": ana.id})
    rule = client.post("personal_notification_rules/", {"user_id": ana.id, "type": "wait"})
    chain = client.post("escalation_chains/", {"name": "db"}).json()["id"]
    step = client.post("escalation_policies/", {"escalation_chain_id": chain, "type": "wait"})
    integration = client.post("integrations/", {"type": "webhook", "name": "db"}).json()["id"]
    term = {"integration_id": integration, "escalation_chain_id": chain, "routing_regex": "x"}
    route = client.post("routes/", term)
    group = page(service, ana)["id"]
    note = client.post("resolution_notes/", {"alert_group_id": group, "text": "x"})
    return {
        "alert_groups": group,
        "users": ana.id,
        "teams": team,
        "escalation_chains": chain,
        "escalation_policies": step.json()["id"],
        "integrations": integration,
        "routes": route.json()["id"],
        "personal_notification_rules": rule.json()["id"],
        "resolution_notes": note.json()["id"],
    }


def _path(operation: Operation, there: Mapping[str, str]) -> str:
    """The path of something that exists; ids after the first one are ana's."""
    first = there.get(operation.path.partition("/")[0], "x")
    return path(operation, there["users"]).replace(there["users"], first, 1)


def _good(operation: Operation, there: Mapping[str, str]) -> dict[str, Any]:
    """A body that would be taken; a partial one for an update."""
    example = operation.example if operation.method == "POST" else None
    real = {
        "user_id": there["users"],
        "alert_group_id": there["alert_groups"],
        "escalation_chain_id": there["escalation_chains"],
        "integration_id": there["integrations"],
        "slack": None,
        "team_id": there["teams"],
        "persons_to_notify": [there["users"]],
    }
    return {key: real.get(key, value) for key, value in (example or {}).items()}


def test_fields_of_any_type_and_size(service: Service, there: Mapping[str, str]) -> None:
    odds = ODD if service.world.db.is_sqlite else FOR_POSTGRES
    tried = taken = 0
    for operation in sorted(WRITING, key=lambda each: each.method == "DELETE"):
        for field in operation.body.model_fields if operation.body else ():
            for odd in odds:
                body = json.dumps({**_good(operation, there), field: odd}).encode()
                answer = service.client().http.request(
                    operation.method,
                    _path(operation, there),
                    content=body,
                    headers={"Content-Type": "application/json"},
                )
                check(answer, f"{name(operation)} {field} {odd!r:.40}")
                taken += answer.status_code < 300
                tried += 1
    assert tried > taken > 20


def test_ids_of_another_kind_and_no_ids_at_all(service: Service, there: Mapping[str, str]) -> None:
    words = [*there.values(), "x", "0", "-1", "x" * 5_000, "%ED%A0%80", "%FF", "%E2%80%AE", "%27--"]
    for operation in OPERATIONS:
        if "{" not in operation.path:
            continue
        for word in words:
            doing = f"{name(operation)} {word:.20}"
            if word == there.get(operation.path.partition("/")[0]):
                continue
            answer = service.client().http.request(operation.method, path(operation, word))
            check(answer, doing)
            if operation.path != "organizations/{id}":  # the same whatever the id
                assert answer.status_code in {400, 404}, (doing, answer.text)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # the stricter one
def test_filters_of_any_kind(service: Service, there: Mapping[str, str]) -> None:
    for operation in OPERATIONS:
        names = [each.name for each in operation.filters]
        for query in [
            *(f"{key}={value}" for key in names for value in QUERIES),
            *(f"{key}={id_}" for key in names for id_ in there.values()),
            *(f"{quote(key)}={quote(key)}&{key}=1" for key in names),
            "&" * 200,
            "=&=&;",
            "x=1&" * 200,
        ]:
            url = f"{_path(operation, there)}?{query}"
            if operation.method == "GET":
                answer = service.client().http.get(url)
                check(answer, f"{name(operation)} {query:.60}")
                assert answer.status_code in {200, 400, 404}, (operation.path, query)


def test_a_page_with_a_wrong_word_in_it_pages_nobody(service: Service) -> None:
    ana = service.add("ana", None, "sms")
    for bad in ("a\x00b", "\ud800"):
        for body in (asked(ana, title=bad), asked(ana, bad), asked(ana, metadata={bad: bad})):
            raw = json.dumps(body).encode()
            answer = service.client().http.post(
                "/api/v1/escalation/", content=raw, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code == 400
    assert service.client().get("alert_groups").json()["count"] == 0
