"""What people do meanwhile: page, answer, decline, take back, silence, resolve."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sandbox.channels import Message
from sandbox.driver import Person
from sandbox.modals import Modal
from sandbox.shapes import ApiError, NotPossible
from tests.chaos import team
from tests.chaos.scene import Scene

AUTHORS = ("alice", "bob", "carol")
PERSISTENT = 300.0  # seconds until somebody who pages gives up
REFUSED = (AssertionError, NotPossible, ApiError, KeyError)  # a person would look again


class Traffic:
    """`confirmed` are the messages whose form closed: from then on they must not be lost."""

    def __init__(self, scene: Scene, groups: int, *, seconds: float) -> None:
        """Opens `groups` alert groups over so many seconds."""
        self.scene = scene
        self.groups = groups
        self.pause = seconds / groups
        self.confirmed: dict[str, float] = {}
        self.given_up: list[str] = []
        self.tries = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._paging_done = threading.Event()

    def run(self, meanwhile: Callable[[], None]) -> None:
        """Do `meanwhile` while people are at it; then let those who page come to an end."""
        with ThreadPoolExecutor(4) as pool:
            pagers = [pool.submit(self._page, at) for at in range(2)]
            answerers: list[Future[None]] = [pool.submit(self._answer, at) for at in range(2)]
            try:
                meanwhile()
                for pager in pagers:
                    pager.result()
            finally:
                self._paging_done.set()
                self._over.set()
            for answerer in answerers:
                answerer.result()

    def _page(self, half: int) -> None:
        draw = random.Random(self.scene.seed * 100 + half)
        for number in range(half, self.groups, 2):
            self._page_one(draw, f"chaos-{number:03d} something is broken")
            if self._over.wait(2 * self.pause * draw.uniform(0.5, 1.5)):
                return

    def _page_one(self, draw: random.Random, message: str) -> None:
        """As a person does it who does not give up: again, until the form closes."""
        author = self.scene.box.person(draw.choice(AUTHORS))
        where = draw.choice(self.scene.channels)
        chosen = draw.sample(self.scene.people, draw.randint(2, 4))
        to_team = number_of(message) % 2 == 0  # and the same people with it
        deadline = time.monotonic() + PERSISTENT
        patience = 0.0
        while time.monotonic() < deadline:
            self.tries += 1
            patience += 2.0
            form = self._form(author, where, message, patience)
            if form is None:
                continue
            try:
                form.choose("People", *chosen)
                if to_team:
                    form.choose("Team", team.NAME)
            except REFUSED:
                continue
            # The same form again and again, which may page only once.
            while form.is_open and time.monotonic() < deadline:
                began = time.time()
                if form.submit().closed:
                    with self._lock:
                        self.confirmed[message] = began
                    return
                self._wait_for_socket()
        self.given_up.append(message)

    def _form(self, author: Person, where: str, message: str, patience: float) -> Modal | None:
        try:
            typed = author.command("/escalate", message, channel=where)
            if typed.failed is None:
                return typed.modal(timeout=patience)
        except REFUSED:
            pass
        self._wait_for_socket()
        return None

    def _wait_for_socket(self) -> None:
        box = self.scene.box
        box.workspace.wait(lambda: box.sockets.is_open, 5)
        self._over.wait(0.1)

    def _answer(self, which: int) -> None:
        draw = random.Random(self.scene.seed * 1000 + which)
        while not self._over.wait(draw.uniform(0.1, 0.8)):
            try:
                self._act(draw)
            except REFUSED:
                continue

    def _act(self, draw: random.Random) -> None:
        box = self.scene.box
        messages = [
            message
            for message in self._messages()
            if number_of(message.text) % 3 and any(b["type"] == "actions" for b in message.blocks)
        ]
        if not messages:
            return
        message = draw.choice(messages)
        channel = box.workspace.channels[message.channel]
        if channel.is_direct:
            readers = [each for each in channel.members if each != box.workspace.bot.id]
            box.person(readers[0]).press(message, draw.choice(("Acknowledge", "I can't")))
            return
        button = draw.choice(("Acknowledge", "Unacknowledge", "Silence", "Resolve", "Acknowledge"))
        option = "30 min" if button == "Silence" else None
        box.person(draw.choice(AUTHORS)).press(message, button, option)

    def _messages(self) -> list[Message]:
        workspace = self.scene.box.workspace
        with workspace.changed:
            return [
                message
                for messages in workspace.messages.values()
                for message in messages.values()
                if "chaos-" in message.text and not message.is_reply and not message.ephemeral_to
            ]


def number_of(text: str) -> int:
    """Which of our alert groups a text is about; nobody answers every third one."""
    return int(text.partition("chaos-")[2][:3] or 0)
