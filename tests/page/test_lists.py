"""Lists to choose from, by mouse and keyboard, and what the app then receives."""

import re

from playwright.sync_api import expect

from tests.page.forms import (
    SmallApp,
    choices,
    chosen,
    group,
    options,
    send,
)
from tests.page.tab import Tab
from tests.sandbox.forms import field, option, plain


def test_a_list_by_mouse(app: SmallApp, alice: Tab) -> None:
    element = {"type": "static_select", "options": options(), "placeholder": plain("Pick one")}
    app.opens("alice", field("letter", "Letter", element, optional=True))
    letter = alice.page.get_by_role("combobox", name="Letter")
    expect(letter).to_have_attribute("placeholder", "Pick one")
    expect(letter).to_have_attribute("aria-expanded", "false")
    letter.click()
    expect(choices(alice)).to_have_text(["Alpha", "Beta", "Gamma", "Delta"])
    expect(letter).to_have_attribute("aria-expanded", "true")
    choices(alice).filter(has_text="Gamma").click()
    expect(letter).to_have_value("Gamma")
    expect(choices(alice)).to_have_count(0)
    alice.button("Clear", inside=alice.modal).click()
    expect(letter).to_have_value("")
    letter.click()
    choices(alice).filter(has_text="Delta").click()
    send(alice)
    assert app.sent == {"letter": {"type": "static_select", "selected_option": option("delta")}}


def test_a_list_by_keyboard(app: SmallApp, alice: Tab) -> None:
    element = {"type": "static_select", "options": options()}
    app.opens("alice", field("letter", "Letter", element))
    letter = alice.page.get_by_role("combobox", name="Letter")
    expect(letter).to_be_focused()
    active = alice.page.locator(".option.active")

    def is_read(text: str) -> None:
        """The list shows this one as active, and a screen reader is told of the same."""
        expect(active).to_have_text(text)
        expect(letter).to_have_attribute("aria-activedescendant", active.get_attribute("id") or "")

    letter.press("ArrowDown")
    is_read("Alpha")
    letter.press("ArrowDown")
    is_read("Beta")
    letter.press("End")
    is_read("Delta")
    letter.press("ArrowDown")
    is_read("Alpha")
    letter.press("ArrowUp")
    is_read("Delta")
    letter.press("Home")
    is_read("Alpha")
    letter.press("Escape")
    expect(choices(alice)).to_have_count(0)
    expect(alice.modal).to_be_visible()
    letter.press("Enter")
    letter.press("ArrowDown")
    letter.press("Enter")
    expect(letter).to_have_value("Beta")
    letter.press_sequentially("de")
    expect(choices(alice)).to_have_text(["Delta"])
    letter.press("Escape")
    expect(letter).to_have_value("Beta")
    letter.press_sequentially("gam")
    letter.press("Tab")
    expect(letter).to_have_value("Gamma")
    expect(letter).not_to_be_focused()
    assert app.submissions == []
    send(alice)
    assert app.sent["letter"]["selected_option"] == option("gamma")


def test_a_list_in_groups(app: SmallApp, alice: Tab) -> None:
    groups = [group("Vowels", "a", "e"), group("Others", "b", "été")]
    app.opens(
        "alice", field("letter", "Letter", {"type": "static_select", "option_groups": groups})
    )
    letter = alice.page.get_by_role("combobox", name="Letter")
    letter.click()
    expect(alice.page.get_by_role("group", name="Vowels").get_by_role("option")).to_have_text(
        ["A", "E"]
    )
    letter.fill("ete")
    expect(alice.page.get_by_role("group", name="Vowels")).to_have_count(0)
    expect(alice.page.get_by_role("group", name="Others").get_by_role("option")).to_have_text(
        ["Été"]
    )
    letter.press("Enter")
    send(alice)
    assert app.sent["letter"]["selected_option"] == option("été")


