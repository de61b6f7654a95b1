"""Each kind of field as a person fills it in, and what the app then receives."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from sandbox.shapes import Json
from tests.page.forms import (
    SmallApp,
    button,
    chosen,
    in_front,
    options,
    row,
    send,
)
from tests.page.tab import Tab
from tests.sandbox.forms import field, option, plain

SAY = field("say", "Say", {"type": "plain_text_input"}, optional=True)


# Typing


def test_text(app: SmallApp, alice: Tab) -> None:
    lines = {"type": "plain_text_input", "multiline": True}
    placed = {"type": "plain_text_input", "placeholder": plain("In a few words"), "max_length": 20}
    app.opens("alice", field("say", "Say", placed), field("more", "More", lines, optional=True))
    say = alice.page.get_by_role("textbox", name="Say", exact=True)
    expect(say).to_have_attribute("placeholder", "In a few words")
    expect(say).to_have_attribute("aria-required", "true")
    say.press_sequentially("<b> & *stars*")
    expect(alice.modal).to_contain_text("7 left")
    more = alice.page.get_by_label("More (optional)")
    more.press_sequentially("one")
    more.press("Enter")
    more.press_sequentially("two")
    send(alice)
    assert app.sent == {
        "say": {"type": "plain_text_input", "value": "<b> & *stars*"},
        "more": {"type": "plain_text_input", "value": "one\ntwo"},
    }


def test_a_text_taken_out_again_is_none(app: SmallApp, alice: Tab) -> None:
    first = {"type": "plain_text_input", "initial_value": "gone soon"}
    app.opens("alice", field("say", "Say", first, optional=True))
    say = alice.page.get_by_label("Say")
    expect(say).to_have_value("gone soon")
    say.fill("")
    send(alice)
    assert app.sent == {"say": {"type": "plain_text_input", "value": None}}


@pytest.mark.parametrize(
    ("element", "wrong", "said", "right"),
    [
        (
            {"type": "number_input", "is_decimal_allowed": False, "min_value": "2"},
            "1",
            "Please enter 2 or more.",
            "12",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "9.5"},
            "many",
            "Please enter a number.",
            "9.25",
        ),
        (
            {"type": "email_text_input"},
            "nobody",
            "Please enter a valid email address.",
            "bob@example.com",
        ),
        ({"type": "url_text_input"}, "nowhere", "Please enter a valid URL.", "https://a.example/b"),
    ],
)
def test_numbers_and_addresses(
    app: SmallApp, alice: Tab, element: Json, wrong: str, said: str, right: str
) -> None:
    app.opens("alice", field("it", "It", {**element, "placeholder": plain("Like this")}))
    it = alice.page.get_by_role("textbox", name="It", exact=True)
    expect(it).to_have_attribute("placeholder", "Like this")
    it.fill(wrong)
    it.press("Enter")
    expect(it).to_have_accessible_description(said)
    it.fill(right)
    it.press("Enter")
    expect(alice.modal).to_be_hidden()
    assert app.sent == {"it": {"type": element["type"], "value": right}}
    assert len(app.submissions) == 1


# Boxes, menus, times


def test_boxes_and_radio_buttons(app: SmallApp, alice: Tab) -> None:
    described = {**option("beta"), "description": plain("The second")}
    boxes = {"type": "checkboxes", "options": [option("alpha"), described, option("gamma")]}
    radios = {"type": "radio_buttons", "options": options("red", "blue", "green")}
    app.opens("alice", field("some", "Some", boxes), field("one", "One", radios))
    some = alice.page.get_by_role("group", name="Some")
    beta = some.get_by_role("checkbox", name="Beta", exact=True)
    expect(beta).to_have_accessible_description("The second")
    some.get_by_role("checkbox", name="Alpha").press("Space")
    beta.click()
    some.get_by_text("Gamma").click()
    some.get_by_role("checkbox", name="Alpha").uncheck()
    one = alice.page.get_by_role("radiogroup", name="One")
    one.get_by_role("radio", name="Red").click()
    one.get_by_role("radio", name="Red").press("ArrowDown")
    expect(one.get_by_role("radio", name="Blue")).to_be_checked()
    expect(one.get_by_role("radio", name="Red")).not_to_be_checked()
    send(alice)
    assert app.sent == {
        "some": {"type": "checkboxes", "selected_options": [described, option("gamma")]},
        "one": {"type": "radio_buttons", "selected_option": option("blue")},
    }


def test_the_menu_behind_three_dots(app: SmallApp, alice: Tab) -> None:
    menu = {"type": "overflow", "action_id": "menu", "options": options()}
    app.opens("alice", SAY, row(menu))
    dots = alice.button("More actions", inside=alice.modal)
    items = alice.page.get_by_role("menuitem")
    dots.click()
    expect(items).to_have_text(["Alpha", "Beta", "Gamma", "Delta"])
    expect(items.first).to_be_focused()
    alice.page.keyboard.press("End")
    expect(items.last).to_be_focused()
    alice.page.keyboard.press("Escape")
    expect(items.first).to_be_hidden()
    expect(dots).to_be_focused()
    expect(alice.modal).to_be_visible()
    dots.press("ArrowDown")
    alice.page.keyboard.press("ArrowDown")
    alice.page.keyboard.press("Enter")
    app.box.wait(lambda: [pressed(each) for each in app.actions] == ["beta"])
    expect(dots).to_be_focused()
    dots.click()
    items.filter(has_text="Gamma").click()
    app.box.wait(lambda: [pressed(each) for each in app.actions] == ["beta", "gamma"])


def pressed(body: Json) -> str:
    return str(body["actions"][0]["selected_option"]["value"])


def test_dates_and_times(app: SmallApp, alice: Tab) -> None:
    app.opens(
        "alice",
        field("day", "Day", {"type": "datepicker"}),
        field("time", "Time", {"type": "timepicker", "timezone": "Asia/Tokyo"}),
        field("moment", "Moment", {"type": "datetimepicker"}),
    )
    expect(alice.page.get_by_label("Day")).to_be_focused()
    alice.page.keyboard.type("02292028")
    expect(alice.page.get_by_label("Day")).to_have_value("2028-02-29")
    alice.page.get_by_label("Time", exact=True).fill("23:05")
    alice.page.get_by_label("Moment").fill("2026-07-01T09:30")
    expect(alice.modal).to_contain_text("Asia/Tokyo")
    expect(alice.modal).to_contain_text("Europe/Berlin")
    send(alice)
    moment = datetime(2026, 7, 1, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert app.sent == {
        "day": {"type": "datepicker", "selected_date": "2028-02-29"},
        "time": {"type": "timepicker", "selected_time": "23:05", "timezone": "Asia/Tokyo"},
        "moment": {"type": "datetimepicker", "selected_date_time": int(moment.timestamp())},
    }


def test_a_moment_is_shown_in_the_time_zone_of_the_reader(browser: Browser, app: SmallApp) -> None:
    moment = datetime(2026, 7, 1, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    element = {"type": "datetimepicker", "initial_date_time": int(moment.timestamp())}
    with in_front(browser, app, "carol") as carol:
        app.opens("carol", field("moment", "Moment", element))
        expect(carol.page.get_by_label("Moment")).to_have_value("2026-07-01T09:30")
        expect(carol.modal).to_contain_text("Asia/Tokyo")
        send(carol)
    assert app.sent["moment"]["selected_date_time"] == int(moment.timestamp())


# What stands there at first


def test_first_values_are_shown_and_sent_untouched(app: SmallApp, alice: Tab) -> None:
    bob = app.box.person("bob").id
    ops = app.box.workspace.find_channel("ops").id
    alpha, beta = option("alpha"), option("beta")
    # Type: the key and the text of the first value in the field, and the key it is sent under.
    first: dict[str, tuple[str, object, str, str]] = {
        "plain_text_input": ("initial_value", "a & b", "a & b", "value"),
        "number_input": ("initial_value", "7", "7", "value"),
        "email_text_input": ("initial_value", "a@b.example", "a@b.example", "value"),
        "url_text_input": ("initial_value", "https://a.example", "https://a.example", "value"),
        "static_select": ("initial_option", beta, "Beta", "selected_option"),
        "external_select": ("initial_option", beta, "Beta", "selected_option"),
        "users_select": ("initial_user", bob, "bob", "selected_user"),
        "channels_select": ("initial_channel", ops, "#ops", "selected_channel"),
        "conversations_select": ("initial_conversation", ops, "#ops", "selected_conversation"),
        "datepicker": ("initial_date", "2026-12-24", "2026-12-24", "selected_date"),
        "timepicker": ("initial_time", "07:15", "07:15", "selected_time"),
    }
    several: dict[str, tuple[str, list[object], list[str], str]] = {
        "multi_static_select": ("initial_options", [beta, alpha], ["Beta", "Alpha"], "options"),
        "multi_external_select": ("initial_options", [beta], ["Beta"], "options"),
        "multi_users_select": ("initial_users", [bob], ["bob"], "users"),
        "multi_channels_select": ("initial_channels", [ops], ["#ops"], "channels"),
        "multi_conversations_select": ("initial_conversations", [ops], ["#ops"], "conversations"),
    }
    extra: dict[str, Json] = {
        "number_input": {"is_decimal_allowed": False},
        "static_select": {"options": [alpha, beta]},
        "multi_static_select": {"options": [alpha, beta]},
    }
    boxes = {"type": "checkboxes", "options": [alpha, beta], "initial_options": [beta]}
    radios = {"type": "radio_buttons", "options": [alpha, beta], "initial_option": beta}
    app.opens(
        "alice",
        *(
            field(kind, f"A {kind}", {"type": kind, key: value, **extra.get(kind, {})})
            for kind, (key, value, *_) in (first | several).items()
        ),
        field("checkboxes", "Boxes", boxes),
        field("radio_buttons", "Radios", radios),
    )
    for kind, (_, _, text, _) in first.items():
        expect(alice.page.get_by_label(f"A {kind}", exact=True)).to_have_value(text)
    for kind, (_, _, texts, _) in several.items():
        shown = chosen(alice.page.get_by_label(f"A {kind}", exact=True))
        expect(shown).to_have_text([re.compile(f"^{each}") for each in texts])
    expect(alice.page.get_by_role("checkbox", checked=True)).to_have_accessible_name("Beta")
    expect(alice.page.get_by_role("radio", checked=True)).to_have_accessible_name("Beta")
    send(alice)
    assert app.sent == {
        **{kind: {"type": kind, key: value} for kind, (_, value, _, key) in first.items()},
        **{
            kind: {"type": kind, f"selected_{key}": value}
            for kind, (_, value, _, key) in several.items()
        },
        "checkboxes": {"type": "checkboxes", "selected_options": [beta]},
        "radio_buttons": {"type": "radio_buttons", "selected_option": beta},
    }


def test_where_one_begins(app: SmallApp, alice: Tab) -> None:
    focused = {"type": "static_select", "options": options(), "focus_on_load": True}
    app.opens("alice", row(button("First")), SAY, field("letter", "Letter", focused))
    expect(alice.page.get_by_role("combobox", name="Letter")).to_be_focused()
    alice.page.keyboard.press("Escape")
    expect(alice.modal).to_be_hidden()
    app.opens("alice", row(button("First")), SAY)
    expect(alice.page.get_by_role("textbox", name="Say")).to_be_focused()
