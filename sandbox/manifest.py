"""The app as its manifest.yml declares it: commands, shortcuts, scopes and event subscriptions."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# A subscription that lacks its scope is refused when the app is installed.
SCOPE_OF_EVENT = {
    "app_mention": "app_mentions:read",
    "dnd_updated_user": "dnd:read",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_deleted": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_created": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "team_join": "users:read",
    "user_change": "users:read",
}


@dataclass(frozen=True)
class Command:
    name: str
    description: str
    usage_hint: str
    escapes: bool


@dataclass(frozen=True)
class Shortcut:
    callback_id: str
    name: str
    on_message: bool


@dataclass(frozen=True)
class Manifest:
    name: str
    bot_name: str
    commands: dict[str, Command]
    shortcuts: tuple[Shortcut, ...]
    scopes: frozenset[str]
    events: frozenset[str]
    socket_mode: bool
    interactive: bool
    home_tab: bool
    messages_tab: bool
    # Whether people only read there, and cannot write to the bot.
    read_only: bool

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        """Read a manifest.

        Raises ValueError for what an installation would refuse: a command or a subscription
        without its scope.
        """
        document: dict[str, Any] = yaml.safe_load(path.read_text())
        name = document["display_information"]["name"]
        features = document.get("features", {})
        settings = document.get("settings", {})
        home = features.get("app_home", {})
        manifest = cls(
            name=name,
            bot_name=features.get("bot_user", {}).get("display_name", name.lower()),
            commands={
                each["command"]: Command(
                    name=each["command"],
                    description=each["description"],
                    usage_hint=each.get("usage_hint", ""),
                    escapes=each.get("should_escape", False),
                )
                for each in features.get("slash_commands", [])
            },
            shortcuts=tuple(
                Shortcut(each["callback_id"], each["name"], each["type"] == "message")
                for each in features.get("shortcuts", [])
            ),
            scopes=frozenset(document.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            socket_mode=settings.get("socket_mode_enabled", False),
            interactive=settings.get("interactivity", {}).get("is_enabled", False),
            home_tab=home.get("home_tab_enabled", False),
            messages_tab=home.get("messages_tab_enabled", True),
            read_only=home.get("messages_tab_read_only_enabled", False),
        )
        manifest.check_limits()
        manifest.check_scopes()
        return manifest

    def check_limits(self) -> None:
        counts = (
            ("characters in the name", len(self.name), 35),
            ("slash commands", len(self.commands), 50),
            ("shortcuts", len(self.shortcuts), 10),
            ("bot events", len(self.events), 100),
            *(("characters in a command", len(each), 32) for each in self.commands),
            *(
                ("characters in a usage hint", len(each.usage_hint), 1000)
                for each in self.commands.values()
            ),
            *(
                ("characters in the name of a shortcut", len(each.name), 24)
                for each in self.shortcuts
            ),
        )
        for what, count, most in counts:
            if count > most:
                raise ValueError(f"manifest: {count} {what}, no more than {most} allowed")

    def check_scopes(self) -> None:
        needed = {SCOPE_OF_EVENT[event] for event in self.events if event in SCOPE_OF_EVENT}
        if self.commands or self.shortcuts:
            needed.add("commands")
        missing = sorted(needed - self.scopes)
        if missing:
            raise ValueError(f"manifest: commands or events need the scopes {', '.join(missing)}")
