"""Behind the glass: what each switch does to the bot, and the calls as a person reads them."""

import re

import pytest
from playwright.sync_api import Locator, expect
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from tests.page.conftest import Open
from tests.page.tab import Tab

LONGEST = 90.0  # seconds until the bot tries again: the longer it was cut off, the longer


def open_glass(tab: Tab) -> None:
    tab.button("Behind the glass").click()
    expect(tab.glass).to_be_focused()


def turn(tab: Tab, name: str, *, on: bool) -> None:
    """Press a switch of the drawer, and see that it moved."""
    switch = tab.glass.get_by_role("switch", name=name)
    expect(switch).to_be_checked(checked=not on)
    switch.click()
    expect(switch).to_be_checked(checked=on)


def calls(tab: Tab, *texts: str) -> Locator:
    """The calls in the drawer with all these texts in their line."""
    rows = tab.glass.get_by_role("region", name="Calls").locator("ol > li")
    for text in texts:
        rows = rows.filter(has_text=text)
    return rows


def made(box: Sandbox) -> int:
    return len(box.workspace.journal) + len(box.workspace.delivered)


# The first here, so that the dice fall as they always do: the third call fails.
def test_failing(tab: Open) -> None:
    alice, bob = tab("alice"), tab("bob", channel="general")
    alice.say("/escalate @bob @carol @dave Flaky sensors")
    expect(alice.button("Page", inside=alice.modal)).to_be_visible()
    open_glass(bob)
    turn(bob, "Failing", on=True)
    for each in (alice, bob):
        expect(each.page.get_by_role("button", name="Behind the glass (1 on)")).to_be_attached()
    alice.button("Page", inside=alice.modal).click()
    failed = calls(bob, "bot to workspace", "failed: HTTP 500")
    expect(failed.first).to_be_visible()
    turn(bob, "Failing", on=False)
    expect(bob.button("Behind the glass")).to_be_visible()
    expect(alice.message("Flaky sensors")).to_contain_text("Firing")
    bob.conversation("tocsin").click()
    expect(bob.message("Flaky sensors")).to_contain_text("Acknowledge")
    expect(calls(bob, "chat.postMessage", "ok").last).to_be_visible()


def test_the_calls(tab: Open, box: Sandbox) -> None:
    client = WebClient(box.bot_token, base_url=box.api_url)
    alice = tab("alice")
    alice.page_somebody("/escalate @bob Glass is thin")
    before = made(box)
    open_glass(alice)
    expect(calls(alice).nth(before - 1)).to_be_attached()
    assert calls(alice).count() <= made(box)
    client.auth_test()
    expect(calls(alice, "auth.test").last).to_be_in_viewport()

    form = calls(alice, "workspace to bot", "/escalate").last
    form.locator("summary").click()
    expect(form).to_contain_text("|bob> Glass is thin")
    post = calls(alice, "bot to workspace", "chat.postMessage", "ok").first
    post.locator("summary").click()
    expect(post).to_contain_text("The bot asked")
    expect(post).to_contain_text("channel")
    expect(post).to_contain_text("The answer")
    expect(post).to_contain_text(re.compile(r"ok\W*true"))

    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C0", text="Nowhere")
    expect(calls(alice, "chat.postMessage", "failed: channel_not_found")).to_be_visible()

    search = alice.glass.get_by_role("searchbox", name="Show only calls with this text")
    search.fill("connections")
    socket = calls(alice, "apps.connections.open", "ok").first
    expect(socket).to_be_visible()
    expect(post).to_be_hidden()
    socket.locator("summary").click()
    expect(socket).to_contain_text("(secret)")
    search.fill("")
    closed = calls(alice).locator("details:not([open]) > summary")
    closed.evaluate_all("all => all.forEach(each => each.click())")
    expect(calls(alice).get_by_role("heading", name="The answer").nth(before - 1)).to_be_visible()
    text = alice.page.locator("body").inner_text()
    for secret in (box.bot_token, box.app_token, box.signing_secret):
        assert secret not in text

    alice.button("Hold the list", inside=alice.glass).click()
    client.users_info(user=box.workspace.bot.id)
    go_on = alice.glass.get_by_role("button", name=re.compile(r"^Go on \(\d+ more\)"))
    expect(go_on).to_be_visible()
    expect(calls(alice, "users.info")).to_have_count(0)
    go_on.click()
    expect(calls(alice, "users.info")).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(alice.glass).to_be_hidden()
    expect(alice.button("Behind the glass")).to_be_focused()


def test_offline(tab: Open, box: Sandbox) -> None:
    alice = tab("alice")
    open_glass(alice)
    turn(alice, "Offline", on=True)
    expect(alice.button("Behind the glass (1 on)")).to_be_visible()
    alice.say("/escalate Anybody?")
    error = alice.page.locator("#channel-composer .problem")
    expect(error).to_contain_text("The bot cannot be reached")
    expect(alice.composer).to_have_value("/escalate Anybody?")
    expect(calls(alice, "workspace to bot", "/escalate", "failed").last).to_be_visible()

    turn(alice, "Offline", on=False)
    expect(alice.button("Behind the glass")).to_be_visible()
    box.wait_connected(timeout=LONGEST)
    alice.composer.press("Enter")
    expect(alice.modal).to_be_visible()
    expect(error).to_have_text("")
    alice.page.keyboard.press("Escape")
    expect(alice.modal).to_be_hidden()


def test_limited(tab: Open, box: Sandbox) -> None:
    alice = tab("alice")
    where = box.workspace.find_channel("general").id
    client = WebClient(box.bot_token, base_url=box.api_url)

    def posts(text: str) -> bool:
        try:
            client.chat_postMessage(channel=where, text=text)
        except SlackApiError as error:
            return bool(error.response.status_code != 429)
        return True

    open_glass(alice)
    turn(alice, "Rate-limited", on=True)
    assert not all(posts("Many words") for _ in range(40))
    expect(calls(alice, "chat.postMessage", "failed: HTTP 429").last).to_be_visible()
    turn(alice, "Rate-limited", on=False)
    assert all(posts("Calm words") for _ in range(10))
    expect(alice.button("Behind the glass")).to_be_visible()


def test_slow_and_refused_mail_at_once(tab: Open, box: Sandbox) -> None:
    alice = tab("alice")
    open_glass(alice)
    turn(alice, "Mail refused", on=True)
    alert = alice.page_somebody("/escalate @gail Post office is shut")
    thread = alice.open_thread(alert)
    turn(alice, "Slow", on=True)
    expect(alice.button("Behind the glass (2 on)")).to_be_visible()
    alice.press(alert, "Responders")
    expect(alice.modal).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(alice.modal).to_be_hidden()
    opened = [each for each in box.workspace.journal if each.method == "views.open"][-1]
    assert opened.seconds >= 2
    slow = calls(alice, "views.open", "ok").last
    expect(slow).to_contain_text(re.compile(r"([2-9]|\d\d),\d{3} ms"))
    turn(alice, "Slow", on=False)
    expect(alice.button("Behind the glass (1 on)")).to_be_visible()

    tried = "E-mail to gail is not getting through: the mail server answered 451. Trying it again"
    expect(thread).to_contain_text(tried)
    expect(alice.phone("gail")).to_have_count(0)
    turn(alice, "Mail refused", on=False)
    alice.page_somebody("/escalate @gail Post office is open")
    expect(alice.phone("gail")).to_contain_text("Post office is open")
