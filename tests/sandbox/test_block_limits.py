"""Every length and count of Block Kit, beside what the SDK's own models say where they check it."""

from collections.abc import Callable

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from sandbox.blocks.surfaces import blocks_report, view_report
from sandbox.shapes import Json


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def section(**keys: object) -> Json:
    return {"type": "section", **keys}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(**keys: object) -> Json:
    return actions({"type": "button", "text": plain(2), **keys})


def asking(**keys: object) -> Json:
    return button(confirm={**dict.fromkeys(("title", "text", "confirm", "deny"), plain(2)), **keys})


def typed(**keys: object) -> Json:
    element = {"type": "plain_text_input", **keys}
    return {"type": "input", "label": plain(2), "element": element}


def labelled(**keys: object) -> Json:
    return {**typed(), **keys}


def options(count: int) -> list[Json]:
    return [{"text": plain(1), "value": str(number)} for number in range(count)]


def menu(kind: str = "static_select", **keys: object) -> Json:
    return section(text=plain(2), accessory={"type": kind, **keys})


def option(text: int, value: int, description: int = 1) -> Json:
    shown = {"text": plain(text), "value": "x" * value, "description": plain(description)}
    return menu(options=[shown])


def groups(count: int, size: int, label: int = 1) -> Json:
    return menu(option_groups=[{"label": plain(label), "options": options(size)}] * count)


def image(**keys: object) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a", **keys}


def table(rows: int, width: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * width] * rows}


# The largest number that fits, what it is the number of, and whether the SDK's models count it.
LIMITS: list[tuple[str, int, Callable[[int], Json], bool]] = [
    ("section text", 3000, lambda n: section(text=plain(n)), True),
    ("section fields", 10, lambda n: section(fields=[plain(1)] * n), True),
    ("section field", 2000, lambda n: section(fields=[plain(n)]), False),
    ("header", 150, lambda n: {"type": "header", "text": plain(n)}, True),
    ("context", 10, lambda n: {"type": "context", "elements": [plain(1)] * n}, True),
    ("block id", 255, lambda n: {"type": "divider", "block_id": "x" * n}, True),
    ("actions", 25, lambda n: actions(*button()["elements"] * n), True),
    ("action id", 255, lambda n: button(action_id="x" * n), True),
    ("button text", 75, lambda n: button(text=plain(n)), True),
    ("button value", 2000, lambda n: button(value="x" * n), True),
    ("button url", 3000, lambda n: button(url="x" * n), True),
    ("accessibility label", 75, lambda n: button(accessibility_label="x" * n), True),
    ("confirm title", 100, lambda n: asking(title=plain(n)), True),
    ("confirm text", 300, lambda n: asking(text=plain(n)), True),
    ("confirm button", 30, lambda n: asking(confirm=plain(n)), True),
    ("confirm deny", 30, lambda n: asking(deny=plain(n)), True),
    ("options", 100, lambda n: menu(options=options(n)), True),
    (
        "options of a multi-select",
        100,
        lambda n: menu("multi_static_select", options=options(n)),
        True,
    ),
    ("option groups", 100, lambda n: groups(n, 1), True),
    ("options in a group", 100, lambda n: groups(1, n), False),
    ("group label", 75, lambda n: groups(1, 1, n), False),
    ("option text", 75, lambda n: option(n, 1), False),
    ("option value", 75, lambda n: option(1, n), False),
    ("option description", 75, lambda n: option(1, 1, n), False),
    ("placeholder", 150, lambda n: menu(options=options(1), placeholder=plain(n)), True),
    ("overflow", 5, lambda n: menu("overflow", options=options(n)), True),
    ("checkboxes", 10, lambda n: menu("checkboxes", options=options(n)), False),
    ("radio buttons", 10, lambda n: menu("radio_buttons", options=options(n)), False),
    ("input label", 2000, lambda n: labelled(label=plain(n)), True),
    ("input hint", 2000, lambda n: labelled(hint=plain(n)), True),
    ("max_length", 3000, lambda n: typed(max_length=n), False),
    ("min_length", 3000, lambda n: typed(min_length=n), False),
    ("initial value", 3000, lambda n: typed(initial_value="x" * n), False),
    ("image alt text", 2000, lambda n: image(alt_text="x" * n), True),
    ("image title", 2000, lambda n: image(title=plain(n)), True),
    ("image url", 3000, lambda n: image(image_url="x" * n), True),
    ("markdown", 12000, lambda n: {"type": "markdown", "text": "x" * n}, True),
    ("table rows", 100, lambda n: table(n, 1), False),
    ("table columns", 20, lambda n: table(1, n), False),
]


def sdk_accepts(block: Json) -> bool:
    parsed = Block.parse(block)
    assert parsed is not None
    try:
        parsed.validate_json()
        parsed.to_dict()
    except SlackObjectFormationError:
        return False
    return True


@pytest.mark.parametrize(
    ("most", "make", "in_sdk"), [each[1:] for each in LIMITS], ids=[each[0] for each in LIMITS]
)
def test_limits_of_blocks(most: int, make: Callable[[int], Json], in_sdk: bool) -> None:
    assert blocks_report([make(most)]) == []
    assert blocks_report([make(most + 1)]) != []
    assert sdk_accepts(make(most))
    assert sdk_accepts(make(most + 1)) is not in_sdk


def modal(**keys: object) -> Json:
    return {"type": "modal", "title": plain(1), "blocks": [{"type": "divider"}], **keys}


VIEW_LIMITS: list[tuple[str, int, Callable[[int], Json]]] = [
    ("title", 24, lambda n: modal(title=plain(n))),
    ("submit", 24, lambda n: modal(submit=plain(n))),
    ("close", 24, lambda n: modal(close=plain(n))),
    ("private_metadata", 3000, lambda n: modal(private_metadata="x" * n)),
    ("callback_id", 255, lambda n: modal(callback_id="x" * n)),
    ("blocks", 100, lambda n: modal(blocks=[{"type": "divider"}] * n)),
]


@pytest.mark.parametrize(
    ("most", "make"), [each[1:] for each in VIEW_LIMITS], ids=[each[0] for each in VIEW_LIMITS]
)
def test_limits_of_views(most: int, make: Callable[[int], Json]) -> None:
    assert view_report(make(most), "modal") == []
    assert view_report(make(most + 1), "modal") != []
    View(**make(most)).validate_json()
    with pytest.raises(SlackObjectFormationError):
        View(**make(most + 1)).validate_json()


def test_a_message_holds_fifty_blocks() -> None:
    assert blocks_report([{"type": "divider"}] * 50) == []
    [fault] = blocks_report([{"type": "divider"}] * 51)
    assert fault.text() == "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"
