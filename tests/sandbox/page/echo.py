"""A small app that opens forms, posts buttons and keeps what it was sent."""

from threading import Event

from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.shapes import Json
from sandbox.workspace import PATIENCE
from tests.sandbox.forms import BUTTONS, MANY, field, form, option, plain

SEEN: list[Json] = []
GO_ON = Event()


def kept(do: str) -> Json:
    """The newest payload of a type."""
    return [each for each in SEEN if each["type"] == do][-1]


def listen(app: App) -> None:
    @app.command("/echo")
    def opens(ack: Ack, body: Json, client: WebClient) -> None:
        if not body["text"]:
            ack("What should I echo?")
            return
        ack()
        typing = {"type": "plain_text_input"}
        note = field("note", "Note", typing, dispatch_action=True, optional=True)
        view = form("Form", *MANY, note, notify_on_close=True)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.command("/raw")
    def posts(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        menu = {"type": "static_select", "action_id": "pick", "options": [option("red")]}
        search = {"type": "external_select", "action_id": "search", "min_query_length": 0}
        blocks = [BUTTONS, {"type": "actions", "block_id": "picks", "elements": [menu, search]}]
        client.chat_postMessage(channel=body["channel_id"], text=body["text"], blocks=blocks)

    @app.view("form")
    def submitted(ack: Ack, body: Json, view: Json) -> None:
        SEEN.append(body)
        text = view["state"]["values"]["say"]["a"]["value"]
        if text == "wait":
            GO_ON.wait(PATIENCE)
        answers: dict[str, Json] = {
            "errors": {"response_action": "errors", "errors": {"say": "No"}},
            "update": {"response_action": "update", "view": form("Second")},
            "push": {"response_action": "push", "view": form("Third")},
            "clear": {"response_action": "clear"},
        }
        ack(**answers.get(text, {}))

    @app.view_closed("form")
    def closed(ack: Ack, body: Json) -> None:
        SEEN.append(body)
        ack()

    @app.action("push")
    def more(ack: Ack, body: Json, client: WebClient) -> None:
        SEEN.append(body)
        ack()
        if "view" in body:
            client.views_push(trigger_id=body["trigger_id"], view=form("Pushed"))

    @app.action("menu")
    @app.action("pick")
    @app.action("search")
    @app.action("a")
    def acted(ack: Ack, body: Json) -> None:
        SEEN.append(body)
        ack()

    @app.options("a")
    def suggest(ack: Ack, payload: Json) -> None:
        ack(options=[option(each) for each in ("billing", "shop") if payload["value"] in each])

    @app.options("search")
    def suggest_groups(ack: Ack) -> None:
        ack(option_groups=[{"label": plain("Services"), "options": [option("billing")]}])

    @app.shortcut("echo_global")
    def from_anywhere(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form("Shortcut"))

    @app.shortcut("echo_message")
    def on_message(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        view = form("Shortcut", private_metadata=body["message"]["text"])
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        blocks = [BUTTONS, {"type": "section", "text": plain("Welcome")}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})
