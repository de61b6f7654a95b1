"""Forms on top of each other, the buttons in them, and the questions those ask."""

from playwright.sync_api import Locator, expect

from sandbox.shapes import Json
from tests.page.forms import (
    SmallApp,
    button,
    row,
    section,
    send,
    view,
)
from tests.page.tab import Tab
from tests.sandbox.forms import field, plain

SAY = field("say", "Say", {"type": "plain_text_input"})
MORE = field("more", "More", {"type": "plain_text_input"}, optional=True)
ASKED = {
    "title": plain("Really?"),
    "text": plain("Nobody can take it back."),
    "confirm": plain("Do it"),
    "deny": plain("Rather not"),
    "style": "danger",
}


def box(tab: Tab, name: str) -> Locator:
    """A field to type into, of the form in front."""
    return tab.page.get_by_role("textbox", name=name)


def title(tab: Tab, name: str) -> Locator:
    return tab.page.get_by_role("dialog", name=name)


def test_forms_on_top_of_each_other(app: SmallApp, alice: Tab) -> None:
    def pushes(body: Json) -> None:
        number = len(app.actions) + 1
        pushed = view(row(button("Deeper")), SAY, title=f"Form {number}")
        app.client.views_push(trigger_id=body["trigger_id"], view=pushed)

    app.acted = pushes
    back = alice.modal.get_by_role("button", name="Back")
    app.opens("alice", row(button("Deeper")), SAY, title="Form 1")
    expect(title(alice, "Form 1")).to_be_visible()
    expect(back).to_have_count(0)
    box(alice, "Say").fill("one")
    for number, text in ((2, "two"), (3, "three")):
        alice.button("Deeper", inside=alice.modal).click()
        expect(title(alice, f"Form {number}")).to_be_visible()
        expect(box(alice, "Say")).to_be_focused()
        expect(box(alice, "Say")).to_have_value("")
        box(alice, "Say").fill(text)
    back.click()
    expect(title(alice, "Form 2")).to_be_visible()
    expect(box(alice, "Say")).to_have_value("two")
    expect(alice.button("Deeper", inside=alice.modal)).to_be_focused()
    alice.page.keyboard.press("Escape")
    expect(title(alice, "Form 1")).to_be_visible()
    expect(box(alice, "Say")).to_have_value("one")
    send(alice)
    assert app.sent["say"]["value"] == "one"


def test_closing_one_and_closing_all(app: SmallApp, alice: Tab) -> None:
    under = app.opens("alice", SAY, title="Under", notify_on_close=True)
    expect(title(alice, "Under")).to_be_visible()
    pushed = view(SAY, title="Over", notify_on_close=True)

    def push() -> str:
        trigger_id = app.box.host.triggers.issue(app.box.person("alice").id, view=under)
        return str(app.client.views_push(trigger_id=trigger_id, view=pushed)["view"]["id"])

    over = push()
    expect(title(alice, "Over")).to_be_visible()
    alice.button("Cancel", inside=alice.modal).click()
    expect(title(alice, "Under")).to_be_visible()
    app.box.wait(lambda: len(app.closed) == 1)
    again = push()
    expect(title(alice, "Over")).to_be_visible()
    alice.button("Close", inside=alice.modal).click()
    expect(alice.modal).to_be_hidden()
    app.box.wait(lambda: len(app.closed) == 3)
    assert [(each["view"]["id"], each["is_cleared"]) for each in app.closed] == [
        (over, False),
        (again, True),
        (under, True),
    ]


def test_an_app_that_did_not_ask_is_not_told(app: SmallApp, alice: Tab) -> None:
    app.opens("alice", SAY, title="Silent", close=plain("Not now"))
    alice.button("Not now", inside=alice.modal).click()
    expect(alice.modal).to_be_hidden()
    app.opens("alice", SAY, notify_on_close=True)
    alice.button("Cancel", inside=alice.modal).click()
    app.box.wait(lambda: app.closed)
    assert [each["view"]["title"]["text"] for each in app.closed] == ["Form"]


def test_another_form_as_the_answer(app: SmallApp, alice: Tab) -> None:
    app.answer = lambda _: {"response_action": "update", "view": view(SAY, MORE, title="Second")}
    app.opens("alice", SAY, title="First")
    box(alice, "Say").fill("hello")
    box(alice, "Say").press("Enter")
    expect(title(alice, "Second")).to_be_visible()
    expect(box(alice, "Say")).to_have_value("hello")
    app.answer = lambda _: {"response_action": "push", "view": view(SAY, title="Third")}
    alice.button("Send", inside=alice.modal).click()
    expect(title(alice, "Third")).to_be_visible()
    expect(box(alice, "Say")).to_have_value("")
    expect(box(alice, "Say")).to_be_focused()
    box(alice, "Say").fill("bye")
    app.answer = lambda _: {"response_action": "clear"}
    send(alice)
    texts = [each["view"]["state"]["values"]["say"]["a"]["value"] for each in app.submissions]
    assert texts == ["hello", "hello", "bye"]


# Buttons


def test_a_button_that_asks_first(app: SmallApp, alice: Tab) -> None:
    app.opens("alice", row(button("Drop it", confirm=ASKED)), SAY)
    drop = alice.button("Drop it", inside=alice.modal)
    question = alice.page.get_by_role("dialog", name="Really?")
    drop.click()
    expect(question).to_have_accessible_description("Nobody can take it back.")
    alice.button("Rather not", inside=question).click()
    expect(question).to_have_count(0)
    expect(drop).to_be_focused()
    drop.click()
    alice.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(title(alice, "Form")).to_be_visible()
    drop.click()
    alice.button("Do it", inside=question).click()
    app.box.wait(lambda: app.actions)
    expect(question).to_have_count(0)
    assert [each["actions"][0]["action_id"] for each in app.actions] == ["button"]


def test_a_button_beside_a_text(app: SmallApp, alice: Tab) -> None:
    def removed(body: Json) -> None:
        fresh = view(section("Nobody is left"), SAY)
        app.client.views_update(view_id=body["view"]["id"], view=fresh)

    app.acted = removed
    beside = button("Remove", "remove", value="bob")
    app.opens("alice", section("*bob* is paged", accessory=beside), SAY)
    box(alice, "Say").fill("kept")
    alice.button("Remove", inside=alice.modal).click()
    expect(alice.modal).to_contain_text("Nobody is left")
    expect(box(alice, "Say")).to_have_value("kept")
    [body] = app.actions
    assert body["actions"][0]["value"] == "bob"
    assert body["view"]["state"]["values"]["say"]["a"]["value"] == "kept"


def test_a_form_that_cannot_be_sent_yet(app: SmallApp, alice: Tab) -> None:
    view_id = app.opens("alice", SAY, submit_disabled=True)
    expect(alice.button("Send", inside=alice.modal)).to_be_disabled()
    box(alice, "Say").fill("hello")
    box(alice, "Say").press("Enter")
    app.client.views_update(view_id=view_id, view=view(SAY))
    expect(alice.button("Send", inside=alice.modal)).to_be_enabled()
    assert app.submissions == []
    box(alice, "Say").press("Enter")
    expect(alice.modal).to_be_hidden()
    assert app.sent["say"]["value"] == "hello"
