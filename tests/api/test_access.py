"""Who may ask what: tokens, roles, and the order in which a request is checked."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

import httpx2
import pytest
from sqlmodel import select

from core import access
from core.models import Role, Token
from tests.api.operations import OPERATIONS, TOO_LARGE, TOO_LARGE_ANSWER, WRITING, Stranger, name
from tests.api.pages import asked
from tests.api.service import Client, Service
from tests.core.running import until

NO_TOKEN = {"detail": "Invalid token."}
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
LEAKED = "A token does not belong in a URL, where logs keep it: revoke it and send it as a header."
HEX = "0123456789abcdef" * 4


@pytest.fixture
def asking(small: Service) -> Iterator[Callable[[str | None], Stranger]]:
    """Somebody with this token, or with none."""
    made: list[Stranger] = []

    def stranger(token: str | None) -> Stranger:
        made.append(Stranger(small, token))
        return made[-1]

    yield stranger
    for each in made:
        each.http.close()


Asking = Callable[[str | None], Stranger]


@pytest.mark.parametrize("token", [None, "", "x", HEX, "Bearer x", f"Token {HEX}", "é", "x" * 5000])
def test_nobody_gets_in_without_a_token(asking: Asking, token: str | None) -> None:
    stranger = asking(token)
    for operation in OPERATIONS:
        answer = stranger(operation, content=b"{not json", kind="text/plain")
        assert (answer.status_code, answer.json()) == (403, NO_TOKEN), name(operation)


def test_a_token_may_be_called_bearer(small: Service, asking: Asking) -> None:
    token = small.client().token
    for written in (f"Bearer {token}", f"bearer   {token}"):
        assert (
            asking(written)
            .http.get("/api/v1/users/current/", headers={"Authorization": written})
            .json()["username"]
            == "admin"
        )


def test_nothing_may_be_done_without_a_role(small: Service, asking: Asking) -> None:
    nobody = asking(small.token(small.add("nobody", Role.NONE)))
    for operation in OPERATIONS:
        answer = nobody(operation, content=b"{not json", kind="text/plain")
        assert (answer.status_code, answer.json()) == (403, FORBIDDEN), name(operation)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.ADMIN])
def test_the_role_comes_before_the_object_the_media_type_and_the_body(
    small: Service, asking: Asking, role: Role
) -> None:
    somebody = asking(small.token(small.add("somebody", role)))
    for operation in WRITING:
        answer = somebody(operation, content=b"{not json", kind="text/plain")
        expected = 415 if role.covers(operation.role) else 403
        assert answer.status_code == expected, name(operation)
        answer = somebody(operation, content=b"{not json")
        assert answer.status_code == (400 if expected == 415 else 403), name(operation)


def test_what_viewers_editors_and_admins_may(small: Service) -> None:
    ana = small.add("ana", None, "sms")
    page = asked(ana)

    def codes(role: Role) -> list[int]:
        client = small.client(small.add(role.value + "2", role))
        return [
            client.get("users/").status_code,
            client.post("escalation/", page).status_code,
            client.post("teams/", {"name": role.value}).status_code,
        ]

    assert codes(Role.NONE) == [403, 403, 403]
    assert codes(Role.VIEWER) == [200, 403, 403]
    assert codes(Role.EDITOR) == [200, 200, 403]
    assert codes(Role.ADMIN) == [200, 200, 201]


def test_what_is_too_large_is_not_even_looked_at(asking: Asking) -> None:
    stranger = asking(None)
    for operation in WRITING:
        answer = stranger(operation, content=TOO_LARGE, kind="text/plain")
        assert (answer.status_code, answer.json()) == (413, TOO_LARGE_ANSWER), name(operation)


def test_a_method_that_is_not_there_names_those_that_are(small: Service, asking: Asking) -> None:
    paths: dict[str, set[str]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, set()).add(operation.method)
    client, stranger = small.client().http, asking(None).http
    for path, methods in paths.items():
        allowed = methods | ({"HEAD"} if "GET" in methods else set())
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} - methods:
            url = f"/api/v1/{path}/"
            answer = client.request(method, url)
            assert answer.status_code == 405, (method, path)
            assert answer.json() == {"detail": f'Method "{method}" not allowed.'}
            assert set(answer.headers["allow"].split(", ")) == allowed
            assert stranger.request(method, url).status_code == 403


def test_head_answers_as_get_without_the_body(small: Service) -> None:
    http = small.client().http
    for path in ("users/", "teams", "alert_groups/", "users/UXXXXXXXXXXXX/"):
        get, head = http.get(f"/api/v1/{path}"), http.head(f"/api/v1/{path}")
        assert head.status_code == get.status_code
        assert head.headers["content-length"] == get.headers["content-length"]
        assert head.content == b""


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/users//",
        "/api/v1//users/",
        "//api/v1/users/",
        "/api/v1/users/current//",
        "/api/v1/users%2Fcurrent/",
        "/api/v1/users/current%2F",
        "/api/v1/users/x%2f..%2fcurrent",
        "/api/v1/users%0A",
        "/api/v1/users/%00/",
        "/api/v1/users/current/x/",
        "/api/v1/nothing/",
        "/api/v1/",
        "/api/v2/users/",
        "/api/v1/Users/",
    ],
)
def test_a_path_that_only_looks_like_one(small: Service, path: str) -> None:
    answer = small.client().http.get(path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_one_slash_at_the_end_is_cut_without_a_redirect(small: Service) -> None:
    for path in ("users", "users/", "users/current", "users/current/"):
        answer = small.client().http.get(f"/api/v1/{path}", follow_redirects=False)
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/users/{HEX}/",
        f"/api/v1/users/?token={HEX}",
        f"/api/v1/users/?{HEX}",
        f"/api/v1/users/?x=a,{HEX.upper()},b",
        f"/api/v1/users/?x=%30{HEX[1:]}",
        f"/health?token={HEX}",
        f"/{HEX}",
    ],
)
def test_a_token_in_a_url_is_refused(small: Service, path: str) -> None:
    answer = small.client().http.get(path)
    assert (answer.status_code, answer.json()) == (400, {"detail": LEAKED})


def test_a_word_that_is_too_short_or_too_long_is_no_token(small: Service) -> None:
    for word in (HEX[1:], HEX + "0"):
        assert small.client().get("users/", username=word).status_code == 200


def test_who_has_left_is_told_so(service: Service) -> None:
    ana = service.add("ana", Role.ADMIN)
    client = service.client(ana)
    assert client.get("users/").status_code == 200
    for facts in ({"is_active": False}, {"is_active": True, "is_bot": True}):
        service.world.change(ana, **facts)
        answer = client.get("users/")
        said = "Only active users are allowed to perform this action."
        assert (answer.status_code, answer.json()) == (403, {"detail": said})


def test_a_revoked_token_looks_like_an_unknown_one(service: Service) -> None:
    client, unknown = service.client(), Client(service.url, HEX)
    assert client.get("users/").status_code == 200
    with service.world.db.transaction() as session:
        access.revoke(session, service.admin, "test")
    answers = [each.get("users/") for each in (client, unknown)]
    assert [answer.json() for answer in answers] == [NO_TOKEN] * 2
    assert [_without_date(answer) for answer in answers] == [_without_date(answers[0])] * 2
    unknown.http.close()


def _without_date(answer: httpx2.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "date"}


def _used_at(service: Service) -> datetime | None:
    with service.world.db.reading() as session:
        return session.scalars(select(Token)).one().used_at


def test_the_last_use_is_kept_to_the_minute(service: Service) -> None:
    client = service.client()
    assert _used_at(service) is None
    client.get("users/")
    until(lambda: _used_at(service) is not None)
    first = _used_at(service)
    service.world.skip(seconds=50)
    for _ in range(3):
        client.get("users/")
    assert _used_at(service) == first
    service.world.skip(seconds=15)
    client.get("users/")
    until(lambda: _used_at(service) != first)


def test_a_use_that_cannot_be_noted_harms_nothing(
    small: Service, caplog: pytest.LogCaptureFixture
) -> None:
    client = small.client()
    with caplog.at_level(logging.INFO, logger="api"), small.world.db.transaction():
        assert client.get("users/").status_code == 200
        until(lambda: "was not noted" in caplog.text)
    client.get("users/")
    until(lambda: _used_at(small) is not None)


def test_the_access_log_knows_neither_query_nor_token(
    small: Service, caplog: pytest.LogCaptureFixture
) -> None:
    client = small.client()
    secret = client.token or ""
    with caplog.at_level(logging.INFO):
        client.get("users/", email="ana@example.com")
        client.post("escalation/", {"title": "very private"})
        client.http.get(f"/api/v1/users/{secret}/")
        client.http.get(f"/api/v1/users/?token={secret}")
        client.http.get("/api/v1/users/a%20b")
        until(lambda: caplog.text.count("tocsin.access") == 3)
    lines = [record.getMessage() for record in caplog.records if record.name == "tocsin.access"]
    assert {line.rpartition(" ms ")[0].rpartition(" ")[0] for line in lines} == {
        "GET /api/v1/users/ 200",
        "POST /api/v1/escalation/ 400",
        "GET /api/v1/users/a%20b 404",
    }
    assert all(" ms token " in line for line in lines)
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("httpx2")]
    for word in (secret, "ana@example.com", "very private"):
        assert word not in str(ours)
