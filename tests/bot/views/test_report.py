"""Long titles and texts fit into Slack, are cut where everybody sees it, and lead to the whole."""

import random
import re
from dataclasses import replace
from typing import Any

import pytest

from bot.views import alert_group, author, direct
from bot.views.message import BLOCKS_LENGTH, Message, length_of
from bot.views.report import source_link, whole_url
from bot.views.text import unescape
from core.models import Outcome, Purpose, State
from core.story import Story
from tests.bot.views.tales import (
    ALICE,
    AT_ONCE,
    BOB,
    buttons,
    check,
    check_mentions_nobody,
    notice,
    obeyed,
    responder,
    sent,
    shown,
    story,
)

WHOLE = "https://tocsin.example/g/IGROUP123456A?whole=1"
LARGEST = 64 * 1024  # bytes
WORST = {
    "ampersands": "&" * LARGEST,
    "emoji": "\N{FIRE}" * (LARGEST // 4),
    "one long word": "x" * LARGEST,
    "lines": "<a line>\n" * (LARGEST // 9),
    "blank lines": "a" + "\n" * (LARGEST - 2) + "b",
    "mentions": f"{AT_ONCE} " * 900,
}
LONG_URL = "https://grafana.example/d/1?" + "a=1&" * 493


def everywhere(told: Story, whole: str | None = WHOLE) -> list[Message]:
    """The alert message, and the direct message as it is sent and as it follows."""
    page = notice(title=told.title, message=told.message, source_url=told.source_url)
    return [
        alert_group.render(told, whole=whole),
        direct.page(page, whole=whole),
        direct.follow(told, "PUBOB", whole=whole),
    ]


def text_length(message: Message) -> int:
    return length_of([block for block in message.blocks if block["type"] != "actions"])


@pytest.mark.parametrize("message", WORST.values(), ids=WORST.keys())
@pytest.mark.parametrize("title", ["db is down", "<" * 500, "\N{FIRE}" * 500, "&" * 500])
def test_the_largest_texts_are_cut_where_everybody_sees_it(title: str, message: str) -> None:
    crowd = [responder(BOB, Outcome.DECLINED, *[sent()] * 9) for _ in range(40)]
    told = story(responder(BOB), *crowd, title=title, message=message, source_url=LONG_URL)
    for made in everywhere(told):
        text = shown(made)  # which checks it
        assert text_length(made) <= BLOCKS_LENGTH
        found = re.search(r"… cut here: ([\d,]+) more characters\.", text)
        assert found is not None
        assert int(found[1].replace(",", "")) < len(message)
        assert f"<{WHOLE}|Whole message>" in text
        assert "cut here" in made.plain
        assert WHOLE in made.plain
        assert buttons(made)
    assert "*Bob*: being paged" in shown(everywhere(told)[0])  # there is room for who has it


@pytest.mark.parametrize("message", WORST.values(), ids=WORST.keys())
def test_what_is_left_and_what_is_cut_are_the_whole(message: str) -> None:
    told = story(title="db is down", message=message)
    blocks = alert_group.render(told, whole=WHOLE).blocks
    end = next(n for n, each in enumerate(blocks) if "cut here" in str(each))
    kinds = {each["text"]["type"] for each in blocks[1:end]}
    [kind] = kinds
    pieces = [each["text"]["text"] for each in blocks[1:end]]
    head = "".join(map(unescape, pieces) if kind == "mrkdwn" else pieces).rstrip()
    assert message.startswith(head)
    said = re.search(r"([\d,]+) more", blocks[end]["elements"][0]["text"])
    assert said is not None
    assert len(head) + int(said[1].replace(",", "")) == len(message)
    assert len(head) >= min(2_400, len(message.split("\n")[0]))


def test_without_a_public_address_it_is_said_how_long_the_text_is() -> None:
    told = story(responder(BOB), title="db is down", message="x" * 20_000)
    for made in everywhere(told, whole=None):
        assert "… cut here: 15,000 more characters of 20,000." in shown(made)
        assert "Whole message" not in shown(made)
        assert re.search(r"… cut here: [\d,]+ more characters of 20,000\.", made.plain)
    assert whole_url(None, "I1") is None
    assert whole_url("https://t.example/ops/", "I1") == "https://t.example/ops/g/I1?whole=1"


def test_a_text_that_fits_is_whole() -> None:
    for message in ("x " * 2_990, "\N{FIRE}" * 3_000, "&" * 3_000, "a&b " * 1_400):
        for made in everywhere(story(responder(BOB), title="t", message=message)):
            assert "cut here" not in shown(made)


@pytest.mark.parametrize("title", ["<" * 500, "w " * 250, "&<b>" * 125, "`code` " * 70])
def test_a_long_title_is_shown_whole_below_the_header(title: str) -> None:
    title = title.strip()
    for made in everywhere(story(responder(BOB), title=title, message="since noon")):
        check(made)
        header, below = made.blocks[0]["text"]["text"], made.blocks[1]["text"]
        assert header.endswith("…")
        written = below["text"]
        assert (unescape(written) if below["type"] == "mrkdwn" else written) == title
        assert "since noon" in shown(made)
        assert "since noon" in made.plain


def test_a_title_of_several_lines_makes_one_header() -> None:
    made = alert_group.render(story(title="db is down\n\nand up", message=""))
    assert made.blocks[0]["text"]["text"] == "db is down and up"


def test_a_title_without_a_message() -> None:
    for made in everywhere(story(responder(BOB), title="disk of db01 is full", message="")):
        assert shown(made).count("disk of db01 is full") <= 1 + len(buttons(made))
        assert made.blocks[0]["type"] == "header"
        assert "disk of db01 is full" in made.plain
        assert "disk of db01 is full" in made.text


@pytest.mark.parametrize("title", ["disk full", "d" * 160, "d " * 240 + "e"])
def test_a_message_that_is_the_title_is_said_once(title: str) -> None:
    for made in everywhere(story(responder(BOB), title=title, message=title)):
        text = "\n".join(line for line in shown(made).split("\n") if not line.startswith("Ack"))
        assert text.count(title) == 1
        assert made.plain.count(title) == 1


def test_a_title_that_is_not_in_the_message_is_in_the_plain_text_too() -> None:
    for made in everywhere(story(responder(BOB), title="Disk <full>", message="of db01")):
        assert "Disk &lt;full&gt;\n\nof db01" in made.plain


def test_the_source_is_linked_everywhere() -> None:
    url = "https://grafana.example/d/1?a=1&b=2"
    for made in everywhere(story(responder(BOB), source_url=url)):
        link = "<https://grafana.example/d/1?a=1&amp;b=2|Source>"
        assert link in shown(made)
        assert link in made.plain
    unanswered = author.unanswered(notice(purpose=Purpose.UNANSWERED, source_url=url))
    assert link in shown(unanswered)
    assert link in unanswered.plain
    for made in everywhere(story(responder(BOB))):
        assert "Source" not in obeyed(made)


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/|label>",
        "https://x.example/><!channel>",
        "https://x.example/ <@U0BOB>",
        "https://x.example/\n\"'",
        "https://x.example/\u202e\u2028",
        "HTTPS://x.example/<!here|x>",
    ],
)
def test_nothing_in_a_source_breaks_out_of_its_link(url: str) -> None:
    assert re.fullmatch(r"<(?i:https)://x\.example/[^<>|\s]*\|Source>", source_link(url))
    for made in everywhere(story(responder(BOB), source_url=url), whole=None):
        check(made)
        assert "<!channel" not in obeyed(made)
        assert "<@" not in obeyed(made)
        assert obeyed(made).count("|Source>") == 2  # in the blocks, and in the plain text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "!channel", "@U0BOB", "ftp://x", ""])
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    for made in everywhere(story(responder(BOB), source_url=url)):
        check_mentions_nobody(made)
        assert "Source" not in shown(made)


