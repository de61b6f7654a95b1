"""What Slack says about people, parsed: `users.*`, `team_join`, `user_change`, `dnd.*`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.people import SlackProfile

SLACKBOT = "USLACKBOT"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Pause = tuple[datetime | None, datetime | None]
NO_PAUSE: Pause = (None, None)


def profile_of(user: Mapping[str, Any], *, team_id: str | None = None) -> SlackProfile:
    """The person in a user object, however much of it is missing.

    Somebody of another workspace keeps that workspace's id, by which they are told
    apart.  In an organization of several workspaces a member of ours may be at home
    in another one: with our `team_id` given they count as ours.  Raises ValueError
    for an object without an id.
    """
    slack_user_id = _text(user.get("id"))
    if not slack_user_id:
        raise ValueError("a user object without an id")
    profile = _mapping(user.get("profile"))
    username = _text(user.get("name"))
    names = (
        profile.get("display_name"),
        profile.get("real_name"),
        user.get("real_name"),
        username,
        slack_user_id,
    )
    return SlackProfile(
        slack_user_id=slack_user_id,
        slack_team_id=_team(user, profile, team_id),
        username=username,
        name=next(name for name in map(_text, names) if name),
        email=_text(profile.get("email")) or None,
        timezone=_text(user.get("tz")) or "UTC",
        is_admin=_any(user, "is_admin", "is_owner", "is_primary_owner"),
        is_guest=_any(user, "is_restricted", "is_ultra_restricted"),
        is_bot=slack_user_id == SLACKBOT or _any(user, "is_bot", "is_workflow_bot"),
        is_active=user.get("deleted") is not True,
    )


def pause_of(status: Mapping[str, Any]) -> Pause:
    """When notifications are held back next, or are now: from and until."""
    if status.get("snooze_enabled") is True:
        until = _time(status.get("snooze_endtime"))
        if until is not None:
            return EPOCH, until  # it does not say since when, only that it is on
    starts, ends = _time(status.get("next_dnd_start_ts")), _time(status.get("next_dnd_end_ts"))
    if status.get("dnd_enabled") is not True or starts is None or ends is None or ends <= starts:
        return NO_PAUSE
    return starts, ends


def pauses_of(users: object) -> dict[str, Pause]:
    """The `users` of `dnd.teamInfo`, by Slack id."""
    return {id_: pause_of(_mapping(status)) for id_, status in _mapping(users).items()}


def _team(user: Mapping[str, Any], profile: Mapping[str, Any], ours: str | None) -> str:
    home = _text(user.get("team_id")) or _text(profile.get("team"))
    teams = _mapping(user.get("enterprise_user")).get("teams")
    if ours and user.get("is_stranger") is not True and isinstance(teams, list) and ours in teams:
        return ours
    return home or ours or ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _any(user: Mapping[str, Any], *flags: str) -> bool:
    return any(user.get(flag) is True for flag in flags)


def _time(value: object) -> datetime | None:
    """Unix seconds; Slack writes 1 for "never"."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 1:
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None
