"""What an app hears of the people and channels, and only if it asked."""

from collections.abc import Callable
from queue import Queue

import pytest
from slack_bolt import Ack, App, Respond, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox import Sandbox
from sandbox.shapes import Json, NotPossible
from tests.workspace import settle

EVENTS: Queue[Json] = Queue()
ACTIONS: list[Json] = []
MENU = [{"text": {"type": "plain_text", "text": each}, "value": each} for each in ("1 h", "2 h")]
BLOCKS: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Down*"}},
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {
                "type": "button",
                "action_id": "press",
                "value": "the value",
                "text": {"type": "plain_text", "text": "Press"},
            },
            {
                "type": "static_select",
                "action_id": "silence",
                "placeholder": {"type": "plain_text", "text": "Silence"},
                "options": MENU,
            },
            {"type": "users_select", "action_id": "person"},
            {"type": "external_select", "action_id": "service", "min_query_length": 1},
        ],
    },
]


@pytest.fixture(scope="module", autouse=True)
def listening(box: Sandbox, app: App, connect: Callable[[App], SocketModeHandler]) -> None:
    for name in ("user_change", "team_join", "dnd_updated_user", "member_joined_channel"):

        @app.event(name)
        def heard(event: Json) -> None:
            EVENTS.put(event)

    @app.event("reaction_added")
    @app.event("channel_archive")
    def seen(event: Json) -> None:
        EVENTS.put(event)

    @app.event("app_mention")
    def mentioned(event: Json, say: Say) -> None:
        EVENTS.put(event)
        say(text="yes?", thread_ts=event["ts"])

    @app.event("message")
    def said(event: Json) -> None:
        EVENTS.put(event)

    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        EVENTS.put(event)
        view = {"type": "home", "blocks": BLOCKS}
        client.views_publish(user_id=event["user"], view=view)

    for action_id in ("press", "silence", "person", "service"):

        @app.action(action_id)
        def acted(ack: Ack, body: Json, respond: Respond) -> None:
            ACTIONS.append(body)
            ack()
            if "response_url" in body:
                respond(text="done", replace_original=False)

    @app.options("service")
    def suggested(ack: Ack) -> None:
        ack(options=MENU)

    @app.shortcut("echo_global")
    @app.shortcut("echo_message")
    def shortcut(ack: Ack, body: Json) -> None:
        ACTIONS.append(body)
        ack()

    @app.command("/raw")
    def raw(ack: Ack, body: Json) -> None:
        ack({"response_type": "in_channel", "text": f"{body['channel_name']}: {body['text']}"})

    connect(app)


@pytest.fixture(autouse=True)
def forget(box: Sandbox, app: App) -> None:
    settle(box, app)
    while not EVENTS.empty():
        EVENTS.get()
    ACTIONS.clear()


def heard(count: int = 1) -> list[Json]:
    """The next events, as soon as the app has heard of so many."""
    return [EVENTS.get(timeout=20) for _ in range(count)]


def test_people_come_change_and_go(box: Sandbox) -> None:
    box.admin.add_person("erin", "Erin New", channels=["incidents"])
    joined, entered = sorted(heard(2), key=lambda event: str(event["type"]), reverse=True)
    assert joined["type"] == "team_join"
    assert joined["user"]["profile"]["email"] == "erin@example.com"
    assert entered["type"] == "member_joined_channel"
    assert entered["channel"] == box.workspace.find_channel("incidents").id
    box.admin.deactivate("erin")
    [changed] = heard()
    assert changed["user"]["deleted"] is True
    with pytest.raises(NotPossible, match="erin is deactivated"):
        box.person("erin").command("/raw")
    with pytest.raises(NotPossible, match="nobody here"):
        box.person("nobody")


def test_notifications_are_paused(box: Sandbox) -> None:
    box.admin.pause_notifications("carol", minutes=30)
    [event] = heard()
    assert event["type"] == "dnd_updated_user"
    assert event["user"] == box.person("carol").id
    status = event["dnd_status"]
    assert status["next_dnd_end_ts"] - status["next_dnd_start_ts"] == 30 * 60 + 1


def test_a_mention_has_no_channel_type(box: Sandbox) -> None:
    message = box.person("bob").say("@echo hello & welcome", channel="incidents")
    box.wait(lambda: box.person("bob").thread(message))
    by_type = {event["type"]: event for event in heard(2)}
    assert by_type["app_mention"]["text"] == f"<@{box.workspace.bot.id}> hello &amp; welcome"
    assert "channel_type" not in by_type["app_mention"]
    assert by_type["message"]["channel_type"] == "channel"
    assert box.reader.thread(message) == "bob: @echo hello & welcome\n    echo: yes?"


def test_nothing_is_heard_where_the_bot_is_not(box: Sandbox) -> None:
    box.person("bob").say("@echo hello", channel="ops")
    box.person("bob").say("hello", channel="@echo")
    [event] = heard()
    assert (event["type"], event["channel_type"]) == ("message", "im")


