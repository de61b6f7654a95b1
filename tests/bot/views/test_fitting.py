"""Long texts are split and cut where Slack would refuse them, and nothing is lost."""

import random

import pytest

from bot.views.fitting import called, cut, listed, pack, shorten, size, split
from bot.views.message import PLAIN_LENGTH, plain
from bot.views.text import escape, unescape


@pytest.mark.parametrize(
    "text",
    [
        "&" * 3000,
        "<" * 3000,
        "\N{FIRE}" * 3000,
        "word " * 600,
        "line\n" * 600,
        "x" * 3000,
        "a&" * 1500,
    ],
)
def test_a_whole_message_survives_in_pieces(text: str) -> None:
    pieces = split(text)
    assert all(0 < size(piece) <= 3000 for piece in pieces)
    assert "".join(unescape(piece) for piece in pieces) == text


def test_any_text_survives_in_pieces() -> None:
    chance = random.Random(7)
    for _ in range(200):
        text = "".join(chance.choices("ab&<> \n\N{FIRE}é", k=chance.randrange(1, 400)))
        pieces = split(text, 50)
        assert all(size(piece) <= 50 for piece in pieces)
        whole = "".join(unescape(piece) for piece in pieces)
        assert whole.split() == text.split()  # only blank pieces are dropped


def test_a_piece_ends_with_a_word() -> None:
    assert split("one two three", 9) == ["one two ", "three"]
    assert split("onetwothree", 5) == ["onetw", "othre", "e"]


def test_what_is_blank_makes_no_section() -> None:
    assert split("") == []
    assert split("\n \n") == []


def test_a_cut_shows_that_there_was_more() -> None:
    assert shorten("database", 8) == "database"
    assert shorten("database", 7) == "databa…"
    assert size(escape(shorten("&" * 100, 30))) <= 30
    assert shorten("\N{FIRE}" * 10, 5) == "\N{FIRE}\N{FIRE}…"


def test_a_text_is_cut_after_a_line_or_a_word() -> None:
    assert cut("one two\nthree four", 14) == "one two"
    assert cut("o\ntwo three four", 14) == "o\ntwo three"
    assert cut("onetwothree", 5) == "onetw"
    assert cut("one\ntwo", 7) == "one\ntwo"
    assert cut("a&&&&", 10, escape) == "a&"


def test_lines_are_packed_in_order() -> None:
    assert list(pack(["aa", "bb", "cc"], 5)) == [["aa", "bb"], ["cc"]]
    assert list(pack(["a" * 9], 5)) == [["a" * 9]]
    assert list(pack([], 5)) == []


def test_names_are_listed_as_people_do() -> None:
    assert listed(["Bob"]) == "Bob"
    assert listed(["Bob", "Dave"]) == "Bob and Dave"
    assert listed(["A", "B", "C", "D", "E", "F"]) == "A, B, C, D, E and 1 other"
    assert listed(list("ABCDEFG")) == "A, B, C, D, E and 2 others"
    assert called("<!channel>") == "&lt;!channel&gt;"
    assert len(called("<" * 80)) <= 60


@pytest.mark.parametrize("name", ["שבת", "Ops שבת", "فريق", "Ops\u202eevil"])
def test_what_is_written_from_right_to_left_turns_nothing_around_it(name: str) -> None:
    assert called(name) == f"\u2068{name}\u2069"
    assert len(called(name * 80)) <= 60
    assert called(f"\u2066{name}\u2069 4") == f"\u2068{name} 4\u2069"


def test_other_names_stay_as_they_are() -> None:
    assert called("Söhne & 運用 \N{FIRE}") == "Söhne &amp; 運用 \N{FIRE}"


@pytest.mark.parametrize("text", ["&amp;" * 2000, "<https://x|y> " * 500, "x" * 9000])
def test_plain_text_is_cut_between_entities(text: str) -> None:
    cut = plain(text)
    assert len(cut) <= PLAIN_LENGTH + 1
    assert cut.endswith("…")
    whole = cut.removesuffix("…")
    assert whole.count("<") == whole.count(">")
    assert unescape(whole).count("&") == whole.count("&")
