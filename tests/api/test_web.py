"""The web page of an alert group: for people with a token, and for nobody else."""

import base64
import hashlib
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx2
import pytest

from core import access, alert_groups, wiping
from core.db import Database
from core.models import AlertGroup, Role, User
from core.throttle import Throttle
from tests.api.service import Service
from tests.core.world import INCIDENTS, World

URL = "https://grafana.example/d/1?a=1&b=2"
NASTY = "<script>alert(1)</script>\n  two  blanks\n\t\"quoted\" & 'so' </pre><b>on</b>"


@pytest.fixture
def unposted(sqlite: Database) -> Iterator[Service]:
    """Where Slack takes nothing, so that no alert has a message there."""
    world = World(sqlite)
    world.board.refused = {INCIDENTS, "C2DEFAULT", "UALICE"}
    service = Service(world)
    yield service
    service.close()


def page_by_http(service: Service, *, to: str = "Bob <b>", **report: Any) -> AlertGroup:
    """A page over the API, by Alice."""
    world = service.world
    world.change(world.alice, given_role=Role.EDITOR)
    users = [{"id": service.add(to, None, "sms").id, "important": False}]
    asked = {"title": "db is down", "users": users, **report}
    answer = service.client(world.alice).post("escalation/", asked)
    assert answer.status_code == 200, answer.text
    world.drain()
    with world.db.reading() as session:
        return session.get_one(AlertGroup, answer.json()["id"])


def ask(service: Service, path: str, method: str = "GET", **how: Any) -> httpx2.Response:
    """As a browser would, but redirects are not followed."""
    answer = httpx2.request(method, service.url + path, timeout=30, **how)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    if answer.status_code != 302:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer


def by(service: Service, role: Role, **facts: Any) -> dict[str, str]:
    token = service.token(service.add(f"reader {role.value}", role, **facts))
    return {"Authorization": token}


def test_a_link_leads_to_the_message_in_slack(service: Service) -> None:
    group = page_by_http(service)
    for method in ("GET", "HEAD"):
        answer = ask(service, f"/g/{group.id}", method)
        assert answer.status_code == 302
        assert answer.headers["Location"] == service.world.story(group).link
    assert ask(service, f"/g/{group.id}/").status_code == 302


def test_the_whole_message_is_for_whoever_has_a_token(service: Service) -> None:
    message = f"{NASTY}\n" + "x" * 20_000
    group = page_by_http(service, message=message, source_url=URL)
    token = service.token(service.add("vera", Role.VIEWER, timezone="Asia/Tokyo"))
    path = f"/g/{group.id}?whole=1"
    raw = ask(service, path, headers={"Authorization": token})
    bearer = ask(service, path, headers={"Authorization": f"Bearer {token}"})
    posted = ask(service, path, "POST", data={"token": f" {token}\n"})
    assert [each.status_code for each in (raw, bearer, posted)] == [200] * 3
    assert raw.text == bearer.text == posted.text
    found = re.search(r'<pre dir="auto">\n(.*)</pre>', raw.text, re.DOTALL)
    assert found is not None
    assert unescape(found[1]) == message
    assert "<script" not in raw.text
    assert '<h1 dir="auto">db is down</h1>' in raw.text
    assert "Firing: nobody has answered yet" in raw.text
    assert "<dt>Being paged</dt><dd>Bob &lt;b&gt;</dd>" in raw.text
    assert f'<a href="{URL.replace("&", "&amp;")}" rel="noreferrer noopener">' in raw.text
    assert "Times are those of Asia/Tokyo." in raw.text
    assert token not in raw.text


def test_who_has_it_and_since_when(small: Service) -> None:
    group = page_by_http(small)
    reader = by(small, Role.VIEWER)
    path = f"/g/{group.id}?whole=1"
    world = small.world
    world.ack(group, small.add("Carol", None))
    held = ask(small, path, headers=reader).text
    assert re.search(r"<dt>Who has it</dt><dd>Carol, since <time", held)
    assert '<p class="state acknowledged">Acknowledged</p>' in held
    world.silence(group, world.alice, 3600)
    silenced = ask(small, path, headers=reader).text
    assert re.search(r"<dt>Silenced by</dt><dd>alice, <time", silenced)
    assert re.search(r"<dt>Until</dt><dd><time", silenced)
    world.resolve(group, world.alice)
    assert "<dt>Resolved by</dt><dd>alice" in ask(small, path, headers=reader).text


def test_a_stranger_cannot_tell_whether_there_is_an_alert(unposted: Service) -> None:
    group = page_by_http(unposted, message=NASTY)
    deleted = page_by_http(unposted, to="Eve")
    remove(unposted, deleted)
    paths = [f"/g/{group.id}", f"/g/{group.id}?whole=1", f"/g/{deleted.id}", "/g/INOBODY", "/g/%F0"]
    answers = [ask(unposted, path) for path in paths]
    assert {each.status_code for each in answers} == {200}
    assert len({each.text for each in answers}) == 1
    assert "db is down" not in answers[0].text
    assert '<form method="post">' in answers[0].text
    assert ask(unposted, paths[0], "HEAD").content == b""
    wrong = [ask(unposted, path, "POST", data={"token": "0" * 64}) for path in paths]
    assert {each.status_code for each in wrong} == {403}
    assert len({each.text for each in wrong}) == 1
    assert "This token does not work." in wrong[0].text


