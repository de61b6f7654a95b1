"""How a body is read: what was refused is forgotten."""

import asyncio
from traceback import extract_tb

import pytest
from starlette.types import Message

from api import body
from api.errors import Fault


async def endless() -> Message:
    """A client that goes on and on, and never said for how long."""
    return {"type": "http.request", "body": b" " * 65_536, "more_body": True}


def refused(length: str | None) -> Fault:
    with pytest.raises(Fault) as raised:
        asyncio.run(body.read(endless, length))
    return raised.value


@pytest.mark.parametrize("length", [None, str(body.MAX_BODY + 1)])
def test_what_was_too_large_is_not_kept(length: str | None) -> None:
    """An error holds on to whatever was at hand when it was raised, so each is a new one."""
    first, second = refused(length), refused(length)
    assert (first.status, second.status) == (413, 413)
    assert first is not second
    assert len(extract_tb(first.__traceback__)) == len(extract_tb(second.__traceback__))


def test_a_number_of_thousands_of_digits_is_refused_in_our_own_words() -> None:
    with pytest.raises(Fault) as raised:
        body.parse(b'{"metadata": {"x": ' + b"9" * 5_000 + b"}}", "application/json")
    said = "JSON parse error - it holds a number that is too large"
    assert (raised.value.status, raised.value.content) == (400, {"detail": said})


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_words_that_only_python_takes_for_numbers_are_refused(word: str) -> None:
    with pytest.raises(Fault) as raised:
        body.parse(f'{{"delay": {word}}}'.encode(), "application/json")
    said = f"JSON parse error - {word} is not JSON"
    assert (raised.value.status, raised.value.content) == (400, {"detail": said})
