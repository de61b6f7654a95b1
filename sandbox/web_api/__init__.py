"""The Web API, one module per family of methods; importing the package fills the table."""

from sandbox.web_api import (
    apps,
    block_kit,
    chat,
    conversations,
    dnd,
    membership,
    messages,
    reactions,
    usergroups,
    users,
    views,
)

__all__ = [
    "apps",
    "block_kit",
    "chat",
    "conversations",
    "dnd",
    "membership",
    "messages",
    "reactions",
    "usergroups",
    "users",
    "views",
]
