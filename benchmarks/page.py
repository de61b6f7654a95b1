"""How quick the sandbox's page is, in Chromium: first paint, a long channel, a new message."""

import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from sandbox import Sandbox
from sandbox.channels import Message
from tests.page import browser as chromium

MANIFEST = Path(__file__).parents[1] / "manifest.yml"
LONG = 2_000  # messages in the channel that is opened
NEW = 20  # messages that arrive while somebody looks
ROUNDS = 5  # page loads

# In the page: when the next picture after a change was drawn that shows the text, in
# milliseconds of `performance.timeOrigin` and after.
SHOWN = """async (text) => {
  const log = document.querySelector("#timeline");
  const shown = () => [...log.querySelectorAll("li.message")].at(-1)?.textContent.includes(text);
  while (!shown()) await new Promise(requestAnimationFrame);
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  return performance.timeOrigin + performance.now();
}"""
OPENED = """async () => {
  const begin = performance.now();
  [...document.querySelectorAll("#sidebar a")].find((a) => a.textContent.includes("ops")).click();
  const shown = () => document.querySelector("#timeline").textContent.includes("message 1999");
  while (!shown()) await new Promise(requestAnimationFrame);
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  return performance.now() - begin;
}"""
SCROLLED = """async () => {
  const log = document.querySelector("#timeline");
  const frames = [];
  let last = performance.now();
  const first = () => log.querySelector("li.message")?.textContent.includes("message 0 ");
  const begin = last;
  while (!first() && last - begin < 60000) {
    log.scrollTop = 0;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  return Math.max(...frames);
}"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def look(_folder: Path) -> dict[str, float]:
    """Seconds; needs Chromium."""
    with Sandbox(manifest=MANIFEST) as box, chromium.running() as browser:
        fill(box)
        paints = [first_paint(browser, box) for _ in range(ROUNDS)]
        page = opened(browser, box)
        opening = page.evaluate(OPENED) / 1000
        latency = [arrival(page, box, number) for number in range(NEW)]
        scrolled = page.evaluate(SCROLLED)
    return {
        "first paint": statistics.median(paints),
        "open": opening,
        "slowest frame": scrolled / 1000,
        "new message": statistics.median(latency),
    }


def fill(box: Sandbox) -> None:
    for number in range(LONG):
        post(box, f"message {number} with *some* words, `code` and a <https://example.com|link>")


def post(box: Sandbox, text: str) -> None:
    """A message of the bot, with blocks."""
    workspace = box.workspace
    blocks = [{"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": text}}]
    workspace.post(
        Message(
            ts=workspace.next_ts(),
            channel=workspace.find_channel("ops").id,
            user=workspace.bot.id,
            bot_id=workspace.bot.bot_id,
            text=text,
            blocks=blocks,
        )
    )


def opened(browser: Browser, box: Sandbox) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{box.url}/?as=alice&in=general")
    page.locator("#sidebar a").first.wait_for()
    return page


def first_paint(browser: Browser, box: Sandbox) -> float:
    page = opened(browser, box)
    seconds = float(page.evaluate(PAINT)) / 1000
    page.context.close()
    return seconds


def arrival(page: Page, box: Sandbox, number: int) -> float:
    """From the moment the sandbox has a message until it is drawn."""
    text = f"news {number}"
    page.evaluate(f"void (window.arrived = ({SHOWN})({text!r}))")  # not waited for
    begin = time.time()
    post(box, text)
    return float(page.evaluate("window.arrived")) / 1000 - begin
