"""Rich text: the elements clients make of what people type."""

from typing import Any

from sandbox.blocks.rules import (
    Check,
    Fault,
    by_type,
    constant,
    flag,
    integer,
    items,
    one_of,
    shape,
    string,
)

STYLE = shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight"), flag
    ),
)


def inline(name: str, required: dict[str, Check], optional: dict[str, Check]) -> Check:
    return shape({"type": constant(name), **required}, {"style": STYLE, **optional})


INLINE = by_type(
    {
        "text": inline("text", {"text": string(40_000)}, {}),
        "link": inline("link", {"url": string(3000)}, {"text": string(40_000), "unsafe": flag}),
        "emoji": inline("emoji", {"name": string(255)}, {"unicode": string(255)}),
        "user": inline("user", {"user_id": string(255)}, {}),
        "channel": inline("channel", {"channel_id": string(255)}, {}),
        "usergroup": inline("usergroup", {"usergroup_id": string(255)}, {}),
        "broadcast": inline("broadcast", {"range": one_of("here", "channel", "everyone")}, {}),
        "color": inline("color", {"value": string(255)}, {}),
        "date": inline(
            "date",
            {"timestamp": integer(0, 9_999_999_999), "format": string(255)},
            {"url": string(3000), "fallback": string(3000)},
        ),
    }
)
LINES = items(INLINE, 1000, 0)
SECTION = shape({"type": constant("rich_text_section"), "elements": LINES})
BORDER = integer(0, 1)


def nested(value: Any, at: str) -> list[Fault]:
    return by_type({"rich_text_section": SECTION})(value, at)


RICH_TEXT_ELEMENT = by_type(
    {
        "rich_text_section": SECTION,
        "rich_text_list": shape(
            {
                "type": constant("rich_text_list"),
                "style": one_of("bullet", "ordered"),
                "elements": items(nested, 1000, 0),
            },
            {"indent": integer(0, 8), "offset": integer(0, 10_000), "border": BORDER},
        ),
        "rich_text_preformatted": shape(
            {"type": constant("rich_text_preformatted"), "elements": LINES},
            {"border": BORDER, "language": string(255)},
        ),
        "rich_text_quote": shape(
            {"type": constant("rich_text_quote"), "elements": LINES}, {"border": BORDER}
        ),
    }
)
