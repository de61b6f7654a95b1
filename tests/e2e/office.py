"""A workspace with the bot in it: what the stories have in common."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlmodel import Session

from core import people, rules
from core.db import Database
from core.models import RuleType
from sandbox import Sandbox
from sandbox.channels import Message
from sandbox.driver import Person
from sandbox.modals import Modal
from sandbox.workspace import PATIENCE
from tests.e2e.process import Bot

COMMAND = "/escalate"
# Rules with a step after it go on to the end of any story, also when a minute passes in a second.
LONG = ", ".join(["wait 60m"] * 4)


@dataclass
class Office:
    box: Sandbox
    bot: Bot

    def person(self, name: str) -> Person:
        return self.box.person(name)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The bot's own, for what takes a whole command line otherwise."""
        database = Database(self.bot.environment["DATABASE_URL"], threads=1)
        yield database
        database.close()

    def wait_rows(self, true: Callable[[Session], object]) -> None:
        """Wait until this is true of what the bot has written down."""
        deadline = time.monotonic() + PATIENCE
        with self.database() as database:
            while True:
                with database.reading() as session:
                    if true(session):
                        return
                assert time.monotonic() < deadline, f"it was not written within {PATIENCE} s"
                time.sleep(0.02)  # nobody tells when another process commits

    def rules(self, name: str, default: str) -> None:
        """Set somebody's default rules, as `app.py rules set` does."""
        with self.database() as database, database.transaction() as session:
            user = people.find(session, f"{name}@example.com")
            rules.replace(session, user, rules.parse(default), important=False)

    def webhook(self, name: str, url: str) -> None:
        """Set somebody's own URL, as `app.py people set` does."""
        with self.database() as database, database.transaction() as session:
            user = people.find(session, f"{name}@example.com")
            people.set_address(session, user, RuleType.WEBHOOK, url)

    def form(self, text: str = "", *, by: str = "alice", channel: str = "incidents") -> Modal:
        """The form that `/escalate` opens."""
        typed = self.person(by).command(COMMAND, text, channel=channel)
        assert typed.failed is None
        return typed.modal()

    def page(
        self, message: str, people: Sequence[str], *, by: str = "alice", channel: str = "incidents"
    ) -> None:
        """Page people; the alert is somewhere soon after."""
        form = self.form(by=by, channel=channel)
        form.fill("Message", message)
        form.choose("People", *people)
        result = form.submit()
        assert result.closed, result

    def alert(self, containing: str, *, channel: str = "incidents") -> Message:
        """The alert message with this text, as soon as it is there."""
        return self._find(containing, channel, lambda m: not m.ephemeral_to and not m.is_reply)

    def told(self, containing: str, *, by: str = "alice", channel: str = "incidents") -> str:
        """What only this person was told in a channel, as soon as it is there."""
        reader = self.person(by).id
        return self.reads(self._find(containing, channel, lambda m: m.ephemeral_to == reader))

    def _find(self, containing: str, channel: str, fits: Callable[[Message], bool]) -> Message:
        where = self.person("alice").channel(channel).id
        found: list[Message] = []

        def there() -> bool:
            messages = self.box.workspace.messages[where].values()
            found[:] = [m for m in messages if fits(m) and containing in self.reads(m)]
            return bool(found)

        if not self.box.workspace.wait(there, PATIENCE):
            raise AssertionError(f"{containing!r} is not in:\n{self.person('alice').sees(channel)}")
        return found[-1]

    def direct(self, name: str, containing: str, timeout: float = PATIENCE) -> Message:
        """The direct message from the bot with this text, as soon as it is there."""
        person = self.person(name)
        where = f"@{person.bot_name}"
        return person.message(channel=where, containing=containing, timeout=timeout)

    def reads(self, message: Message) -> str:
        """The message as it is now, as text; what is bold is not marked."""
        person = self.person("alice")
        return person.reads(person.newest(message)).replace("*", "")

    def wait_reads(self, message: Message, *texts: str, timeout: float = PATIENCE) -> str:
        """The message as text, as soon as all of these are in it."""

        def there() -> bool:
            return all(text in self.reads(message) for text in texts)

        assert self.box.workspace.wait(there, timeout), f"{texts} not in:\n{self.reads(message)}"
        return self.reads(message)

    def thread(self, alert: Message) -> list[str]:
        """The lines of the thread under an alert, without the times they begin with."""
        replies = self.box.workspace.replies(alert)
        text = "\n".join(self.person("alice").reads(reply) for reply in replies)
        return [line.partition("UTC  ")[2] for line in text.splitlines()]

    def wait_thread(self, alert: Message, *texts: str, timeout: float = PATIENCE) -> list[str]:
        """The thread, as soon as lines with all of these are in it."""

        def there() -> bool:
            said = "\n".join(self.thread(alert))
            return all(text in said for text in texts)

        if not self.box.workspace.wait(there, timeout):
            raise AssertionError(f"{texts} not in:\n" + "\n".join(self.thread(alert)))
        return self.thread(alert)
