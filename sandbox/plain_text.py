"""Shows channels, threads, direct messages and modals as plain text, as a person reads them."""

from collections.abc import Iterable

from sandbox import state
from sandbox.channels import Message
from sandbox.escape import as_read
from sandbox.host import Host
from sandbox.people import User
from sandbox.shapes import Json
from sandbox.state import Values
from sandbox.views import View


class Reader:
    def __init__(self, host: Host) -> None:
        self.workspace = host.workspace

    def channel(self, name: str, *, reader: User | None = None) -> str:
        """A whole channel with its threads; what only one person sees, only if it is `reader`."""
        channel = self.workspace.find_channel(name)
        with self.workspace.changed:
            messages = [
                message
                for message in self.workspace.messages[channel.id].values()
                if not message.deleted
                and (message.ephemeral_to is None or (reader and message.ephemeral_to == reader.id))
            ]
        replies: dict[str, list[Message]] = {}
        roots = []
        for message in messages:
            if message.is_reply and message.thread_ts:
                replies.setdefault(message.thread_ts, []).append(message)
            else:
                roots.append(message)
        lines = []
        for root in roots:
            lines.append(self.message(root))
            lines += [reply_line(self.message(reply)) for reply in replies.get(root.ts, [])]
        return "\n".join(lines)

    def thread(self, root: Message) -> str:
        """A message and the replies to it."""
        replies = [reply_line(self.message(reply)) for reply in self.workspace.replies(root)]
        return "\n".join([self.message(root), *replies])

    def message(self, message: Message) -> str:
        marks = " (edited)" if message.edited_ts else ""
        if message.ephemeral_to:
            first_name = self.workspace.users[message.ephemeral_to].real_name.split()[0]
            marks += f" (only visible to {first_name})"
        author = self.workspace.users[message.user].name
        return f"{author}{marks}: {indent(self.content(message))}"

    def content(self, message: Message) -> str:
        """What a message says, without who says it."""
        if message.blocks:
            said = self.blocks(message.blocks, {})
        else:
            said = as_read(self.workspace, message.text)
        for attachment in message.attachments:
            inner = self.blocks(attachment.get("blocks") or [], {})
            text = str(attachment.get("text") or attachment.get("fallback") or "")
            said += "\n" + (inner or as_read(self.workspace, text))
        return said.strip("\n")

    def view(self, view: View) -> str:
        """A modal or a home tab, with what is filled in and what is wrong with it."""
        lines = [f"== {view.title} ==" if view.title else "== Home =="]
        for block in view.blocks:
            lines.append(self.block(block, view.values))
            if error := view.errors.get(block["block_id"]):
                lines.append(f"  ! {error}")
        ends = [view.body[name]["text"] for name in ("close", "submit") if view.body.get(name)]
        if ends:
            lines.append(" ".join(f"[{text}]" for text in ends))
        return "\n".join(lines)

    def blocks(self, blocks: Iterable[Json], values: Values) -> str:
        return "\n".join(self.block(block, values) for block in blocks)

    def block(self, block: Json, values: Values) -> str:
        kind = block["type"]
        if kind == "section":
            parts = [block["text"]] if "text" in block else []
            lines = [self.text(part) for part in (*parts, *block.get("fields", []))]
            if "accessory" in block:
                lines.append(self.element(block, block["accessory"], values))
            return "\n".join(lines)
        if kind == "header":
            return self.text(block["text"])
        if kind in ("actions", "context"):
            shown = [self.element(block, each, values) for each in block["elements"]]
            return " ".join(shown)
        if kind == "input":
            mark = " (optional)" if block.get("optional") else ""
            filled = self.element(block, block["element"], values)
            hint = f"\n  {self.text(block['hint'])}" if "hint" in block else ""
            return f"{self.text(block['label'])}{mark}: {filled}{hint}"
        if kind == "markdown":
            return str(block["text"])
        if kind == "image":
            return f"(image: {block['alt_text']})"
        if kind == "rich_text":
            return "".join(self.rich(each) for each in block["elements"])
        if kind == "table":
            return "\n".join(" | ".join(self.rich(cell) for cell in row) for row in block["rows"])
        return "---" if kind == "divider" else f"({kind})"

    def element(self, block: Json, element: Json, values: Values) -> str:
        kind = element["type"]
        if kind in ("plain_text", "mrkdwn"):
            return self.text(element)
        if kind == "image":
            return f"(image: {element['alt_text']})"
        if kind == "button":
            return f"[{self.text(element['text'])}]"
        if kind == "overflow":
            return "[" + " / ".join(self.text(each["text"]) for each in element["options"]) + "]"
        field = state.Field(block, element)
        value = values.get(field.key) or field.initial()
        if kind in ("checkboxes", "radio_buttons"):
            return self.boxes(element, value)
        shown = self.value(value)
        placeholder = self.text(element["placeholder"]) if "placeholder" in element else ""
        return f"[{shown or placeholder or '...'}]"

    def boxes(self, element: Json, value: Json) -> str:
        chosen = value.get("selected_options") or [value.get("selected_option") or {}]
        picked = {each.get("value") for each in chosen}
        return " ".join(
            f"({'x' if option['value'] in picked else ' '}) {self.text(option['text'])}"
            for option in element["options"]
        )

    def value(self, value: Json) -> str:
        """What stands in a field."""
        held = value.get(state.VALUES[value["type"]][0])
        if held in (None, [], ""):
            return ""
        everything = held if isinstance(held, list) else [held]
        return ", ".join(self.one_value(each) for each in everything)

    def one_value(self, value: object) -> str:
        if isinstance(value, dict):
            return self.text(value["text"]) if "text" in value else self.rich(value)
        name = str(value)
        if name in self.workspace.users:
            return f"@{self.workspace.users[name].name}"
        if name in self.workspace.channels:
            return f"#{self.workspace.channels[name].name}"
        return name

    def text(self, text: Json) -> str:
        if text["type"] == "mrkdwn":
            return as_read(self.workspace, text["text"])
        return str(text["text"])

    def rich(self, element: Json) -> str:
        """The text in a rich text element, or in a cell of a table."""
        kind = element["type"]
        if kind == "user":
            return as_read(self.workspace, f"<@{element['user_id']}>")
        if kind == "channel":
            return as_read(self.workspace, f"<#{element['channel_id']}>")
        if kind == "broadcast":
            return f"@{element['range']}"
        if kind == "emoji":
            return f":{element['name']}:"
        if "elements" in element:
            separator = "\n" if kind in ("rich_text_list", "rich_text") else ""
            return separator.join(self.rich(each) for each in element["elements"])
        return str(element.get("text") or element.get("url") or "")


def indent(text: str) -> str:
    """Every line but the first set in."""
    return text.replace("\n", "\n  ")


def reply_line(text: str) -> str:
    return "    " + text.replace("\n", "\n    ")