@pytest.mark.parametrize("char", ["&", "\u202e"])
def test_a_source_too_long_for_a_link_can_be_copied(char: str) -> None:
    url = "https://x.example/?" + char * 1_981
    for made in everywhere(story(responder(BOB), source_url=url)):
        assert "Source: https://x.example/?" in shown(made)
        assert "|Source>" not in obeyed(made)


BITS = ["&", "<", "\n", " ", "x", "\N{FIRE}", "*", "`", "…", "|", "\u202e", "<!channel>", "\r\n"]


def test_any_text_fits_and_mentions_nobody() -> None:
    chance = random.Random(5)

    def text(*lengths: int) -> str:
        bits = chance.sample(BITS, chance.randint(1, len(BITS)))
        return "".join(chance.choices(bits, k=chance.choice(lengths))).strip()

    for _ in range(40):
        title = text(1, 149, 151, 500)[:500].strip() or "x"
        message = text(0, 100, 3_000, 6_001, 12_000)
        url = f"https://x.example/{text(3, 1_900)}"
        for number in (1, 40):
            crowd = [responder(BOB, None, *[sent()] * 5)] * number
            told = story(*crowd, title=title, message=message, source_url=url)
            for made in everywhere(told, whole=None):
                check(made)
                assert text_length(made) <= BLOCKS_LENGTH
                assert "<!" not in obeyed(made).replace("<!date^", "")


GONE: dict[str, Any] = {"title": "", "message": "", "removed_by": ALICE, "state": State.RESOLVED}


def test_a_wiped_alert_says_who_wiped_it_and_shows_nothing_else() -> None:
    told = story(responder(BOB, Outcome.STOPPED), is_wiped=True, **GONE)
    for made in (alert_group.render(told), direct.follow(told, "PUBOB")):
        assert shown(made).startswith("Wiped by Alice: its text was removed.")
        assert made.text == "Wiped by Alice: its text was removed."
        assert "Wiped by Alice" in made.plain
        assert buttons(made) == []
        assert not any(block["type"] == "header" for block in made.blocks)
    assert "*Resolved* by Carol" in shown(alert_group.render(told))
    assert "*Bob*: not paged any more." in shown(alert_group.render(told))


def test_a_deleted_alert_says_who_deleted_it() -> None:
    told = story(responder(BOB, Outcome.STOPPED), is_wiped=True, is_deleted=True, **GONE)
    made = alert_group.render(told)
    assert shown(made) == made.text == made.plain == "Deleted by Alice."
    follows = direct.follow(told, "PUBOB")
    assert shown(follows) == "Deleted by Alice. There is nothing left to do."
    assert buttons(made) == buttons(follows) == []
    nobody = alert_group.render(replace(told, removed_by=None))
    assert nobody.text == "Deleted by somebody."


def test_a_notice_that_was_wiped_on_its_way_can_still_be_sent() -> None:
    made = direct.page(notice(title="", message=""))
    assert "Alert without text" in shown(made)
    assert made.text == "Alice paged you: Alert without text"
