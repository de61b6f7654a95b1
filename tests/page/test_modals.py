"""Forms as a person meets them: errors, updates, keys, and nothing typed is lost."""

import re
from threading import Event

from playwright.sync_api import Browser, Locator, expect

from sandbox.shapes import Json
from sandbox.workspace import PATIENCE
from tests.page.forms import (
    SmallApp,
    button,
    in_front,
    options,
    row,
    section,
    send,
    view,
)
from tests.page.tab import Tab
from tests.sandbox.conftest import MANIFEST, new_app
from tests.sandbox.forms import field, plain
from tests.workspace import workspace

SAY = field("say", "Say", {"type": "plain_text_input"})
MORE = field("more", "More", {"type": "plain_text_input"}, optional=True)


def box(tab: Tab, name: str) -> Locator:
    """A field to type into, of the form in front."""
    return tab.page.get_by_role("textbox", name=name)


# Errors


def test_what_is_missing_is_said_at_the_field(app: SmallApp, alice: Tab) -> None:
    lists = field("list", "List", {"type": "static_select", "options": options()})
    hinted = {**SAY, "hint": plain("A few words will do")}
    app.opens("alice", MORE, lists, hinted)
    alice.button("Send", inside=alice.modal).click()
    choice = alice.page.get_by_role("combobox", name="List")
    expect(choice).to_be_focused()
    expect(choice).to_have_attribute("aria-invalid", "true")
    expect(choice).to_have_accessible_description("Please complete this required field.")
    say = box(alice, "Say")
    expect(say).to_have_accessible_description(
        "Please complete this required field. A few words will do"
    )
    expect(box(alice, "More")).not_to_have_attribute("aria-invalid", "true")
    say.fill("x")
    expect(say).to_have_accessible_description("A few words will do")
    assert app.submissions == []


def test_what_the_app_finds_wrong(app: SmallApp, alice: Tab) -> None:
    app.answer = lambda _: {"response_action": "errors", "errors": {"more": "Say more than that"}}
    app.opens("alice", SAY, MORE)
    box(alice, "Say").fill("hello")
    more = box(alice, "More")
    more.fill("so")
    box(alice, "Say").press("Enter")
    expect(more).to_be_focused()
    expect(more).to_have_accessible_description("Say more than that")
    expect(more).to_have_value("so")
    # The same mistake again is said again.
    more.fill("so so")
    expect(more).to_have_accessible_description("")
    more.press("Enter")
    expect(more).to_have_accessible_description("Say more than that")
    app.answer = lambda _: {}
    more.fill("much more")
    send(alice)
    assert app.sent["more"]["value"] == "much more"
    assert len(app.submissions) == 3


def test_an_app_that_does_not_know_what_to_say(app: SmallApp, alice: Tab) -> None:
    app.answer = lambda _: {"response_action": "errors", "errors": {"nowhere": "No"}}
    app.opens("alice", SAY)
    box(alice, "Say").fill("precious")
    box(alice, "Say").press("Enter")
    expect(alice.modal.get_by_role("alert").filter(has_text="trouble")).to_be_visible()
    expect(box(alice, "Say")).to_have_value("precious")
    app.box.workspace.problems.clear()
    app.answer = lambda _: {}
    send(alice)
    assert app.sent["say"]["value"] == "precious"
    assert len(app.submissions) == 2


def test_an_app_that_is_not_there(browser: Browser) -> None:
    with workspace(MANIFEST) as sandbox:
        app = SmallApp(sandbox, new_app(sandbox))  # it calls, and listens nowhere
        with in_front(browser, app) as alice:
            app.opens("alice", SAY, notify_on_close=True)
            box(alice, "Say").fill("precious")
            box(alice, "Say").press("Enter")
            said = alice.modal.get_by_role("alert").filter(has_text="Try again?")
            expect(said).to_be_visible()
            expect(box(alice, "Say")).to_have_value("precious")
            expect(box(alice, "Say")).to_be_focused()
            box(alice, "Say").press("Escape")
            expect(alice.modal).to_be_hidden()


