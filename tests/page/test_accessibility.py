"""That nobody is kept out: axe-core looks at everything, and the keyboard is always to be seen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sandbox import Sandbox
from sandbox.shapes import Json
from tests.page.axe import let_in, look, source
from tests.page.conftest import Open
from tests.page.forms import (
    SmallApp,
    button,
    choices,
    connected,
    group,
    in_front,
    options,
    row,
    section,
)
from tests.page.tab import NARROW, Tab
from tests.sandbox.forms import field, plain

pytestmark = pytest.mark.usefixtures("still")
COMMAND = "/escalate @bob Checkout is down"
# Where there is room for one part of the page only, it need not be the main one.
ONE_PART = "landmark-one-main"


@pytest.fixture
def alice(tab: Open, box: Sandbox) -> Iterator[Tab]:
    source()
    yield let_in(tab("alice"))
    box.host.views.close_all(box.person("alice").id)


# With Tocsin


def test_an_alert_its_thread_and_the_phones(alice: Tab) -> None:
    alert = alice.page_somebody(COMMAND)
    alice.open_thread(alert)
    phone = alice.phone("bob")
    alice.jump()
    expect(phone).to_contain_text("Checkout is down")
    phone.locator("summary").first.click()
    look(alice)
    alice.page.set_viewport_size(NARROW)
    look(alice, but=ONE_PART)
    alice.button("Back", inside=alice.thread).click()
    expect(alert).to_be_visible()
    look(alice)
    alice.page.locator("#show-phones").click()
    expect(phone).to_be_visible()
    look(alice, but=ONE_PART)


def test_the_guide_and_who_one_can_be(tab: Open) -> None:
    source()
    alice = let_in(tab("alice", guide=True))
    alice.page.get_by_role("button", name=re.compile("^You are")).click()
    expect(alice.page.get_by_role("link", name=re.compile("^Bob Miller"))).to_have_count(2)
    look(alice)
    alice.page.set_viewport_size(NARROW)
    look(alice)


def test_writing_and_paging(alice: Tab) -> None:
    alice.composer.fill("/esc")
    expect(choices(alice).first).to_be_visible()
    # The field is a list's for the moment: HTML has no name for that, screen readers do.
    look(alice, but="aria-allowed-role")
    alice.page.keyboard.type("alate @bob @carol! Checkout is down")
    alice.page.keyboard.press("Enter")
    expect(alice.modal).to_contain_text("Slack now")
    alice.modal.get_by_role("combobox").first.click()
    expect(choices(alice).first).to_be_visible()
    look(alice)
    alice.page.set_viewport_size(NARROW)
    look(alice)


def test_a_form_with_errors(alice: Tab) -> None:
    alice.composer.fill("/escalate ")
    alice.page.keyboard.press("Enter")
    alice.button("Page", inside=alice.modal).click()
    expect(alice.modal.locator("[aria-invalid=true]").first).to_be_visible()
    look(alice)
    alice.page.set_viewport_size(NARROW)
    look(alice)


def test_responders(alice: Tab) -> None:
    alert = alice.page_somebody(COMMAND)
    alice.press(alert, "Responders")
    expect(alice.modal).to_contain_text("bob")
    look(alice)


def test_behind_the_glass(alice: Tab) -> None:
    alice.button("Behind the glass").click()
    alice.glass.get_by_role("switch").first.click()
    alice.glass.locator("summary").first.click()
    look(alice)
    alice.glass.get_by_role("switch", checked=True).click()
    alice.page.set_viewport_size(NARROW)
    look(alice, but=ONE_PART)


# With a small app


def test_every_field_and_every_block(browser: Browser) -> None:
    source()
    one: list[Json] = [{"type": "mrkdwn", "text": "*Who*\nbob"}, plain("since noon")]
    cells = [{"type": "raw_text", "text": text} for text in ("Service", "State")]
    shown: list[Json] = [
        {"type": "header", "text": plain("Checkout")},
        section("It is `down`, see <https://a.example|the page>", fields=one),
        {"type": "divider"},
        {"type": "context", "elements": [plain("a footnote")]},
        {"type": "image", "image_url": "https://elsewhere.example/x.png", "alt_text": "Errors"},
        section("Beside", accessory=button("Press")),
        row(
            button("Yes", "yes", style="primary"),
            button("No", "no", style="danger"),
            {"type": "overflow", "action_id": "more", "options": options()},
            {"type": "static_select", "action_id": "pick", "options": options()},
        ),
    ]
    listed = {"options": options()}
    kinds: list[Json] = [
        {"type": "plain_text_input", "placeholder": plain("In short")},
        {"type": "plain_text_input", "multiline": True},
        {"type": "number_input", "is_decimal_allowed": True},
        {"type": "multi_users_select", "max_selected_items": 2},
        {"type": "static_select", "option_groups": [group("Letters")]},
        {"type": "checkboxes", **listed},
        {"type": "radio_buttons", **listed},
        {"type": "datepicker"},
        {"type": "datetimepicker"},
    ]
    with connected() as app, in_front(browser, app) as tab:
        alice = let_in(tab)
        see_messages(app, alice, shown, cells)
        see_home(app, alice, shown)
        fields = [
            field(f"b{at}", f"Field {at}", kind, optional=at % 2 == 0, hint=plain("Like this"))
            for at, kind in enumerate(kinds)
        ]
        app.opens("alice", *shown, *fields)
        alice.page.get_by_role("combobox", name="Field 3").press_sequentially("bob")
        alice.page.keyboard.press("Enter")
        alice.button("Send", inside=alice.modal).click()
        expect(alice.modal.locator("[aria-invalid=true]").first).to_be_visible()
        look(alice)
        alice.page.set_viewport_size(NARROW)
        look(alice)


def see_messages(app: SmallApp, alice: Tab, shown: list[Json], cells: list[Json]) -> None:
    text = "# Steps\n\n1. look\n2. think\n\n`code` > quoted"
    table = {"type": "table", "rows": [cells, cells]}
    said = app.posts("all of it", *shown, table, {"type": "markdown", "text": text})
    app.box.person("bob").react(said, "eyes")
    app.posts("attached", attachments=[{"color": "danger", "title": "T", "text": "x"}])
    expect(alice.message("attached")).to_be_visible()
    expect(
        alice.message("Checkout").get_by_role("button", name=re.compile("👀|eyes"))
    ).to_be_visible()
    look(alice)


def see_home(app: SmallApp, alice: Tab, shown: list[Json]) -> None:
    home = {"type": "home", "blocks": shown}
    app.client.views_publish(user_id=app.box.person("alice").id, view=home)
    alice.page.get_by_role("link", name="Home").click()
    tab = alice.page.get_by_role("region", name="Home tab")
    expect(tab.get_by_role("heading", name="Checkout")).to_be_visible()
    look(alice)


# Without axe-core


def test_the_document(tab: Open) -> None:
    page = tab("alice").page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title(re.compile(r"^(\(\d+\) )?#incidents - alice - Tocsin sandbox$"))
    for landmark in ("banner", "main"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    expect(page.get_by_role("navigation", name="Conversations")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_the_keyboard_is_always_to_be_seen(tab: Open) -> None:
    alice = tab("alice")
    alert = alice.page_somebody(COMMAND)
    expect(alice.open_thread(alert)).to_contain_text("Slack message sent to bob")
    alice.page.get_by_role("link", name="Skip to the conversation").focus()
    walked = []
    for _ in range(100):
        alice.page.keyboard.press("Tab")
        name, is_seen = alice.page.evaluate(HOW_IT_IS_SEEN)
        if name is None:  # the end of the page
            break
        assert is_seen, f"the keyboard cannot be seen on: {name}"
        walked.append(name)
    assert 20 < len(walked) < 100


# What has the focus, and whether a line at least two pixels wide goes around it or around what it
# stands in.
HOW_IT_IS_SEEN = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return [null, false];
  const around = [focused, focused.parentElement, focused.parentElement.parentElement];
  const isSeen = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  return [focused.outerHTML.slice(0, 90), around.some(isSeen)];
}"""


def test_nothing_moves_for_whom_that_is_too_much(tab: Open) -> None:
    alice = tab("alice")
    alice.composer.fill(COMMAND)
    alice.page.keyboard.press("Enter")
    expect(alice.modal).to_have_css("animation-name", "rise")
    alice.page.emulate_media(reduced_motion="reduce")
    expect(alice.modal).to_have_css("animation-name", "none")
    alice.button("Page", inside=alice.modal).click()
    alice.jump()
    expect(alice.phone("bob")).to_have_css("animation-name", "none")
