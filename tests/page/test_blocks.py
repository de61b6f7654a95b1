"""Messages as a reader sees them: every kind of block, attachments, edits and reactions."""

import re

from playwright.sync_api import expect

from sandbox.shapes import Json
from tests.page.forms import SmallApp, button, options, row, section
from tests.page.reading import content, piece, rich, safe, words
from tests.page.tab import Tab
from tests.sandbox.forms import option, plain

MOMENT = 1_700_000_000  # 2023-11-14 22:13:20 UTC
ELSEWHERE = "https://elsewhere.example/picture.png"
DOT = (  # one red point, as GIF
    "data:image/gif;base64,R0lGODlhAQABAPAAAP8AAAAAACwAAAAAAQABAAACAkQBADs="
)


def test_plain_blocks(app: SmallApp, alice: Tab) -> None:
    app.posts(
        "plain blocks",
        {"type": "header", "text": plain("Checkout :fire:")},
        section("It is *down*", fields=[{"type": "mrkdwn", "text": "*State*\nfiring"}]),
        {"type": "divider"},
        {
            "type": "context",
            "elements": [plain("since 22:13"), {"type": "mrkdwn", "text": "_now_"}],
        },
    )
    said = content(alice, "Checkout")
    expect(said.get_by_role("heading", name="Checkout 🔥")).to_be_visible()
    expect(said.get_by_role("strong")).to_have_text(["down", "State"])
    expect(said.get_by_role("separator")).to_have_count(1)
    expect(said.get_by_role("emphasis")).to_have_text("now")
    expect(said).to_contain_text("since 22:13")


def test_rich_text(app: SmallApp, alice: Tab) -> None:
    bob = app.box.person("bob").id
    ops = app.box.workspace.find_channel("ops").id
    [group] = app.box.workspace.groups
    line = piece("section", words("one "), words("bold", "bold"), words("old", "strike"))
    app.posts(
        "rich",
        rich(
            line,
            piece("list", piece("section", words("first")), style="ordered"),
            piece("list", piece("section", words("inside")), style="bullet", indent=1),
            piece("list", piece("section", words("second")), style="ordered"),
            piece("quote", words("somebody said")),
            piece("preformatted", words("a < b\n  c")),
            piece(
                "section",
                words("About "),
                {"type": "user", "user_id": bob},
                words(" "),
                {"type": "channel", "channel_id": ops},
                words(" "),
                {"type": "usergroup", "usergroup_id": group},
                words(" "),
                {"type": "broadcast", "range": "here"},
                {"type": "emoji", "name": "fire"},
                {"type": "emoji", "name": "no_such_thing"},
                {"type": "link", "url": "https://a.example/x", "text": "a link"},
                {"type": "date", "timestamp": MOMENT, "format": " {date_num} {time}"},
                {"type": "color", "value": "#ff0000"},
            ),
        ),
    )
    said = content(alice, "somebody said")
    expect(said.get_by_role("strong").first).to_have_text("bold")
    expect(said.locator("s")).to_have_text("old")
    items = said.get_by_role("listitem")
    expect(items).to_have_text(["firstinside", "inside", "second"])
    expect(said.locator("ol > li")).to_have_count(2)
    expect(said.locator("ol > li > ul > li")).to_have_text("inside")
    expect(said.get_by_role("blockquote")).to_have_text("somebody said")
    expect(said.locator("pre")).to_have_text("a < b\n  c")
    expect(said).to_contain_text(
        "About @bob #ops @oncall @here🔥:no_such_thing:a link 2023-11-14 23:13#ff0000"
    )
    safe(said.get_by_role("link", name="a link"), "https://a.example/x")


def test_markdown(app: SmallApp, alice: Tab) -> None:
    text = (
        "# Steps\n\nDo **this** and *that*:\n\n1. look\n2. think\n   - twice\n\n> quoted\n\n"
        "```\nx < y\n```\n\n| Who | When |\n|---|---:|\n| bob | now |\n\n"
        "[a page](https://a.example/p) [a trick](javascript:alert(1)) <script>alert(1)</script>"
    )
    app.posts("markdown", {"type": "markdown", "text": text})
    said = content(alice, "Steps")
    expect(said.get_by_role("heading", name="Steps")).to_be_visible()
    expect(said.get_by_role("strong")).to_have_text("this")
    expect(said.get_by_role("emphasis")).to_have_text("that")
    expect(said.locator("ol > li")).to_have_count(2)
    expect(said.locator("ol > li > ul > li")).to_have_text("twice")
    expect(said.get_by_role("blockquote")).to_have_text("quoted")
    expect(said.locator("pre")).to_have_text("x < y")
    expect(said.get_by_role("columnheader")).to_have_text(["Who", "When"])
    expect(said.get_by_role("cell")).to_have_text(["bob", "now"])
    safe(said.get_by_role("link"), "https://a.example/p")
    expect(said).to_contain_text("a trick <script>alert(1)</script>")


