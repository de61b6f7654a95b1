"""Texts as a reader sees them: marks, names, links, moments, and what must not trick anybody."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.page.forms import SmallApp, button, in_front, row, section
from tests.page.reading import content, piece, rich, safe, words
from tests.page.tab import NARROW, Tab
from tests.sandbox.forms import plain

MOMENT = 1_700_000_000  # 2023-11-14 22:13:20 UTC


def test_marks(app: SmallApp, alice: Tab) -> None:
    app.posts(
        "*bold* _slanted_ ~gone~ `a*b*` 2*3*4 snake_case_name\n"
        "> quoted\n```first\n  second```after &lt;tag&gt; &amp;amp;"
    )
    said = content(alice, "slanted")
    expect(said.get_by_role("strong")).to_have_text("bold")
    expect(said.get_by_role("emphasis")).to_have_text("slanted")
    expect(said.locator("s")).to_have_text("gone")
    expect(said.get_by_role("code")).to_have_text("a*b*")
    expect(said).to_contain_text("2*3*4 snake_case_name")
    expect(said.get_by_role("blockquote")).to_have_text("quoted")
    expect(said.locator("pre")).to_have_text("first\n  second")
    expect(said).to_contain_text("after <tag> &amp;")


def test_names(app: SmallApp, alice: Tab) -> None:
    bob, me = app.box.person("bob").mention, app.box.person("alice").mention
    ops = app.box.workspace.find_channel("ops").id
    [group] = app.box.workspace.groups
    app.posts(
        f"Names: {bob} {me} <@U0NOBODY00> <@U0NOBODY01|ghost> <#{ops}> <#C0HIDDEN000> "
        f"<!subteam^{group}> <!here> :fire: :no_such_thing: :+1:"
    )
    said = content(alice, "Names:")
    expect(said).to_have_text(
        "Names: @bob @alice @unknown @ghost #ops #private channel @oncall @here"
        " 🔥 :no_such_thing: 👍"
    )
    expect(said.locator(".mine")).to_have_text(["@alice", "@here"])
    said.get_by_role("link", name="#ops").click()
    expect(alice.page.get_by_role("heading", name="ops")).to_be_visible()
    alice.conversation("incidents").click()
    expect(said).to_be_visible()


def test_links(app: SmallApp, alice: Tab) -> None:
    app.posts(
        "Links: <https://a.example/x?a=1&amp;b=2|with words> <mailto:bob@example.com|write to bob>"
        " (see http://a.example/y). <javascript:alert(1)|a trick> <data:text/html,x|another>"
        " <file:///etc/passwd|a third> <JAVASCRIPT:alert(1)>"
    )
    said = content(alice, "Links:")
    links = said.get_by_role("link")
    expect(links).to_have_text(["with words", "write to bob", "http://a.example/y"])
    safe(links.nth(0), "https://a.example/x?a=1&b=2")
    safe(links.nth(1), "mailto:bob@example.com")
    safe(links.nth(2), "http://a.example/y")
    expect(said).to_contain_text("a trick another a third JAVASCRIPT:alert(1)")


def test_a_moment_in_the_time_zone_of_each_reader(
    browser: Browser, app: SmallApp, alice: Tab
) -> None:
    app.posts(f"Moment: <!date^{MOMENT}^{{date_num}} {{time_secs}}^https://a.example/t|long ago>")
    said = content(alice, "Moment:")
    expect(said).to_have_text("Moment: 2023-11-14 23:13:20")
    expect(said.locator("time")).to_have_attribute("title", "long ago")
    safe(said.get_by_role("link"), "https://a.example/t")
    with in_front(browser, app, "carol") as carol:
        expect(content(carol, "Moment:")).to_have_text("Moment: 2023-11-15 07:13:20")


HOSTILE = [
    "<script>window.taken = 1</script>",
    '<img src=x onerror="window.taken=1">',
    "</div></li></ul><h1>taken</h1>",
    "&lt;img src=x onerror=window.taken=1&gt;",
    "`<svg onload=window.taken=1>`",
    'https://a.example/"onmouseover="window.taken=1',
    '<https://a.example/\'"><b>|"><script>window.taken=1</script>>',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(app: SmallApp, alice: Tab, text: str) -> None:
    cell = {"type": "raw_text", "text": text}
    app.posts(
        f"Hostile {text}",
        section(text),
        section("x", fields=[plain(text)]),
        {"type": "header", "text": plain(text)},
        rich(piece("section", words(text))),
        {"type": "markdown", "text": text},
        {"type": "table", "rows": [[cell], [cell]]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]},
        section("The end", accessory={"type": "image", "image_url": text, "alt_text": text}),
        attachments=[{"title": text, "title_link": text, "text": text, "footer": text}],
    )
    said = content(alice, "The end")
    expect(said.get_by_role("heading", level=3)).to_have_text(text)
    expect(said.locator("script, img, svg, h1, b, iframe, [onerror], [onmouseover]")).to_have_count(
        0
    )
    for link in said.get_by_role("link").all():
        expect(link).to_have_attribute("href", re.compile("^https://a.example/"))
    assert alice.page.evaluate("window.taken") is None


def test_a_very_long_word_stays_inside(browser: Browser, app: SmallApp) -> None:
    word = "endless" * 200
    cells = [{"type": "raw_text", "text": word[:700]}, {"type": "raw_text", "text": "x"}]
    with in_front(browser, app, size=NARROW) as alice:
        app.posts(
            "long",
            {"type": "header", "text": plain(word[:140])},
            section(word, fields=[plain(word[:500]), plain("short")]),
            {"type": "context", "elements": [plain(word)]},
            row(button(word[:70])),
            {"type": "markdown", "text": f"`{word}`"},
            {"type": "table", "rows": [cells]},
            rich(piece("preformatted", words(word))),
        )
        expect(content(alice, "short")).to_be_visible()
        for part in ("document.documentElement", "document.querySelector('#timeline')"):
            wide, room = alice.page.evaluate(f"[{part}.scrollWidth, {part}.clientWidth]")
            assert wide <= room, part
