"""What is filled in on a surface: the elements that hold a value, and the shape of that value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sandbox.shapes import Json

# Element type: the key its value travels under, the key of its initial value, and what
# stands there when nothing is chosen.
VALUES: dict[str, tuple[str, str, object]] = {
    "plain_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "users_select": ("selected_user", "initial_user", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "radio_buttons": ("selected_option", "initial_option", None),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
}
# Elements that act but hold nothing.
ACTING = ("button", "overflow")

Key = tuple[str, str]
Values = Mapping[Key, Json]


@dataclass(frozen=True)
class Field:
    """One interactive element with the block around it."""

    block: Json
    element: Json

    @property
    def key(self) -> Key:
        return (self.block["block_id"], self.element["action_id"])

    @property
    def type(self) -> str:
        return str(self.element["type"])

    @property
    def is_input(self) -> bool:
        return str(self.block["type"]) == "input"

    @property
    def label(self) -> str:
        """What a person would call it: the label of an input, else the text beside it."""
        if self.is_input:
            return str(self.block["label"]["text"])
        if self.type == "button":
            return str(self.element["text"]["text"])
        text = self.block.get("text") or self.element.get("placeholder") or {}
        return str(text.get("text", ""))

    @property
    def dispatches(self) -> bool:
        return not self.is_input or bool(self.block.get("dispatch_action"))

    def initial(self, channel: str | None = None) -> Json:
        """The value before anybody touched it."""
        key, initial, empty = VALUES[self.type]
        value = self.element.get(initial, empty)
        if self.element.get("default_to_current_conversation") and channel and not value:
            value = channel if key == "selected_conversation" else [channel]
        state: Json = {"type": self.type, key: value}
        if self.type == "timepicker" and "timezone" in self.element:
            state["timezone"] = self.element["timezone"]
        return state


def elements_of(block: Json) -> list[Json]:
    if block["type"] == "input":
        return [block["element"]]
    if block["type"] == "actions":
        return list(block["elements"])
    if block["type"] == "section" and "accessory" in block:
        return [block["accessory"]]
    return []


def interactive(blocks: Iterable[Json]) -> Iterator[Field]:
    """Every element a person can act on, buttons included, from top to bottom."""
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in VALUES or element["type"] in ACTING:
                yield Field(block, element)


def fields(blocks: Iterable[Json]) -> list[Field]:
    """Every element that holds a value."""
    return [field for field in interactive(blocks) if field.type in VALUES]


def initial_values(blocks: Iterable[Json], channel: str | None = None) -> dict[Key, Json]:
    return {field.key: field.initial(channel) for field in fields(blocks)}


def kept_values(old: Values, blocks: Iterable[Json]) -> dict[Key, Json]:
    """The values after an update: typed text stays where block, action and type are the same."""
    values: dict[Key, Json] = {}
    for field in fields(blocks):
        typed = old.get(field.key)
        values[field.key] = typed if typed and typed["type"] == field.type else field.initial()
    return values


def as_state(values: Values) -> Json:
    """The `state` object: values by block id, then action id."""
    state: dict[str, dict[str, Json]] = {}
    for (block_id, action_id), value in values.items():
        state.setdefault(block_id, {})[action_id] = value
    return {"values": state}


def is_empty(value: Json) -> bool:
    key = VALUES[value["type"]][0]
    return value.get(key) in (None, "", [])
