"""Lists whose choices come from the app: what it suggests, and what is said when it does not."""

import json
import re

from playwright.sync_api import Browser, WebSocketRoute, expect

from sandbox.shapes import Json
from tests.page.forms import (
    SmallApp,
    afresh,
    choices,
    chosen,
    group,
    in_front,
    options,
    row,
    section,
    send,
    view,
)
from tests.page.tab import Tab
from tests.sandbox.forms import field, option, plain

SEARCH = {
    "type": "external_select",
    "action_id": "search",
    "placeholder": plain("Find a service"),
    "min_query_length": 0,
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
    for each in ("Billing", "Shop"):
        services.click()
        choices(alice).filter(has_text=each).click()
    services.click()
    expect(choices(alice).filter(has_text="Search")).to_have_attribute("aria-disabled", "true")
    services.press("Escape")
    alice.button("Remove Billing", inside=alice.modal).click()
    expect(chosen(services)).to_have_text([re.compile("Shop")])
    services.press("ArrowDown")
    choices(alice).filter(has_text="Search").click()
    expect(chosen(services)).to_have_count(2)
    send(alice)
    assert app.sent["services"]["selected_options"] == [option("shop"), option("search")]


def test_an_app_that_does_not_answer(app: SmallApp, alice: Tab) -> None:
    app.suggested = {"options": options("shop")}
    app.opens("alice", row(SEARCH))
    service = alice.page.get_by_role("combobox", name="Find a service")
    app.box.courier.is_cut_off = True
    try:
        service.fill("s")
        expect(alice.modal).to_contain_text("The bot cannot be reached.")
    finally:
        app.box.courier.is_cut_off = False
    service.fill("sh")
    expect(choices(alice)).to_have_text(["Shop"])


class Detained:
    """Keeps what the sandbox tells a page until it refuses something the page asks for."""

    def __init__(self) -> None:
        self.on = False
        self._kept: list[str | bytes] = []

    def between(self, page: WebSocketRoute) -> None:
        def told(message: str | bytes) -> None:
            self._kept.append(message)
            if self.on and "error" not in json.loads(message):
                return
            self.on = False
            for each in self._kept:
                page.send(each)
            self._kept.clear()

        page.connect_to_server().on_message(told)


def test_a_list_is_asked_for_again_where_the_form_has_changed(
    browser: Browser, app: SmallApp
) -> None:
    """As the bot does with its Home tab, it gives the block of the search another id."""

    def form(number: int) -> Json:
        return view(section(f"Form {number}"), row(SEARCH, block_id=f"search:{number}"))

    detained = Detained()
    with in_front(browser, app) as page:
        page.page.route_web_socket(re.compile("/page/link"), detained.between)
        page.go("incidents")
        with afresh(app, page) as alice:
            app.suggested = {"options": options("shop", "shipping")}
            form_id = app.opens("alice", *form(1)["blocks"])
            expect(alice.modal).to_contain_text("Form 1")
            detained.on = True
            app.client.views_update(view_id=form_id, view=form(2))
            alice.page.get_by_role("combobox", name="Find a service").fill("sh")
            expect(choices(alice)).to_have_text(["Shop", "Shipping"])
            expect(alice.modal).to_contain_text("Form 2")
            assert app.queries == ["sh"]
