"""Commands and modals, from the page to a real app and back."""

from collections.abc import Callable

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from sandbox import Sandbox
from sandbox.shapes import Json
from tests.sandbox.forms import option
from tests.sandbox.page.client import Refused, Tab
from tests.sandbox.page.echo import GO_ON, SEEN, kept, listen


@pytest.fixture(scope="module", autouse=True)
def listening(app: App, connect: Callable[[App], SocketModeHandler]) -> None:
    listen(app)
    connect(app)


@pytest.fixture
def modal(alice: Tab) -> Json:
    """The form, open in front of alice."""
    SEEN.clear()
    # Not one that an earlier test left, and which is about to close.
    left = {each["id"] for each in alice.now["modals"]}
    alice.ask("command", channel=alice.id("general"), text="/echo hello")
    alice.wait(lambda: alice.now["modals"] and alice.modal["id"] not in left)
    return alice.modal


def put(tab: Tab, do: str, block_id: str, value: Json, action_id: str = "a") -> Json:
    view = tab.modal["id"]
    return tab.ask(do, view=view, block_id=block_id, action_id=action_id, value=value)


def typed(text: str | None) -> Json:
    return {"type": "plain_text_input", "value": text}


def test_a_command_opens_a_form(modal: Json) -> None:
    assert (modal["type"], modal["title"], modal["submit"]) == ("modal", "Form", "Send")
    assert modal["close"] is None
    assert modal["submit_disabled"] is False
    assert modal["values"]["say"]["a"] == typed(None)
    assert modal["values"]["who"]["a"] == {"type": "multi_users_select", "selected_users": []}
    assert modal["errors"] == {}


def test_a_command_is_answered_by_a_text(alice: Tab, bob: Tab) -> None:
    alice.ask("command", channel=alice.id("general"), text="/echo")
    answer = alice.message("What should I echo?")
    assert answer["ephemeral"]
    assert not bob.messages


def test_commands_there_are_not(alice: Tab) -> None:
    general = alice.id("general")
    with pytest.raises(Refused, match=r"/nothing is not a valid command\."):
        alice.ask("command", channel=general, text="/nothing at all")
    with pytest.raises(Refused, match="starts with /"):
        alice.ask("command", channel=general, text="nothing")


def test_filling_in_keeps_and_submitting_sends(alice: Tab, bob: Tab, modal: Json) -> None:
    put(alice, "fill", "say", typed("hello"))
    red = {"type": "static_select", "selected_option": {"value": "red", "text": "forged"}}
    put(alice, "fill", "team", red)
    people = {"type": "multi_users_select", "selected_users": [bob.me]}
    put(alice, "fill", "who", people)
    put(alice, "fill", "when", {"type": "datepicker", "selected_date": "2026-11-21"})
    boxes = {"type": "checkboxes", "selected_options": [option("loud")]}
    put(alice, "fill", "boxes", boxes)
    where = {"type": "conversations_select", "selected_conversation": alice.id("ops")}
    put(alice, "fill", "where", where)
    assert alice.modal["values"]["say"]["a"] == typed("hello")
    assert SEEN == []
    assert bob.now["modals"] == []
    assert alice.ask("submit", view=modal["id"]) == {}
    assert alice.now["modals"] == []
    values = kept("view_submission")["view"]["state"]["values"]
    assert values["say"]["a"]["value"] == "hello"
    # Of an option only what the app itself wrote travels back.
    assert values["team"]["a"]["selected_option"] == option("red")
    assert values["who"]["a"] == people
    assert values["when"]["a"]["selected_date"] == "2026-11-21"
    assert values["boxes"]["a"] == boxes
    assert values["where"]["a"] == where


def test_what_was_typed_after_submitting_is_not_sent(alice: Tab, modal: Json) -> None:
    GO_ON.clear()
    view = modal["id"]
    sent = []
    for text in ("first", "wait"):
        details = {"view": view, "block_id": "say", "action_id": "a", "value": typed(text)}
        sent.append(alice.send("fill", **details))
    submitted = alice.send("submit", view=view)
    late = alice.send("fill", **{**details, "value": typed("too late")})
    for number in (*sent, late):
        assert alice.answer(number) == {}
    assert alice.modal["values"]["say"]["a"] == typed("too late")
    GO_ON.set()
    assert alice.answer(submitted) == {}
    assert kept("view_submission")["view"]["state"]["values"]["say"]["a"] == typed("wait")


