"""Keeps what we know of channels, user groups and who is in them true to what Slack tells."""

import logging
from collections.abc import Mapping

from slack_bolt import App

from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.listeners.desk import Desk, Listener, guarded
from bot.listeners.lookup import workspace
from bot.rooms import channel_of, group_of, ids_of, members_of
from core import mirror

logger = logging.getLogger(__name__)


def register(app: App, desk: Desk) -> None:
    for event, listener in EVENTS.items():
        app.event(event)(guarded(desk, listener))


def made(interaction: Interaction, desk: Desk) -> None:
    """There is a new channel, which everybody may read."""
    seen = channel_of(interaction.body["event"]["channel"])
    with desk.db.transaction() as session:
        mirror.keep_channels(session, [seen])


def renamed(interaction: Interaction, desk: Desk) -> None:
    is_private = interaction.name == "group_rename"
    seen = channel_of(interaction.body["event"]["channel"], is_private=is_private)
    with desk.db.transaction() as session:
        mirror.rename_channel(session, seen)


def closed(interaction: Interaction, desk: Desk) -> None:
    """A channel was archived or deleted, or we were taken out of a private one."""
    with desk.db.transaction() as session:
        mirror.lose_channels(session, [interaction.body["event"]["channel"]])


def opened(interaction: Interaction, desk: Desk) -> None:
    """A channel is not archived any more."""
    channel_id = interaction.body["event"]["channel"]
    with desk.db.transaction() as session:
        known = mirror.open_channel(session, channel_id)
    if not known:
        _ask(desk, channel_id)


def entered(interaction: Interaction, desk: Desk) -> None:
    """Somebody joined a channel that we are in; perhaps we did, and so can see it from now on."""
    event = interaction.body["event"]
    with desk.db.reading() as session:
        is_open = mirror.is_open(session, event["channel"])
        is_followed = mirror.is_followed(session, event["channel"])
    if not is_open:
        _ask(desk, event["channel"])
    if is_followed:
        with desk.db.transaction() as session:
            mirror.change_members(session, event["channel"], joined=[event["user"]])


def left(interaction: Interaction, desk: Desk) -> None:
    """Somebody left a channel; if we were taken out of a private one, we see it no more."""
    event = interaction.body["event"]
    with desk.db.reading() as session:
        ours = workspace(session)
        is_us = ours is not None and ours.bot_user_id == event["user"]
        is_lost = is_us and mirror.is_private(session, event["channel"])
        is_followed = mirror.is_followed(session, event["channel"])
    if is_lost:
        with desk.db.transaction() as session:
            mirror.lose_channels(session, [event["channel"]])
    if is_followed:
        with desk.db.transaction() as session:
            mirror.change_members(session, event["channel"], left=[event["user"]])


def group_changed(interaction: Interaction, desk: Desk) -> None:
    """A user group was made, renamed, disabled or enabled, or others are in it."""
    said = interaction.body["event"]["subteam"]
    seen, now = group_of(said), members_of(said)
    if now is None and not seen.is_gone:
        now = _members(desk, seen.slack_id)
    with desk.db.transaction() as session:
        mirror.keep_groups(session, [seen])
        if now is not None:
            mirror.set_group_members(session, seen.slack_id, now)


def group_members_changed(interaction: Interaction, desk: Desk) -> None:
    event = interaction.body["event"]
    joined, gone = ids_of(event.get("added_users")), ids_of(event.get("removed_users"))
    counts = (event.get("added_users_count"), joined), (event.get("removed_users_count"), gone)
    if any(isinstance(count, int) and count > len(named) for count, named in counts):
        everybody = _members(desk, event["subteam_id"])
        if everybody is not None:
            with desk.db.transaction() as session:
                mirror.set_group_members(session, event["subteam_id"], everybody)
            return
    with desk.db.transaction() as session:
        mirror.change_group_members(session, event["subteam_id"], joined=joined, left=gone)


def _ask(desk: Desk, channel_id: str) -> None:
    """Ask Slack about a channel of which we know nothing; the next full reading would do too."""
    try:
        answer = desk.lookup.client.conversations_info(channel=channel_id)
    except SLACK_ERRORS as error:
        logger.info("conversations.info of %s: %s", channel_id, reason(error))
        return
    seen = channel_of(answer.get("channel"))
    with desk.db.transaction() as session:
        mirror.keep_channels(session, [seen])


def _members(desk: Desk, group_id: str) -> set[str] | None:
    """Everybody in the user group, where an event does not name them all."""
    try:
        return ids_of(desk.lookup.client.usergroups_users_list(usergroup=group_id).get("users"))
    except SLACK_ERRORS as error:
        logger.info("usergroups.users.list of %s: %s", group_id, reason(error))
        return None


EVENTS: Mapping[str, Listener] = {
    "channel_created": made,
    "channel_rename": renamed,
    "channel_archive": closed,
    "channel_deleted": closed,
    "channel_unarchive": opened,
    "group_rename": renamed,
    "group_archive": closed,
    "group_deleted": closed,
    "group_left": closed,
    "group_unarchive": opened,
    "member_joined_channel": entered,
    "member_left_channel": left,
    "subteam_created": group_changed,
    "subteam_updated": group_changed,
    "subteam_members_changed": group_members_changed,
}
