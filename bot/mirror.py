"""Reads from Slack which channels and user groups there are, and who is in them."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from sqlmodel import Session

from bot.failures import MissingScope
from bot.reading import PatientReader, Wait, listed
from bot.rooms import channel_of, group_of, ids_of, members_of
from bot.slack import Slack
from core import clock, mirror
from core.channels import ChannelError
from core.db import Database
from core.mirror import Seen, SeenChannel

logger = logging.getLogger(__name__)

BATCH = 200  # rows a transaction: the database must not be locked for long
MEMBERS = 500  # an answer
ASK_AGAIN = timedelta(hours=1)
KINDS = {False: "public_channel", True: "private_channel"}
CHANNELS, PRIVATE, GROUPS = "channels", "private channels", "user groups"

Item = TypeVar("Item")
Change = Callable[[Session, Sequence[Item]], None]


class Mirror:
    """`wait` pauses between calls; it may raise to end everything.

    What Slack lists is compared with what we knew before we asked: news that came as an
    event meanwhile is newer than the list, and stays.
    """

    def __init__(self, slack: Slack, db: Database, wait: Wait) -> None:
        self._reader = PatientReader(slack, wait)
        self._db = db
        self._begun = clock.now()
        self._refused: dict[str, ChannelError] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What Slack does not let us read, where it is not for a scope: the token's state knows."""
        return tuple(
            f"Tocsin cannot read {what}: {why}"
            for what, why in dict(self._refused).items()
            if not isinstance(why, MissingScope)
        )

    def read_channels(self) -> None:
        """Keep all channels as they are now.  Raises ChannelError."""
        with self._db.reading() as session:
            known = mirror.channels(session)
        seen: set[str] = set()
        complete = set()
        for is_private in KINDS:
            with self._if_allowed(PRIVATE if is_private else CHANNELS):
                for channels in self._channels(is_private):
                    self._write(mirror.keep_channels, _changed(known, channels))
                    seen.update(each.slack_id for each in channels)
                complete.add(is_private)
        gone = [
            slack_id
            for slack_id, each in sorted(known.items())
            if each.is_private in complete and not each.is_gone and slack_id not in seen
        ]
        self._write(mirror.lose_channels, gone)
        logger.info("%s channels read from Slack", len(seen))

    def read_groups(self) -> None:
        """Keep all user groups, and who is in them, as they are now.  Raises ChannelError."""
        with self._db.reading() as session:
            known, members = mirror.groups(session), mirror.group_members(session)
        with self._if_allowed(GROUPS):
            params = {"include_users": "true", "include_disabled": "true"}
            found = listed(self._reader.read("usergroups.list", params), "usergroups")
            groups = [(group, said) for said in found if (group := _parsed(group_of, said))]
            self._write(mirror.keep_groups, _changed(known, [group for group, _ in groups]))
            for group, said in groups:
                now = members_of(said)
                if now is None and not group.is_gone:
                    now = self._members_of_group(group.slack_id)
                if now is not None:
                    before = members.get(group.slack_id, set())
                    self._change(mirror.change_group_members, group.slack_id, before, now)
            seen = {group.slack_id for group, _ in groups}
            lost = [id_ for id_, each in known.items() if not each.is_gone and id_ not in seen]
            self._write(mirror.lose_groups, sorted(lost))
            logger.info("%s user groups read from Slack", len(seen))

    def read_members(self) -> None:
        """Ask who is in the channels that routes post to: those not asked for an hour, or ever.

        One that fails does not hold up the others.  Raises ChannelError in the end.
        """
        with self._db.reading() as session:
            unheard = mirror.to_forget(session)
            before = max(self._begun, clock.now() - ASK_AGAIN)
            wanted = mirror.to_ask(session, read_before=before)
        self._write(lambda session, some: mirror.note_read(session, some, None), unheard)
        failed: ChannelError | None = None
        for channel_id, is_private in wanted:
            try:
                self._read_members(channel_id, is_private)
            except ChannelError as error:
                failed = failed or error
        if failed is not None:
            raise failed

    def _channels(self, is_private: bool) -> Iterator[Sequence[SeenChannel]]:
        params = {"types": KINDS[is_private], "exclude_archived": "true"}
        about = PRIVATE if is_private else ""
        for page in self._reader.pages("conversations.list", "channels", params, about=about):
            parsed = [_parsed(channel_of, said) for said in page]
            yield [channel for channel in parsed if channel]

    def _members_of_group(self, slack_id: str) -> set[str]:
        answer = self._reader.read("usergroups.users.list", {"usergroup": slack_id})
        return ids_of(listed(answer, "users"))

    def _read_members(self, channel_id: str, is_private: bool) -> None:
        with self._db.reading() as session:
            before = mirror.members(session, channel_id)
        begun, now = clock.now(), set[str]()
        params: dict[str, str | int] = {"channel": channel_id, "limit": MEMBERS}
        about = PRIVATE if is_private else ""
        try:
            for page in self._reader.pages("conversations.members", "members", params, about=about):
                now |= ids_of(page)
        except ChannelError as error:
            if not error.permanent and not isinstance(error, MissingScope):
                raise
            # Asking again at once would not help; in an hour it may.
            logger.info("the members of %s cannot be read: %s", channel_id, error)
        else:
            self._change(mirror.change_members, channel_id, before, now)
        self._write(lambda session, some: mirror.note_read(session, some, begun), [channel_id])

    def _change(
        self,
        change: Callable[..., None],
        of: str,
        before: set[str],
        now: set[str],
    ) -> None:
        """Write who came and who left, which most of the time is nobody."""
        self._write(lambda session, some: change(session, of, joined=some), sorted(now - before))
        self._write(lambda session, some: change(session, of, left=some), sorted(before - now))

    def _write(self, change: Change[Item], items: Sequence[Item]) -> None:
        for start in range(0, len(items), BATCH):
            with self._db.transaction() as session:
                change(session, items[start : start + BATCH])

    @contextmanager
    def _if_allowed(self, what: str) -> Iterator[None]:
        """Do without what Slack will not tell us; the log says so once."""
        try:
            yield
        except ChannelError as error:
            if not error.permanent and not isinstance(error, MissingScope):
                raise
            if what not in self._refused:
                logger.warning("Tocsin cannot read %s: %s", what, error)
            self._refused[what] = error
        else:
            self._refused.pop(what, None)


def _changed(known: Mapping[str, Seen], seen: Sequence[Seen]) -> list[Seen]:
    return [each for each in seen if known.get(each.slack_id) != each]


def _parsed(parse: Callable[[object], Item], said: object) -> Item | None:
    try:
        return parse(said)
    except ValueError as error:
        logger.warning("an entry of a list makes no sense: %s", error)
        return None
