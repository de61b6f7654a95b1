"""Each kind of field as a person fills it in, and what the app then receives."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from sandbox.shapes import Json
from tests.page.forms import (
    SmallApp,
    afresh,
    button,
    choices,
    chosen,
    connected,
    group,
    in_front,
    options,
    row,
    send,
)
from tests.page.tab import Tab
from tests.sandbox.forms import field, option, plain

SAY = field("say", "Say", {"type": "plain_text_input"}, optional=True)


@pytest.fixture(scope="module")
def app() -> Iterator[SmallApp]:
    with connected() as app:
        yield app


@pytest.fixture(scope="module")
def page(browser: Browser, app: SmallApp) -> Iterator[Tab]:
    with in_front(browser, app) as tab:
        yield tab


@pytest.fixture
def alice(page: Tab, app: SmallApp) -> Iterator[Tab]:
    with afresh(app):
        yield page


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


# Lists


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
    letters.click()
    for each in ("Alpha", "Beta"):
        choices(alice).filter(has_text=each).click()
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


def test_what_the_app_suggests(app: SmallApp, alice: Tab) -> None:
    element = {"type": "external_select", "min_query_length": 2}
    app.opens("alice", field("service", "Service", element))
    service = alice.page.get_by_role("combobox", name="Service")
    service.press_sequentially("s")
    expect(alice.modal).to_contain_text("Type at least 2 characters")
    service.fill("sz")
    expect(alice.modal).to_contain_text("Nothing found")
    app.suggested = {"option_groups": [group("Ours", "shop"), group("Theirs", "shipping")]}
    service.fill("sh")
    theirs = alice.page.get_by_role("group", name="Theirs")
    expect(theirs.get_by_role("option")).to_have_text(["Shipping"])
    expect(alice.page.get_by_role("group", name="Ours").get_by_role("option")).to_have_text(
        ["Shop"]
    )
    theirs.get_by_role("option").click()
    expect(service).to_have_value("Shipping")
    send(alice)
    assert app.queries == ["sz", "sh"]
    assert app.sent == {
        "service": {"type": "external_select", "selected_option": option("shipping")}
    }


def test_several_of_what_the_app_suggests(app: SmallApp, alice: Tab) -> None:
    app.suggested = {"options": options("billing", "search", "shop")}
    kind = {"type": "multi_external_select", "min_query_length": 0, "max_selected_items": 2}
    app.opens("alice", field("services", "Services", kind))
    services = alice.page.get_by_role("combobox", name="Services")
    services.click()
    choices(alice).filter(has_text="Billing").click()
    choices(alice).filter(has_text="Shop").click()
    expect(choices(alice).filter(has_text="Search")).to_have_attribute("aria-disabled", "true")
    services.press("Escape")
    alice.button("Remove Billing", inside=alice.modal).click()
    expect(chosen(services)).to_have_text([re.compile("Shop")])
    services.press("ArrowDown")
    choices(alice).filter(has_text="Search").click()
    services.press("Escape")
    expect(chosen(services)).to_have_count(2)
    send(alice)
    assert app.sent["services"]["selected_options"] == [option("shop"), option("search")]


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
    people.filter(has_text="carol").click()
    some.press("Escape")
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
