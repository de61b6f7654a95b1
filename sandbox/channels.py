"""Channels and the messages in them, as immutable records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sandbox.shapes import Json

Kind = Literal["public", "private", "im", "mpim"]

CHANNEL_TYPE: dict[Kind, str] = {
    "public": "channel",
    "private": "group",
    "im": "im",
    "mpim": "mpim",
}
# What an app is told instead of a name, where the name is not its business.
COMMAND_CHANNEL_NAME: dict[Kind, str] = {
    "private": "privategroup",
    "im": "directmessage",
    "mpim": "directmessage",
}


@dataclass(frozen=True)
class Channel:
    id: str
    name: str
    kind: Kind
    members: tuple[str, ...]
    creator: str
    created: int
    archived: bool = False
    shared_with: tuple[str, ...] = ()
    topic: str = ""

    @property
    def is_direct(self) -> bool:
        return self.kind in ("im", "mpim")

    @property
    def name_for_commands(self) -> str:
        return COMMAND_CHANNEL_NAME.get(self.kind, self.name)

    def as_json(self, *, team_id: str, reader: str) -> Json:
        """The conversation object as `reader` (a user id) sees it."""
        if self.kind == "im":
            other = next((each for each in self.members if each != reader), reader)
            return {
                "id": self.id,
                "created": self.created,
                "is_archived": False,
                "is_im": True,
                "is_org_shared": False,
                "context_team_id": team_id,
                "user": other,
                "is_user_deleted": False,
                "priority": 0,
            }
        shared = bool(self.shared_with)
        topic = {"value": self.topic, "creator": self.creator, "last_set": self.created}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": False,
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "public",
            "created": self.created,
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "unlinked": 0,
            "is_shared": shared,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "is_ext_shared": shared,
            "context_team_id": team_id,
            "shared_team_ids": [team_id, *self.shared_with],
            "creator": self.creator,
            "is_member": reader in self.members,
            "topic": topic,
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
        }


@dataclass(frozen=True)
class Message:
    """One message as it reads now; `ephemeral_to` names the only person who sees it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: Sequence[Json] = ()
    attachments: Sequence[Json] = ()
    thread_ts: str | None = None
    bot_id: str = ""
    edited_ts: str | None = None
    deleted: bool = False
    ephemeral_to: str | None = None
    broadcast: bool = False
    subtype: str = ""
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    metadata: Json | None = None

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def all_blocks(self) -> list[Json]:
        """Those of the attachments too."""
        nested = [block for each in self.attachments for block in each.get("blocks") or []]
        return [*self.blocks, *nested]
