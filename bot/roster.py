"""Reads from Slack who is in the workspace and when their notifications are paused."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from bot.profiles import Pause, pauses_of, profile_of
from bot.slack import Slack
from core import clock, people
from core.channels import ChannelError
from core.db import Database
from core.models import User
from core.people import SlackProfile

logger = logging.getLogger(__name__)

PAGE = 200  # people an answer
BATCH = 50  # people a transaction: the database must not be locked for long
PAUSES = 50  # Slack's limit for dnd.teamInfo
ATTEMPTS = 4  # at one page, before the whole list is tried again later
BETWEEN = timedelta(seconds=1)  # attempts

Wait = Callable[[timedelta], None]


class Roster:
    """`wait` pauses between calls; it may raise to end everything."""

    def __init__(self, slack: Slack, db: Database, wait: Wait) -> None:
        self._slack = slack
        self._db = db
        self._wait = wait
        self.team_id: str | None = None

    def read_workspace(self) -> None:
        """Remember which workspace we are in, and who we are there.  Raises ChannelError."""
        answer = self._patiently("auth.test")
        team_id = _text(answer, "team_id")
        if not team_id:
            raise ChannelError("Slack's answer makes no sense.")
        with self._db.transaction() as session:
            workspace = people.workspace(session, team_id)
            workspace.name = _text(answer, "team")
            workspace.url = _text(answer, "url")
            workspace.bot_id = _text(answer, "bot_id")
            workspace.bot_user_id = _text(answer, "user_id")
            workspace.seen_at = clock.now()
        self.team_id = team_id

    def read_people(self) -> None:
        """Keep everybody as Slack describes them now.  Raises ChannelError."""
        count = 0
        for members in self._pages():
            profiles = []
            for member in members:
                try:
                    profiles.append(profile_of(member, team_id=self.team_id))
                except ValueError:
                    logger.warning("users.list: a member without an id")
            self._keep(profiles)
            count += len(profiles)
        logger.info("%s people read from Slack", count)

    def read_pauses(self) -> None:
        """Keep when everybody's notifications are paused.  Raises ChannelError."""
        with self._db.reading() as session:
            wanted = session.scalars(
                select(User.slack_user_id)
                .where(
                    col(User.is_active),
                    col(User.is_bot).is_(False),
                    col(User.slack_user_id).is_not(None),
                    col(User.slack_team_id) == self.team_id,
                )
                .order_by(col(User.id))
            ).all()
        ids = [slack_id for slack_id in wanted if slack_id]
        for start in range(0, len(ids), PAUSES):
            some = ids[start : start + PAUSES]
            answer = self._patiently("dnd.teamInfo", {"users": ",".join(some)})
            self._pause(pauses_of(answer.get("users")))

    def _keep(self, profiles: Sequence[SlackProfile]) -> None:
        """Write what has changed, which after the first time is hardly anything."""
        with self._db.reading() as session:
            known = people.by_slack_ids(session, [each.slack_user_id for each in profiles])
        changed = [each for each in profiles if not _is_same(known.get(each.slack_user_id), each)]
        for start in range(0, len(changed), BATCH):
            with self._db.transaction() as session:
                for profile in changed[start : start + BATCH]:
                    people.keep(session, profile)

    def _pause(self, pauses: Mapping[str, Pause]) -> None:
        with self._db.reading() as session:
            known = people.by_slack_ids(session, pauses)
        changed = {
            slack_id: pause
            for slack_id, pause in pauses.items()
            if (user := known.get(slack_id)) and (user.pause_starts_at, user.pause_ends_at) != pause
        }
        if changed:
            with self._db.transaction() as session:
                for slack_id, (starts, ends) in changed.items():
                    people.pause(session, slack_id, starts, ends)

    def _pages(self) -> Iterator[Sequence[Mapping[str, Any]]]:
        cursor = ""
        while True:
            params: dict[str, str | int] = {"limit": PAGE}
            answer = self._patiently("users.list", params | ({"cursor": cursor} if cursor else {}))
            members = answer.get("members")
            found = members if isinstance(members, list) else []
            yield [member for member in found if isinstance(member, dict)]
            metadata = answer.get("response_metadata")
            cursor = _text(metadata, "next_cursor") if isinstance(metadata, dict) else ""
            if not cursor:
                return

    def _patiently(
        self, method: str, params: Mapping[str, str | int] | None = None
    ) -> Mapping[str, Any]:
        """Wait as long as Slack wants us to, and try again what may pass."""
        attempts = 0
        while True:
            try:
                return self._slack.read(method, params)
            except ChannelError as error:
                attempts += error.attempted
                refused = error.attempted and error.retry_in is not None  # the token
                if error.permanent or refused or attempts >= ATTEMPTS:
                    raise
                self._wait(error.retry_in or BETWEEN)


def _is_same(user: User | None, profile: SlackProfile) -> bool:
    said = asdict(profile)
    return user is not None and all(getattr(user, name) == said[name] for name in said)


def _text(answer: Mapping[str, Any], key: str) -> str:
    value = answer.get(key)
    return value if isinstance(value, str) else ""
