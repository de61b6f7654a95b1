"""Only our own page may use the link, and nobody may come by another name."""

import httpx2
import pytest
from starlette.applications import Starlette
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from sandbox import Sandbox
from sandbox.page.guard import Guard
from sandbox.workspace import PATIENCE

ELSEWHERE = ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:{port}"]


def port(box: Sandbox) -> str:
    return box.url.rpartition(":")[2]


def test_the_page_may_load_only_its_own_files(box: Sandbox) -> None:
    page = httpx2.get(box.url)
    assert page.headers["content-type"].startswith("text/html")
    for answer in (page, httpx2.get(f"{box.url}/page/static/js/link.js")):
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-cache"
    assert "javascript" in answer.headers["content-type"]
    style = httpx2.get(f"{box.url}/page/static/css/base.css")
    assert style.headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(
    "path", ["../page.py", "%2e%2e/page.py", "js/../../page.py", "js", "no.js"]
)
def test_nothing_else_is_served(box: Sandbox, path: str) -> None:
    assert httpx2.get(f"{box.url}/page/static/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/page/static/js/link.js", "/api/auth.test", "/archives/"])
def test_another_host_is_turned_away(box: Sandbox, path: str) -> None:
    for host in ("evil.example", f"evil.example:{port(box)}", "127.0.0.1:1", ""):
        answer = httpx2.get(box.url + path, headers={"Host": host})
        assert answer.status_code == 403
        assert answer.text == f"This sandbox answers only at {box.url}.\n"
    assert httpx2.get(f"http://localhost:{port(box)}/").status_code == 200


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_pages_from_elsewhere_are_turned_away(box: Sandbox, origin: str) -> None:
    given = origin.format(port=port(box))
    answer = httpx2.post(f"{box.url}/api/auth.test", headers={"Origin": given})
    assert answer.status_code == 403
    assert answer.text == "Pages from elsewhere may not use this sandbox.\n"
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(link(box), origin=Origin(given)),
    ):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", ["/", "/api/api.test", "/archives/"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_from_elsewhere_may_only_link_here(box: Sandbox, path: str, site: str) -> None:
    def status(mode: str, dest: str, site: str = site) -> int:
        said = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        return httpx2.get(box.url + path, headers=said).status_code

    assert status("no-cors", "image") == 403
    assert status("no-cors", "empty") == 403
    assert status("navigate", "iframe") == 403
    assert status("navigate", "document") == 200
    assert status("no-cors", "image", "same-origin") == 200
    assert status("navigate", "document", "none") == 200


def test_a_browser_leaves_out_the_usual_port() -> None:
    def refusal(url: str) -> str | None:
        headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
        scope = {"type": "websocket", "path": "/page/link", "headers": headers}
        return Guard(Starlette(), lambda: url).refusal(scope)

    assert refusal("http://127.0.0.1:80") is None
    assert refusal("http://127.0.0.1:8790") is not None


def test_the_link_wants_an_origin(box: Sandbox) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(link(box)):
        pass
    assert refused.value.response.status_code == 403
    for host in ("127.0.0.1", "localhost"):
        with connect(link(box), origin=Origin(f"http://{host}:{port(box)}")) as socket:
            assert '"start"' in str(socket.recv(timeout=PATIENCE))[:40]


def test_a_bot_needs_no_origin(box: Sandbox) -> None:
    answer = httpx2.post(
        f"{box.url}/api/auth.test", headers={"Authorization": f"Bearer {box.bot_token}"}
    )
    assert answer.json()["ok"] is True


def link(box: Sandbox) -> str:
    return f"{box.url.replace('http', 'ws', 1)}/page/link?as=alice"
