"""/docs: what a browser gets to see, from us alone, and that it can be tried out there."""

import httpx2
import pytest

from api.docs import KINDS
from tests.api.service import Service


def test_nobody_needs_a_token_to_read(small: Service) -> None:
    for path in ("docs", "docs/"):
        answer = httpx2.get(f"{small.url}/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "script-src 'self';" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["docs", "docs/"])
def test_the_page_asks_for_nothing_but_what_is_served_here(small: Service, path: str) -> None:
    page = httpx2.get(f"{small.url}/{path}")
    assert "http://" not in page.text
    assert "https://" not in page.text
    found = [part.split('"')[0] for part in page.text.split('="')[1:] if "docs/assets/" in part]
    assert len(found) == len(KINDS)
    for link in found:
        assert httpx2.get(page.url.join(link)).status_code == 200


@pytest.mark.parametrize("name", KINDS)
def test_a_browser_keeps_what_has_not_changed(small: Service, name: str) -> None:
    url = f"{small.url}/docs/assets/{name}"
    first = httpx2.get(url)
    assert first.headers["content-type"] == KINDS[name]
    assert len(first.content) > 100
    again = httpx2.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = httpx2.get(url, headers={"If-None-Match": '"other"'})
    assert other.content == first.content


@pytest.mark.parametrize("name", ["redoc.standalone.js", "%2e%2e%2fcore.py", "a/b", ""])
def test_nothing_else_is_handed_out(small: Service, name: str) -> None:
    answer = httpx2.get(f"{small.url}/docs/assets/{name}")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not found."}
