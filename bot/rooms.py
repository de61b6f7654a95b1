"""What Slack says about channels and user groups, parsed: `conversations.*`, `usergroups.*`."""

from collections.abc import Mapping
from typing import Any

from core.mirror import SeenChannel, SeenGroup


def channel_of(said: object, *, is_private: bool = False) -> SeenChannel:
    """The channel in a conversation object; `is_private` is for one that does not say.

    Raises ValueError for an object without id or name.
    """
    channel = _mapping(said)
    told = channel.get("is_private")
    return SeenChannel(
        _need(channel, "id"),
        _need(channel, "name"),
        is_private=told if isinstance(told, bool) else is_private,
        is_gone=channel.get("is_archived") is True,
    )


def group_of(said: object) -> SeenGroup:
    """The user group in a user group object.  Raises ValueError for one without an id."""
    group = _mapping(said)
    slack_id = _need(group, "id")
    handle = _text(group.get("handle")) or slack_id
    return SeenGroup(
        slack_id,
        _text(group.get("name")) or handle,
        handle,
        is_gone=_number(group.get("date_delete")) > 0,
    )


def members_of(said: object) -> set[str] | None:
    """Who is in the user group; None if the object does not name them all."""
    group = _mapping(said)
    users, count = group.get("users"), group.get("user_count")
    if not isinstance(users, list):
        return set() if count is not None and _number(count) == 0 else None
    found = ids_of(users)
    return found if _number(count) <= len(found) else None


def ids_of(said: object) -> set[str]:
    """A list of Slack ids."""
    found = said if isinstance(said, list) else []
    return {each for each in found if each and isinstance(each, str)}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _need(said: Mapping[str, Any], key: str) -> str:
    value = _text(said.get(key))
    if not value:
        raise ValueError(f"no {key}")
    return value


def _number(value: object) -> int:
    """Slack writes some of its numbers as text."""
    try:
        return int(value) if isinstance(value, int | str) else 0
    except ValueError:
        return 0
