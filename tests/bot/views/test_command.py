"""What is read from the text after /escalate."""

import pytest

from bot.views.chosen import Chosen
from bot.views.command import Typed, cut, mentioned, parse


def read(text: str, limit: int = 3_000) -> Typed:
    return parse(text, limit=limit, name_of={"U1": "bob"}.get)


@pytest.mark.parametrize(
    ("text", "people", "important", "message"),
    [
        ("", [], [], ""),
        ("   ", [], [], ""),
        ("db is down", [], [], "db is down"),
        ("<@U1|bob> db is down", ["U1"], [], "db is down"),
        ("<@U1> db is down", ["U1"], [], "db is down"),
        ("<@W1|bob> db is down", ["W1"], [], "db is down"),
        ("<@U1|bob>! db is down", ["U1"], ["U1"], "db is down"),
        ("<@U1|bob> ! db", ["U1"], [], "! db"),
        ("<@U1|bob>!!! db", ["U1"], ["U1"], "db"),
        ("<@U1|bob>, <@U2|carol>!: db is down", ["U1", "U2"], ["U2"], "db is down"),
        ("<@U1|bob><@U2|carol> db", ["U1", "U2"], [], "db"),
        ("<@U1|bob>!<@U2|carol> db", ["U1", "U2"], ["U1"], "db"),
        ("<@U1|bob>\ndb is down", ["U1"], [], "db is down"),
        ("<@U2> <@U1> <@U2>! db", ["U2", "U1"], ["U2"], "db"),
        ("<@U1|bob>", ["U1"], [], ""),
        ("<@U1|bob>!", ["U1"], ["U1"], ""),
        # Later mentions are text, as people would read them.
        ("ask <@U1|bob>! about it", [], [], "ask @bob! about it"),
        ("ask <@U1>", [], [], "ask @bob"),
        ("ask <@U9>", [], [], "ask @U9"),
        ("<@U2|carol> and <@U1|bob>", ["U2"], [], "and @bob"),
        ("<@U1|bob>'s laptop is on fire", [], [], "@bob's laptop is on fire"),
        ("see <#C1|general> and <#C2>", [], [], "see #general and #C2"),
        ("<!channel> <!here|here> <!subteam^S1|@oncall>", [], [], "@channel @here @oncall"),
        ("<http://x.io|x.io> <https://x.io/a?b=1&amp;c>", [], [], "x.io https://x.io/a?b=1&c"),
        ("<mailto:a@x.io|a@x.io>", [], [], "a@x.io"),
        # What was typed arrives escaped, and is stored as typed.
        ("a &lt; b &amp;&amp; c &gt; d", [], [], "a < b && c > d"),
        ("&lt;!channel&gt; &lt;@U1&gt;", [], [], "<!channel> <@U1>"),
        ("&amp;lt;", [], [], "&lt;"),
        ("*bold* `code` :fire:", [], [], "*bold* `code` :fire:"),
        ("first\nsecond\n", [], [], "first\nsecond"),
        (": odd", [], [], ": odd"),
        ("<not a link", [], [], "<not a link"),
    ],
)
def test_parse(text: str, people: list[str], important: list[str], message: str) -> None:
    typed = read(text)
    assert typed.message == message
    assert typed.chosen == Chosen(tuple(people), frozenset(important))
    assert typed.notes == ()


def test_nothing_is_left_out_silently() -> None:
    typed = read("one two three &lt;four&gt;", limit=8)
    assert typed.message == "one two"
    assert typed.left_out == "three <four>"
    [note] = typed.notes
    assert "its last 12 characters" in note
    assert note.endswith("three &lt;four&gt;")


@pytest.mark.parametrize("char", ["x", "&", "😀"])
def test_notes_fit_however_long_the_text_was(char: str) -> None:
    typed = read(char * 12_000)
    assert len(typed.message.encode("utf-16-le")) // 2 == 3_000
    assert len(typed.message) + len(typed.left_out) == 12_000
    [note] = typed.notes
    assert len(note) <= 3_000


def test_an_emoji_is_not_cut_in_two() -> None:
    assert cut("a😀b", 2) == "a"
    assert cut("a😀b", 3) == "a😀"


def test_more_people_than_a_form_takes() -> None:
    typed = read("".join(f"<@U{n}>! " for n in range(35)) + "all hands")
    assert len(typed.chosen.people) == 30
    assert typed.chosen.important == set(typed.chosen.people)
    assert typed.people_left_out == ("U30", "U31", "U32", "U33", "U34")
    assert "<@U34>" in typed.notes[0]


@pytest.mark.parametrize(("text", "asks"), [("help", True), (" HELP ", True), ("help me", False)])
def test_help(text: str, asks: bool) -> None:
    assert read(text).asks_for_help is asks
    assert read(text).message == text.strip()


def test_mentioned() -> None:
    assert mentioned("<@U1|bob> x <@W2> <@U1> <#C1>") == ("U1", "W2")
