"""The first story, as a person at the mouse and a person at the keyboard live it."""

from playwright.sync_api import expect

from tests.page.conftest import Open


def test_by_mouse(tab: Open) -> None:
    alice, bob = tab("alice"), tab("bob", channel="general")
    alert = alice.page_somebody("/escalate @bob Checkout is down")
    thread = alice.open_thread(alert)
    expect(thread).to_contain_text("Slack message sent to bob")

    phone = alice.phones.get_by_role("region", name="bob's phone")
    expect(phone).to_contain_text("Checkout is down")
    expect(thread).to_contain_text("E-mail to bob")

    bob.conversation("tocsin").click()
    direct = bob.message("Checkout is down")
    bob.press(direct, "Acknowledge")
    expect(direct).to_contain_text("You have it")
    expect(thread).to_contain_text("bob acknowledged")
    expect(alert).to_contain_text("Acknowledged by bob")
    alice.press(alert, "Resolve")
    expect(alert).to_contain_text("Resolved by alice")
    expect(thread).to_contain_text("alice resolved this")