def test_a_table(app: SmallApp, alice: Tab) -> None:
    def raw(text: str) -> Json:
        return {"type": "raw_text", "text": text}

    cell = rich(piece("section", words("firing", "bold")))
    rows = [[raw("Service"), raw("State")], [raw("<b>shop</b>"), cell]]
    app.posts("table", {"type": "table", "rows": rows, "column_settings": [{"align": "right"}]})
    said = content(alice, "Service")
    table = said.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table.get_by_role("columnheader")).to_have_text(["Service", "State"])
    expect(table.get_by_role("cell")).to_have_text(["<b>shop</b>", "firing"])
    expect(table.get_by_role("cell").first).to_have_css("text-align", "right")
    expect(table.get_by_role("strong")).to_have_text("firing")


def test_pictures_from_elsewhere_are_not_loaded(app: SmallApp, alice: Tab) -> None:
    image = {"type": "image", "image_url": ELSEWHERE, "alt_text": "The error rate"}
    film = {
        "type": "video",
        "title": plain("A tour"),
        "title_url": "https://a.example/film",
        "video_url": "https://elsewhere.example/film",
        "thumbnail_url": ELSEWHERE,
        "alt_text": "Somebody points",
    }
    app.posts(
        "pictures",
        {**image, "title": plain("Errors")},
        section("beside", accessory=image),
        {"type": "context", "elements": [{**image, "alt_text": "tiny"}]},
        film,
        {"type": "image", "image_url": DOT, "alt_text": "Our own"},
    )
    said = content(alice, "beside")
    expect(said.get_by_role("figure").first).to_contain_text("The error rate")
    safe(said.get_by_role("link", name="Open the image"), ELSEWHERE)
    expect(said.get_by_text("The error rate")).to_have_count(2)
    expect(said.get_by_role("img", name="tiny")).to_be_visible()
    safe(said.get_by_role("link", name="A tour"), "https://a.example/film")
    expect(said).to_contain_text("Somebody points")
    own = said.get_by_role("img", name="Our own")
    expect(own).to_have_js_property("naturalWidth", 1)
    expect(said.locator("img, video, iframe")).to_have_count(1)


def test_what_one_can_press(app: SmallApp, alice: Tab) -> None:
    picks = {"type": "static_select", "action_id": "pick", "options": options()}
    menu = {"type": "overflow", "action_id": "menu", "options": options("red", "blue")}
    app.posts(
        "pressing",
        section("Choose here", accessory=picks),
        row(
            button("Page", style="primary"),
            button("Open", "open", url="https://a.example/run"),
            button("Trick", "trick", url="javascript:alert(1)"),
            menu,
        ),
    )
    said = content(alice, "Choose here")
    pick = said.get_by_role("combobox", name="Choose here")
    pick.press_sequentially("gam")
    pick.press("Enter")
    app.box.wait(lambda: len(app.actions) == 1)
    said.get_by_role("button", name="Page").click()
    app.box.wait(lambda: len(app.actions) == 2)
    said.get_by_role("button", name="More actions").click()
    alice.page.get_by_role("menuitem", name="Blue").click()
    app.box.wait(lambda: len(app.actions) == 3)
    picked, pressed, chosen = (each["actions"][0] for each in app.actions)
    assert picked["selected_option"] == option("gamma")
    assert pressed["action_id"] == "button"
    assert chosen["selected_option"] == option("blue")
    safe(said.get_by_role("link"), "https://a.example/run")
    expect(said.get_by_role("button", name="Trick")).to_be_visible()


# What is around it


def test_attachments(app: SmallApp, alice: Tab) -> None:
    attached: list[Json] = [
        {
            "color": "#ff0000",
            "pretext": "Before it",
            "title": "A title",
            "title_link": "https://a.example/title",
            "text": "*Strong* words",
            "fields": [{"title": "State", "value": "firing"}],
            "footer": "The end of it",
        },
        {"color": "good", "blocks": [section("In a block")]},
        {"fallback": "Only this"},
    ]
    app.posts("With attachments", attachments=attached)
    said = content(alice, "With attachments")
    boxes = said.locator(".attachment")
    expect(boxes).to_have_count(3)
    expect(boxes.nth(0)).to_have_css("border-left-color", "rgb(255, 0, 0)")
    safe(boxes.nth(0).get_by_role("link", name="A title"), "https://a.example/title")
    expect(boxes.nth(0)).to_contain_text("Before it")
    expect(boxes.nth(0)).to_contain_text("Statefiring")
    expect(boxes.nth(0).get_by_role("strong").filter(has_text="Strong")).to_be_visible()
    expect(boxes.nth(1)).to_have_text("In a block")
    expect(boxes.nth(2)).to_have_text("Only this")


def test_an_edit_and_a_reaction(app: SmallApp, alice: Tab) -> None:
    posted = app.posts("Before the edit")
    message = alice.message("Before the edit")
    expect(message).to_be_visible()
    expect(message.get_by_text("(edited)")).to_have_count(0)
    app.client.chat_update(channel=posted.channel, ts=posted.ts, text="After the edit")
    message = alice.message("After the edit")
    expect(message).to_contain_text("(edited)")
    expect(alice.message("Before the edit")).to_have_count(0)
    app.box.person("bob").react(posted, "eyes")
    eyes = message.get_by_role("button", name=re.compile("👀|eyes"))
    expect(eyes).to_contain_text("1")
    eyes.click()
    expect(eyes).to_contain_text("2")
    assert app.box.workspace.messages[posted.channel][posted.ts].reactions["eyes"] == (
        app.box.person("bob").id,
        app.box.person("alice").id,
    )
    eyes.click()
    expect(eyes).to_contain_text("1")
