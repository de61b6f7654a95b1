"""The people of the workspace, and the demo workspace everybody knows from the examples."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sandbox.shapes import Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


# The platform's own assistant: listed everywhere and not marked as a bot, yet nobody to talk to.
ASSISTANT = "USLACKBOT"


@dataclass(frozen=True)
class User:
    """A person, a bot, or somebody of another workspace (see `team_id`)."""

    id: str
    team_id: str
    name: str
    real_name: str
    email: str
    tz: str = "UTC"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    bot_id: str = ""
    is_restricted: bool = False
    deleted: bool = False
    title: str = ""
    phone: str = ""
    # When notifications are paused: from and until, Unix seconds.
    paused: tuple[int, int] | None = None
    updated: int = 0

    @property
    def is_paused(self) -> bool:
        return self.paused is not None and self.paused[0] <= time.time() < self.paused[1]

    def dnd(self) -> Json:
        start, end = self.paused or (1, 1)
        return {
            "dnd_enabled": self.paused is not None,
            "next_dnd_start_ts": start,
            "next_dnd_end_ts": end,
        }

    def as_json(self, *, team_id: str, email: bool) -> Json:
        """The user object; the e-mail address only for apps that may read it."""
        offset = datetime.now(ZoneInfo(self.tz)).utcoffset()
        first, _, last = self.real_name.partition(" ")
        profile = {
            "title": self.title,
            "phone": self.phone,
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "first_name": first,
            "last_name": last,
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": "",
            "image_48": "https://example.com/avatar_48.png",
            "image_192": "https://example.com/avatar_192.png",
            "team": self.team_id,
        }
        if email and self.email:
            profile["email"] = self.email
        if self.bot_id:
            profile["bot_id"] = self.bot_id
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:
            # Nothing else is known of somebody who was deactivated.
            return user
        user |= {
            "color": "9f69e7",
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
            "who_can_share_contact_card": "EVERYONE",
        }
        if self.team_id != team_id:
            user["is_stranger"] = True
        return user


def seed(workspace: "Workspace") -> None:
    """Fill an empty workspace with the people and channels of the examples."""
    add = workspace.add_user
    alice = add("alice", "Alice Weber", tz="Europe/Berlin", is_admin=True)
    bob = add("bob", "Bob Miller", tz="America/New_York")
    carol = add("carol", "Carol Tanaka", tz="Asia/Tokyo")
    now = int(datetime.now(UTC).timestamp())
    dave = add("dave", "Dave Nguyen", tz="Australia/Sydney", paused=(now - 3600, now + 8 * 3600))
    gail = add("gail", "Gail Guest", is_restricted=True)
    rob = add("rob", "Rob Retired", deleted=True)
    deploybot = add("deploybot", "deploybot", is_bot=True)
    add("assistant", "Workspace Assistant", email="", user_id=ASSISTANT)
    stella = add("stella", "Stella Vendor", team_id="T0VENDOR01", email="stella@vendor.example")
    everybody = [alice, bob, carol, dave, deploybot, workspace.bot]
    workspace.add_channel("general", members=[*everybody, gail])
    workspace.add_channel("incidents", members=[*everybody, gail])
    workspace.add_channel("ops", members=[alice, bob, carol])
    workspace.add_channel("secret-room", members=[alice, bob], private=True)
    workspace.add_channel("old-war-room", members=[alice, rob], archived=True)
    workspace.add_channel(
        "shared-vendor", members=[alice, bob, stella, workspace.bot], shared_with=[stella.team_id]
    )