# While one types


def test_the_form_changes_while_one_types(app: SmallApp, alice: Tab) -> None:
    go_on = Event()

    def updated(body: Json) -> None:
        go_on.wait(PATIENCE)
        chosen = body["actions"][0]["selected_option"]["text"]["text"]
        fresh = view(lists, section(f"You chose {chosen}"), SAY, MORE)
        app.client.views_update(view_id=body["view"]["id"], view=fresh)

    app.acted = updated
    kind = {"type": "static_select", "options": options()}
    lists = field("list", "List", kind, dispatch_action=True)
    app.opens("alice", lists, SAY, MORE)
    choice = alice.page.get_by_role("combobox", name="List")
    choice.press_sequentially("beta")
    choice.press("Enter")
    say = box(alice, "Say")
    say.press_sequentially("hello world")
    for _ in range(5):
        say.press("ArrowLeft")
    say.press_sequentially("big ")
    go_on.set()
    expect(alice.modal).to_contain_text("You chose Beta")
    expect(say).to_be_focused()
    expect(say).to_have_value("hello big world")
    say.press_sequentially("wide ")
    expect(say).to_have_value("hello big wide world")
    expect(choice).to_have_value("Beta")
    send(alice)
    assert app.sent["say"]["value"] == "hello big wide world"


def test_a_field_that_tells_what_is_typed(app: SmallApp, alice: Tab) -> None:
    at_once = {"trigger_actions_on": ["on_character_entered"]}
    kind = {"type": "plain_text_input", "dispatch_action_config": at_once}
    on_enter = field("enter", "Enter", {"type": "plain_text_input"}, dispatch_action=True)
    app.opens("alice", field("say", "Say", kind, dispatch_action=True), on_enter)
    box(alice, "Say").press_sequentially("hey")
    app.box.wait(lambda: app.actions and app.actions[-1]["actions"][0]["value"] == "hey")
    box(alice, "Enter").press_sequentially("you")
    box(alice, "Enter").press("Enter")
    app.box.wait(lambda: app.actions[-1]["actions"][0]["value"] == "you")
    expect(alice.modal).to_be_visible()
    assert app.submissions == []


def test_what_was_typed_is_there_after_a_reload(app: SmallApp, alice: Tab) -> None:
    view_id = app.opens("alice", SAY, field("day", "Day", {"type": "datepicker"}))
    box(alice, "Say").press_sequentially("half a sent")
    alice.page.get_by_label("Day").fill("2026-12-24")
    app.box.wait(lambda: "2026-12-24" in str(app.box.host.views.get(view_id).values))
    alice.page.reload()
    expect(box(alice, "Say")).to_have_value("half a sent")
    expect(alice.page.get_by_label("Day")).to_have_value("2026-12-24")
    send(alice)
    assert app.sent["say"]["value"] == "half a sent"


# Keys


def test_by_keyboard_and_back_to_where_one_was(app: SmallApp, alice: Tab) -> None:
    app.on_command = view(SAY, row(button("Other")))
    for key in ("Enter", "Escape"):
        alice.composer.fill("/echo")
        alice.page.keyboard.press("Enter")
        expect(box(alice, "Say")).to_be_focused()
        box(alice, "Say").fill(key)
        alice.page.keyboard.press(key)
        expect(alice.modal).to_be_hidden()
        expect(alice.composer).to_be_focused()
        expect(alice.composer).to_have_value("")
    assert [app.sent["say"]["value"]] == ["Enter"]
    assert len(app.submissions) == 1


def test_the_page_below_cannot_be_reached(app: SmallApp, alice: Tab) -> None:
    app.opens("alice", SAY)
    expect(box(alice, "Say")).to_be_focused()
    inside = re.compile("Say|Cancel|Send|Close")
    for _ in range(8):
        alice.page.keyboard.press("Tab")
        focused = alice.page.locator("body :focus")
        if focused.count():  # the browser's own bar is on the way, too
            expect(alice.modal.locator(":focus")).to_have_accessible_name(inside)
