"""Takes the pictures of the README anew: `make screenshots`.

Alice pages Bob and Carol; Bob's phone lights up; Alice brings in Dave.  Then she makes a
team with a chain, and is about to page it.
"""

import logging
import sys
from pathlib import Path

from playwright.sync_api import Locator, ViewportSize, expect

from cli.sandbox import opened
from tests.page import browser as chromium
from tests.page.setting_up import add_step, form, go_home, pick, save
from tests.page.tab import Tab
from tocsin import Tocsin

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
SIZE: ViewportSize = {"width": 1280, "height": 760}
COMMAND = "/escalate @bob @carol! Checkout is down"


def main() -> None:
    if chromium.chromium() is None:
        sys.exit(f"make screenshots {chromium.HOW_TO_GET_IT}.")
    logging.disable()
    FOLDER.mkdir(exist_ok=True)
    with (
        opened(Tocsin, 0) as trial,
        chromium.running() as browser,
        Tab.opened(browser, trial.box.url, "alice", size=SIZE) as alice,
    ):
        tell(alice)


def tell(alice: Tab) -> None:
    alice.say("The shop shows an error at the last step. Is somebody looking?")
    alice.say(COMMAND)
    expect(alice.modal).to_contain_text("Slack now")
    picture(alice, "escalate")
    alice.button("Page", inside=alice.modal).click()
    alert = alice.message("Checkout is down")
    thread = alice.open_thread(alert)
    expect(thread).to_contain_text("E-mail to bob")
    alice.button("Pause the bot's time").click()
    ring = alice.phones.get_by_role("group").filter(has_text="Checkout is down")
    expect(ring).to_be_visible()
    picture(alice, "channel")
    ring.locator("summary").click()
    picture(alice, "phones", alice.phones)
    alice.button("Close the thread").click()
    alice.press(alert, "Responders")
    alice.modal.get_by_role("combobox").first.fill("dave")
    alice.page.get_by_role("option", name="dave").click()
    expect(alice.modal).to_contain_text("dave")
    picture(alice, "responders")
    alice.button("Close", inside=alice.modal).last.click()
    make_team(alice)
    alice.conversation("incidents").click()
    alice.say("/escalate @sre Search is down")
    expect(form(alice)).to_contain_text("A page to SRE will call team SRE (2 people) at once.")
    picture(alice, "team")


def make_team(alice: Tab) -> None:
    go_home(alice)
    alice.button("New team").click()
    form(alice).get_by_role("textbox", name="Name").fill("SRE")
    for member in ("bob", "carol"):
        pick(alice, "Members", member, member)
    pick(alice, "Slack channel", "inc", "#incidents")
    pick(alice, "Chain for a normal page", "", "A new chain that calls the whole team")
    save(alice, "Create", then="The team is saved.")
    add_step(alice, "Wait")
    save(alice, "Add", then="2. Wait 5 min")
    add_step(alice, "Notify people")
    pick(alice, "People", "dave", "dave")
    save(alice, "Add", then="3. Notify dave")
    alice.button("Save", inside=form(alice)).click()
    expect(alice.modal).to_be_hidden()


def picture(tab: Tab, name: str, of: Locator | None = None) -> None:
    """Save what is to be seen, once everything has come to rest."""
    tab.page.mouse.move(0, 0)
    path = FOLDER / f"{name}.png"
    (of or tab.page).screenshot(path=path, animations="disabled", caret="hide")
    print(path.relative_to(FOLDER.parents[1]))


if __name__ == "__main__":
    main()
