"""How an admin sets a team up in the page: the Home tab, and the forms it opens."""

from playwright.sync_api import Locator, expect

from tests.page.tab import Tab


def pick(tab: Tab, menu: str, typed: str, wanted: str) -> None:
    """Choose in a menu of the form in front."""
    field = form(tab).get_by_role("combobox", name=menu)
    field.click()
    field.fill(typed)
    tab.page.get_by_role("listbox").get_by_role("option", name=wanted).first.click()


def form(tab: Tab) -> Locator:
    """The form in front."""
    return tab.modal.last


def go_home(tab: Tab) -> None:
    tab.conversation("tocsin: Home").click()
    expect(tab.page.get_by_role("heading", name="My teams")).to_be_visible()


def add_step(tab: Tab, kind: str) -> None:
    """Open the form of a new step of this kind."""
    tab.button("Add step", inside=form(tab)).click()
    expect(form(tab)).to_have_accessible_name("Add step")
    pick(tab, "What it does", kind, kind)


def save(tab: Tab, button: str, *, then: str) -> None:
    tab.button(button, inside=form(tab)).click()
    expect(form(tab)).to_contain_text(then)
