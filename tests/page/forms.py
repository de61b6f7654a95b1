"""A small app made with the real SDK: opens the forms a test wants, and keeps what it is sent."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, expect
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox import Sandbox
from sandbox.channels import Message
from sandbox.shapes import Json
from tests.page.tab import Tab
from tests.sandbox.conftest import MANIFEST, new_app
from tests.sandbox.forms import plain
from tests.workspace import unhurried, workspace

ANYTHING = re.compile(".*")
LETTERS = ("alpha", "beta", "gamma", "delta")


class SmallApp:
    """It answers a form with what `answer` says, and runs `acted` when something is pressed."""

    def __init__(self, box: Sandbox, app: App) -> None:
        self.box = box
        self.client: WebClient = app.client
        self.forget()
        app.view(ANYTHING)(self._submitted)
        app.view_closed(ANYTHING)(self._closed)
        app.action(ANYTHING)(self._acted)
        app.options(ANYTHING)(self._suggest)
        app.command("/echo")(self._commanded)
        app.shortcut(ANYTHING)(self._commanded)

    def forget(self) -> None:
        """Be as in the beginning."""
        self.submissions: list[Json] = []
        self.closed: list[Json] = []
        self.actions: list[Json] = []
        self.queries: list[str] = []
        self.suggested: Json = {"options": []}
        self.answer: Callable[[Json], Json] = lambda _: {}
        self.acted: Callable[[Json], Any] = lambda _: None
        self.on_command: Json = {}

    # What it is sent

    def _submitted(self, ack: Ack, body: Json) -> None:
        self.submissions.append(body)
        ack(**self.answer(body))

    def _closed(self, ack: Ack, body: Json) -> None:
        with self.box.workspace.editing():  # so that one can wait for it
            self.closed.append(body)
        ack()

    def _acted(self, ack: Ack, body: Json) -> None:
        with self.box.workspace.editing():
            self.actions.append(body)
        self.acted(body)
        ack()

    def _suggest(self, ack: Ack, payload: Json) -> None:
        self.queries.append(payload["value"])
        ack(**self.suggested)

    def _commanded(self, ack: Ack, body: Json) -> None:
        ack()
        self.client.views_open(trigger_id=body["trigger_id"], view=self.on_command)

    @property
    def sent(self) -> Json:
        """The values of the newest submission by block id, where an element has the id "a"."""
        values = self.submissions[-1]["view"]["state"]["values"]
        return {block_id: held["a"] for block_id, held in values.items() if "a" in held}

    # What it does

    def opens(self, name: str, *blocks: Json, channel: str | None = None, **keys: Any) -> str:
        """Open a form with these blocks for somebody; its id."""
        person = self.box.person(name)
        where = person.channel(channel).id if channel else None
        trigger_id = self.box.host.triggers.issue(person.id, channel=where)
        opened = self.client.views_open(trigger_id=trigger_id, view=view(*blocks, **keys))
        return str(opened["view"]["id"])

    def posts(self, text: str, *blocks: Json, channel: str = "incidents", **keys: Any) -> Message:
        """Write a message, and return it as the workspace holds it."""
        where = self.box.workspace.find_channel(channel).id
        said = self.client.chat_postMessage(
            channel=where, text=text, blocks=list(blocks) or None, **keys
        )
        return self.box.workspace.messages[where][said["ts"]]


@contextmanager
def connected() -> Iterator[SmallApp]:
    """A workspace with a small app in it, connected over Socket Mode."""
    with workspace(MANIFEST) as box:
        app = new_app(box)
        small = SmallApp(box, app)
        unhurried(app)
        web_client = WebClient(box.app_token, base_url=box.api_url)
        handler = SocketModeHandler(app, box.app_token, web_client=web_client)
        handler.connect()  # type: ignore[no-untyped-call]
        box.wait_connected()
        yield small
        handler.client.auto_reconnect_enabled = False
        box.drop()
        # Without a message its thread looks only once a second whether it should end.
        handler.client.message_processor.event.set()
        handler.client.enqueue_message("")
        handler.close()  # type: ignore[no-untyped-call]


@contextmanager
def in_front(browser: Browser, app: SmallApp, name: str = "alice", **how: Any) -> Iterator[Tab]:
    """The page of somebody in the workspace of the small app."""
    with Tab.opened(browser, app.box.url, name, guide=True, **how) as tab:
        yield tab


@contextmanager
def afresh(app: SmallApp, tab: Tab) -> Iterator[Tab]:
    """With an app as in the beginning; at the end no form is left open."""
    app.forget()
    yield tab
    app.box.host.views.close_all(app.box.person(tab.name).id)
    expect(tab.modal).to_have_count(0)
    assert app.box.workspace.problems == []


def view(*blocks: Json, title: str = "Form", **keys: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **keys,
    }


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.title()), "value": value} for value in values or LETTERS]


def group(label: str, *values: str) -> Json:
    return {"label": plain(label), "options": options(*values)}


def section(text: str, **keys: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **keys}


def button(text: str, action_id: str = "button", **keys: object) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **keys}


def row(*elements: Json, block_id: str = "row") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def send(tab: Tab) -> None:
    """Press the button that sends the form in front, and wait until no form is left."""
    tab.button("Send", inside=tab.modal).click()
    expect(tab.modal).to_be_hidden()


def choices(tab: Tab) -> Locator:
    """The options of the list that is open."""
    return tab.page.get_by_role("option")


def chosen(field: Locator) -> Locator:
    """What was chosen in a select of several, each with a button to take it away."""
    return field.locator("xpath=..").get_by_role("listitem")