def test_a_page_that_is_not_in_slack_is_shown_at_its_plain_address(unposted: Service) -> None:
    group = page_by_http(unposted)
    reader = by(unposted, Role.VIEWER)
    assert "db is down" in ask(unposted, f"/g/{group.id}", headers=reader).text
    answer = ask(unposted, f"/g/{group.id}", "HEAD", headers=reader)
    assert answer.status_code == 200
    assert answer.content == b""
    assert ask(unposted, "/g/INOBODY", headers=reader).status_code == 404


def test_who_may_not_read_sees_nothing(small: Service) -> None:
    group = page_by_http(small)
    path = f"/g/{group.id}?whole=1"
    none = ask(small, path, headers=by(small, Role.NONE))
    assert none.status_code == 403
    assert "no role that may read alerts" in none.text
    left = ask(small, path, headers=by(small, Role.ADMIN, is_active=False))
    assert left.status_code == 403
    assert "This token does not work." in left.text
    proxy = ask(small, path, headers={"Authorization": "Basic YTpi"})
    assert proxy.status_code == 200
    for answer in (none, left, proxy):
        assert "db is down" not in answer.text
        assert '<form method="post">' in answer.text


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"data": {}}, 200),
        ({"data": {"token": "  "}}, 200),
        ({"data": {"token": "x" * 300}}, 403),
        ({"content": b"token=%FF", "headers": {"Content-Type": "text/plain"}}, 415),
        (
            {
                "content": b"token=%FF",
                "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            },
            400,
        ),
        ({"content": b"[1]", "headers": {"Content-Type": "application/json"}}, 200),
        ({"content": b"x" * (1024 * 1024 + 1)}, 413),
    ],
)
def test_what_else_is_posted_gets_a_plain_answer(
    unposted: Service, how: dict[str, Any], status: int
) -> None:
    group = page_by_http(unposted)
    answer = ask(unposted, f"/g/{group.id}", "POST", **how)
    assert answer.status_code == status
    assert "db is down" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_changed_here(small: Service, method: str) -> None:
    answer = ask(small, f"/g/{page_by_http(small).id}", method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_a_token_in_the_address_is_refused(small: Service) -> None:
    group = page_by_http(small)
    token = small.token(small.admin)
    answer = httpx2.get(f"{small.url}/g/{group.id}?whole=1&token={token}")
    assert answer.status_code == 400


def test_nothing_is_loaded_or_run(small: Service) -> None:
    group = page_by_http(small)
    answer = ask(small, f"/g/{group.id}?whole=1", headers=by(small, Role.VIEWER))
    policy = answer.headers["Content-Security-Policy"]
    style = re.search(r"<style>(.*)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert not re.search(r"<(script|img|link|iframe)\b|\bstyle=|\bon\w+=", answer.text)


def remove(service: Service, group: AlertGroup, *, wipe: bool = False) -> None:
    with service.world.db.transaction() as session:
        held = alert_groups.lock(session, group.id)
        by = session.get_one(User, service.world.alice.id)
        (wiping.wipe if wipe else wiping.delete)(session, held, by=by)
    service.world.drain()


def test_what_was_wiped_says_so_and_what_was_deleted_is_gone(small: Service) -> None:
    group = page_by_http(small, message="secret", source_url=URL)
    reader = by(small, Role.VIEWER)
    path = f"/g/{group.id}?whole=1"
    remove(small, group, wipe=True)
    wiped = ask(small, path, headers=reader)
    assert wiped.status_code == 200
    assert "Wiped by alice: its text was removed." in wiped.text
    assert "secret" not in wiped.text
    assert ask(small, f"/g/{group.id}").status_code == 302
    remove(small, group)
    gone = ask(small, path, headers=reader)
    assert gone.status_code == 404
    assert "There is no such alert, or it was deleted." in gone.text
    assert ask(small, f"/g/{group.id}").status_code == 200  # the form, as for any other


def test_a_link_to_a_private_channel_is_shown_to_the_author_alone(small: Service) -> None:
    world = small.world
    world.board.private = {"C2DEFAULT"}
    group = page_by_http(small)
    path = f"/g/{group.id}?whole=1"
    mine = ask(small, path, headers={"Authorization": small.token(world.alice, "mine")})
    assert "Open the alert" in mine.text
    assert "Open the alert" not in ask(small, path, headers=by(small, Role.ADMIN)).text


def test_whoever_asks_too_often_waits_here_too(sqlite: Database) -> None:
    service = Service(World(sqlite), throttle=Throttle(sqlite, limit=1).check)
    try:
        group = page_by_http(service)
        path, reader = f"/g/{group.id}?whole=1", by(service, Role.VIEWER)
        answers = [ask(service, path, headers=reader) for _ in range(2)]
        assert [each.status_code for each in answers] == [200, 429]
        assert "Retry-After" in answers[1].headers
        assert "Request was throttled." in answers[1].text
    finally:
        service.close()


def test_the_use_of_a_token_is_noted(sqlite: Database) -> None:
    service = Service(World(sqlite))
    group = page_by_http(service)
    reader = by(service, Role.VIEWER)
    ask(service, f"/g/{group.id}?whole=1", headers=reader)
    service.close()  # which waits for what is written down after the answer
    with sqlite.reading() as session:
        caller = access.find(session, reader["Authorization"])
    assert caller is not None
    assert caller.is_noted