def test_several_of_a_list(app: SmallApp, alice: Tab) -> None:
    element = {"type": "multi_static_select", "options": options(), "max_selected_items": 2}
    app.opens("alice", field("letters", "Letters", element))
    letters = alice.page.get_by_role("combobox", name="Letters")
    for each in ("Alpha", "Beta"):
        letters.click()
        choices(alice).filter(has_text=each).click()
        expect(choices(alice)).to_have_count(0)
    letters.click()
    for each in ("Alpha", "Beta"):
        expect(choices(alice).filter(has_text=each)).to_have_attribute("aria-selected", "true")
    expect(alice.modal).to_contain_text("No more than 2 can be chosen")
    gamma = choices(alice).filter(has_text="Gamma")
    expect(gamma).to_have_attribute("aria-disabled", "true")
    gamma.click(force=True)
    expect(chosen(letters)).to_have_text([re.compile("Alpha"), re.compile("Beta")])
    letters.press("Escape")
    alice.button("Remove Alpha", inside=alice.modal).click()
    letters.press_sequentially("delta")
    letters.press("Enter")
    expect(chosen(letters)).to_have_text([re.compile("Beta"), re.compile("Delta")])
    letters.press("Backspace")
    letters.press_sequentially("gam")
    letters.press("Enter")
    expect(letters).to_have_value("")
    send(alice)
    assert app.sent == {
        "letters": {
            "type": "multi_static_select",
            "selected_options": [option("beta"), option("gamma")],
        }
    }


def test_people(app: SmallApp, alice: Tab) -> None:
    app.opens(
        "alice",
        field("one", "One", {"type": "users_select"}),
        field("some", "Some", {"type": "multi_users_select", "max_selected_items": 2}),
    )
    one = alice.page.get_by_role("combobox", name="One")
    one.fill("rob")
    expect(alice.modal).to_contain_text("Nothing found")
    one.fill("tanaka")
    expect(choices(alice)).to_contain_text(["carol"])
    one.press("Enter")
    expect(one).to_have_value("carol")
    some = alice.page.get_by_role("combobox", name="Some")
    for name in ("@bob", "dave"):
        some.press_sequentially(name)
        some.press("Enter")
    expect(chosen(some)).to_have_text([re.compile("bob"), re.compile("dave")])
    send(alice)
    bob, carol, dave = (app.box.person(each).id for each in ("bob", "carol", "dave"))
    assert app.sent == {
        "one": {"type": "users_select", "selected_user": carol},
        "some": {"type": "multi_users_select", "selected_users": [bob, dave]},
    }


def test_channels(app: SmallApp, alice: Tab) -> None:
    app.opens(
        "alice",
        field("one", "One", {"type": "channels_select"}),
        field("some", "Some", {"type": "multi_channels_select"}),
    )
    one = alice.page.get_by_role("combobox", name="One")
    one.click()
    expect(choices(alice)).to_have_text(["#general", "#incidents", "#ops", "#shared-vendor"])
    choices(alice).filter(has_text="#ops").click()
    some = alice.page.get_by_role("combobox", name="Some")
    for name in ("#gen", "inc"):
        some.press_sequentially(name)
        some.press("Enter")
    expect(chosen(some)).to_have_count(2)
    send(alice)
    ids = {
        each: app.box.workspace.find_channel(each).id for each in ("ops", "general", "incidents")
    }
    assert app.sent == {
        "one": {"type": "channels_select", "selected_channel": ids["ops"]},
        "some": {
            "type": "multi_channels_select",
            "selected_channels": [ids["general"], ids["incidents"]],
        },
    }


def test_conversations(app: SmallApp, alice: Tab) -> None:
    here = {"type": "conversations_select", "default_to_current_conversation": True}
    ours = {"include": ["private", "im"], "exclude_bot_users": True}
    app.opens(
        "alice",
        field("here", "Here", here),
        field("some", "Some", {"type": "multi_conversations_select", "filter": ours}),
        channel="ops",
    )
    expect(alice.page.get_by_role("combobox", name="Here")).to_have_value("#ops")
    some = alice.page.get_by_role("combobox", name="Some")
    some.click()
    people = alice.page.get_by_role("group", name="People").get_by_role("option")
    expect(people.filter(has_text="carol")).to_be_visible()
    expect(people.filter(has_text="deploybot")).to_have_count(0)
    channels = alice.page.get_by_role("group", name="Channels").get_by_role("option")
    expect(channels).to_have_text([re.compile("#secret-room")])
    channels.click()
    some.click()
    people.filter(has_text="carol").click()
    expect(chosen(some)).to_have_text([re.compile("#secret-room"), re.compile("carol")])
    send(alice)
    person = app.box.person("alice")
    assert app.sent == {
        "here": {"type": "conversations_select", "selected_conversation": person.channel("ops").id},
        "some": {
            "type": "multi_conversations_select",
            "selected_conversations": [
                person.channel("secret-room").id,
                person.channel("@carol").id,
            ],
        },
    }
