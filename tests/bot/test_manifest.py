"""manifest.yml: what the bot does, no more, within Slack's limits; and documented."""

import re
from typing import Any

import pytest
import yaml

from bot.app import FEATURES
from sandbox.manifest import Manifest
from sandbox.web_api.registry import METHODS
from tests.workspace import MANIFEST

ROOT = MANIFEST.parent
EVENTS = {event for feature in FEATURES for event in getattr(feature, "EVENTS", ())}
# What a method's own declaration does not tell.
BESIDE = {
    "commands",  # /escalate
    "chat:write.public",  # posts where it was not invited
    "users:read.email",  # users.list without it leaves the addresses out
    "channels:read",  # conversations.info and conversations.list, for public channels
    "groups:read",  # the same for private ones
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(MANIFEST.read_text())
    return found


def methods() -> set[str]:
    """Every Web API method that is called anywhere in the bot."""
    found = set()
    for path in (ROOT / "bot").rglob("*.py"):
        text = path.read_text()
        found.update(re.findall(r'"([a-z]+\.[a-zA-Z.]+)"', text))
        called = re.findall(r"client\.([a-z]+)_([a-zA-Z]+)\(", text)
        found.update(f"{family}.{verb}" for family, verb in called)
    return found & set(METHODS)


def test_scopes_are_those_of_the_methods(manifest: dict[str, Any]) -> None:
    used = methods()
    assert {"chat.postMessage", "views.open", "views.update", "users.info"} <= used
    needed = {METHODS[name].scopes[0] for name in used if METHODS[name].scopes}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed | BESIDE


def test_events_are_those_listened_to(manifest: dict[str, Any]) -> None:
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == EVENTS


def test_every_scope_and_event_has_its_reason(manifest: dict[str, Any]) -> None:
    documented = (ROOT / "docs" / "slack-app.md").read_text()
    rows = "\n".join(line for line in documented.splitlines() if line.startswith("|"))
    for scope in manifest["oauth_config"]["scopes"]["bot"]:
        assert f"| `{scope}` |" in rows
    for event in EVENTS:
        assert f"`{event}`" in rows


def test_limits(manifest: dict[str, Any]) -> None:
    about, features = manifest["display_information"], manifest["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4_000
    assert re.fullmatch(r"#[0-9a-f]{6}", about["background_color"])
    [command] = features["slash_commands"]
    assert command["command"] == "/escalate"
    assert command["should_escape"] is True
    assert command["usage_hint"] == "[@person or @team ...] [what is wrong]"
    assert len(command["description"]) <= 2_000
    assert features["bot_user"]["always_online"] is True


def test_it_can_be_installed() -> None:
    loaded = Manifest.load(MANIFEST)
    assert loaded.socket_mode
    assert loaded.interactive
    assert loaded.messages_tab
