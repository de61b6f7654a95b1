"""What a field for numbers takes, before anything is sent."""

import pytest

from sandbox.state import Field
from sandbox.submission import refusal
from tests.sandbox.forms import field


@pytest.mark.parametrize(
    ("typed", "is_decimal_allowed", "sentence"),
    [
        ("7", False, None),
        ("-.5", True, None),
        ("7.5", False, "Please enter a number."),
        ("1_0", False, "Please enter a number."),
        ("nan", True, "Please enter a number."),
        ("inf", True, "Please enter a number."),
        ("\u0667", False, "Please enter a number."),
        ("-2", False, "Please enter -1.5 or more."),
        ("8.01", True, "Please enter 8 or less."),
    ],
)
def test_numbers(typed: str, is_decimal_allowed: bool, sentence: str | None) -> None:
    limits = {"min_value": "-1.5", "max_value": "8"}
    element = {"type": "number_input", "is_decimal_allowed": is_decimal_allowed, **limits}
    block = field("count", "Count", element)
    assert refusal(Field(block, block["element"]), {"type": "number_input", "value": typed}) == (
        sentence
    )
