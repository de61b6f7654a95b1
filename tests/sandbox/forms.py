"""Views for the tests, written out by hand."""

from sandbox.shapes import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(block_id: str, label: str, element: Json, **keys: object) -> Json:
    element = {"action_id": "a", **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **keys,
    }


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def form(title: str = "Form", *more: Json, **keys: object) -> Json:
    """A modal with a field `Say` for 2 to 20 characters, and more."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": [
            field("say", "Say", {"type": "plain_text_input", "max_length": 20, "min_length": 2}),
            *more,
        ],
        **keys,
    }


BUTTONS: Json = {
    "type": "actions",
    "block_id": "buttons",
    "elements": [
        {"type": "button", "action_id": "push", "text": plain("More")},
        {"type": "overflow", "action_id": "menu", "options": [option("drop"), option("keep")]},
    ],
}
# One field of every kind that is chosen from.
MANY: list[Json] = [
    field("who", "Who", {"type": "multi_users_select", "max_selected_items": 2}, optional=True),
    field(
        "team",
        "Team",
        {"type": "static_select", "options": [option("red"), option("blue")]},
        optional=True,
        dispatch_action=True,
    ),
    field("service", "Service", {"type": "external_select", "min_query_length": 1}, optional=True),
    field("when", "When", {"type": "datepicker"}, optional=True),
    field("boxes", "Flags", {"type": "checkboxes", "options": [option("loud")]}, optional=True),
    field("where", "Where", {"type": "conversations_select"}, optional=True),
    BUTTONS,
]
