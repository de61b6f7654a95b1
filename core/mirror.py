"""Slack's channels and user groups as rows of ours, and who is in them: steps read rows.

Slack only tells what is so now, and may tell it twice or late.  So everything here can
be said again, by two processes at once, and writes nothing where nothing has changed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Table, case, delete, exists, func, or_, update
from sqlmodel import Session, col, select

from core import clock, ids, turns
from core.models import Route, SlackChannel, SlackChannelMember, UserGroup, UserGroupMember
from core.rows import inserting
from core.turns import Turn

CHANNELS: Table = SlackChannel.__table__  # type: ignore[attr-defined]
GROUPS: Table = UserGroup.__table__  # type: ignore[attr-defined]
CHANNEL_MEMBERS: Table = SlackChannelMember.__table__  # type: ignore[attr-defined]
GROUP_MEMBERS: Table = UserGroupMember.__table__  # type: ignore[attr-defined]

HEARD_IN = exists().where(col(Route.slack_channel_id) == col(SlackChannel.id))
new_group_id = ids.maker("G")


@dataclass(frozen=True)
class SeenChannel:
    """A channel as Slack describes it."""

    slack_id: str
    name: str
    is_private: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class SeenGroup:
    """A user group as Slack describes it."""

    slack_id: str
    name: str
    handle: str
    is_gone: bool = False


Seen = TypeVar("Seen", SeenChannel, SeenGroup)


def channels(session: Session) -> dict[str, SeenChannel]:
    """Every channel that we know, by Slack id."""
    columns = CHANNELS.c
    rows = session.execute(
        select(columns.id, columns.name, columns.is_private, columns.gone_at.is_not(None))
    )
    return {row[0]: SeenChannel(*row) for row in rows}


def keep_channels(session: Session, seen: Iterable[SeenChannel]) -> None:
    """Remember channels as they are now; those that are back are asked for their members anew."""
    turns.take(session, Turn.MIRROR)
    now = clock.now()
    values = [
        {
            "id": each.slack_id,
            "name": each.name[:100],
            "is_private": each.is_private,
            "gone_at": now if each.is_gone else None,
            "seen_at": now,
        }
        for each in _once_each(seen)
    ]
    insert = inserting(session, CHANNELS)
    new, old = insert.excluded, CHANNELS.c
    changes = {
        "name": new.name,
        "is_private": new.is_private,
        "gone_at": _gone_since(new.gone_at, old.gone_at),
        "members_read_at": case((old.gone_at.is_(None), old.members_read_at), else_=None),
        "seen_at": new.seen_at,
    }
    if values:
        session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=changes), values)


def lose_channels(session: Session, slack_ids: Sequence[str]) -> None:
    """These are archived or deleted, or we were taken out; who was in them stays written down."""
    turns.take(session, Turn.MIRROR)
    rows = update(CHANNELS).where(CHANNELS.c.id.in_(slack_ids), CHANNELS.c.gone_at.is_(None))
    session.execute(rows.values(gone_at=clock.now()))


def rename_channel(session: Session, seen: SeenChannel) -> None:
    """What is known of the channel beside its name stays as it is."""
    turns.take(session, Turn.MIRROR)
    known = session.get(SlackChannel, seen.slack_id)
    if known is None:
        keep_channels(session, [seen])
    else:
        known.name = seen.name[:100]


def open_channel(session: Session, slack_id: str) -> bool:
    """The channel is there, perhaps again; False if we know nothing of it, not even the name."""
    turns.take(session, Turn.MIRROR)
    known = session.get(SlackChannel, slack_id)
    if known is not None and known.gone_at is not None:
        known.gone_at = known.members_read_at = None
    return known is not None


def to_ask(session: Session, *, read_before: datetime) -> list[tuple[str, bool]]:
    """Channels that routes post to whose members were last asked for before then, or never.

    Slack ids, and whether each is private; the one that waits longest comes first.
    """
    read_at = col(SlackChannel.members_read_at)
    rows = session.execute(
        select(SlackChannel.id, SlackChannel.is_private)
        .where(col(SlackChannel.gone_at).is_(None), HEARD_IN)
        .where(or_(read_at.is_(None), read_at < read_before))
        .order_by(read_at.is_not(None), read_at, col(SlackChannel.id))
    )
    return [(slack_id, is_private) for slack_id, is_private in rows]


def to_forget(session: Session) -> list[str]:
    """Channels that no route posts to any more: nobody keeps their members true."""
    read = col(SlackChannel.members_read_at).is_not(None)
    return list(session.scalars(select(SlackChannel.id).where(read, ~HEARD_IN)))


def note_read(session: Session, slack_ids: Sequence[str], at: datetime | None) -> None:
    """Since when the members of these channels are known; None: a route that comes asks anew."""
    turns.take(session, Turn.MIRROR)
    rows = update(CHANNELS).where(CHANNELS.c.id.in_(slack_ids))
    session.execute(rows.values(members_read_at=at))


def members(session: Session, channel_id: str) -> set[str]:
    """The Slack ids of everybody who is in the channel as far as we know."""
    who = CHANNEL_MEMBERS.c.slack_user_id
    rows = select(who).where(CHANNEL_MEMBERS.c.slack_channel_id == channel_id)
    return set(session.scalars(rows))


def change_members(
    session: Session, channel_id: str, *, joined: Iterable[str] = (), left: Iterable[str] = ()
) -> None:
    """In a channel of ours; nothing happens for one that we do not know."""
    turns.take(session, Turn.MIRROR)
    if session.get(SlackChannel, channel_id) is not None:
        key = {"slack_channel_id": channel_id}
        _change(session, CHANNEL_MEMBERS, key, joined=joined, left=left)


def is_open(session: Session, channel_id: str) -> bool:
    """Whether we see the channel, as far as we know."""
    known = session.get(SlackChannel, channel_id)
    return known is not None and known.gone_at is None


def is_private(session: Session, channel_id: str) -> bool:
    known = session.get(SlackChannel, channel_id)
    return known is not None and known.is_private


def is_followed(session: Session, channel_id: str) -> bool:
    """Whether somebody wants to know who comes and goes there."""
    wanted = or_(col(SlackChannel.members_read_at).is_not(None), HEARD_IN)
    rows = select(SlackChannel.id).where(SlackChannel.id == channel_id, wanted)
    return session.scalars(rows).first() is not None


def groups(session: Session) -> dict[str, SeenGroup]:
    """Every user group that we know, by Slack id."""
    columns = GROUPS.c
    rows = session.execute(
        select(columns.slack_id, columns.name, columns.handle, columns.gone_at.is_not(None))
    )
    return {row[0]: SeenGroup(*row) for row in rows}


def group_members(session: Session) -> Mapping[str, set[str]]:
    """The Slack ids of who is in each user group, by its Slack id."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    rows = select(GROUPS.c.slack_id, GROUP_MEMBERS.c.slack_user_id).where(
        GROUPS.c.id == GROUP_MEMBERS.c.user_group_id
    )
    for group, user in session.execute(rows):
        found[group].add(user)
    return found


