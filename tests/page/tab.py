"""One person in front of the page; what they see is found as a screen reader would find it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect

PATIENCE = 30_000  # milliseconds for what a page waits for: the machine may be busy
MOST_STEPS = 60  # of the keyboard, to get anywhere
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}

expect.set_options(timeout=PATIENCE)


@dataclass
class Tab:
    page: Page
    name: str
    url: str
    complaints: list[str]

    @classmethod
    @contextmanager
    def opened(
        cls,
        browser: Browser,
        url: str,
        name: str,
        *,
        channel: str = "incidents",
        size: ViewportSize = WIDE,
        dark: bool = False,
        guide: bool = False,
    ) -> Iterator[Self]:
        """A tab that shows this channel to this person, once it is ready."""
        context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light")
        context.set_default_timeout(PATIENCE)
        complaints: list[str] = []
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))

        def heard(said: ConsoleMessage) -> None:
            if said.type in ("error", "warning"):
                complaints.append(said.text)

        page.on("console", heard)
        try:
            tab = cls(page, name, url, complaints)
            tab.go(channel)
            if not guide:
                tab.button("Close the guide").click()
            yield tab
        finally:
            context.close()
        assert complaints == []

    # Where things are

    def go(self, channel: str) -> None:
        """Load the page at this channel."""
        self.page.goto(f"{self.url}/?as={self.name}&in={channel}")
        expect(self.composer.or_(self.page.locator(".composer-closed")).first).to_be_visible()

    def button(self, name: str, *, inside: Locator | None = None) -> Locator:
        return (inside or self.page).get_by_role("button", name=name, exact=True)

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile("^Message "))

    @property
    def timeline(self) -> Locator:
        return self.page.locator("#timeline")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def phones(self) -> Locator:
        return self.page.get_by_role("complementary", name="Phones")

    @property
    def modal(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def glass(self) -> Locator:
        """The drawer with the calls and the switches."""
        return self.page.get_by_role("region", name="Behind the glass")

    def phone(self, name: str) -> Locator:
        return self.phones.get_by_role("region", name=f"{name}'s phone")

    def message(self, text: str, *, inside: Locator | None = None) -> Locator:
        """The newest message with this text, those that only this person sees left out."""
        messages = (inside or self.timeline).locator("li.message:not(.only-you)")
        return messages.filter(has_text=text).last

    def conversation(self, name: str) -> Locator:
        """An entry of the sidebar."""
        sidebar = self.page.get_by_role("navigation", name="Conversations")
        named = self.page.locator(".conversation-name").get_by_text(name, exact=True)
        return sidebar.get_by_role("link").filter(has=named)

    # What they do

    def say(self, text: str) -> None:
        """Type into the composer of the channel, and press Enter."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def page_somebody(self, command: str) -> Locator:
        """Type `/escalate ...`, press Page, and wait for the alert in the channel."""
        self.say(command)
        self.button("Page", inside=self.modal).click()
        title = re.sub(r"^/escalate( @\S+)* ", "", command)
        alert = self.message(title)
        expect(alert).to_contain_text("Acknowledge")
        return alert

    def press(self, message: Locator, name: str) -> None:
        """Press a button of a message; what is read aloud also says what it is about."""
        message.get_by_role("button", name=re.compile(f"^{name}")).click()

    def choose(self, message: Locator, name: str) -> None:
        """Choose something from the menu of a message."""
        message.get_by_role("button", name=re.compile("^React, reply and more")).click()
        self.page.get_by_role("menuitem", name=name).click()

    def walk_to(self, place: Locator, key: str = "Tab") -> None:
        """Press a key until the keyboard is there."""
        for _ in range(MOST_STEPS):
            self.page.keyboard.press(key)
            if place.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{key} does not lead to {place}")

    def jump(self) -> None:
        """Let the bot's time leap to its next step, as soon as there is one."""
        self.button("Jump to the next step").click()

    def forgive(self, words: str) -> None:
        """What a browser says in its own words where a test took something away."""
        self.complaints[:] = [each for each in self.complaints if words not in each]

    def open_thread(self, message: Locator) -> Locator:
        message.get_by_role("button", name=re.compile(r"\d+ repl")).click()
        expect(self.thread).to_be_visible()
        return self.thread
