"""Rich text for the tests, and what a reader finds in a message."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Request, expect

from sandbox.shapes import Json
from tests.page.tab import Tab


@contextmanager
def asking_nobody_else(tab: Tab) -> Iterator[None]:
    """Whatever is read here, the browser asks nobody but the sandbox for it."""
    asked: list[str] = []

    def heard(request: Request) -> None:
        asked.append(request.url)

    tab.page.on("request", heard)
    yield
    tab.page.remove_listener("request", heard)
    assert [each for each in asked if not each.startswith((tab.url, "data:"))] == []


def content(tab: Tab, text: str) -> Locator:
    """What the newest message with this text says."""
    return tab.message(text).locator(".content")


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def piece(kind: str, *elements: Json, **keys: object) -> Json:
    return {"type": f"rich_text_{kind}", "elements": list(elements), **keys}


def words(text: str, *styles: str) -> Json:
    return {
        "type": "text",
        "text": text,
        **({"style": dict.fromkeys(styles, True)} if styles else {}),
    }


def safe(link: Locator, address: str) -> None:
    expect(link).to_have_attribute("href", address)
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")
