"""What is read from the text after /escalate."""

import pytest

from bot.views.chosen import Chosen
from bot.views.command import Named, Typed, cut, groups_mentioned, mentioned, parse, teams_named
from bot.views.team_choice import TeamChoice

SRE, OPS = TeamChoice("T1", "SRE"), TeamChoice("T2", "Ops")
TEAMS = {
    "sre": Named(SRE),
    "SRE": Named(SRE),
    "Site & Reliability": Named(SRE),
    "^S1": Named(SRE),
    "ops": Named(OPS),
    "off": Named(problem="Off <duty> cannot be paged."),
}


def read(text: str, limit: int = 3_000) -> Typed:
    return parse(text, limit=limit, name_of={"U1": "bob", "S2": "web"}.get, teams=TEAMS)


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


@pytest.mark.parametrize(
    ("text", "important", "people", "message"),
    [
        ("@sre db is down", False, (), "db is down"),
        ("  @sre: db is down", False, (), "db is down"),
        ("@SRE!! db", True, (), "db"),
        ("@sre", False, (), ""),
        ("@sre <@U1|bob> db", False, ("U1",), "db"),
        ("<@U1|bob>,@sre! db", True, ("U1",), "db"),
        ("@sre @sre! @SRE db", True, (), "db"),
        ('@"Site &amp; Reliability"! db', True, (), "db"),
        ("@\u201cSite &amp; Reliability\u201d db", False, (), "db"),
        ("<!subteam^S1|@sre>! db", True, (), "db"),
        ("<!subteam^S1> db <!subteam^S2> <!subteam^S3|@x>", False, (), "db @web @x"),
        ("@sre @nosuch <@U1> db @sre", False, ("U1",), "@nosuch db @sre"),
    ],
)
def test_a_team(text: str, important: bool, people: tuple[str, ...], message: str) -> None:
    typed = read(text)
    assert typed.team == TeamChoice("T1", "SRE", important)
    assert typed.chosen.people == people
    assert typed.message == message
    assert typed.notes == ()


@pytest.mark.parametrize(
    "text",
    ["sre @sre db", "@sre's db", "@sre.io is down", "@", "@ sre db", '@"sre db', "a@sre db", "@-x"],
)
def test_no_team(text: str) -> None:
    typed = read(text)
    assert typed.team is None
    assert typed.message == text.strip()


def test_names_that_choose_no_team() -> None:
    typed = read("@off @ops @sre @off db")
    assert typed.team == OPS
    assert typed.message == "@off @sre @off db"
    [note] = typed.notes
    assert note == (
        "Off &lt;duty&gt; cannot be paged. One team at a time can be paged: @sre stays in the "
        "message."
    )
    assert read("@off db").message == "@off db"


def test_what_may_name_a_team() -> None:
    text = '@sre! <@U1> <!subteam^S1|@web>, <!subteam^S2> @"A &amp; B" db @ops <!subteam^S3>'
    assert teams_named(text) == {"sre": "sre", "^S1": "web", "^S2": "", "A & B": "A & B"}
    assert groups_mentioned(text) == ("S1", "S2", "S3")