def test_a_tab_may_go_while_the_app_thinks(alice: Tab, box: Sandbox, modal: Json) -> None:
    GO_ON.clear()
    put(alice, "fill", "say", typed("wait"))
    alice.send("submit", view=modal["id"])
    alice.ask("watch", on=False)
    alice.socket.close()
    box.wait(lambda: not box.page.tabs)
    GO_ON.set()
    # What was asked for is done all the same.
    box.wait(lambda: not box.host.views.stack(alice.me))
    with Tab(box, "alice") as again:
        assert again.now["modals"] == []


def test_errors_stand_at_their_fields(alice: Tab, modal: Json) -> None:
    alice.ask("submit", view=modal["id"])
    assert alice.modal["errors"] == {"say": "Please complete this required field."}
    assert SEEN == []
    put(alice, "fill", "say", typed("errors"))
    alice.ask("submit", view=modal["id"])
    assert alice.modal["errors"] == {"say": "No"}


@pytest.mark.parametrize(
    ("text", "titles"), [("update", ["Second"]), ("push", ["Form", "Third"]), ("clear", [])]
)
def test_every_answer_to_a_submission(
    alice: Tab, modal: Json, text: str, titles: list[str]
) -> None:
    put(alice, "fill", "say", typed(text))
    alice.ask("submit", view=modal["id"])
    assert [each["title"] for each in alice.now["modals"]] == titles


def test_acting_tells_the_app_what_the_form_holds(alice: Tab, modal: Json) -> None:
    put(alice, "act", "note", typed("pssst"))
    body = kept("block_actions")
    assert body["actions"][0]["value"] == "pssst"
    assert body["view"]["state"]["values"]["note"]["a"] == typed("pssst")
    with pytest.raises(Refused, match="not told of this"):
        put(alice, "act", "say", typed("x"))
    put(alice, "act", "buttons", {"selected_option": {"value": "drop"}}, "menu")
    assert kept("block_actions")["actions"][0]["selected_option"] == option("drop")


def test_forms_stand_on_each_other(alice: Tab, modal: Json) -> None:
    put(alice, "act", "buttons", {}, "push")
    alice.wait(lambda: len(alice.now["modals"]) == 2)
    assert alice.modal["title"] == "Pushed"
    with pytest.raises(Refused, match="Another form is in front"):
        alice.ask("submit", view=modal["id"])
    alice.ask("close", view=alice.modal["id"])
    assert alice.modal["id"] == modal["id"]
    put(alice, "act", "buttons", {}, "push")
    alice.wait(lambda: len(alice.now["modals"]) == 2)
    alice.ask("close", view=alice.modal["id"], everything=True)
    assert alice.now["modals"] == []
    assert kept("view_closed")["is_cleared"] is True
    with pytest.raises(Refused, match="not open any more"):
        alice.ask("close", view=modal["id"])


def test_two_tabs_of_one_person_show_the_same(alice: Tab, box: Sandbox, modal: Json) -> None:
    with Tab(box, "alice") as other:
        assert other.modal == modal
        put(alice, "fill", "say", typed("seen in both"))
        other.wait(lambda: other.modal["values"]["say"]["a"] == typed("seen in both"))
        with pytest.raises(Refused, match="not open any more"), Tab(box, "bob") as stranger:
            stranger.ask("submit", view=modal["id"])


def test_suggestions(alice: Tab, modal: Json) -> None:
    where = {"view": modal["id"], "block_id": "service", "action_id": "a"}
    answer = alice.ask("suggest", **where, query="ill")
    assert answer == {"groups": [{"label": None, "options": [option("billing")]}]}
    assert alice.ask("suggest", **where, query="") == {"groups": [{"label": None, "options": []}]}
    chosen = {"type": "external_select", "selected_option": option("billing")}
    put(alice, "fill", "service", chosen)
    assert alice.modal["values"]["service"]["a"] == chosen
    with pytest.raises(Refused, match="suggests nothing"):
        alice.ask("suggest", **{**where, "block_id": "say"}, query="ill")


def test_what_nobody_answers_is_said(alice: Tab, box: Sandbox, modal: Json) -> None:
    message = box.workspace.find_channel("general")
    put(alice, "fill", "say", typed("fine"))
    box.courier.is_cut_off = True
    try:
        with pytest.raises(Refused, match="We had some trouble connecting"):
            alice.ask("submit", view=modal["id"])
        with pytest.raises(Refused, match="The bot cannot be reached"):
            put(alice, "act", "note", typed("x"))
        with pytest.raises(Refused, match="/echo failed"):
            alice.ask("command", channel=message.id, text="/echo x")
    finally:
        box.courier.is_cut_off = False