def test_edits_and_deletions_are_heard(box: Sandbox, client: WebClient) -> None:
    general = box.workspace.find_channel("general").id
    ts = client.chat_postMessage(channel=general, text="first")["ts"]
    client.chat_update(channel=general, ts=ts, text="second")
    client.chat_delete(channel=general, ts=ts)

    def told(subtype: str) -> list[Json]:
        events = [each.payload.get("event", {}) for each in box.workspace.delivered]
        return [event for event in events if event.get("subtype") == subtype]

    box.wait(lambda: told("message_changed") and told("message_deleted"))
    changed, deleted = told("message_changed")[-1], told("message_deleted")[-1]
    assert changed["previous_message"]["text"] == "first"
    assert changed["message"]["text"] == "second"
    assert deleted["deleted_ts"] == ts
    assert deleted["previous_message"]["text"] == "second"


def test_reactions_and_archives(box: Sandbox) -> None:
    alice = box.person("alice")
    message = alice.say("look", channel="incidents")
    heard()
    alice.react(message, "eyes")
    [event] = heard()
    assert (event["type"], event["reaction"]) == ("reaction_added", "eyes")
    box.admin.add_channel("short-lived", "alice", "echo")
    box.admin.archive("short-lived")
    assert heard()[0]["type"] == "channel_archive"
    with pytest.raises(NotPossible, match="cannot write"):
        alice.say("too late", channel="short-lived")


def test_the_home_tab_is_opened(box: Sandbox) -> None:
    carol = box.person("carol")
    assert carol.open_home() is None
    box.wait(lambda: carol.home() is not None)
    home = carol.open_home()
    assert home is not None
    assert home.text == "== Home ==\n*Down*\n[Press] [Silence] [...] [...]"
    home.press("Press")
    [pressed] = ACTIONS
    assert pressed["container"]["type"] == "view"
    assert pressed["view"]["type"] == "home"


def test_buttons_and_menus_in_messages(box: Sandbox, client: WebClient) -> None:
    general = box.workspace.find_channel("general").id
    client.chat_postMessage(channel=general, text="Down", blocks=BLOCKS)
    bob = box.person("bob")
    message = bob.message(channel="general", containing="Down")
    assert bob.press(message, "Press").failed is None
    pressed = ACTIONS.pop()
    assert pressed["actions"][0]["value"] == "the value"
    assert pressed["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": general,
        "is_ephemeral": False,
    }
    assert pressed["channel"] == {"id": general, "name": "general"}
    assert pressed["message"]["ts"] == message.ts
    assert "view" not in pressed
    box.wait(lambda: "done" in bob.ephemerals("general"))
    bob.press(message, "Silence", "2 h")
    chosen = ACTIONS.pop()
    assert chosen["actions"][0]["selected_option"]["value"] == "2 h"
    assert chosen["state"]["values"]["buttons"]["silence"]["selected_option"]["value"] == "2 h"
    bob.press(message, "person", "carol")
    assert ACTIONS.pop()["actions"][0]["selected_user"] == box.person("carol").id
    bob.press(message, "service", "1 h")
    assert ACTIONS.pop()["actions"][0]["selected_option"]["value"] == "1 h"
    with pytest.raises(NotPossible, match="there is no 'Dance'"):
        bob.press(message, "Dance")


def test_a_button_that_is_gone_can_still_be_pressed_on_an_old_screen(
    box: Sandbox, client: WebClient
) -> None:
    general = box.workspace.find_channel("general").id
    ts = client.chat_postMessage(channel=general, text="Down", blocks=BLOCKS)["ts"]
    bob = box.person("bob")
    old = bob.message(channel="general", containing="Down")
    client.chat_update(channel=general, ts=ts, text="Up")
    with pytest.raises(NotPossible):
        bob.press(old, "Press")
    assert bob.press(old, "Press", stale=True).failed is None


def test_people_of_other_workspaces_press_but_do_not_type(box: Sandbox, client: WebClient) -> None:
    shared = box.workspace.find_channel("shared-vendor").id
    client.chat_postMessage(channel=shared, text="Down", blocks=BLOCKS)
    stella = box.person("stella")
    stella.press(stella.message(channel="shared-vendor", containing="Down"), "Press")
    pressed = ACTIONS.pop()
    assert pressed["user"]["team_id"] == stella.user.team_id != box.workspace.team_id
    with pytest.raises(NotPossible, match="not a valid command"):
        stella.command("/raw", channel="shared-vendor")


def test_shortcuts(box: Sandbox) -> None:
    alice = box.person("alice")
    alice.shortcut("echo_global")
    used = ACTIONS.pop()
    assert (used["type"], used["callback_id"]) == ("shortcut", "echo_global")
    message = alice.say("on this one", channel="incidents")
    alice.shortcut("echo_message", message=message)
    used = ACTIONS.pop()
    assert used["type"] == "message_action"
    assert used["message"]["text"] == "on this one"
    assert used["message_ts"] == message.ts
    with pytest.raises(NotPossible):
        alice.shortcut("echo_message")


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("incidents", "incidents"),
        ("secret-room", "privategroup"),
        ("@bob", "directmessage"),
        ("@echo", "directmessage"),
    ],
)
def test_commands_tell_only_the_names_of_public_channels(
    box: Sandbox, channel: str, name: str
) -> None:
    alice = box.person("alice")
    assert alice.command("/raw", "a & @bob", channel=channel).text == f"{name}: a & @bob"
    assert alice.messages(channel)[-1].ephemeral_to is None


def test_commands_nobody_declared(box: Sandbox) -> None:
    with pytest.raises(NotPossible, match="/foo is not a valid command"):
        box.person("alice").command("/foo")
    with pytest.raises(NotPossible, match="cannot see"):
        box.person("carol").command("/raw", channel="secret-room")
