"""A newcomer makes a team, gives it two chains, and pages it normally and importantly."""

from playwright.sync_api import Locator, expect

from tests.page.axe import let_in, look, source
from tests.page.conftest import Open
from tests.page.setting_up import add_step, form, go_home, pick, save
from tests.page.tab import Tab


def page_sre(tab: Tab, message: str, *, important: bool) -> Locator:
    """Page the team with /escalate; the alert in its channel."""
    tab.say(f"/escalate {message}")
    pick(tab, "Team", "SRE", "SRE")
    expect(form(tab)).to_contain_text("A page to SRE will call")
    if important:
        form(tab).get_by_role("checkbox", name="Important escalation").check()
        expect(form(tab)).to_contain_text("An important page to SRE will call dave at once.")
    tab.button("Page", inside=form(tab)).click()
    alert = tab.message(message)
    expect(alert).to_contain_text("Acknowledge")
    return alert


def test_from_nothing_to_two_chains(tab: Open) -> None:
    alice = tab("alice")
    go_home(alice)
    alice.button("New team").click()
    form(alice).get_by_role("textbox", name="Name").fill("SRE")
    pick(alice, "Members", "bob", "bob")
    pick(alice, "Members", "carol", "carol")
    pick(alice, "Slack channel", "inc", "#incidents")
    pick(alice, "Chain for a normal page", "", "A new chain that calls the whole team")
    expect(form(alice)).to_contain_text("A page to SRE will call team SRE (2 people) at once.")
    expect(form(alice)).to_contain_text("Choose a chain for important pages too")
    save(alice, "Create", then="The team is saved. This is its new chain")
    expect(alice.button("Save", inside=form(alice))).to_be_visible()
    add_step(alice, "Wait")
    expect(form(alice).get_by_label("Minutes")).to_have_value("5")
    save(alice, "Add", then="2. Wait 5 min")
    add_step(alice, "Notify people")
    pick(alice, "People", "dave", "dave")
    save(alice, "Add", then="3. Notify dave")
    alice.button("More actions: 3. Notify dave", inside=form(alice)).click()
    alice.page.get_by_role("menuitem", name="Move up").click()
    expect(alice.button("More actions: 2. Notify dave", inside=form(alice))).to_be_visible()
    alice.button("More actions: 2. Notify dave", inside=form(alice)).click()
    alice.page.get_by_role("menuitem", name="Move down").click()
    expect(alice.button("More actions: 2. Wait 5 min", inside=form(alice))).to_be_visible()
    alice.button("Save", inside=form(alice)).click()
    expect(alice.modal).to_be_hidden()

    alice.button("New chain").click()
    form(alice).get_by_role("textbox", name="Name").fill("Alarm")
    save(alice, "Create", then="No steps yet.")
    add_step(alice, "Notify people")
    pick(alice, "People", "dave", "dave")
    form(alice).get_by_role("checkbox", name="Use their important").check()
    save(alice, "Add", then="1. Notify dave (important)")
    alice.button("Close", inside=form(alice)).last.click()
    expect(alice.modal).to_be_hidden()
    home = alice.page.get_by_role("main")
    expect(home).to_contain_text("no team uses it")
    home.get_by_role("combobox", name="Find a team").fill("SR")
    alice.page.get_by_role("option", name="SRE").click()
    pick(alice, "Chain for an important page", "Al", "Alarm")
    expect(form(alice)).to_contain_text("An important page to SRE will call dave at once.")
    alice.button("Save", inside=form(alice)).click()
    expect(alice.modal).to_be_hidden()
    expect(home).to_contain_text("for SRE")

    alice.go("incidents")
    normal = page_sre(alice, "Checkout is slow", important=False)
    expect(alice.open_thread(normal)).to_contain_text("Slack message sent to bob")
    urgent = page_sre(alice, "Checkout is down", important=True)
    expect(alice.open_thread(urgent)).to_contain_text("Slack message sent to dave")
    expect(alice.thread).not_to_contain_text("sent to bob")


def test_nobody_is_kept_out(tab: Open) -> None:
    source()
    alice = let_in(tab("alice"))
    go_home(alice)
    look(alice)
    alice.button("New team").click()
    expect(form(alice)).to_contain_text("What will happen")
    look(alice)
    alice.button("Cancel", inside=form(alice)).click()
    alice.button("New chain").click()
    form(alice).get_by_role("textbox", name="Name").fill("Night")
    save(alice, "Create", then="No steps yet.")
    add_step(alice, "Go on only after several alerts")
    expect(form(alice)).to_contain_text("A page by hand is one alert")
    look(alice)
    form(alice).get_by_label("More alerts than").fill("3")
    form(alice).get_by_label("Within minutes").fill("10")
    save(alice, "Add", then="Please look at this")
    look(alice)