def keep_groups(session: Session, seen: Iterable[SeenGroup]) -> None:
    """Remember user groups as they are now; a renamed one stays the same one."""
    turns.take(session, Turn.MIRROR)
    now = clock.now()
    values = [
        {
            "id": new_group_id(),
            "slack_id": each.slack_id,
            "name": each.name[:255],
            "handle": each.handle[:100],
            "gone_at": now if each.is_gone else None,
            "created_at": now,
        }
        for each in _once_each(seen)
    ]
    insert = inserting(session, GROUPS)
    new, old = insert.excluded, GROUPS.c
    changes = {
        "name": new.name,
        "handle": new.handle,
        "gone_at": _gone_since(new.gone_at, old.gone_at),
    }
    if values:
        update_ = insert.on_conflict_do_update(index_elements=["slack_id"], set_=changes)
        session.execute(update_, values)


def lose_groups(session: Session, slack_ids: Sequence[str]) -> None:
    """Slack does not know these any more."""
    turns.take(session, Turn.MIRROR)
    rows = update(GROUPS).where(GROUPS.c.slack_id.in_(slack_ids), GROUPS.c.gone_at.is_(None))
    session.execute(rows.values(gone_at=clock.now()))


def change_group_members(
    session: Session, slack_id: str, *, joined: Iterable[str] = (), left: Iterable[str] = ()
) -> None:
    """In the user group with this Slack id; nothing happens for one that we do not know."""
    turns.take(session, Turn.MIRROR)
    group_id = session.scalar(select(GROUPS.c.id).where(GROUPS.c.slack_id == slack_id))
    if group_id is not None:
        _change(session, GROUP_MEMBERS, {"user_group_id": group_id}, joined=joined, left=left)


def set_group_members(session: Session, slack_id: str, now: Collection[str]) -> None:
    """These are in the user group with this Slack id, and nobody else."""
    turns.take(session, Turn.MIRROR)
    rows = select(GROUP_MEMBERS.c.slack_user_id).join(GROUPS).where(GROUPS.c.slack_id == slack_id)
    before = set(session.scalars(rows))
    joined, left = set(now) - before, before - set(now)
    change_group_members(session, slack_id, joined=joined, left=left)


def _change(
    session: Session,
    table: Table,
    key: Mapping[str, str],
    *,
    joined: Iterable[str],
    left: Iterable[str],
) -> None:
    values = [{**key, "slack_user_id": user} for user in sorted(set(joined))]
    if values:
        session.execute(inserting(session, table).on_conflict_do_nothing(), values)
    gone = sorted(set(left))
    if gone:
        [(name, value)] = key.items()
        rows = delete(table).where(table.c[name] == value, table.c.slack_user_id.in_(gone))
        session.execute(rows)


def _once_each(seen: Iterable[Seen]) -> Sequence[Seen]:
    """The last word on each, always in the same order."""
    last = {each.slack_id: each for each in seen}
    return [last[slack_id] for slack_id in sorted(last)]


def _gone_since(new: ColumnElement[Any], old: ColumnElement[Any]) -> ColumnElement[Any]:
    """What is gone has been gone since it was first so."""
    return case((new.is_(None), None), else_=func.coalesce(old, new))
