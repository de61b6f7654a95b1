"""Between what people type and read and what travels: mentions, links and the three entities."""

import re
from html import unescape

from sandbox.shapes import Json
from sandbox.workspace import Workspace

TYPED_MENTION = re.compile(r"(?<!\w)([@#])([\w][\w.\-]*\w|\w)")
TYPED_LINK = re.compile(r"https?://[^\s<>]+")
ENTITY = re.compile(r"<([^<>]+)>")
BROADCASTS = ("here", "channel", "everyone")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_sent(workspace: Workspace, text: str, *, names: bool) -> str:
    """What a client sends for typed text; `names` adds `|bob` to mentions, as commands do."""

    def mention(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "@" and name in BROADCASTS:
            return f"<!{name}>"
        people, channels = list(workspace.users.values()), list(workspace.channels.values())
        for each in people if sign == "@" else channels:
            if name and each.name == name:
                return f"<{sign}{each.id}|{name}>" if names else f"<{sign}{each.id}>"
        return match.group()

    linked = TYPED_LINK.sub(lambda match: f"<{match.group()}>", escape(text))
    return TYPED_MENTION.sub(mention, linked)


def as_read(workspace: Workspace, text: str) -> str:
    """What a person reads: mentions by name, links by their label, entities as characters."""

    def entity(match: re.Match[str]) -> str:
        target, _, label = match.group(1).partition("|")
        if target.startswith("@"):
            user = workspace.users.get(target[1:])
            return f"@{user.name}" if user else f"@{label or 'unknown'}"
        if target.startswith("#"):
            channel = workspace.channels.get(target[1:])
            if channel is None or channel.kind == "private":
                return f"#{label or 'private channel'}"
            return f"#{channel.name}"
        if target.startswith("!date^"):
            return label
        if target.startswith("!subteam^"):
            group: Json = workspace.groups.get(target.removeprefix("!subteam^"), {})
            return f"@{group.get('handle', label)}"
        if target.startswith("!"):
            return f"@{target[1:]}"
        return f"{label} ({target})" if label else target

    return unescape(ENTITY.sub(entity, text))
