"""/docs: what a browser gets to see, from us alone, and that it can be tried out there."""

import os
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import ConsoleMessage, expect

from api.docs import KINDS
from tests.api.service import Service
from tests.page import browser as chromium

PATIENCE = 30_000  # milliseconds: the machine may be busy


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


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_page_is_made_from_the_docs(small: Service, colours: str) -> None:
    if chromium.chromium() is None:
        assert not os.environ.get("CI"), chromium.HOW_TO_GET_IT
        pytest.skip(chromium.HOW_TO_GET_IT)
    small.add("ana", None, "sms")
    token = small.token(small.admin)
    complaints: list[str] = []
    hosts: set[str] = set()

    def heard(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            complaints.append(said.text)

    with chromium.running() as browser:
        context = browser.new_context(color_scheme="dark" if colours == "dark" else "light")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(f"{small.url}/docs")
        page.get_by_role("button", name="Authorize").click()
        page.get_by_label("Value:").first.fill(token)
        page.get_by_role("button", name="Apply credentials").first.click()
        page.get_by_role("button", name="Close").first.click()
        operation = page.locator("#operations-Escalation-escalation")
        operation.click()
        operation.get_by_role("button", name="Try it out").click()
        operation.get_by_role("button", name="Execute").click()
        answered = operation.locator(".live-responses-table .response-col_status").last
        expect(answered).to_contain_text("200", timeout=PATIENCE)
        assert page.evaluate("Object.keys(localStorage).length + document.cookie.length") == 0
        context.close()
    assert complaints == []
    assert hosts == {urlsplit(small.url).netloc}
    small.world.forward(seconds=2)
    assert small.world.sms.addresses == ["sms:ana"]
